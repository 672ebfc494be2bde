"""Tiny real ``.onnx`` files: a two-layer convolutional classifier in fp32, fp16, int8 (QDQ), and partly in int8.

Images [batch, 1, 8, 8] in, three class scores out. 359 parameters: 4*1*3*3 + (8*4*3*3 + 8) + (8*3 + 3).
6,936 multiply-accumulates: 8*8*4 * 1*3*3 + 4*4*8 * 4*3*3 + 8*3.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from compression.catalog.cards import ImageDatasetCard
from compression.catalog.examples import Inputs, Rows, length_of, rows_of
from compression.records.inputs import InputSpec
from tests import tiny

PARAMETERS = 359
MACS = 6936
IMAGE = (1, 8, 8)
TAKES = (InputSpec(name="images", shape=IMAGE, axes=("channels", "height", "width")),)
CLASSES = 3
QDQ_LEVELS = 127.0


def card_of(*, image: tuple[int, int, int] = IMAGE, classes: int = CLASSES) -> ImageDatasetCard:
    """A dataset that the classifier fits, or one of other images or another number of classes."""
    names = tuple(f"class {number}" for number in range(classes))
    return tiny.CARD.model_copy(update={"image_shape": image, "classes": names})


@dataclass(frozen=True)
class Arrays:
    """Examples that are nothing but arrays by name, all of one class unless ``shown`` says which each is of; ``asked``
    is how many were taken at a time."""

    arrays: Inputs
    shown: NDArray[np.int64] | None = None
    asked: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return length_of(self.arrays)

    @property
    def labels(self) -> NDArray[np.int64]:
        return np.zeros(len(self), np.int64) if self.shown is None else self.shown

    def select(self, rows: NDArray[np.intp]) -> "Arrays":
        return Arrays(rows_of(self.arrays, rows), self.labels[rows])

    def inputs(self, rows: Rows) -> Inputs:
        taken = rows_of(self.arrays, rows)
        self.asked.append(length_of(taken))
        return taken

    def fingerprint(self) -> str:
        return "arrays"


def weights() -> dict[str, NDArray[np.float64]]:
    rng = np.random.default_rng(7)
    shapes = {"w1": (4, 1, 3, 3), "w2": (8, 4, 3, 3), "b2": (8,), "w3": (8, 3), "b3": (3,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def network(*, first: str = "images", last: str = "logits", suffix: str = "") -> list[onnx.NodeProto]:
    """The nodes of the classifier; ``suffix`` is added to the names of the weight matrices it takes."""
    w1, w2, w3 = (f"{name}{suffix}" for name in ("w1", "w2", "w3"))
    return [
        helper.make_node("Conv", [first, w1], ["c1"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("Conv", ["r1", w2, "b2"], ["c2"], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Relu", ["c2"], ["r2"]),
        helper.make_node("GlobalAveragePool", ["r2"], ["p"]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("Gemm", ["f", w3, "b3"], [last]),
    ]


def save(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    constants: dict[str, NDArray[np.generic]],
    *,
    image: tuple[int | str, ...] = IMAGE,
    kind: int = onnx.TensorProto.FLOAT,
    outputs: Sequence[str] = ("logits",),
    inputs: Sequence[onnx.ValueInfoProto] = (),
) -> Path:
    graph = helper.make_graph(
        list(nodes),
        "tiny",
        inputs or [helper.make_tensor_value_info("images", kind, ["batch", *image])],
        [helper.make_tensor_value_info(name, kind, ["batch", None]) for name in outputs],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)
    return path


def changed(path: Path, change: Callable[[onnx.ModelProto], None]) -> Path:
    model = onnx.load(path)
    change(model)
    onnx.save(model, path)
    return path


@pytest.fixture
def float_file(tmp_path: Path) -> Path:
    constants = {name: value.astype(np.float32) for name, value in weights().items()}
    return save(tmp_path / "float.onnx", network(), constants)


@pytest.fixture
def double_file(tmp_path: Path) -> Path:
    """The same network in fp64: the reference that rounding is judged by."""
    return save(tmp_path / "double.onnx", network(), dict(weights()), kind=onnx.TensorProto.DOUBLE)


@pytest.fixture
def half_file(tmp_path: Path) -> Path:
    """fp16 inside, fp32 outside, with the casts at the end of the list of nodes as the usual converter leaves them."""
    casts = [
        helper.make_node("Cast", ["images"], ["first"], to=onnx.TensorProto.FLOAT16),
        helper.make_node("Cast", ["last"], ["logits"], to=onnx.TensorProto.FLOAT),
    ]
    constants = {name: value.astype(np.float16) for name, value in weights().items()}
    return save(tmp_path / "half.onnx", [*network(first="first", last="last"), *casts], constants)


@pytest.fixture
def int8_file(tmp_path: Path) -> Path:
    """Weights stored as int8 per tensor, the input quantized on the way in, as post-training quantization leaves it."""
    constants: dict[str, NDArray[np.generic]] = {}
    nodes = [
        helper.make_node("QuantizeLinear", ["images", "scale", "zero"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "scale", "zero"], ["dq"]),
    ]
    constants |= {"scale": np.array(4.0 / QDQ_LEVELS, np.float32), "zero": np.array(0, np.int8)}
    for name, value in weights().items():
        if name.startswith("b"):
            constants[name] = value.astype(np.float32)
            continue
        scale = np.abs(value).max() / QDQ_LEVELS
        constants[f"{name}_stored"] = np.round(value / scale).astype(np.int8)
        constants[f"{name}_scale"] = np.array([scale] * value.shape[0], np.float32)
        constants[f"{name}_zero"] = np.zeros(value.shape[0], np.int8)
        stored = [f"{name}_stored", f"{name}_scale", f"{name}_zero"]
        nodes.append(helper.make_node("DequantizeLinear", stored, [f"{name}_dq"], axis=0))
    return save(tmp_path / "int8.onnx", [*nodes, *network(first="dq", suffix="_dq")], constants)


@pytest.fixture
def mixed_file(tmp_path: Path) -> Path:
    """The first convolution between quantized values, as engines fuse it; the second one and the product in fp32."""
    constants: dict[str, NDArray[np.generic]] = {
        name: value.astype(np.float32) for name, value in weights().items() if name != "w1"
    }
    w1 = weights()["w1"]
    constants |= {
        "w1_stored": np.round(w1 / np.abs(w1).max() * QDQ_LEVELS).astype(np.int8),
        "w1_scale": np.array(np.abs(w1).max() / QDQ_LEVELS, np.float32),
        "w1_zero": np.array(0, np.int8),
        "scale": np.array(8.0 / QDQ_LEVELS, np.float32),
        "middle": np.array(128, np.uint8),
        "least": np.array(0, np.uint8),
    }
    first, relu, second, *rest = network()
    first.input[:] = ["dq", "w1"]
    second.input[0] = "r1_dq"
    nodes = [
        helper.make_node("QuantizeLinear", ["images", "scale", "middle"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "scale", "middle"], ["dq"]),
        helper.make_node("DequantizeLinear", ["w1_stored", "w1_scale", "w1_zero"], ["w1"]),
        first,
        relu,
        helper.make_node("QuantizeLinear", ["r1", "scale", "least"], ["r1_q"]),
        helper.make_node("DequantizeLinear", ["r1_q", "scale", "least"], ["r1_dq"]),
        second,
        *rest,
    ]
    return save(tmp_path / "mixed.onnx", nodes, constants)


@pytest.fixture
def images() -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(size=(40, *IMAGE)).astype(np.float32)
