"""``quantize`` as a person meets it: a file made elsewhere in, a smaller one out."""

from pathlib import Path

import numpy as np
import pytest

from compression.catalog.rows import FASHION_MNIST
from compression.measurement.engines import open_session
from compression.modalities.image.reading import load_images
from tests.classifiers import export
from tests.terminal import weigh_in, weigh_in_here


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small classifier of Fashion-MNIST's images with random weights, from the older exporter, for one image."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.MaxPool2d(4),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.Hardswish(),
        nn.Flatten(),
        nn.Linear(32 * 49, 10),
    )
    path = tmp_path_factory.mktemp("theirs") / "theirs.onnx"
    export(network.eval(), path, FASHION_MNIST.image_shape, opset=11, folded=False)
    return path


def test_a_file_made_elsewhere_becomes_an_int8_file_that_both_engines_run(theirs: Path, tmp_path: Path) -> None:
    out = tmp_path / "small.onnx"
    done = weigh_in_here("quantize", str(theirs), "--dataset", "fashion-mnist", "--out", str(out), home=tmp_path)

    assert done.returncode == 0, done.stderr
    first, second, third, *others = done.stdout.strip().splitlines()
    assert "times smaller than theirs.onnx" in first
    assert second.startswith("ONNX Runtime: ")
    assert "of the multiply-accumulates are computed in 8 bits; in floating point: " in second
    assert third.startswith("OpenVINO: 100.0% of the multiply-accumulates are computed in 8 bits")
    told = next(line for line in others if line.startswith("Of 500 validation images it answers right: "))
    assert "% in ONNX Runtime, " in told
    assert "% in OpenVINO (the original: " in told
    assert any(line.startswith("Images are handed over as Fashion-MNIST's own models expect them") for line in others)
    examples = load_images(FASHION_MNIST).validation
    before = open_session(theirs, "onnxruntime", threads=1)
    expected = np.concatenate([before.run(examples.inputs(slice(at, at + 1))) for at in range(200)]).argmax(1)
    for engine in ("onnxruntime", "openvino"):
        found = open_session(out, engine, threads=1).run(examples.inputs(slice(200))).argmax(1)
        assert np.mean(found == expected) > 0.95


def test_fp16_needs_no_dataset(theirs: Path, tmp_path: Path) -> None:
    out = tmp_path / "half.onnx"
    done = weigh_in("quantize", str(theirs), "--scheme", "fp16", "--out", str(out), home=tmp_path)

    assert done.returncode == 0, done.stderr
    assert ": 0.0% of the multiply-accumulates are computed in 8 bits; in floating point: 2 Conv" in done.stdout
    assert out.stat().st_size < 0.6 * theirs.stat().st_size


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--out", "there.onnx", "--dataset", "fashion-mnist"),
            "There is a there.onnx already, and it is left as it is",
        ),
        (("--out", "nowhere/new.onnx"), "There is no folder nowhere to write new.onnx to; make it first."),
        (("--out", "new.onnx"), "needs examples that show how large the numbers inside the network get"),
        (("--out", "new.onnx", "--dataset", "cifar"), "There is no dataset called 'cifar'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_2(
    options: tuple[str, ...], sentence: str, theirs: Path, tmp_path: Path
) -> None:
    placed = [str(tmp_path / option) if option.endswith(".onnx") else option for option in options]
    (tmp_path / "there.onnx").write_bytes(b"mine")
    done = weigh_in_here("quantize", str(theirs), *placed, home=tmp_path)

    assert done.returncode == 2
    assert sentence in done.stderr.replace(f"{tmp_path}/", "")
    assert done.stderr.strip().count("\n") == 0
    assert (tmp_path / "there.onnx").read_bytes() == b"mine"
    assert not (tmp_path / "new.onnx").exists()
