"""Which layers are fragile: the accuracy that is lost when one layer alone is stored in few bits.

With as many looks as there are layers some would seem to cost accuracy by luck, so a layer is only called fragile when
its interval leaves 0 out even after it was widened for all of them (Bonferroni). Knows nothing of how the losses were
measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from compression.decision.compare import clearly_above, widened
from compression.decision.layer_names import layer_names
from compression.decision.numbers import in_points, points_lost, points_range
from compression.decision.table import Spread
from compression.decision.wording import listed
from compression.records.layers import LayerFindings
from compression.records.subject import Subject

Bits = Literal[4, 2]
LayerOrder = Literal["network", "fragile"]
# So many are named in a sentence; the chart has them all.
NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Look:
    """One layer in few bits, all others as they were. ``loss`` is that of the accuracy, as a share, negative for a
    gain, with its 95 % interval; ``among_all`` the same with an interval that holds for all layers at once."""

    name: str
    layer: LayerFindings
    loss: Spread
    among_all: Spread
    divergence: float
    examples: int

    @property
    def fragile(self) -> bool:
        """Whether the examples show that it costs accuracy, with the allowance for looking at all layers."""
        return clearly_above(self.among_all, 0.0)


def bits_looked_at(layers: Sequence[LayerFindings]) -> tuple[Bits, ...]:
    """The numbers of bits that layers were tried in, most first; none where the study did not look."""
    return tuple(sorted({each.bits for layer in layers for each in layer.sensitivities}, reverse=True))


def looks_in(layers: Sequence[LayerFindings], bits: Bits) -> tuple[Look, ...]:
    """Every layer that was tried in so many bits, in the order in which the network computes them."""
    tried = [
        (name, layer, each)
        for name, layer in zip(layer_names(layers), layers, strict=True)
        for each in layer.sensitivities
        if each.bits == bits
    ]
    losses = [Spread(value=each.drop, low=each.low, high=each.high) for _, _, each in tried]
    return tuple(
        Look(
            name=name,
            layer=layer,
            loss=loss,
            among_all=widened(loss, among=len(tried)),
            divergence=each.divergence,
            examples=each.examples,
        )
        for (name, layer, each), loss in zip(tried, losses, strict=True)
    )


def most_telling(layers: Sequence[LayerFindings]) -> Bits:
    """The mildest number of bits in which a layer is fragile, or else the hardest that was tried. Must not be empty."""
    tried = bits_looked_at(layers)
    return next((bits for bits in tried if any(look.fragile for look in looks_in(layers, bits))), tried[-1])


def in_order(looks: Sequence[Look], order: LayerOrder) -> tuple[Look, ...]:
    """As the network computes them, or by how far they move its answers (divergence), the furthest first."""
    match order:
        case "network":
            return tuple(looks)
        case "fragile":
            return tuple(sorted(looks, key=lambda look: -look.divergence))
        case _:
            assert_never(order)


def fragile_in_words(looks: Sequence[Look], bits: Bits, subject: Subject) -> tuple[str, ...]:
    """How many layers are fragile, then which are the most and by how much. Not for an empty list."""
    count, examples = len(looks), f"{min(look.examples for look in looks):,} validation {subject.nouns}"
    fragile = sorted((look for look in looks if look.fragile), key=lambda look: -look.loss.value)
    widened_for = f"95% intervals, widened so that they hold for all {count} layers at once"
    if not fragile:
        largest = max(looks, key=lambda look: look.loss.value)
        return (
            f"No layer is fragile in {bits} bits: none of the {count}, by itself, costs accuracy that {examples} can "
            "show.",
            f"The largest loss seen, {_seen(largest)}, could be chance. Many small losses can still add up: what a "
            "whole file loses is shown above.",
        )
    what = f"each costs accuracy that {examples} can show when it alone is stored in {bits} bits"
    if len(fragile) == count:
        told = f"All {count} layers are fragile: {what}."
    elif len(fragile) == 1:
        told = f"1 of {count} layers is fragile: it {what.removeprefix('each ')}."
    else:
        told = f"{len(fragile)} of {count} layers are fragile: {what}."
    named = listed([points_lost(look.among_all, f" in {look.name}") for look in fragile[:NAMED]])
    most = "Most of all" if len(fragile) > NAMED else "Lost"
    return told, f"{most}: {named}. {'The ranges are' if len(fragile) > 1 else 'The range is one of'} {widened_for}."


def _seen(look: Look) -> str:
    return f"{in_points(look.loss.value).removeprefix('+')} in {look.name} ({points_range(look.among_all)})"
