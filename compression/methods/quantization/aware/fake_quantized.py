"""A network that computes with rounded numbers as its int8 file will, and can be trained meanwhile."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.fx import GraphModule
from torch.nn import functional
from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_qat_pt2e

from compression.methods.export import free_batch, lightened
from compression.methods.quantization.aware.fake_rounding import AVERAGING, FakeRounding
from compression.methods.quantization.aware.quantizer import Int8Quantizer

CALIBRATION_BATCH = 50
CONVOLUTION = torch.ops.aten.conv2d.default


class FakeQuantized(nn.Module):
    """Inputs, in order, to logits [N, classes], every number rounded where the int8 file rounds it.

    Gradients pass the rounding as if it were not there, except where a number was cut off (the straight-through
    estimator; Bengio, Leonard and Courville 2013). Trains and is scored like any network: ranges follow the examples in
    training mode only, and of activations only for the first ``settling_steps`` calls in it. Always computes in
    fp32, also where autocast asks for bf16, in which a rounded number would be rounded once more, to another one.
    """

    steps: Tensor

    def __init__(self, graph: GraphModule, *, settling_steps: int) -> None:
        super().__init__()
        self.graph = _exchanged(graph, CONVOLUTION, conv2d)
        self.settling_steps = settling_steps
        # A buffer, so that a training that is resumed goes on counting.
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))

    def forward(self, *inputs: Tensor) -> Tensor:
        """Logits [N, classes] of N examples."""
        if self.training:
            self._observe(activations=int(self.steps) < self.settling_steps, weights=True)
            self.steps += 1
        with torch.autocast(inputs[0].device.type, enabled=False):
            logits: Tensor = self.graph(*inputs)
        return logits

    def train(self, mode: bool = True) -> "FakeQuantized":
        """Whether ranges follow what is seen; nothing else in the graph has two modes (see ``fake_quantized``)."""
        self.training = mode
        self._observe(activations=mode, weights=mode)
        return self

    def _observe(self, *, activations: bool, weights: bool) -> None:
        for rounding in self.roundings():
            rounding.enable_observer(weights if rounding.is_per_channel else activations)

    def roundings(self) -> list[FakeRounding]:
        """Every rounding in the graph: per channel those of weights, per tensor those of activations."""
        return [module for module in self.graph.modules() if isinstance(module, FakeRounding)]

    def integers(self) -> GraphModule:
        """The same network with weights that are integers, for export; this one is left as it was."""
        graph: GraphModule = convert_pt2e(_exchanged(deepcopy(self.graph), conv2d, CONVOLUTION))
        # Laid out channels last, a pooling over all of an example is exported as steps in memory, for which a reader of
        # graphs has no rules.
        graph.to(memory_format=torch.contiguous_format)
        # An exported graph refuses eval(), and the exporter warns of one that is not in evaluation mode.
        graph.training = False
        return graph


def conv2d(  # noqa: PLR0917 - the order is the operator's
    maps: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sequence[int] = (1, 1),
    padding: Sequence[int] = (0, 0),
    dilation: Sequence[int] = (1, 1),
    groups: int = 1,
) -> Tensor:
    """A convolution of maps [N, I, H, W] with a weight [O, I / groups, h, w], as torch computes it.

    A kernel of 1 x 1 that moves by more is laid over the positions that it looks at alone: oneDNN's own gradients for
    it can end the process (docs/lab-notes.md, "Convolutions of 1 x 1 that move by two").
    """
    if tuple(weight.shape[2:]) == (1, 1) and tuple(stride) != (1, 1):
        maps, stride = maps[:, :, :: stride[0], :: stride[1]], (1, 1)
    return functional.conv2d(maps, weight, bias, tuple(stride), tuple(padding), tuple(dilation), groups)


def _exchanged(graph: GraphModule, one: Callable[..., Any], other: Callable[..., Any]) -> GraphModule:
    """The graph, with every call of ``one`` become one of ``other``."""
    for node in graph.graph.nodes:
        if node.target is one:
            node.target = other
    graph.recompile()
    return graph


@torch.no_grad()
def fake_quantized(network: nn.Module, calibration: Sequence[Tensor], *, settling_steps: int) -> FakeQuantized:
    """A trained network, ready to go on training with rounded numbers. ``calibration``: the network's inputs, in order.

    Batch norms are folded into the convolutions before them, with the statistics that they have: for a network that has
    been trained already that is enough (Nagel et al. 2021, "A White Paper on Neural Network Quantization", "Batch
    normalization folding and QAT"). Dropout is left out. The range of an
    activation begins as the mean of its ranges in batches of ``calibration``, with weights rounded and activations not.
    """
    two = tuple(each[:2] for each in calibration)
    graph = torch.export.export(lightened(network), two, dynamic_shapes=free_batch(len(two))).module()
    quantized = FakeQuantized(prepare_qat_pt2e(graph, Int8Quantizer()), settling_steps=settling_steps)
    activations = [rounding for rounding in quantized.roundings() if not rounding.is_per_channel]
    for rounding in activations:
        rounding.disable_fake_quant()
    batches = zip(*(torch.split(each, CALIBRATION_BATCH) for each in calibration), strict=True)
    for before, batch in enumerate(batches):
        for rounding in activations:
            rounding.activation_post_process.averaging_constant = 1.0 / (before + 1)
        quantized.graph(*batch)
    for rounding in activations:
        rounding.activation_post_process.averaging_constant = AVERAGING
        rounding.enable_fake_quant()
    # Steps follow from ranges at the first call only.
    quantized.eval()(*two)
    return quantized
