"""A student's training goes on after an interruption as if there had been none, and makes do with little memory."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import torch

from compression.methods.build import build
from compression.methods.build_context import BuildContext
from compression.methods.built import BuildProgress, Built
from compression.methods.device import is_memory_shortage
from compression.methods.student import train_student
from compression.methods.training.loop import TrainingProgress
from compression.records.recipes import Train
from compression.records.students import Student

CONTROL = Train(student=Student(size="small", width=4))


def epochs_of(events: Iterator[BuildProgress | Built]) -> Iterator[BuildProgress]:
    return (event for event in events if isinstance(event, BuildProgress) and event.validation_accuracy is not None)


def epochs_trained(context: BuildContext) -> int:
    """How many epochs it takes to finish the training."""
    events = (event for event in train_student(CONTROL, context, seed=0) if isinstance(event, TrainingProgress))
    return sum(event.validation_accuracy is not None for event in events)


def interrupted_after_an_epoch(context: BuildContext) -> None:
    assert len(list(itertools.islice(epochs_of(build(CONTROL, context)), 1))) == 1


def test_an_interrupted_student_ends_as_the_very_file_of_an_uninterrupted_one(
    context: Callable[..., BuildContext],
) -> None:
    whole, broken = context(train_examples=320), context(train_examples=320)
    *_, uninterrupted = build(CONTROL, whole)
    interrupted_after_an_epoch(broken)
    assert broken.checkpoint(CONTROL, 0).is_file()

    events = list(build(CONTROL, broken))
    assert len(list(epochs_of(iter(events)))) == 1
    resumed = events[-1]
    assert isinstance(resumed, Built) and isinstance(uninterrupted, Built)
    assert resumed.artefact.read_bytes() == uninterrupted.artefact.read_bytes()
    assert resumed.validation_accuracy == uninterrupted.validation_accuracy
    # Of the finished student, only the file is left.
    assert [file.name for file in broken.artefacts.iterdir()] == [resumed.artefact.name]


@pytest.mark.parametrize("other", ["budget", "data", "seed"])
def test_what_is_kept_of_another_training_is_left_alone(other: str, context: Callable[..., BuildContext]) -> None:
    first = context(train_examples=320)
    interrupted_after_an_epoch(first)
    match other:
        case "budget":
            second = replace(first, student_budget=first.student_budget.model_copy(update={"weight_decay": 1e-4}))
        case "data":
            second = replace(first, student_budget=first.student_budget.model_copy(update={"train_examples": 352}))
        case _:
            second = replace(first, seed=1)
    assert epochs_trained(second) == 2


def test_a_damaged_checkpoint_is_left_alone(context: Callable[..., BuildContext]) -> None:
    prepared = context(train_examples=320)
    interrupted_after_an_epoch(prepared)
    file = prepared.checkpoint(CONTROL, 0)
    file.write_bytes(file.read_bytes()[:1000])
    assert epochs_trained(prepared) == 2
    file.write_bytes(b"")
    assert epochs_trained(prepared) == 2


def test_the_seconds_before_an_interruption_count(context: Callable[..., BuildContext]) -> None:
    prepared = context(train_examples=320)
    for event in train_student(CONTROL, prepared, seed=0):
        if isinstance(event, TrainingProgress) and event.validation_accuracy is not None and event.epoch == 2:
            break
    kept = torch.load(prepared.checkpoint(CONTROL, 0), weights_only=True)["state"]["seconds"]
    *_, trained = train_student(CONTROL, prepared, seed=0)
    assert trained.seconds >= kept > 0
    assert trained.validation_accuracy is not None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space of a process")
def test_a_student_short_of_memory_is_trained_in_half_the_batch_and_given_up_in_less() -> None:
    # Every block is given back to the system as soon as it is free, so that what is in use can be told.
    environment = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.methods.little_memory"]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=True)
    *trained, given_up = found.stdout.splitlines()
    # With less memory each time: at first it is enough, then for half the batch.
    assert [told for told, _ in itertools.groupby(trained)] == ["in whole", "in half"]
    assert given_up == (
        "Memory ran out while training, even with 375 instead of 750 examples in a step; close other programs, or use "
        "a computer with more memory, and start again."
    )


def test_other_errors_are_no_shortage_of_memory() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.zeros(2) @ torch.zeros(3)
    assert not is_memory_shortage(raised.value)
    assert is_memory_shortage(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB"))
