"""The branches of If and the bodies of Loop, written out where they stand, so that what is in them can be counted.

Of an If the branch with more operators, as one of the two runs; of a Loop its body once.

Changes the graph; runs nothing.
"""

from collections.abc import Iterator

import onnx
from onnx import helper


def written_out(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of ``model`` without branches and bodies in which the same values have the same names. It is for counting
    only: run, it would give something else. A model without any is returned as it is."""
    if not any(_graphs_in(node) for node in model.graph.node):
        return model
    result = onnx.ModelProto()
    result.CopyFrom(model)
    del result.graph.node[:]
    result.graph.node.extend(_flat(model.graph, result.graph))
    return result


def _flat(graph: onnx.GraphProto, whole: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    """The nodes of ``graph``; what its branches and bodies store goes to ``whole``."""
    for node in graph.node:
        inner = max(_graphs_in(node), key=lambda each: len(each.node), default=None)
        if inner is None:
            yield node
            continue
        whole.initializer.extend(inner.initializer)
        # A Loop's body takes its turn, a condition and what is carried on; a branch takes nothing by name.
        for name, value in zip(node.input, inner.input, strict=False):
            if name:
                yield helper.make_node("Identity", [name], [value.name])
        yield from _flat(inner, whole)
        given = inner.output[1:] if node.op_type == "Loop" else inner.output
        for name, value in zip(node.output, given, strict=False):
            if name:
                yield helper.make_node("Identity", [value.name], [name])


def _graphs_in(node: onnx.NodeProto) -> list[onnx.GraphProto]:
    return [attribute.g for attribute in node.attribute if attribute.type == onnx.AttributeProto.GRAPH]
