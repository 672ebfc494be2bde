"""What ``distil`` refuses, each in one sentence and before any work."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper
from torch import nn

from compression.catalog.examples import load_dataset
from compression.catalog.rows import FASHION_MNIST
from compression.studies.launchers.local import ROOT
from tests.classifiers import export
from tests.commands.distil_here import SMALL, distil_here, their_classifier


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return their_classifier(load_dataset(FASHION_MNIST), tmp_path_factory.mktemp("theirs"))


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
            (*SMALL, "--objective", "fitnets"),
            "Of theirs.onnx only the answers can be had, not what goes on inside it; choose an objective that needs no "
            "more: soft-targets, logit-standardization, dkd or dist.",
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
