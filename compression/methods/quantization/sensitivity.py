"""How much each layer's weights matter: quantized alone to 4 bits, with all others left as they are.

What is measured is what matters in the end, the accuracy on validation images, and among equals the cross-entropy,
which no single image decides. Knows nothing of what is done with the ranking.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import onnx

from compression.methods.quantization.judge import Judge
from compression.methods.quantization.low_bit_weights import Layer, layers_of, pack, weights_by_name, with_packed

# A tenth of a point each. Twice as many took twice as long and moved few layers of the bundled models by more than a
# place or two.
RANKING_IMAGES = 1000


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """What a layer in 4 bits costs: ``drop`` in accuracy (a share; negative for a gain), ``loss`` in cross-entropy."""

    layer: Layer
    drop: float
    loss: float


def sensitivities(model: onnx.ModelProto, judge: Judge) -> Iterator[Sensitivity]:
    """One for each layer, in the order of the graph. ``model`` has fp32 weights and an opset with 4-bit types."""
    accuracy, loss = judge.right_and_loss(model, RANKING_IMAGES)
    for layer, weights in weights_by_name(model, layers_of(model)):
        alone = with_packed(model, [pack(layer, weights, 4)])
        its_accuracy, its_loss = judge.right_and_loss(alone, RANKING_IMAGES)
        yield Sensitivity(layer=layer, drop=accuracy - its_accuracy, loss=its_loss - loss)
