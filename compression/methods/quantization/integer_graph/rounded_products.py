"""Convolutions and linear layers whose results no quantizer rounds, rounded before what follows them.

Quantizers round behind a swish only, since OpenVINO computes it together with the product, and behind a pooling or a
normalization not before it. ONNX Runtime takes a convolution for one on integers only if its own result is rounded, or
that of its ReLU, and computes it in floating point otherwise, after widening its weights at every run. That takes
longer than fp32. Linear layers it computes on integers whatever follows, but for a swish.

The range holds all numbers of the calibration examples. The mean range that NNCF takes for other activations moved the
scores further from fp32 in one network, and hardly less far in another. Figures of both: docs/lab-notes.md, "Rounded
products".

Runs the network that the quantized one was made from.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from compression.catalog.examples import Inputs, length_of, rows_of
from compression.measurement.engines.session import under_file_names
from compression.measurement.graph.onnx_file import inputs_of
from compression.measurement.graph.products import FACTORS
from compression.methods.quantization.integer_graph.activation_order import CUTS
from compression.methods.quantization.integer_graph.moved_integers import MOVERS
from compression.methods.quantization.network_kind import LOPSIDED

TOP = np.iinfo(np.uint8).max


def with_rounded_products(model: onnx.ModelProto, source: Path, calibration: Inputs) -> onnx.ModelProto:
    """A copy of ``model`` that rounds to uint8 what each such product of dequantized numbers gives.

    ``source`` is the file in fp32 that ``model`` was made from, under whose names values are looked for,
    while it answers the examples of ``calibration``.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    ranges = _ranges(source, list(_unrounded(result.graph)), calibration)
    nodes: list[onnx.NodeProto] = []
    for node in result.graph.node:
        nodes.append(node)
        value = node.output[0]
        if value in ranges:
            step, point = _step(*ranges.pop(value))
            names = [f"{value}.step", f"{value}.zero"]
            result.graph.initializer.append(numpy_helper.from_array(step, names[0]))
            result.graph.initializer.append(numpy_helper.from_array(point, names[1]))
            integers, numbers = f"{value}.integers", f"{value}.numbers"
            for reader in result.graph.node:
                reader.input[:] = [numbers if name == value else name for name in reader.input]
            nodes.append(helper.make_node("QuantizeLinear", [value, *names], [integers], f"Quantize {value}"))
            nodes.append(helper.make_node("DequantizeLinear", [integers, *names], [numbers], f"Dequantize {value}"))
    del result.graph.node[:]
    result.graph.node.extend(nodes)
    return result


def _unrounded(graph: onnx.GraphProto) -> Iterator[str]:
    """The results of products of dequantized numbers that go into a lopsided activation, and of other convolutions,
    or of their ReLUs, that are not rounded. But for scores: rounded, the two best could be the same."""
    readers: dict[str, list[onnx.NodeProto]] = defaultdict(list)
    for node in graph.node:
        for name in node.input:
            readers[name].append(node)
    given = {value.name for value in graph.output}
    dequantized = {node.output[0] for node in graph.node if node.op_type == "DequantizeLinear"}
    for node in graph.node:
        if node.op_type not in FACTORS or not dequantized.issuperset(node.input[:2]):
            continue
        value = node.output[0]
        if any(reader.op_type in LOPSIDED for reader in readers[value]):
            yield value
        elif node.op_type == "Conv":
            cut = readers[value][0] if len(readers[value]) == 1 and value not in given else None
            if cut is not None and cut.op_type in CUTS:
                value = cut.output[0]
            rounded = all(reader.op_type == "QuantizeLinear" for reader in readers[value])
            if not (rounded and readers[value]) and not _are_scores(value, readers, given):
                yield value


def _are_scores(value: str, readers: Mapping[str, Sequence[onnx.NodeProto]], given: Collection[str]) -> bool:
    """Whether a value is given out, or only moved on the way there."""
    if value in given:
        return True
    return any(
        node.op_type in MOVERS and _are_scores(node.output[0], readers, given) for node in readers.get(value, ())
    )


def _ranges(source: Path, values: Sequence[str], calibration: Inputs) -> dict[str, tuple[np.floating, np.floating]]:
    """For each of ``values`` that ``source`` computes: its smallest and its largest number."""
    model = onnx.load(source)
    computed = {name for node in model.graph.node for name in node.output}
    found = [value for value in values if value in computed]
    if not found:
        return {}
    # Of an example, two numbers a value come back: the values themselves of a large network would fill the memory.
    outputs = [f"{value}.{end}" for value in found for end in ("smallest", "largest")]
    for value in found:
        for operator, end in (("ReduceMin", "smallest"), ("ReduceMax", "largest")):
            model.graph.node.append(helper.make_node(operator, [value], [f"{value}.{end}"], keepdims=0))
    model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, []) for name in outputs)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a lane may have no more than one core
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    named = under_file_names(calibration, [value.name for value in inputs_of(model)], source)
    extremes = [session.run(outputs, rows_of(named, slice(at, at + 1))) for at in range(length_of(named))]
    smallest, largest = np.array(extremes)[:, ::2].min(axis=0), np.array(extremes)[:, 1::2].max(axis=0)
    return {value: (low, high) for value, low, high in zip(found, smallest, largest, strict=True)}


def _step(smallest: np.floating, largest: np.floating) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Scale and zero point of uint8 for a range, which is widened to hold 0; a step of 1 for nothing but zeros."""
    low, high = min(float(smallest), 0.0), max(float(largest), 0.0)
    step = (high - low) / TOP or 1.0
    return np.array(step, np.float32), np.array(round(-low / step), np.uint8)
