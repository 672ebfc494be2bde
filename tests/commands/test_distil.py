"""``distil`` as a person meets it: a file made elsewhere in, a small student of it out."""

import os
import signal
import subprocess
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

import psutil
import pytest

from compression.catalog.examples import Dataset
from compression.catalog.rows import FASHION_MNIST
from compression.commands.distil.request import DistilRequest
from compression.commands.distil.run import run_distil
from compression.decision.numbers import in_percent, in_points
from compression.errors import CandidateFailed
from compression.measurement.accuracy.predictions import predictions_of_file
from compression.measurement.accuracy.shares import accuracy_of
from compression.modalities.image.reading import load_images
from compression.records.budgets import StudentBudget
from compression.records.objectives import SoftTargets
from compression.records.recipes import Distill
from compression.records.students import Student
from compression.studies.launchers.local import LARGE_PAGES, ROOT
from tests.commands.distil_here import SMALL, Done, distil_here, their_classifier

EPOCHS = 3
# As rich reads it, a style called v2.
STUDENT_NAME = "student[v2].onnx"
QUICKLY = (*SMALL, "--preset", "preview", "--epochs", str(EPOCHS), "--threads", "1")
INTERRUPTED = "Interrupted; the same command goes on from the last epoch that was finished."
RUN_MODULE = "compression.commands.distil.run"
# An epoch is one step, and the first is taken at a rate of 0: the loss breaks down later.
TOO_FAST = StudentBudget(epochs=5, batch_size=64, peak_learning_rate=1e30, weight_decay=5e-4, train_examples=64)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load_images(FASHION_MNIST)


@pytest.fixture(scope="module")
def theirs(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return their_classifier(dataset, tmp_path_factory.mktemp("theirs"))


def left_to_go_on_from(home: Path) -> list[Path]:
    """All that is kept of students that are not finished, but for the empty files that say who is at work."""
    return [path for path in (home / "distilling").iterdir() if path.suffix != ".lock"]


@pytest.fixture(scope="module")
def finished(theirs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """The folder of a student with its control, and what was printed."""
    folder = tmp_path_factory.mktemp("finished")
    files = ("--out", str(folder / STUDENT_NAME), "--control", str(folder / "control.onnx"))
    return folder, distil_here(str(theirs), *QUICKLY, *files, home=folder / "home")


def test_a_student_of_the_size_that_was_asked_for_is_taught_by_a_file_made_elsewhere(
    finished: tuple[Path, Done], dataset: Dataset
) -> None:
    folder, done = finished
    assert done.code == 0, done.err
    assert (folder / STUDENT_NAME).stat().st_size <= 12_000
    found = {}
    for who, name in (("student", STUDENT_NAME), ("control", "control.onnx")):
        predicted = predictions_of_file(folder / name, "onnxruntime", dataset.test, threads=1)
        found[who] = accuracy_of(predicted.classes, dataset.test.labels)
        row = next(line for line in done.out.splitlines() if f"the {who}, {name}" in line)
        assert f"{in_percent(found[who].value)} (" in row.rpartition("│")[0].rpartition("│")[2]
    assert found["student"].value > 0.5
    lines = done.out.splitlines()
    assert lines[0].startswith(f"{folder / STUDENT_NAME}: ") and "than theirs.onnx" in lines[0]
    change = in_points((found["student"].correct - found["control"].correct) / 10_000)
    assert f"The student's accuracy less the control's, on the same 10,000 test images: {change}" in done.out
    assert "The student's accuracy less the teacher's, on the same 10,000 test images: " in done.out
    assert f"The student saw 6,000 training images {EPOCHS} times, with their labels." in done.out
    assert f"of the validation images right after epoch {EPOCHS} of {EPOCHS}" in done.err
    assert not left_to_go_on_from(folder / "home")


@pytest.mark.study
def test_the_same_once_more_is_refused_meanwhile_and_after_an_interruption_goes_on_to_the_very_same_file(
    finished: tuple[Path, Done], theirs: Path, tmp_path: Path
) -> None:
    home = finished[0] / "home"
    command = [sys.executable, "-m", "compression", "distil", str(theirs), *QUICKLY]
    begun = subprocess.Popen(
        [*command, "--out", str(tmp_path / "first.onnx")],
        cwd=ROOT,
        env=os.environ | {"WEIGHIN_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert begun.stderr is not None
    for line in begun.stderr:
        if "the student: " in line and "after epoch 1 of" in line:
            begun.send_signal(signal.SIGSTOP)
            assert sys.platform != "linux" or LARGE_PAGES.items() <= psutil.Process(begun.pid).environ().items()
            break
    second = distil_here(str(theirs), *QUICKLY, "--out", str(tmp_path / "second.onnx"), home=home)
    assert (second.code, second.out) == (2, "")
    assert second.err.splitlines()[-1] == (
        "Another command is teaching this very student at the moment; wait until it has ended, or stop it and start "
        "again."
    )
    begun.send_signal(signal.SIGINT)
    begun.send_signal(signal.SIGCONT)
    said = begun.stderr.read().strip().splitlines()
    begun.stderr.close()
    assert begun.wait() == 130
    assert said[-1] == INTERRUPTED
    assert list(tmp_path.iterdir()) == []

    resumed = distil_here(str(theirs), *QUICKLY, "--out", str(tmp_path / "second.onnx"), home=home)
    assert resumed.code == 0
    assert f"after epoch {EPOCHS} of {EPOCHS}" in resumed.err and "after epoch 1 of" not in resumed.err
    assert (tmp_path / "second.onnx").read_bytes() == (finished[0] / STUDENT_NAME).read_bytes()


class InterruptedImport(MetaPathFinder):
    """Ctrl-C in the seconds that torch takes to import."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == RUN_MODULE:
            raise KeyboardInterrupt


def test_an_interruption_while_libraries_are_imported_is_told_as_any_other(
    theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, RUN_MODULE)
    monkeypatch.setattr(sys, "meta_path", [InterruptedImport(), *sys.meta_path])
    done = distil_here(str(theirs), *QUICKLY, "--out", str(tmp_path / "new.onnx"), home=tmp_path / "home")
    assert (done.code, done.out, done.err) == (130, "", f"{INTERRUPTED}\n")
    assert list(tmp_path.iterdir()) == []


def test_of_a_training_that_breaks_down_nothing_is_left(
    theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIGHIN_HOME", str(tmp_path / "home"))
    order = DistilRequest(
        teacher=theirs,
        recipe=Distill(student=Student(size="small", width=2), objective=SoftTargets()),
        card=FASHION_MNIST,
        budget=TOO_FAST,
        seed=0,
        out=tmp_path / "out.onnx",
    )
    with pytest.raises(CandidateFailed, match=r"broke down in epoch [2-5], where its loss was no longer a finite"):
        run_distil(order, threads=1)
    assert not order.out.exists()
    assert not left_to_go_on_from(tmp_path / "home")
