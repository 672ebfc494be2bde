"""What an ``.onnx`` file says about its own size: how many weights it holds, and how many multiplications it takes.

Reads the graph; runs nothing, and knows no engine.
"""

from dataclasses import dataclass
from pathlib import Path

import onnx

from compression.measurement.graph.branches import written_out
from compression.measurement.graph.constants import packed_weights, weights_of
from compression.measurement.graph.onnx_file import load_graph
from compression.measurement.graph.products import elements, products_of
from compression.measurement.graph.shapes import Values


@dataclass(frozen=True, kw_only=True)
class GraphFacts:
    """``parameters``: weights and biases. ``macs``: multiply-accumulates for one example (batch 1), without biases."""

    parameters: int
    macs: int


def graph_facts(path: Path, values: Values | None = None) -> GraphFacts:
    """Count parameters and multiply-accumulates (MACs) of an ``.onnx`` file, fp32, fp16 or quantized alike.

    Parameters are the elements of the constant arrays that the graph computes with: weights and biases, in floating
    point or stored as integers that are dequantized. Not counted: scales and zero points, shapes, single numbers such
    as limits. Of an If those of the longer branch count. A batch normalization that the export has folded into its
    convolution leaves its shift as a bias and nothing of its scale: docs/lab-notes.md, "Parameters and operations of
    ResNet-18".

    MACs are those of convolutions and matrix products, the usual convention, also inside recurrent layers and
    attention; additions, normalizations, activations and pooling are left out. A free batch axis is taken as 1.
    ``values`` are shapes and types, where more is known than the graph tells.

    Raises ModelNotUsable when the file is no ONNX file, NotCounted when the shape of a product cannot be worked out.
    """
    model = load_graph(path)
    return GraphFacts(
        parameters=_parameters(written_out(model).graph),
        macs=sum(product.macs for product in products_of(model, path, values)),
    )


def parameters_of(path: Path) -> int:
    """The parameters alone, for which no shape has to be known. Raises ModelNotUsable when the file is no ONNX file."""
    return _parameters(written_out(load_graph(path)).graph)


def _parameters(graph: onnx.GraphProto) -> int:
    packed = packed_weights(graph)
    return sum(packed.get(name) or elements(tensor) for name, tensor in weights_of(graph).items())
