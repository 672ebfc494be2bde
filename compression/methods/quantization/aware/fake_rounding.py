"""The two ways in which a number is rounded to 8 bits: as an activation and as a weight. Knows no graph."""

import torch
from torch import Tensor
from torchao.quantization.pt2e import (
    FusedMovingAvgObsFakeQuantize,
    MovingAverageMinMaxObserver,
    MovingAveragePerChannelMinMaxObserver,
)
from torchao.quantization.pt2e.quantizer import QuantizationSpec

# How far one batch moves the range of an activation.
AVERAGING = 0.01
SMALLEST_STEP = 1e-9


class FakeRounding(FusedMovingAvgObsFakeQuantize):  # type: ignore[misc]  # torchao has no type hints
    """Rounds a tensor to 256 steps between the least and the greatest number that it has been shown.

    Says the scale and zero point that it rounds with. torchao's own class works them out once more for the file, by
    other rules than those of the fused operator it has trained with.
    """

    def calculate_qparams(self) -> tuple[Tensor, Tensor]:
        """Scale and zero point, float32 and int32, each [1], or [channels] for weights."""
        return self.scale, self.zero_point


class WeightRounding(FakeRounding):
    """Rounds each output channel to the smallest step that leaves all its weights within -128..127.

    The zero point is always 0. The fused operator puts it elsewhere for a channel whose weights have one sign, which
    engines do not bear: docs/lab-notes.md, "Zero points of weights".
    """

    def forward(self, weights: Tensor) -> Tensor:
        """Weights [channels, ...], rounded."""
        if self.observer_enabled[0]:
            least, greatest = torch.aminmax(weights.detach().flatten(1), dim=1)
            # A channel of zeros has no range; any step will do.
            self.scale = torch.maximum(least / self.quant_min, greatest / self.quant_max).clamp_min(SMALLEST_STEP)
            self.zero_point = torch.zeros_like(self.scale, dtype=torch.int32)
        return torch.fake_quantize_per_channel_affine(
            weights, self.scale, self.zero_point, 0, self.quant_min, self.quant_max
        )


# Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference",
# section 3.1: the range of an activation is a moving average over batches, that of a weight the one of the moment.
ACTIVATION = QuantizationSpec(
    dtype=torch.uint8,
    quant_min=0,
    quant_max=255,
    qscheme=torch.per_tensor_affine,
    observer_or_fake_quant_ctr=FakeRounding.with_args(
        observer=MovingAverageMinMaxObserver, averaging_constant=AVERAGING
    ),
)
WEIGHT = QuantizationSpec(
    dtype=torch.int8,
    quant_min=-128,
    quant_max=127,
    qscheme=torch.per_channel_symmetric,
    ch_axis=0,
    observer_or_fake_quant_ctr=WeightRounding.with_args(observer=MovingAveragePerChannelMinMaxObserver),
)
