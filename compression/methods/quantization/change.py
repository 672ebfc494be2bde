"""Whether a scheme has changed anything to speak of: a file of which nearly all weights stay as they were is none."""

from collections import Counter
from pathlib import Path

import onnx
from onnx import TensorProto

from compression.errors import CandidateFailed
from compression.measurement.graph.constants import weights_of
from compression.measurement.graph.products import elements

# Of all weights; a file of which fewer are changed is as good as as large as before.
LEAST_CHANGED = 0.05


def require_change(source: Path, target: Path) -> None:
    """Raise CandidateFailed, and delete ``target``, when nearly all weights of ``source`` are in fp32 in it too."""
    before, after = (onnx.load(file, load_external_data=False).graph for file in (source, target))
    whole = sum(_in_full(before).values())
    kept = _in_full(after)
    if whole == 0 or sum(kept.values()) <= (1 - LEAST_CHANGED) * whole:
        return
    target.unlink()
    kinds = [kind for kind, count in kept.most_common() if count > LEAST_CHANGED * whole]
    raise CandidateFailed(
        f"This scheme changes next to nothing: {', '.join(kinds)} {'has' if len(kinds) == 1 else 'have'} nearly all "
        "weights, and stay in floating point with it; choose fp16, or leave this way out."
    )


def _in_full(graph: onnx.GraphProto) -> Counter[str]:
    """How many weights are stored in fp32, by the operator that takes them, also in branches and bodies."""
    found: Counter[str] = Counter()
    weights = {name: tensor for name, tensor in weights_of(graph).items() if tensor.data_type == TensorProto.FLOAT}
    for node in graph.node:
        found.update({node.op_type: sum(elements(weights.get(name)) for name in node.input)})
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                found.update(_in_full(attribute.g))
    return found
