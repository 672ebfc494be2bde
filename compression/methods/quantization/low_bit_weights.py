"""Storing the weights of any ONNX network in few bits, while it computes in floating point as before.

A weight array gives way to its whole numbers, its steps, and the nodes that multiply the two, under the array's own
name: the rest of the graph stays as it is. Which nodes these are is what was the fastest in both engines:

- ``Cast`` and ``Mul``, which ONNX Runtime and OpenVINO compute once, when they load the file. ``DequantizeLinear``
  would be the shorter way to write it, but ONNX Runtime keeps it for integer kernels, has none for this, and multiplies
  again at every run.
- ``DequantizeLinear`` in blocks for the 4-bit weights of ``MatMul``, for which both engines have kernels that read the
  4 bits. How much faster each is: docs/lab-notes.md, "Weights widened at load".

Knows neither which layers should have how many bits, nor what is done with the result.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, version_converter

from compression.errors import CandidateFailed
from compression.methods.quantization.rounding import Bits, round_to, steps_for

# How many weights of a channel share a step in fewer than 8 bits, where they divide it; groups as in Dai et al. 2021,
# "VS-Quant". More accurate than whole channels, in a file that is little larger: docs/lab-notes.md, "Weights that share
# a step".
GROUP = 64
INT4_OPSET, INT4_IR_VERSION = 21, 10
STANDARD = {"", "ai.onnx"}

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A weight array of the graph, by name, and the axis that its output channels are on."""

    weights: str
    operator: Literal["Conv", "Gemm", "MatMul"]
    channel_axis: Literal[0, 1]


@dataclass(frozen=True, kw_only=True)
class Packed:
    """What takes the place of the weight array ``weights``."""

    weights: str
    arrays: tuple[onnx.TensorProto, ...]
    nodes: tuple[onnx.NodeProto, ...]


