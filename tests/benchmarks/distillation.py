"""How much faster than the textbook is our distillation? ``python -m tests.benchmarks.distillation``

One student is trained four ways, with the same teacher, first weights, training images, batch size, epochs and learning
rates: by a loop as public libraries write it (a DataLoader over per-image transforms, fp32, the teacher's forward pass
in each step) and by ours, each with the teacher and without (the control). The textbook draws a new crop and flip of
each image in each epoch; ours goes round ``--views`` fixed ones, the first of which is the image itself, which is part
of what makes it fast: whether it costs accuracy is printed. Every training is a process of its own, with a seed for
each round; the ways take turns, in a shuffled order. Ours computes the teacher's logits from scratch each time and
looks at the validation split after each epoch, both within its seconds; the ONNX file of the teacher, which every study
has anyway, is made beforehand, and its seconds are printed.

Printed: images per second of the whole training, the ratio as the median over the rounds with the smallest and largest
round, the students' test accuracies in every round, and the peak memory of the process (the DataLoader's workers are
processes of their own and not counted).
"""

import argparse
import json
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
from compression.measurement.memory_probe import peak_resident_bytes
from compression.methods.export import export_network, write_model
from compression.methods.objectives.objective import Batch, Distillation, LabelsOnly
from compression.methods.students import build_student
from compression.methods.teacher import compute_teacher_logits, load_teacher_logits
from compression.methods.training import Budget, Training, Validation
from compression.methods.views import Augmentation, Views
from compression.store.objectives import SoftTargets
from compression.store.students import Student

OBJECTIVE = Distillation(objective=SoftTargets(temperature=4.0, labels_share=0.1))
TRIAL_EXAMPLES = 4_000
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


def fastest_workers(asked: argparse.Namespace) -> int:
    """How many workers serve the textbook best on this machine: none, one, or one for each thread."""
    examples = load_dataset(FASHION_MNIST).train

    def seconds(workers: int) -> float:
        started = time.perf_counter()
        student = build_student(Student(size="medium", width=asked.width), FASHION_MNIST)
        few = examples.select(np.arange(min(TRIAL_EXAMPLES, len(examples))))
        textbook(student, few, budget_of(1), teacher=None, workers=workers, seed=0)
        return time.perf_counter() - started

    torch.set_num_threads(asked.threads)
    return min(sorted({0, 1, asked.threads}), key=seconds)


def budget_of(epochs: int) -> Budget:
    """The same for all ways."""
    return Budget(epochs=epochs, batch_size=128, peak_learning_rate=0.1, weight_decay=5e-4)


def textbook(
    student: nn.Module,
    examples: LabelledImages,
    budget: Budget,
    *,
    teacher: nn.Module | None,
    workers: int,
    seed: int,
) -> None:
    """Train ``student`` in place."""
    torch.manual_seed(seed)
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
    seed: int,
) -> None:
    """Train ``student`` in place."""
    seen = Views(examples, FASHION_MNIST, Augmentation(), count=views, seed=seed)
    logits = None
    if teacher is not None:
        kept_in = teacher.with_suffix(".npy")
        for _ in compute_teacher_logits(teacher, seen, kept_in, threads=threads):
            pass
        logits = load_teacher_logits(kept_in)
    training = Training(student, budget, seed=seed)
    for _ in training.epochs(seen, LabelsOnly() if teacher is None else OBJECTIVE, validation, logits):
        pass


def train(way: str, asked: argparse.Namespace) -> dict[str, Any]:
    """One training from start to end; what it took and what the student is worth."""
    torch.set_num_threads(asked.threads)
    dataset = load_dataset(FASHION_MNIST)
    chosen = np.random.default_rng(asked.seed).permutation(len(dataset.train))[: asked.examples]
    examples = dataset.train.select(chosen)
    budget = budget_of(asked.epochs)
    validation = Validation(Views(dataset.validation, FASHION_MNIST, Augmentation(), count=1, seed=asked.seed))
    torch.manual_seed(asked.seed)
    student = build_student(Student(size="medium", width=asked.width), FASHION_MNIST)
    taught = way.endswith("distillation")
    started = time.perf_counter()
    if way.startswith("our"):
        teacher = asked.teacher if taught else None
        ours(
            student,
            examples,
            budget,
            validation,
            teacher=teacher,
            views=asked.views,
            threads=asked.threads,
            seed=asked.seed,
        )
    else:
        network = load_pretrained(asked.model, FASHION_MNIST.name) if taught else None
        textbook(student, examples, budget, teacher=network, workers=asked.workers, seed=asked.seed)
    seconds = time.perf_counter() - started
    peak = peak_resident_bytes()
    test = torch.from_numpy(dataset.normalize(dataset.test.images))
    with torch.inference_mode():
        predicted = torch.cat([student.eval()(part).argmax(1) for part in test.split(500)]).numpy()
    accuracy = accuracy_of(predicted, dataset.test.labels)
    return {
        "images_per_second": asked.epochs * asked.examples / seconds,
        "accuracy": [accuracy.value, accuracy.low, accuracy.high],
        "peak_memory_bytes": peak,
    }


def in_rounds(asked: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way once a round, each in a process of its own."""
    rng = np.random.default_rng(0)
    names = ("model", "width", "epochs", "views", "examples", "threads", "workers")
    same = [part for name in names for part in (f"--{name}", str(getattr(asked, name)))]
    with TemporaryDirectory() as folder:
        # Every study has the exported original already.
        teacher = Path(folder) / "teacher.onnx"
        started = time.perf_counter()
        write_model(export_network(load_pretrained(asked.model, FASHION_MNIST.name), FASHION_MNIST), teacher)
        print(f"the teacher's ONNX file took {time.perf_counter() - started:.1f} s to make")
        for seed in range(asked.rounds):
            for way in rng.permutation(WAYS):
                teacher.with_suffix(".npy").unlink(missing_ok=True)
                command = [sys.executable, "-m", "tests.benchmarks.distillation", *same]
                command += ["--teacher", str(teacher), "--way", str(way), "--seed", str(seed)]
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
    parser.add_argument("--workers", type=int, help="of the textbook's DataLoader (default: what is fastest here)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--teacher", type=Path, help="the exported teacher, for --way")
    parser.add_argument("--way", choices=WAYS, help="this one only, in this process")
    parser.add_argument("--seed", type=int, default=0, help="for --way")
    asked = parser.parse_args()
    if asked.workers is None:
        asked.workers = fastest_workers(asked)
        print(f"the textbook's DataLoader is fastest with {asked.workers} workers")
    if asked.way:
        print(json.dumps(train(asked.way, asked)))
        return
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    for way, figures in in_rounds(asked):
        found[way].append(figures)
        print(f"{way:22} {figures['images_per_second']:8.0f} images/s", flush=True)
    print()
    for way, rounds in found.items():
        accuracies = ", ".join("{:.4f} ({:.4f} to {:.4f})".format(*each["accuracy"]) for each in rounds)
        memory = statistics.median(each["peak_memory_bytes"] for each in rounds) / 1e6
        print(f"{way:22} test accuracy {accuracies}; peak memory {memory:.0f} MB")
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
