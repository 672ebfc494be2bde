"""How much faster than the textbook is our distillation? ``python -m tests.benchmarks.distillation``

One student is trained four ways, with the same teacher, first weights, images, batch size, epochs and learning rates:
by a loop as public libraries write it (a DataLoader over per-image transforms, fp32, the teacher's forward pass in each
step) and by ours, each with the teacher and without (the control). Every training is a process of its own; the ways
take turns, in a shuffled order, for several rounds. Ours computes the teacher's logits from scratch each time: that is
in its seconds.

Printed: images per second of the whole training, the ratio as the median over the rounds with the smallest and largest
round, the students' test accuracies with their intervals, and the peak memory of the process (the DataLoader's workers
are processes of their own and not counted).
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
import torchvision.transforms.v2 as transforms
from torch import nn
from torch.utils.data import DataLoader, Dataset

from compression.catalog.bundled import FASHION_MNIST
from compression.catalog.datasets import LabelledImages, load_dataset
from compression.catalog.weights import load_pretrained
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.machine.fingerprint import fingerprint
from compression.methods.export import export_network, write_model
from compression.methods.objectives.objective import Batch, Distillation, LabelsOnly
from compression.methods.students import build_student
from compression.methods.teacher import compute_teacher_logits, load_teacher_logits
from compression.methods.training import Budget, Training, Validation
from compression.methods.views import Augmentation, Views
from compression.store.objectives import SoftTargets
from compression.store.recipes import Student

OBJECTIVE = Distillation(objective=SoftTargets(temperature=4.0, labels_share=0.1))
SEED = 0
WAYS = ("textbook distillation", "our distillation", "textbook control", "our control")


class PerImage(Dataset[tuple[torch.Tensor, int]]):
    """Images one at a time, each through its transforms."""

    def __init__(self, examples: LabelledImages) -> None:
        self.examples = examples
        self.transform = transforms.Compose(
            [
                transforms.RandomCrop(28, padding=2),
                transforms.RandomHorizontalFlip(),
                transforms.ToDtype(torch.float32, scale=True),
                transforms.Normalize(FASHION_MNIST.mean, FASHION_MNIST.std),
            ]
        )

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.transform(torch.from_numpy(self.examples.images[index])), int(self.examples.labels[index])


def textbook(
    student: nn.Module, examples: LabelledImages, budget: Budget, *, teacher: nn.Module | None, workers: int
) -> None:
    """Train ``student`` in place."""
    loader = DataLoader(
        PerImage(examples), batch_size=budget.batch_size, shuffle=True, drop_last=True, num_workers=workers
    )
    optimizer = torch.optim.SGD(
        student.parameters(),
        lr=budget.peak_learning_rate,
        momentum=budget.momentum,
        nesterov=True,
        weight_decay=budget.weight_decay,
    )
    steps, done = budget.epochs * len(loader), 0
    student.train()
    for _ in range(budget.epochs):
        for images, labels in loader:
            for group in optimizer.param_groups:
                group["lr"] = budget.learning_rate(done / steps)
            with torch.no_grad():
                teacher_logits = None if teacher is None else teacher(images)
            objective = LabelsOnly() if teacher is None else OBJECTIVE
            terms = objective(student(images), Batch(labels=labels, teacher_logits=teacher_logits))
            optimizer.zero_grad()
            torch.stack(list(terms.values())).sum().backward()
            optimizer.step()
            done += 1


def ours(
    student: nn.Module,
    examples: LabelledImages,
    budget: Budget,
    validation: Validation,
    *,
    teacher: Path | None,
    views: int,
    threads: int,
) -> None:
    """Train ``student`` in place."""
    seen = Views(examples, FASHION_MNIST, Augmentation(), count=views, seed=SEED)
    logits = None
    if teacher is not None:
        kept_in = teacher.with_suffix(".npy")
        for _ in compute_teacher_logits(teacher, seen, kept_in, threads=threads):
            pass
        logits = load_teacher_logits(kept_in)
    training = Training(student, budget, seed=SEED)
    for _ in training.epochs(seen, LabelsOnly() if teacher is None else OBJECTIVE, validation, logits):
        pass


def train(way: str, asked: argparse.Namespace) -> dict[str, Any]:
    """One training from start to end; what it took and what the student is worth."""
    torch.set_num_threads(asked.threads)
    dataset = load_dataset(FASHION_MNIST)
    chosen = np.random.default_rng(SEED).permutation(len(dataset.train))[: asked.examples]
    examples = dataset.train.select(chosen)
    budget = Budget(epochs=asked.epochs, batch_size=128, peak_learning_rate=0.1, weight_decay=5e-4)
    validation = Validation(Views(dataset.validation, FASHION_MNIST, Augmentation(), count=1, seed=SEED))
    torch.manual_seed(SEED)
    student = build_student(Student(size="medium", width=asked.width), FASHION_MNIST)
    taught = way.endswith("distillation")
    started = time.perf_counter()
    if way.startswith("our"):
        teacher = asked.teacher if taught else None
        ours(student, examples, budget, validation, teacher=teacher, views=asked.views, threads=asked.threads)
    else:
        network = load_pretrained(asked.model, FASHION_MNIST.name) if taught else None
        textbook(student, examples, budget, teacher=network, workers=asked.workers)
    seconds = time.perf_counter() - started
    test = torch.from_numpy(dataset.normalize(dataset.test.images))
    with torch.inference_mode():
        predicted = torch.cat([student.eval()(part).argmax(1) for part in test.split(500)]).numpy()
    accuracy = accuracy_of(predicted, dataset.test.labels)
    return {
        "images_per_second": asked.epochs * asked.examples / seconds,
        "accuracy": [accuracy.value, accuracy.low, accuracy.high],
        "peak_memory_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


def in_rounds(asked: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way once a round, each in a process of its own."""
    rng = np.random.default_rng(SEED)
    names = ("model", "width", "epochs", "views", "examples", "threads", "workers")
    same = [part for name in names for part in (f"--{name}", str(getattr(asked, name)))]
    with TemporaryDirectory() as folder:
        # Every study has the exported original already.
        teacher = Path(folder) / "teacher.onnx"
        write_model(export_network(load_pretrained(asked.model, FASHION_MNIST.name), FASHION_MNIST), teacher)
        for _ in range(asked.rounds):
            for way in rng.permutation(WAYS):
                teacher.with_suffix(".npy").unlink(missing_ok=True)
                command = [sys.executable, "-m", "tests.benchmarks.distillation", *same]
                command += ["--teacher", str(teacher), "--way", str(way)]
                found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                yield str(way), json.loads(found.stdout.splitlines()[-1])


