"""Where a network is rounded to 8 bits: the weights of convolutions and linear layers, and whatever convolutions,
linear layers, sums and poolings take in. Knows nothing of how ranges are found or networks trained.

An engine computes an operator in 8 bits when all that goes in, and what comes out, is rounded alike. ONNX Runtime
insists on it for sums: docs/lab-notes.md, "Signs of activations". So every activation is uint8 with a zero point of its
own, whether it can be negative or not.
"""

import torch
from torch.fx import GraphModule, Node
from torchao.quantization.pt2e.quantizer import (
    QuantizationAnnotation,
    QuantizationSpec,
    Quantizer,
    SharedQuantizationSpec,
)
from torchao.quantization.pt2e.quantizer.quantizer import Q_ANNOTATION_KEY

from compression.methods.quantization.aware.fake_rounding import ACTIVATION, WEIGHT

aten = torch.ops.aten

PRODUCTS = {aten.conv2d.default, aten.linear.default}
SUMS = {aten.add.Tensor, aten.add_.Tensor}
AVERAGES = {aten.mean.dim, aten.adaptive_avg_pool2d.default, aten.avg_pool2d.default}
# They choose among their inputs, so what comes out is on the same grid.
CHOICES = {aten.max_pool2d.default}


class Int8Quantizer(Quantizer):  # type: ignore[misc]  # torchao has no type hints
    """uint8 activations, per tensor; int8 weights, per output channel and symmetric.

    For an exported graph without batch norms. Operators that only move data, or cut off what is below zero or above a
    bound, get no rounding of their own: engines fuse them with their neighbours.
    """

    def annotate(self, model: GraphModule) -> GraphModule:
        """Write on each operator how its inputs are to be rounded."""
        for node in model.graph.nodes:
            inputs = _rounded_inputs(node)
            if inputs:
                output = SharedQuantizationSpec((node.args[0], node)) if node.target in CHOICES else None
                node.meta[Q_ANNOTATION_KEY] = QuantizationAnnotation(
                    input_qspec_map=inputs, output_qspec=output, _annotated=True
                )
        return model

    def validate(self, model: GraphModule) -> None:
        """Raise ValueError for a graph with batch norms: exported, they would stay in one mode, training or not."""
        if any("batch_norm" in str(node.target) for node in model.graph.nodes):
            raise ValueError("fold the batch norms into the convolutions before they are quantized")


def _rounded_inputs(node: Node) -> dict[Node, QuantizationSpec]:
    tensors = [each for each in node.args[:2] if isinstance(each, Node)]
    if node.target in PRODUCTS:
        activation, weight = tensors
        return {activation: ACTIVATION, weight: WEIGHT}
    # To add a number is no sum of two activations.
    if node.target in AVERAGES | CHOICES or (node.target in SUMS and len(tensors) == len(node.args)):
        return dict.fromkeys(tensors, ACTIVATION)
    return {}
