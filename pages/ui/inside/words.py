"""What the page on the inside of a network says: its headings and captions, and sentences on one layer's numbers.

Which files lose nothing, and which layers are fragile, is put into words by ``compression.decision``.
"""

from compression.decision.fragile import Bits, LayerOrder
from compression.decision.numbers import MINUS
from compression.records.layers import Histogram, Rounding
from compression.records.recipes import Quantize, Recipe
from compression.records.schemes import HalfPrecision, MixedPrecision, WeightsOnly
from compression.records.study import Study
from compression.report.provenance import remake_command

TITLE = "What changed inside"
LEAD = (
    "Quantization stores a network's numbers in fewer bits. How few does this network stand, which of its layers give "
    "way first, and what happens to their numbers?"
)

NOT_MEASURED = "Nothing has been measured in this study yet, so there is nothing to compare."

# Which layers are fragile
BITS_CHOICE = "Bits in the layer"
ORDER_CHOICE = "Order"
ORDERS: dict[LayerOrder, str] = {"network": "As in the network", "fragile": "Most sensitive first"}
ORDER_CAPTION = "Most sensitive first goes by the divergence, which orders layers more finely than accuracy can."
NO_SENSITIVITY = "This study did not try its layers one by one."
IN_NUMBERS = "All layers in numbers"
LAYER = "Layer"
SHAPE = "What it is"
SHAPE_HELP = (
    "Its kind and the shape of its weights. 128 filters of 3\N{MULTIPLICATION SIGN}3\N{MULTIPLICATION SIGN}64: each of "
    "128 outputs looks at 3 by 3 places of 64 inputs. A linear layer has a weight for each of its inputs and outputs."
)
WEIGHTS = "Weights"
LOST = "Lost in {} bits"
DIVERGENCE = "Divergence in {} bits"

# One layer, before and after
BEFORE_AFTER = "One layer, before and after"
FILE = "File"
BEFORE = ":gray[\N{BLACK SQUARE}] before: the original"
AFTER = "after: {}"
OF_WEIGHTS = "Its weights"
OF_INPUTS = "What it takes in"
HISTOGRAM_ALT = "{} Shares of the numbers by their size, before as an area and after as a line."
NO_ROUNDING = "This study kept no numbers of its layers."
LOGARITHMIC = "The scale upwards goes in powers of ten, as most of the numbers fall into a few bars."

# A study that did not look
NOT_INSIDE_TITLE = "This study did not look inside the network"
NOT_INSIDE = (
    "Which layers are fragile, and what became of their numbers, takes a closer look: studies with the preset Standard "
    "or Thorough try every layer by itself. Start one on the page “Run”, or with this command:"
)
NOT_YET = (
    "This study has not looked inside the network so far. Studies with the preset Standard or Thorough do so once "
    "their files are made."
)


def bits(number: Bits) -> str:
    """'4 bits'; the one that no file uses is marked."""
    return "4 bits" if number == 4 else "2 bits (stress test)"  # noqa: PLR2004


def command(study: Study) -> str:
    """The command for the same model and dataset, looked at closely enough."""
    return remake_command(Study.model_validate(study.model_dump() | {"preset": "standard", "options": {}}))


# What 8 bits can tell apart.
LEVELS = 256


def weights_told(rounding: Rounding, recipe: Recipe) -> str:
    """How many different values the weights take, and how far they reach."""
    return _told("weights", rounding.weights, _rounded_weights(recipe))


def inputs_told(rounding: Rounding, recipe: Recipe) -> str:
    """The same of the numbers that the layer is given."""
    return _told("inputs", rounding.inputs, _rounded_inputs(recipe, rounding.inputs.values_after))


def _told(what: str, histogram: Histogram, how: str) -> str:
    return (
        f"**{sum(histogram.before):,} {what} take {histogram.values_before:,} different values before and "
        f"{histogram.values_after:,} after.** {_reach(histogram)} {how}"
    ).strip()


def _rounded_weights(recipe: Recipe) -> str:
    if isinstance(recipe, Quantize) and isinstance(recipe.scheme, HalfPrecision):
        return "16 bits keep three to four digits of each."
    return (
        "Each output channel has a row of at most 256 steps of its own (in 4 bits, each group of its weights has one "
        "of 16), so that a whole layer keeps more different values than that."
    )


def _rounded_inputs(recipe: Recipe, values: int) -> str:
    match recipe:
        case Quantize(scheme=WeightsOnly() | MixedPrecision()):
            return "This file leaves them in floating point: they differ because the weights before them were rounded."
        case Quantize(scheme=HalfPrecision()):
            return "16 bits keep three to four digits of each."
        case _ if values <= LEVELS:
            return "All of a layer's inputs share one row of at most 256 steps; what lies beyond it moves to its end."
        case _:
            return ""


def _reach(histogram: Histogram) -> str:
    """The range that the numbers fill, by the bins that hold any, and how many lay outside what it is now."""
    before, after = _filled(histogram.before), _filled(histogram.after)
    if before == after:
        return f"They reach from {_edges(histogram, after)}, as before."
    outside = 1 - sum(histogram.before[slice(*after)]) / sum(histogram.before)
    cut = f" {_percent(outside)} of them lay outside that range." if outside > 0 else ""
    return f"They reached from {_edges(histogram, before)}, and now reach from {_edges(histogram, after)}.{cut}"


def _filled(counts: tuple[int, ...]) -> tuple[int, int]:
    """From which bin to before which there are any."""
    some = [number for number, count in enumerate(counts) if count]
    return (some[0], some[-1] + 1) if some else (0, 0)


def _edges(histogram: Histogram, bins: tuple[int, int]) -> str:
    width = (histogram.high - histogram.low) / len(histogram.before)
    return " to ".join(f"{histogram.low + width * each:.3g}".replace("-", MINUS) for each in bins)


def _percent(share: float) -> str:
    return "Less than 0.01%" if share < 0.0001 else f"{100 * share:.2g}%"  # noqa: PLR2004
