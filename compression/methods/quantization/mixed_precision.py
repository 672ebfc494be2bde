"""Mixed-precision weights: 4 bits in the layers that stand it best, by their measured sensitivity, 8 in all others.

Greedy: from the least sensitive layer on, until the file is as small as was asked for. The ranking is that of partial
quantization in Wu et al. 2020, "Integer Quantization for Deep Learning Inference", applied to the number of bits.
"""

from collections.abc import Iterator
from pathlib import Path

import onnx

from compression.errors import CandidateFailed
from compression.methods.model_file import write_model
from compression.methods.quantization.low_bit_weights import (
    layers_of,
    pack,
    ready_for_4_bits,
    weights_by_name,
    with_packed,
)
from compression.methods.quantization.scorer import Scorer
from compression.methods.quantization.sensitivity import RANKING_EXAMPLES, sensitivities


def mix_precision(source: Path, target: Path, scorer: Scorer, *, times_smaller: float) -> Iterator[float]:
    """Write ``source`` with weights in 4 and 8 bits to ``target``, a ``times_smaller`` file; yield the share done.

    Raises CandidateFailed when not even 4 bits in every layer make it so small.
    """
    model = ready_for_4_bits(onnx.load(source))
    layers = layers_of(model)
    found = []
    for each in sensitivities(model, scorer, bits=4, examples=RANKING_EXAMPLES):
        found.append(each)
        yield len(found) / (len(layers) + 1)
    most_bytes = source.stat().st_size / times_smaller
    arrays = dict(weights_by_name(model, layers))
    packed = {layer: pack(layer, weights, 8) for layer, weights in arrays.items()}
    small = with_packed(model, packed.values())
    for layer, _ in sorted(found, key=lambda each: each[1].divergence):
        if small.ByteSize() <= most_bytes:
            break
        packed[layer] = pack(layer, arrays[layer], 4)
        small = with_packed(model, packed.values())
    if small.ByteSize() > most_bytes:
        raise CandidateFailed(
            f"It cannot become {times_smaller:g} times smaller: with 4 bits in every layer it is "
            f"{source.stat().st_size / small.ByteSize():.1f} times smaller; ask for less."
        )
    write_model(small, target)
