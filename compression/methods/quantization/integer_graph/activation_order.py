"""A ReLU behind a max pooling, put in front of it: the same function, and engines then compute it with the convolution.

The largest of some numbers, cut off, is the largest of the numbers cut off. ONNX Runtime has an integer kernel for a
convolution with its ReLU, and none for one whose result is pooled in between before it is rounded.

Changes the graph; runs nothing.
"""

from collections import Counter

import onnx

# Each gives a larger number for a larger one, or the same.
CUTS = {"Relu", "Clip"}


def with_activations_first(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of ``model`` in which no convolution's max pooling stands between it and a ReLU."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    makers = {name: node for node in graph.node for name in node.output}
    readers = Counter(name for node in graph.node for name in node.input)
    readers.update(value.name for value in graph.output)
    for cut in graph.node:
        pool = makers.get(cut.input[0]) if cut.op_type in CUTS else None
        if pool is None or pool.op_type != "MaxPool" or len(pool.output) > 1 or readers[pool.output[0]] > 1:
            continue
        source = makers.get(pool.input[0])
        if source is None or source.op_type != "Conv" or readers[pool.input[0]] > 1:
            continue
        # The two change places, and the result keeps its name.
        between, pooled, given = f"{cut.output[0]}.cut", pool.output[0], cut.output[0]
        limits, place = list(cut.input[1:]), list(graph.node).index(pool)
        cut.input[:], cut.output[:] = [pool.input[0], *limits], [between]
        pool.input[0], pool.output[0] = between, given
        makers[between], makers[given] = cut, pool
        readers[between], readers[pooled] = 1, 0
        graph.node.insert(place, cut)
        del graph.node[list(graph.node).index(cut, place + 1)]
    del graph.value_info[:]
    return result
