"""The shapes and types of all values in a file when one example goes in: read from its graph and, where that does not
tell all, from an engine that runs it.

What an engine alone knows: operators outside the standard, sizes that depend on numbers, bodies of loops.
"""

from pathlib import Path

import onnx

from compression.measurement.graph.onnx_file import load_graph
from compression.measurement.graph.shapes import NotCounted, Sizes, Values, values_for_batch_1


def values_for_one(path: Path, sizes: Sizes | None = None) -> Values:
    """What is known of each value when one example goes in; ``sizes`` are for inputs that leave theirs open.

    Raises ModelNotUsable when the file is no ONNX file, NotCounted when its shapes contradict each other and no engine
    runs it.
    """
    model = load_graph(path)
    read: Values = {}
    contradiction: NotCounted | None = None
    try:
        read = values_for_batch_1(model, path, sizes)
    except NotCounted as error:
        contradiction = error
    if contradiction is None and not _lacks_any(model.graph, read):
        return read
    # Each is imported by who needs it: loading either takes long.
    from compression.measurement.engines.onnx_runtime_values import values_seen

    seen = values_seen(path, sizes or {})
    if seen is None:
        from compression.measurement.engines.open_vino_values import values_inferred

        seen = values_inferred(path, sizes or {})
    if seen is not None:
        return read | seen
    if contradiction is not None:
        raise contradiction
    return read


def _lacks_any(graph: onnx.GraphProto, values: Values) -> bool:
    names = (name for node in graph.node for name in node.output if name)
    return any(None in values.get(name, ((None,), 0))[0] for name in names)