def ready_for_4_bits(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model in an opset that has 4-bit types. Raises CandidateFailed when it cannot be raised to one."""
    opset = next(each.version for each in model.opset_import if each.domain in STANDARD)
    if opset < INT4_OPSET:
        try:
            model = version_converter.convert_version(model, INT4_OPSET)
        except (RuntimeError, version_converter.ConvertError) as error:
            # Before this word stand a place in the converter's sources and what it checks there.
            why = str(error).split("failed: ")[-1].strip()
            raise CandidateFailed(
                f"4-bit weights need ONNX opset {INT4_OPSET}, and this file, in opset {opset}, cannot be raised to it "
                f"({why}); export it in opset {INT4_OPSET}."
            ) from error
    model.ir_version = max(model.ir_version, INT4_IR_VERSION)
    return model


def layers_of(model: onnx.ModelProto) -> tuple[Layer, ...]:
    """The layers whose weights are stored in fp32, in the order of the graph. Raises CandidateFailed without one."""
    stored = {tensor.name: tensor for tensor in model.graph.initializer if tensor.data_type == TensorProto.FLOAT}
    found: dict[str, Layer] = {}
    for node in model.graph.node:
        name = node.input[1] if len(node.input) > 1 else ""
        if name not in stored or name in found:
            continue
        match node.op_type:
            case "Conv":  # [out, in / groups, *kernel]
                found[name] = Layer(weights=name, operator="Conv", channel_axis=0)
            case "Gemm":  # [out, in] when it is transposed, else [in, out]
                transposed = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
                found[name] = Layer(weights=name, operator="Gemm", channel_axis=0 if transposed else 1)
            case "MatMul" if len(stored[name].dims) == 2:  # noqa: PLR2004  # [in, out]
                found[name] = Layer(weights=name, operator="MatMul", channel_axis=1)
    if not found:
        raise CandidateFailed(
            "It has no convolution or linear layer with weights in fp32, so there is nothing to store in fewer bits; "
            "choose the file of a network that is not quantized yet."
        )
    return tuple(found.values())


def pack(layer: Layer, weights: NDArray[np.float32], bits: Bits) -> Packed:
    """The weights of a layer in ``bits``: 8 with a step for each output channel, fewer with one for each group in it.

    2 bits are to find out what they would cost, and no scheme: they are stored in the 4-bit type, twice as large as
    need be, since ONNX has a 2-bit type from opset 25 on only.
    """
    # One row for each output channel; groups are parts of rows.
    rows = np.moveaxis(weights, layer.channel_axis, 0).reshape(weights.shape[layer.channel_axis], -1)
    in_groups = bits != 8  # noqa: PLR2004
    length = GROUP if in_groups and rows.shape[1] % GROUP == 0 else rows.shape[1]
    groups = rows.reshape(-1, length)
    steps = steps_for(groups, bits)
    whole = _laid_out(round_to(groups, steps, bits).astype(np.int8), len(rows), layer.channel_axis)
    steps = _laid_out(steps, len(rows), layer.channel_axis)
    stored = whole.astype(helper.tensor_dtype_to_np_dtype(TensorProto.INT4)) if in_groups else whole
    if layer.operator == "MatMul" and in_groups:
        return _in_blocks(layer, stored.reshape(weights.shape), steps[:, 0])
    return _multiplied_at_loading(layer, stored, steps, weights.shape)


def with_packed(model: onnx.ModelProto, packed: Iterable[Packed]) -> onnx.ModelProto:
    """A copy of the model with these instead of the arrays that they stand for."""
    changed = {each.weights: each for each in packed}
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    for field in ("initializer", "input", "node"):
        graph.ClearField(field)
    graph.initializer.extend(tensor for tensor in model.graph.initializer if tensor.name not in changed)
    # Files of old ONNX versions list stored arrays among the inputs as well.
    graph.input.extend(value for value in model.graph.input if value.name not in changed)
    for each in changed.values():
        graph.initializer.extend(each.arrays)
        graph.node.extend(each.nodes)
    graph.node.extend(model.graph.node)
    return result


def weights_by_name(model: onnx.ModelProto, layers: Iterable[Layer]) -> Iterator[tuple[Layer, NDArray[np.float32]]]:
    """Each layer with its weights."""
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    for layer in layers:
        yield layer, numpy_helper.to_array(stored[layer.weights])


def _laid_out(groups: NDArray[Number], channels: int, channel_axis: int) -> NDArray[Number]:
    """From [channels * groups of each, N] to the layout of the weights: [channels, groups, N], or [groups, N,
    channels]."""
    by_channel = groups.reshape(channels, -1, groups.shape[1])
    return by_channel if channel_axis == 0 else np.moveaxis(by_channel, 0, -1)


def _multiplied_at_loading(
    layer: Layer, whole: NDArray[np.generic], steps: NDArray[np.float32], shape: tuple[int, ...]
) -> Packed:
    """``whole`` and ``steps`` can be multiplied as they stand; the product is then given its ``shape``."""
    name = layer.weights
    arrays = [numpy_helper.from_array(whole, f"{name}.whole"), numpy_helper.from_array(steps, f"{name}.steps")]
    arrays.append(numpy_helper.from_array(np.array(shape, np.int64), f"{name}.shape"))
    nodes = (
        helper.make_node("Cast", [f"{name}.whole"], [f"{name}.wide"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}.wide", f"{name}.steps"], [f"{name}.groups"]),
        helper.make_node("Reshape", [f"{name}.groups", f"{name}.shape"], [name]),
    )
    return Packed(weights=name, arrays=tuple(arrays), nodes=nodes)


def _in_blocks(layer: Layer, whole: NDArray[np.generic], steps: NDArray[np.float32]) -> Packed:
    """``whole`` [in, out] and ``steps`` [groups, out]."""
    name = layer.weights
    values = [f"{name}.whole", f"{name}.steps"]
    if len(steps) == 1:
        steps = steps[0]
        node = helper.make_node("DequantizeLinear", values, [name], axis=1)
    else:
        length = len(whole) // len(steps)
        node = helper.make_node("DequantizeLinear", values, [name], axis=0, block_size=length)
    arrays = tuple(map(numpy_helper.from_array, (whole, steps), values))
    return Packed(weights=name, arrays=arrays, nodes=(node,))
