"""Small random classifiers, drawn from a grammar of what exporters write: maps, tokens and heads, in old opsets and new
ones, with weights in the file or beside it. Each takes images of 1 x 8 x 8 and tells three classes apart.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

IMAGE = (1, 8, 8)
CLASSES = 3


@dataclass
class Graph:
    """A graph that grows at its end: ``last`` is its newest value, ``shape`` that value's without the batch axis."""

    opset: int
    seed: int
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, NDArray[np.generic]] = field(default_factory=dict)
    last: str = "images"
    shape: tuple[int, ...] = IMAGE
    kind: str = "float32"

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(self.seed)

    def add(self, operator: str, *others: str, shape: tuple[int, ...] | None = None, **said: object) -> str:
        """Put an operator behind the last value."""
        return self.put(operator, [self.last, *others], shape=shape, **said)

    def put(self, operator: str, taken: list[str], *, shape: tuple[int, ...] | None = None, **said: object) -> str:
        """Put an operator that takes these."""
        made = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, taken, [made], name=f"/{operator}_{made}", **said))
        self.last, self.shape = made, shape or self.shape
        return made

    def weight(self, *shape: int, scale: float | None = None) -> str:
        """Random weights, as large as leaves the scale of what they are multiplied with."""
        spread = scale if scale is not None else 1 / np.sqrt(max(1, np.prod(shape[1:])))
        return self.constant((self._random.normal(size=shape) * spread).astype(self.kind))

    def constant(self, value: "NDArray[np.generic] | list[int]") -> str:
        """A stored array; lists are sizes."""
        name = f"c{len(self.constants)}"
        self.constants[name] = np.asarray(value, np.int64) if isinstance(value, list) else value
        return name

    def computed_weight(self, *shape: int) -> str:
        """The same, computed in the graph of two stored arrays, as a weight norm leaves it."""
        last = self.last
        gain = self.constant(np.full((shape[0], *(1 for _ in shape[1:])), 0.7, self.kind))
        made = self.put("Mul", [self.weight(*shape), gain])
        self.last = last
        return made


Block = Callable[[Graph], None]


