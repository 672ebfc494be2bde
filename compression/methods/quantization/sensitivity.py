"""How much each layer's weights matter: stored alone in few bits, with all others left as they are.

Two measures on validation examples: how far the network's probabilities move away from its own (the mean
Kullback-Leibler divergence, as in Cai et al. 2020, "ZeroQ: A Novel Zero Shot Quantization Framework", section 3.2), and
how much accuracy is lost. The second is what matters in the end, but a single layer costs so little of it that chance
decides. The first tells layers apart without any label, and ranks them better: docs/lab-notes.md, "Ranking layers by
divergence".

Knows neither who wants to know, nor what follows from it.
"""

from collections.abc import Iterator

import numpy as np
import onnx

from compression.measurement.accuracy.paired import difference_interval
from compression.methods.quantization.low_bit_weights import Layer, layers_of, pack, weights_by_name, with_packed
from compression.methods.quantization.scorer import Scorer
from compression.records.layers import FewBits, Sensitivity

# Enough to rank layers by their divergence.
RANKING_EXAMPLES = 1000


def sensitivities(
    model: onnx.ModelProto, scorer: Scorer, *, bits: FewBits, examples: int
) -> Iterator[tuple[Layer, Sensitivity]]:
    """Each layer with what ``bits`` in it alone cost on the scorer's first ``examples``, in the order of the graph.

    ``model`` has fp32 weights and an opset with 4-bit types. Raises CandidateFailed when it has no layer.
    """
    own, right = scorer.log_probabilities(model, examples)
    for layer, weights in weights_by_name(model, layers_of(model)):
        its, its_right = scorer.log_probabilities(with_packed(model, [pack(layer, weights, bits)]), examples)
        divergence = float((np.exp(own) * (own - its)).sum(axis=1).mean())
        lost, won = int(np.count_nonzero(right & ~its_right)), int(np.count_nonzero(its_right & ~right))
        low, high = difference_interval(lost, won, len(right))
        yield (
            layer,
            Sensitivity(
                bits=bits,
                examples=len(right),
                # It is never below 0 but for the rounding of the sum.
                divergence=max(0.0, divergence),
                drop=(lost - won) / len(right),
                low=low,
                high=high,
            ),
        )
