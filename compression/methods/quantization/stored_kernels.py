"""Whether NNCF can look at a graph: it takes it for granted that every convolution has a stored kernel."""

import onnx

from compression.errors import CandidateFailed
from compression.measurement.graph.constants import ConstantSources

CONVOLUTIONS = {"Conv", "ConvTranspose"}


def require_stored_kernels(model: onnx.ModelProto) -> None:
    """Raise CandidateFailed for a convolution whose kernel is computed from the example."""
    sources = ConstantSources(model.graph)
    for node in model.graph.node:
        if node.op_type in CONVOLUTIONS and sources.of(node.input[1]) is None:
            raise CandidateFailed(
                f"The kernel of its {node.op_type} '{node.name or node.output[0]}' is computed anew for each example, "
                "and calibrated 8 bits are for stored kernels only; choose fp16, int8-weights or int4-weights."
            )
