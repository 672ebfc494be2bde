"""What ``measure`` is given and cannot measure: one sentence on the error output, exit 2, and no work before it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import helper

from compression.__main__ import main
from tests.measurement.conftest import network, save, weights

FASHION = (1, 28, 28)
ON_FASHION = ("--dataset", "fashion-mnist")
Refusal = Callable[..., str]


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Refusal:
    """The one sentence of a command that ends with 2, in this process: starting another takes longer than refusing."""

    def refuse(*arguments: str) -> str:
        monkeypatch.setattr("sys.argv", ["compression", "measure", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfd.readouterr()
        assert ended.value.code == 2
        assert said.out == ""
        assert said.err.strip().count("\n") == 0, said.err
        return said.err

    return refuse


def constants(classes: int = 10) -> dict[str, NDArray[np.generic]]:
    rng = np.random.default_rng(0)
    values = weights() | {"w3": rng.normal(size=(8, classes)), "b3": rng.normal(size=classes)}
    return {name: value.astype(np.float32) for name, value in values.items()}


def fitting(path: Path) -> Path:
    """A file with which nothing is wrong."""
    return save(path, network(), constants(), image=FASHION)


def no_onnx_file(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n")


def nothing(path: Path) -> None:
    path.unlink(missing_ok=True)


def truncated(path: Path) -> None:
    content = fitting(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])


def of_another_size(path: Path) -> None:
    save(path, network(), constants(), image=(3, 32, 32))


def with_two_inputs(path: Path) -> None:
    model = onnx.load(fitting(path))
    model.graph.input.append(helper.make_tensor_value_info("mask", onnx.TensorProto.FLOAT, ["batch", 1]))
    onnx.save(model, path)


def with_two_outputs(path: Path) -> None:
    features = helper.make_node("Identity", ["f"], ["features"])
    save(path, [*network(), features], constants(), image=FASHION, outputs=("logits", "features"))


def of_three_classes(path: Path) -> None:
    save(path, network(), constants(classes=3), image=FASHION)


def with_an_operator_of(domain: str, kind: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        nodes = [helper.make_node(kind, ["images"], ["x"], domain=domain), *network(first="x")]
        model = onnx.load(save(path, nodes, constants(), image=FASHION))
        model.opset_import.append(helper.make_opsetid(domain, 1))
        onnx.save(model, path)

    return write


def with_infinite_scores(path: Path) -> None:
    nodes = [*network(last="scores"), helper.make_node("Div", ["scores", "zero"], ["logits"])]
    save(path, nodes, constants() | {"zero": np.zeros(10, np.float32)}, image=FASHION)


def without_its_weights(path: Path) -> None:
    model = onnx.load(fitting(path))
    onnx.save(model, path, save_as_external_data=True, location="file.data", size_threshold=0)
    (path.parent / "file.data").unlink()


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (no_onnx_file, "it is not an ONNX file"),
        (nothing, "it is not there; check its name and its folder"),
        (truncated, "the file breaks off or is damaged"),
        (of_another_size, "it takes images of 3 x 32 x 32 (channels x height x width), and those of the dataset are"),
        (with_two_inputs, "its inputs are called images, mask, and what there is to put in images;"),
        (with_two_outputs, "it has 1 inputs and 2 outputs"),
        (of_three_classes, "it tells 3 classes apart, and the dataset has 10"),
        (with_an_operator_of("my.company", "Sharpen"), "ONNX Runtime does not have its operator my.company.Sharpen"),
        (with_an_operator_of("ai.onnx.ml", "Binarizer"), "OpenVINO does not have its operator ai.onnx.ml.Binarizer"),
        (
            with_an_operator_of("ai.onnx.ml", "Binarizer"),
            "or measure it in ONNX Runtime alone, which runs it (--engine onnxruntime).",
        ),
        (with_infinite_scores, "ONNX Runtime gets scores from it that are not finite numbers for 64 of 64 images"),
        (without_its_weights, "its weights are in a second file, 'file.data', which is not beside it"),
    ],
)
def test_a_wrong_file_is_refused(
    write: Callable[[Path], None], sentence: str, tmp_path: Path, refusal: Refusal
) -> None:
    write(tmp_path / "file.onnx")
    said = refusal(str(tmp_path / "file.onnx"), *ON_FASHION)

    assert said.startswith("The model file.onnx cannot be measured: ")
    assert sentence in said


def test_the_second_of_two_files_is_looked_at_as_well(tmp_path: Path, refusal: Refusal) -> None:
    fitting(tmp_path / "good.onnx")
    truncated(tmp_path / "bad.onnx")

    assert "The model bad.onnx cannot be measured" in refusal(
        str(tmp_path / "good.onnx"), "--against", str(tmp_path / "bad.onnx"), *ON_FASHION
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--dataset", "cifar"), "There is no dataset called 'cifar'"),
        ((*ON_FASHION, "--engine", "tensorrt"), "There is no engine called 'tensorrt'"),
        ((*ON_FASHION, "--batch", "5001"), "A batch of 5001 cannot be made of the 5000 validation images"),
        ((*ON_FASHION, "--threads", "4096"), "4096 threads cannot be had: this machine lets Weigh-In run"),
        ((*ON_FASHION, "--precision", "fp8"), "There is no precision called 'fp8'"),
        ((*ON_FASHION, "--precision", "bf16"), "ONNX Runtime does not compute in bf16 on this processor but in fp32"),
        ((*ON_FASHION, "--json", "nowhere/m.json"), "There is no folder nowhere to write m.json to"),
    ],
)
def test_what_is_not_there_is_refused(
    options: tuple[str, ...], sentence: str, tmp_path: Path, refusal: Refusal
) -> None:
    assert sentence in refusal(str(fitting(tmp_path / "file.onnx")), *options)


@pytest.mark.parametrize("option", ["--batch", "--threads", "--latency-seconds"])
def test_none_at_all_is_a_usage_error(
    option: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["compression", "measure", "file.onnx", *ON_FASHION, option, "0"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f"Invalid value for '{option}'" in capfd.readouterr().err
