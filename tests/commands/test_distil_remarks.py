"""What has to be said of how a student was trained is said of it alone, and after an interruption too."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pytest

from compression.catalog.examples import load_dataset
from compression.catalog.rows import FASHION_MNIST
from compression.commands.console import StageLines
from compression.commands.distil.request import CONTROL, STUDENT, TEACHER
from compression.commands.distil.result import DistilResult, remarks
from compression.commands.distil.run import Remark, make
from compression.measurement.accuracy.paired import pair_of
from compression.measurement.accuracy.shares import accuracy_of
from compression.methods.build_context import BuildContext
from compression.records.budgets import StudentBudget
from compression.records.recipes import Train
from compression.records.students import Student
from compression.store.predictions import Predictions


def an_outcome(short_of_memory: Collection[str]) -> DistilResult:
    """Of three files that answer alike."""
    labels = np.arange(40) % 10
    answers = Predictions(classes=labels.astype(np.uint8), confidences=np.ones(40, np.float32))
    everyone = (TEACHER, STUDENT, CONTROL)
    share = accuracy_of(answers.classes, labels)
    return DistilResult(
        card=FASHION_MNIST,
        files={who: Path(f"{who}.onnx") for who in everyone},
        size_bytes=dict.fromkeys(everyone, 1000),
        validation=dict.fromkeys(everyone, share),
        test=dict.fromkeys(everyone, share),
        pairs=(pair_of(STUDENT, answers, CONTROL, answers, labels),),
        examples=100,
        epochs=1,
        labels=True,
        short_of_memory=frozenset(short_of_memory),
    )


@pytest.mark.parametrize("short", [(), (STUDENT,), (CONTROL,), (STUDENT, CONTROL)])
def test_memory_that_ran_out_is_told_of_those_that_it_ran_out_for(short: tuple[str, ...]) -> None:
    told = [sentence for sentence in remarks(an_outcome(short)) if "half the batch" in sentence]
    assert told == [
        f"Memory ran out once while {who} was trained, so that {who} learnt in half the batch." for who in short
    ]


def test_a_student_that_was_finished_before_an_interruption_keeps_its_remark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = Train(student=Student(size="small", width=2))
    context = BuildContext(
        model=tmp_path / "unasked.onnx",
        dataset=load_dataset(FASHION_MNIST),
        student_budget=StudentBudget(
            epochs=1, batch_size=64, peak_learning_rate=0.1, weight_decay=5e-4, train_examples=64
        ),
        seed=0,
        artefacts=tmp_path / "artefacts",
        cache=tmp_path / "cache",
    )
    assert make(recipe, CONTROL, context, StageLines()) == Remark(short_of_memory=False)
    assert "after epoch 1 of 1" in capsys.readouterr().err
    # As it is when memory ran out.
    (kept,) = context.artefacts.glob("*.json")
    kept.write_text(Remark(short_of_memory=True).model_dump_json())
    assert make(recipe, CONTROL, context, StageLines()) == Remark(short_of_memory=True)
    assert capsys.readouterr().err == ""