def convolution(kernel: int, stride: int, channels: int, *, bias: bool, computed: bool = False) -> Block:
    def block(g: Graph) -> None:
        before, height, width = g.shape
        weight = (g.computed_weight if computed else g.weight)(channels, before, kernel, kernel)
        taken = [weight] + ([g.weight(channels, scale=0.1)] if bias else [])
        pad = kernel // 2
        out = tuple((side + 2 * pad - kernel) // stride + 1 for side in (height, width))
        g.add("Conv", *taken, shape=(channels, *out), pads=[pad] * 4, strides=[stride] * 2)

    return block


def depthwise(g: Graph) -> None:
    channels = g.shape[0]
    g.add("Conv", g.weight(channels, 1, 3, 3), pads=[1] * 4, group=channels)


def transposed(g: Graph) -> None:
    channels, height, width = g.shape
    g.add("ConvTranspose", g.weight(channels, 4, 2, 2), shape=(4, 2 * height, 2 * width), strides=[2, 2])


def norm(g: Graph) -> None:
    channels = g.shape[0]
    ones = np.ones(channels, g.kind)
    names = [g.weight(channels, scale=0.3), g.weight(channels, scale=0.1), g.weight(channels, scale=0.1)]
    g.add("BatchNormalization", *names, g.constant(ones * 0.9))


def instance_norm(g: Graph) -> None:
    ones = np.ones(g.shape[0], g.kind)
    g.add("InstanceNormalization", g.constant(ones), g.constant(0 * ones))


def plain(operator: str, **said: object) -> Block:
    return lambda g: g.add(operator, **said) and None


def prelu(g: Graph) -> None:
    g.add("PRelu", g.constant(np.full((g.shape[0], 1, 1), 0.2, g.kind)))


def swish(g: Graph) -> None:
    before = g.last
    g.put("Mul", [before, g.add("Sigmoid")])


def clip(g: Graph) -> None:
    if g.opset < 11:
        g.add("Clip", min=0.0, max=6.0)
    else:
        g.add("Clip", g.constant(np.array(0, g.kind)), g.constant(np.array(6, g.kind)))


def pool(operator: str, *, up: bool) -> Block:
    def block(g: Graph) -> None:
        channels, height, width = g.shape
        if min(height, width) < 3 or (up and g.opset < 10):
            return
        out = tuple((side - 2 + (1 if up else 0)) // 2 + 1 for side in (height, width))
        g.add(operator, shape=(channels, *out), kernel_shape=[2, 2], strides=[2, 2], **({"ceil_mode": 1} if up else {}))

    return block


def residual(g: Graph) -> None:
    before, shape = g.last, g.shape
    convolution(3, 1, shape[0], bias=True)(g)
    g.put("Add", [g.last, before], shape=shape)


def squeezed(g: Graph) -> None:
    before, shape = g.last, g.shape
    g.add("GlobalAveragePool", shape=(shape[0], 1, 1))
    convolution(1, 1, shape[0], bias=True)(g)
    g.put("Mul", [before, g.add("Sigmoid")], shape=shape)


def joined(g: Graph) -> None:
    before, (channels, height, width) = g.last, g.shape
    convolution(1, 1, 2, bias=False)(g)
    g.put("Concat", [before, g.last], shape=(channels + 2, height, width), axis=1)


def padded(g: Graph) -> None:
    channels, height, width = g.shape
    shape = (channels, height + 1, width + 1)
    sizes = [0, 0, 0, 0, 0, 0, 1, 1]
    if g.opset < 11:
        g.add("Pad", shape=shape, pads=sizes)
    else:
        g.add("Pad", g.constant(sizes), shape=shape)


def enlarged(g: Graph) -> None:
    channels, height, width = g.shape
    scales, shape = g.constant(np.array([1, 1, 2, 2], np.float32)), (channels, 2 * height, 2 * width)
    if height > 8:
        return
    if g.opset < 10:
        g.add("Upsample", scales, shape=shape, mode="linear")
    elif g.opset < 11:
        g.add("Resize", scales, shape=shape, mode="nearest")
    else:
        g.add("Resize", "", scales, shape=shape, mode="linear")


def kernel_from_image(g: Graph) -> None:
    channels, height, width = g.shape
    before = g.last
    g.add("GlobalAveragePool", shape=(channels, 1, 1))
    g.add("Reshape", g.constant([1, channels, 1, 1]))
    if g.opset >= 11:
        g.put("Conv", [before, g.last], shape=(1, height, width))


MAPS: dict[str, Block] = {
    "conv": convolution(3, 1, 4, bias=True),
    "strided": convolution(3, 2, 8, bias=False),
    "pointwise": convolution(1, 1, 6, bias=True),
    "computed": convolution(3, 1, 4, bias=False, computed=True),
    "depthwise": depthwise,
    "transposed": transposed,
    "norm": norm,
    "instance norm": instance_norm,
    "relu": plain("Relu"),
    "leaky": plain("LeakyRelu", alpha=0.1),
    "elu": plain("Elu"),
    "tanh": plain("Tanh"),
    "softplus": plain("Softplus"),
    "identity": plain("Identity"),
    "prelu": prelu,
    "swish": swish,
    "clip": clip,
    "max pool": pool("MaxPool", up=False),
    "average pool": pool("AveragePool", up=False),
    "rounded up": pool("MaxPool", up=True),
    "residual": residual,
    "squeezed": squeezed,
    "joined": joined,
    "padded": padded,
    "enlarged": enlarged,
}


def flattened(g: Graph) -> None:
    g.add("Flatten", shape=(int(np.prod(g.shape)),))


def averaged(g: Graph) -> None:
    g.add("GlobalAveragePool", shape=(g.shape[0], 1, 1))
    flattened(g)


def reduced(g: Graph) -> None:
    axes = [2, 3]
    if g.opset < 18:
        g.add("ReduceMean", shape=g.shape[:1], axes=axes, keepdims=0)
    else:
        g.add("ReduceMean", g.constant(axes), shape=g.shape[:1], keepdims=0)


def reshaped_by_its_shape(g: Graph) -> None:
    """As older exporters write ``view(x.shape[0], -1)``."""
    before, shape = g.last, g.shape
    g.add("Shape")
    g.add("Gather", g.constant(np.array(0, np.int64)), axis=0)
    if g.opset < 13:
        g.add("Unsqueeze", axes=[0])
    else:
        g.add("Unsqueeze", g.constant([0]))
    g.put("Concat", [g.last, g.constant([-1])], axis=0)
    g.put("Reshape", [before, g.last], shape=(int(np.prod(shape)),))


def attended(g: Graph) -> None:
    """Tokens of the map attend to each other; their mean is left."""
    convolution(1, 1, 6, bias=True)(g)
    channels, height, width = g.shape
    places = height * width
    g.add("Reshape", g.constant([0, channels, places]), shape=(channels, places))
    tokens = g.add("Transpose", shape=(places, channels), perm=[0, 2, 1])
    query, key, value = (g.put("MatMul", [tokens, g.weight(channels, channels)]) for _ in range(3))
    turned = g.put("Transpose", [key], perm=[0, 2, 1])
    scores = g.put("MatMul", [query, turned])
    weights = g.put("Softmax", [scores], axis=-1 if g.opset >= 13 else 2)
    attended_to = g.put("MatMul", [weights, value])
    g.put("Add", [attended_to, tokens], shape=(places, channels))
    if g.opset >= 17:
        ones = np.ones(channels, g.kind)
        g.add("LayerNormalization", g.constant(ones), g.constant(0 * ones), axis=-1)
    if g.opset < 18:
        g.add("ReduceMean", shape=(channels,), axes=[1], keepdims=0)
    else:
        g.add("ReduceMean", g.constant([1]), shape=(channels,), keepdims=0)


ENDS: dict[str, Block] = {
    "flatten": flattened,
    "average": averaged,
    "reduce": reduced,
    "shape": reshaped_by_its_shape,
    "attention": attended,
}


def gemm(g: Graph) -> None:
    weights, bias = g.weight(CLASSES, g.shape[0]), g.weight(CLASSES, scale=0.1)
    g.add("Gemm", weights, bias, shape=(CLASSES,), transB=1)


def matmul(g: Graph) -> None:
    g.add("MatMul", g.weight(g.shape[0], CLASSES, scale=1 / np.sqrt(g.shape[0])), shape=(CLASSES,))
    g.add("Add", g.weight(CLASSES, scale=0.1))


def weights_first(g: Graph) -> None:
    """The weights are the first factor, and examples the columns."""
    columns = g.add("Transpose", perm=[1, 0])
    g.put("MatMul", [g.weight(CLASSES, g.shape[0]), columns])
    g.add("Transpose", shape=(CLASSES,), perm=[1, 0])


def hidden(g: Graph) -> None:
    before = g.shape[0]
    g.add("Gemm", g.weight(before, 16, scale=1 / np.sqrt(before)), g.weight(16, scale=0.1), shape=(16,))
    g.add("Relu")
    gemm(g)


HEADS: dict[str, Block] = {"gemm": gemm, "matmul": matmul, "weights first": weights_first, "hidden": hidden}
LASTS: dict[str, Block] = {
    "logits": lambda _: None,
    "softmax": plain("Softmax", axis=1),
    "log-softmax": plain("LogSoftmax", axis=1),
    "sigmoids": plain("Sigmoid"),
}


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What was drawn: the names of its parts, and how it is written."""

    maps: tuple[str, ...]
    end: str
    head: str
    last: str
    opset: int
    batch: int | None
    double: bool
    outside: bool
    seed: int

    def write(self, folder: Path) -> Path:
        """The file."""
        g = Graph(opset=self.opset, seed=self.seed, kind="float64" if self.double else "float32")
        if self.double:
            g.add("Cast", to=TensorProto.DOUBLE)
        for block in (*(MAPS[name] for name in self.maps), ENDS[self.end], HEADS[self.head], LASTS[self.last]):
            block(g)
        if self.double:
            g.add("Cast", to=TensorProto.FLOAT)
        g.put("Identity", [g.last])
        g.nodes[-1].output[0] = "scores"
        batch = self.batch or "batch"
        graph = helper.make_graph(
            g.nodes,
            "drawn",
            [helper.make_tensor_value_info("images", TensorProto.FLOAT, [batch, *IMAGE])],
            [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [batch, CLASSES])],
            [numpy_helper.from_array(value, name) for name, value in g.constants.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=8)
        path = folder / "drawn.onnx"
        onnx.save(model, path, save_as_external_data=self.outside, location="drawn.data", size_threshold=100)
        return path


def classifiers() -> st.SearchStrategy[Drawn]:
    """Any of them."""
    return st.builds(
        Drawn,
        maps=st.lists(st.sampled_from(sorted(MAPS)), min_size=1, max_size=5).map(tuple),
        end=st.sampled_from(sorted(ENDS)),
        head=st.sampled_from(sorted(HEADS)),
        last=st.sampled_from(sorted(LASTS)),
        opset=st.sampled_from([9, 11, 13, 17, 18, 20]),
        batch=st.sampled_from([None, 1]),
        double=st.sampled_from([False, False, False, True]),
        outside=st.booleans(),
        seed=st.integers(0, 9),
    )
