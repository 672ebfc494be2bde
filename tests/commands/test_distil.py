"""``distil`` as a person meets it: a file made elsewhere in, a small student of it out."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from io import StringIO
from pathlib import Path

import numpy as np
import onnx
import psutil
import pytest
import torch
from onnx import helper
from torch import nn
from torch.nn import functional

from compression.__main__ import main
from compression.catalog.bundled import FASHION_MNIST
from compression.catalog.datasets import Dataset, load_dataset
from compression.commands.distil.carrying_out import carry_out_order
from compression.commands.distil.order import Order
from compression.decision.numbers import in_percent, in_points
from compression.errors import CandidateFailed
from compression.measurement.accuracy.of_file import predictions_of_file
from compression.measurement.accuracy.shares import accuracy_of
from compression.methods.effort import StudentBudget
from compression.store.objectives import SoftTargets
from compression.store.recipes import Distill
from compression.store.students import Student
from compression.studies.processes import ALLOCATOR, LARGE_PAGES, ROOT
from tests.classifiers import export

EPOCHS = 3
SMALL = ("--dataset", "fashion-mnist", "--student", "12 KB")
# As rich reads it, a style called v2.
STUDENT_NAME = "student[v2].onnx"
QUICKLY = (*SMALL, "--preset", "preview", "--epochs", str(EPOCHS), "--threads", "1")
INTERRUPTED = "Interrupted; the same command goes on from the last epoch that was finished."
CARRYING_OUT = "compression.commands.distil.carrying_out"
# An epoch is one step, and the first is taken at a rate of 0: the loss breaks down later.
TOO_FAST = StudentBudget(epochs=5, batch_size=64, peak_learning_rate=1e30, weight_decay=5e-4, train_examples=64)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load_dataset(FASHION_MNIST)


@pytest.fixture(scope="module")
def theirs(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier that knows something, from the older exporter, for one image at a time."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(196, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    images, labels = dataset.normalize(dataset.train.images[:6400]), dataset.train.labels[:6400]
    for batch, wanted in zip(torch.from_numpy(images).split(64), torch.from_numpy(labels).split(64), strict=True):
        optimizer.zero_grad()
        functional.cross_entropy(network(batch), wanted).backward()
        optimizer.step()
    path = tmp_path_factory.mktemp("theirs") / "theirs.onnx"
    export(network.eval(), path, FASHION_MNIST.image_shape, opset=11)
    return path


@dataclass(frozen=True, kw_only=True)
class Done:
    """A command that has ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


def distil_here(*arguments: str, home: Path) -> Done:
    """Run the command in this process: starting another takes as long as training so small a student."""
    out, err, code = StringIO(), StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("WEIGHIN_HOME", str(home))
        patch.setenv("COLUMNS", "200")
        # As if it had begun anew with them: these tests' process is not one to begin anew.
        for name, value in (ALLOCATOR | LARGE_PAGES).items():
            patch.setenv(name, value)
        patch.setattr("sys.argv", ["compression", "distil", *arguments])
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Done(code=code, out=out.getvalue(), err=err.getvalue())


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
        predicted = predictions_of_file(folder / name, "onnxruntime", dataset.test.images, dataset.normalize, threads=1)
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
        if name == CARRYING_OUT:
            raise KeyboardInterrupt


def test_an_interruption_while_libraries_are_imported_is_told_as_any_other(
    theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, CARRYING_OUT)
    monkeypatch.setattr(sys, "meta_path", [InterruptedImport(), *sys.meta_path])
    done = distil_here(str(theirs), *QUICKLY, "--out", str(tmp_path / "new.onnx"), home=tmp_path / "home")
    assert (done.code, done.out, done.err) == (130, "", f"{INTERRUPTED}\n")
    assert list(tmp_path.iterdir()) == []


