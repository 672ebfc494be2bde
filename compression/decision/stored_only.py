"""What a way of quantizing leaves in floating point, in words: a file can be smaller without computing in fewer bits.

Says what the scheme and the engine's graph show; whether that made the file faster is for ``why_fast``.
"""

from compression.decision.wording import listed
from compression.store.measurements import Kernels
from compression.store.recipes import DistillThenQuantize, Quantize, Recipe
from compression.store.schemes import DynamicInt8, MixedPrecision, Scheme, WeightsOnly

LEAST_SHARE = 0.01


def stored_only(recipe: Recipe, engine: str, precision: str) -> str:
    """Of a file of whose products none run in 8 bits: what is stored in fewer bits, and what ``engine`` computes in."""
    match _scheme_of(recipe):
        case WeightsOnly(bits=bits):
            weights = f"its weights are stored in {bits} bits"
        case MixedPrecision():
            weights = "its weights are stored in 4 and 8 bits"
        case DynamicInt8():
            return f"only its linear layers are stored in 8 bits, and {engine} computes even those in {precision}"
        case _:
            return f"its numbers are stored in fewer bits, but {engine} computes with them in {precision}"
    return f"{weights}, but {engine} widens them and computes in {precision}, so that it is smaller, not faster"


def left_in_float(recipe: Recipe, kernels: Kernels) -> str:
    """Of a file of whose products some run in 8 bits: which do not."""
    left = listed([f"{count} {kind}" for kind, count in sorted(kernels.in_float.items())])
    if isinstance(_scheme_of(recipe), DynamicInt8):
        share = share_of(kernels.low_precision_macs)
        return f"only its linear layers are quantized, with {share} of its multiplications (in floating point: {left})"
    return f"{share_of(1 - kernels.low_precision_macs)} of its multiplications stay in floating point ({left})"


def share_of(share: float) -> str:
    """A share (0..1) in words: '98%', 'less than 1%'."""
    return "less than 1%" if 0 < share < LEAST_SHARE else f"{100 * share:.0f}%"


def _scheme_of(recipe: Recipe) -> Scheme | None:
    return recipe.scheme if isinstance(recipe, Quantize | DistillThenQuantize) else None