def main() -> None:
    """Train in turns, print, and write the figures to ``--json`` if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="resnet18", help="the teacher (default: resnet18)")
    parser.add_argument("--width", type=int, default=12, help="channels of the student's first stage (default: 12)")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--views", type=int, default=1, help="views of each image that ours goes round (default: 1)")
    parser.add_argument("--examples", type=int, default=30_000, help="training images (default: 30,000)")
    parser.add_argument("--threads", type=int, default=fingerprint().cores)
    parser.add_argument("--workers", type=int, default=fingerprint().cores, help="of the textbook's DataLoader")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--teacher", type=Path, help="the exported teacher, for --way")
    parser.add_argument("--way", choices=WAYS, help="this one only, in this process")
    asked = parser.parse_args()
    if asked.way:
        print(json.dumps(train(asked.way, asked)))
        return
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    for way, figures in in_rounds(asked):
        found[way].append(figures)
        print(f"{way:22} {figures['images_per_second']:8.0f} images/s", flush=True)
    print()
    for way, rounds in found.items():
        value, low, high = rounds[0]["accuracy"]
        memory = statistics.median(each["peak_memory_bytes"] for each in rounds) / 1e6
        print(f"{way:22} test accuracy {value:.4f} ({low:.4f} to {high:.4f}), peak memory {memory:.0f} MB")
    ratios = {}
    for kind in ("distillation", "control"):
        pairs = zip(found[f"our {kind}"], found[f"textbook {kind}"], strict=True)
        each = [us["images_per_second"] / they["images_per_second"] for us, they in pairs]
        ratios[kind] = each
        print(f"{kind}: ours / textbook {statistics.median(each):.1f}  ({min(each):.1f} to {max(each):.1f})")
    if asked.json:
        written = {"machine": fingerprint().model_dump(), "asked": vars(asked), "rounds": found, "ratios": ratios}
        asked.json.write_text(json.dumps(written, indent=2, default=str), encoding="utf-8")


if __name__ == "__main__":
    main()