def test_of_a_training_that_breaks_down_nothing_is_left(
    theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIGHIN_HOME", str(tmp_path / "home"))
    order = Order(
        teacher=theirs,
        recipe=Distill(student=Student(size="small", width=2), objective=SoftTargets()),
        card=FASHION_MNIST,
        budget=TOO_FAST,
        seed=0,
        out=tmp_path / "out.onnx",
    )
    with pytest.raises(CandidateFailed, match=r"broke down in epoch [2-5], where its loss was no longer a finite"):
        carry_out_order(order, threads=1)
    assert not order.out.exists()
    assert not left_to_go_on_from(tmp_path / "home")


def refusal(folder: Path, file: Path, *options: str) -> str:
    """The one sentence of a command that ends with 2."""
    done = distil_here(str(file), *options, home=folder / "home")
    assert (done.code, done.out) == (2, "")
    assert done.err.strip().count("\n") == 0, done.err
    assert not (folder / "new.onnx").exists()
    assert not (folder / "home").exists()
    return done.err.replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            (*SMALL, "--objective", "hints"),
            "Of theirs.onnx only the answers can be had, not what goes on inside it; choose an objective that needs no "
            "more: soft-targets, standardized-targets, decoupled-targets or relations.",
        ),
        ((*SMALL, "--out", "there.onnx"), "There is a there.onnx already, and it is left as it is; choose another"),
        ((*SMALL, "--out", "nowhere/new.onnx"), "There is no folder nowhere to write new.onnx to; make it first."),
        ((*SMALL, "--control", "there.onnx"), "left as it is; choose another name for --control."),
        ((*SMALL, "--control", "new.onnx"), "Student and control cannot both be written to new.onnx"),
        ((*SMALL, "--dataset", "cifar"), "There is no dataset called 'cifar'"),
        ((*SMALL, "--preset", "slow"), "There is no preset called 'slow'"),
        ((*SMALL, "--student", "1 KB"), "No residual student of 1 block a stage fits into 1 KB; the smallest takes"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_2(
    options: tuple[str, ...], sentence: str, theirs: Path, tmp_path: Path
) -> None:
    (tmp_path / "there.onnx").write_bytes(b"mine")
    named = options if "--out" in options else (*options, "--out", "new.onnx")
    placed = [str(tmp_path / option) if option.endswith(".onnx") else option for option in named]
    assert sentence in refusal(tmp_path, theirs, *placed)
    assert (tmp_path / "there.onnx").read_bytes() == b"mine"


REFUSED = """
import sys
from compression.__main__ import main

try:
    main()
except SystemExit as ended:
    print(ended.code, "torch" in sys.modules, "onnxruntime" in sys.modules)
"""


def test_wrong_usage_is_told_before_torch_is_imported(theirs: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "new.onnx")
    # The last of all that is looked at.
    arguments = ["distil", str(theirs), *SMALL, "--out", out, "--control", out]
    done = subprocess.run(
        [sys.executable, "-c", REFUSED, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "2 False False\n"


def of_seven_classes(path: Path, _theirs: Path) -> None:
    export(nn.Sequential(nn.Flatten(), nn.Linear(784, 7)), path, FASHION_MNIST.image_shape)


def of_larger_images(path: Path, _theirs: Path) -> None:
    export(nn.Sequential(nn.Flatten(), nn.Linear(1024, 10)), path, (1, 32, 32))


def of_no_network(path: Path, _theirs: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n")


def with_the_classes_in_another_order(path: Path, theirs: Path) -> None:
    model = onnx.load(theirs)
    order = np.roll(np.arange(10), 1)
    model.graph.initializer.append(helper.make_tensor("order", onnx.TensorProto.INT64, [10], order))
    model.graph.node.append(helper.make_node("Gather", [model.graph.output[0].name, "order"], ["turned"], axis=1))
    model.graph.output[0].name = "turned"
    onnx.save(model, path)


def without_numbers(path: Path, theirs: Path) -> None:
    model = onnx.load(theirs)
    model.graph.node.append(helper.make_node("Sqrt", [model.graph.output[0].name], ["root"]))
    model.graph.output[0].name = "root"
    onnx.save(model, path)


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (of_seven_classes, "it tells 7 classes apart, and the dataset has 10"),
        (of_larger_images, "it takes images of 1 x 32 x 32 (channels x height x width), and those of the dataset are"),
        (of_no_network, "it is not an ONNX file"),
        (without_numbers, "gets scores from it that are not finite numbers"),
        (with_the_classes_in_another_order, "of the validation images right, no more than guessing would"),
    ],
)
def test_a_file_that_cannot_teach_is_refused_before_any_work(
    write: Callable[[Path, Path], None], sentence: str, theirs: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file.onnx"
    write(file, theirs)
    said = refusal(tmp_path, file, *SMALL, "--out", str(tmp_path / "new.onnx"))
    assert said.startswith("The model file.onnx cannot be used as a teacher: ")
    assert sentence in said
