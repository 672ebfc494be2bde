"""Train a student with less memory than it takes, and tell what came of it."""

import re
import resource
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from compression.catalog.examples import Dataset
from compression.errors import CandidateFailed
from compression.methods.build_context import BuildContext
from compression.methods.student import BegunAnew, Trained, train_student
from compression.records.budgets import StudentBudget
from compression.records.recipes import Train
from compression.records.students import Student
from tests import tiny

CONTROL = Train(student=Student(size="medium", width=20))
HALF = 375
# Large enough for a step's memory to be more than what a process takes anyhow.
SHAPE = (1, 28, 28)


def address_space(line: str) -> int:
    """Bytes of it: ``VmSize`` are in use, ``VmPeak`` were at most."""
    found = re.search(rf"{line}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return 1024 * int(found[1])


def train(context: BuildContext) -> str:
    """What came of it, in a word or in the sentence of its failure."""
    begun_anew = False
    try:
        for event in train_student(CONTROL, context, seed=0):
            if isinstance(event, BegunAnew):
                begun_anew = event.batch_size == HALF
            elif isinstance(event, Trained):
                assert event.short_of_memory == begun_anew
                return "in half" if begun_anew else "in whole"
    except CandidateFailed as failure:
        return str(failure)
    finally:
        context.checkpoint(CONTROL, 0).unlink(missing_ok=True)
    raise AssertionError("the training ended without a word")


def main() -> None:
    """Train in half the batch with all memory, then in the whole batch with less each time, until it is given up."""
    torch.set_num_threads(1)
    few = tiny.images(100, seed=2, shape=SHAPE)
    dataset = Dataset(
        card=tiny.CARD.model_copy(update={"image_shape": SHAPE}),
        train=tiny.images(2 * HALF, seed=1, shape=SHAPE),
        validation=few,
        test=few,
    )
    effort = StudentBudget(epochs=1, batch_size=HALF, peak_learning_rate=0.1, weight_decay=5e-4)
    with TemporaryDirectory() as folder:
        context = BuildContext(
            model="resnet18",
            dataset=dataset,
            modality=tiny.TinyModality(),
            student_budget=effort,
            seed=0,
            artefacts=Path(folder),
            cache=Path(folder),
        )
        before = address_space("VmSize")
        train(context)
        allowed = 2 * (address_space("VmPeak") - before)
        wide = replace(context, student_budget=effort.model_copy(update={"batch_size": 2 * HALF}))
        told = ""
        while told in {"", "in whole", "in half"}:
            resource.setrlimit(resource.RLIMIT_AS, (address_space("VmSize") + allowed, resource.RLIM_INFINITY))
            told = train(wide)
            print(told, flush=True)
            allowed = int(0.7 * allowed)


if __name__ == "__main__":
    main()
