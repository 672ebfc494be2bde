"""How much faster than the textbook is our distillation? ``python -m tests.benchmarks.distillation``

One student is trained four ways, with the same teacher, first weights, training images, batch size, epochs and learning
rates: by a loop as public libraries write it (a DataLoader over per-image transforms, fp32, the teacher's forward pass
in each step) and by ours, each with the teacher and without (the control). The textbook draws a new crop and flip of
each image in each epoch; ours goes round ``--views`` fixed ones, the first of which is the image itself, which is part
of what makes it fast: whether it costs accuracy is printed. Every training is a process of its own, with a seed for
each round; the ways take turns, in a shuffled order. Ours computes the teacher's logits from scratch each time, in a
process of its own as in a study, and looks at the validation split after each epoch, both within its seconds; the ONNX
file of the teacher, which every study has anyway, is made beforehand, and its seconds are printed.

Printed: images per second of the whole training, the ratio as the median over the rounds with the smallest and largest
round, the same in images per second of processor time (its DataLoader's workers included), which other programs on the
machine hardly change, the students' test accuracies in every round, and the peak memory of the process (the workers are
processes of their own and not counted). Ours has the settings of the memory allocator that a study's processes have.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch

from compression.catalog.examples import Dataset
from compression.catalog.rows import FASHION_MNIST
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.machine.fingerprint import fingerprint
from compression.measurement.memory_probe import peak_resident_bytes
from compression.methods.distillation.objective import Distillation, LabelsOnly
from compression.methods.distillation.teacher import compute_teacher_logits, load_teacher_logits
from compression.methods.export import export_network
from compression.methods.model_file import write_model
from compression.methods.training.loop import Budget, Training, Validation
from compression.modalities.image.augmentation import Augmentation, ImageViews
from compression.modalities.image.modality import ImageModality
from compression.modalities.image.reading import ImageExamples, load_images
from compression.modalities.image.students import build_student
from compression.records.objectives import SoftTargets
from compression.records.students import Student
from compression.studies.launchers.local import ALLOCATOR, LARGE_PAGES
from tests.benchmarks.textbook import train_by_the_book

OBJECTIVE = Distillation(objective=SoftTargets(temperature=4.0, labels_share=0.1))
TRIAL_EXAMPLES = 4_000
WHO = ("our", "textbook")
WAYS = ("textbook distillation", "our distillation", "textbook control", "our control")
ASKING = "our teacher"


def fastest_workers(asked: argparse.Namespace) -> int:
    """How many workers serve the textbook best on this machine: none, one, or one for each thread."""
    examples = load_images(FASHION_MNIST).train

    def seconds(workers: int) -> float:
        started = time.perf_counter()
        student = build_student(Student(size="medium", width=asked.width), FASHION_MNIST)
        student.shows_features = True
        few = examples.select(np.arange(min(TRIAL_EXAMPLES, len(examples))))
        train_by_the_book(student, few, budget_of(1), distillation=OBJECTIVE, teacher=None, workers=workers, seed=0)
        return time.perf_counter() - started

    torch.set_num_threads(asked.threads)
    return min(sorted({0, 1, asked.threads}), key=seconds)


def budget_of(epochs: int) -> Budget:
    """The same for all ways."""
    return Budget(epochs=epochs, batch_size=128, peak_learning_rate=0.1, weight_decay=5e-4)


def chosen_examples(dataset: Dataset, asked: argparse.Namespace) -> ImageExamples:
    """The training images of one round."""
    chosen = np.random.default_rng(asked.seed).permutation(len(dataset.train))[: asked.examples]
    return dataset.train.select(chosen)


def our_views(examples: ImageExamples, asked: argparse.Namespace) -> ImageViews:
    """What the teacher is asked about, and our student sees."""
    return ImageViews(examples, FASHION_MNIST, Augmentation(), count=asked.views, seed=asked.seed)


def ask_teacher(asked: argparse.Namespace) -> dict[str, Any]:
    """Compute the teacher's logits for our distillation; what it took."""
    examples = chosen_examples(load_images(FASHION_MNIST), asked)
    started, worked = time.perf_counter(), processor_seconds()
    logits = asked.teacher.with_suffix(".npy")
    for _ in compute_teacher_logits(asked.teacher, our_views(examples, asked), logits, threads=asked.threads):
        pass
    return {
        "seconds": time.perf_counter() - started,
        "processor_seconds": processor_seconds() - worked,
        "peak_memory_bytes": peak_resident_bytes(),
    }


def train(way: str, asked: argparse.Namespace) -> dict[str, Any]:
    """One training from start to end; what it took and what the student is worth."""
    dataset = load_images(FASHION_MNIST)
    examples = chosen_examples(dataset, asked)
    budget = budget_of(asked.epochs)
    validation = Validation(ImageViews(dataset.validation, FASHION_MNIST, Augmentation(), count=1, seed=asked.seed))
    torch.manual_seed(asked.seed)
    student = build_student(Student(size="medium", width=asked.width), FASHION_MNIST)
    # The textbook trains torch's modules, one after another.
    student.shows_features = not way.startswith("our")
    taught = way.endswith("distillation")
    started, worked = time.perf_counter(), processor_seconds()
    if way.startswith("our"):
        logits = load_teacher_logits(asked.teacher.with_suffix(".npy")) if taught else None
        training = Training(student, budget, seed=asked.seed)
        for _ in training.epochs(our_views(examples, asked), OBJECTIVE if taught else LabelsOnly(), validation, logits):
            pass
    else:
        network = ImageModality().network(asked.model, FASHION_MNIST) if taught else None
        train_by_the_book(
            student, examples, budget, distillation=OBJECTIVE, teacher=network, workers=asked.workers, seed=asked.seed
        )
    seconds, processor = time.perf_counter() - started, processor_seconds() - worked
    peak = peak_resident_bytes()
    test = torch.from_numpy(dataset.test.inputs(slice(None))["images"])
    with torch.inference_mode():
        predicted = torch.cat([student.eval()(part).argmax(1) for part in test.split(500)]).numpy()
    accuracy = accuracy_of(predicted, dataset.test.labels)
    return {
        "seconds": seconds,
        "processor_seconds": processor,
        "accuracy": [accuracy.value, accuracy.low, accuracy.high],
        "peak_memory_bytes": peak,
    }


def processor_seconds() -> float:
    """What this process and its children that have ended have used of all cores."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def in_rounds(asked: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way once a round, each in a process of its own."""
    rng = np.random.default_rng(0)
    names = ("model", "width", "epochs", "views", "examples", "threads", "workers")
    same = [part for name in names for part in (f"--{name}", str(getattr(asked, name)))]
    with TemporaryDirectory() as folder:
        # Every study has the exported original already.
        teacher = Path(folder) / "teacher.onnx"
        started = time.perf_counter()
        network = ImageModality().network(asked.model, FASHION_MNIST)
        write_model(export_network(network, FASHION_MNIST.inputs), teacher)
        print(f"the teacher's ONNX file took {time.perf_counter() - started:.1f} s to make")

        def alone(way: str, seed: int, settings: Mapping[str, str]) -> dict[str, Any]:
            command = [sys.executable, "-m", "tests.benchmarks.distillation", *same]
            command += ["--teacher", str(teacher), "--way", way, "--seed", str(seed)]
            done = subprocess.run(command, env=os.environ | settings, check=True, stdout=subprocess.PIPE, text=True)
            figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
            return figures

        for seed in range(asked.rounds):
            for way in map(str, rng.permutation(WAYS)):
                # As the processes of a study have it: only those that train have large pages.
                before = alone(ASKING, seed, ALLOCATOR) if way == "our distillation" else {}
                found = alone(way, seed, ALLOCATOR | LARGE_PAGES if way.startswith("our") else {})
                teacher.with_suffix(".npy").unlink(missing_ok=True)
                for spent in ("seconds", "processor_seconds"):
                    found[spent] += before.get(spent, 0.0)
                    found[f"images_per_{spent.removesuffix('s')}"] = asked.epochs * asked.examples / found[spent]
                found["peak_memory_bytes"] = max(each["peak_memory_bytes"] for each in (found, before) if each)
                yield way, found


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
    parser.add_argument("--way", choices=(*WAYS, ASKING), help="this one only, in this process")
    parser.add_argument("--seed", type=int, default=0, help="for --way")
    asked = parser.parse_args()
    if asked.workers is None:
        asked.workers = fastest_workers(asked)
        print(f"the textbook's DataLoader is fastest with {asked.workers} workers")
    if asked.way:
        torch.set_num_threads(asked.threads)
        print(json.dumps(ask_teacher(asked) if asked.way == ASKING else train(asked.way, asked)))
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
        for unit in ("second", "processor_second"):
            pairs = zip(found[f"our {kind}"], found[f"textbook {kind}"], strict=True)
            each = [us[f"images_per_{unit}"] / they[f"images_per_{unit}"] for us, they in pairs]
            ratios[f"{kind}, images per {unit.replace('_', ' ')}"] = each
    for what, each in ratios.items():
        print(f"{what}: ours / textbook {statistics.median(each):.1f}  ({min(each):.1f} to {max(each):.1f})")
    memory = [statistics.median(each["peak_memory_bytes"] for each in found[f"{who} distillation"]) for who in WHO]
    print(f"peak memory of distillation: ours / textbook {memory[0] / memory[1]:.2f}")
    if asked.json:
        written = {"machine": fingerprint().model_dump(), "asked": vars(asked), "rounds": found, "ratios": ratios}
        asked.json.write_text(json.dumps(written, indent=2, default=str), encoding="utf-8")


if __name__ == "__main__":
    main()
