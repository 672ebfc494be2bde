"""What stands beneath the charts of the inside of a network, on the page and in the report: how to read them."""

from collections.abc import Sequence

from compression.decision.bits import FileBits
from compression.decision.fragile import Bits, Look

BITS_HEADING = "How few bits does it take?"
FRAGILE_HEADING = "Which layers are fragile?"
STRESS_TEST = (
    " 2 bits are a stress test: no file of a study is stored like that. It shows which layers would give way first."
)


def bits_caption(files: Sequence[FileBits]) -> str:
    """What bits are, and what they are not; how to read points, bars and line."""
    marks = (
        "filled squares compute most of their multiplications in 8 bits; open ones are widened while they run, and "
        "compute in floating point."
        if any(each.computes_in_8_bits for each in files)
        else "none of these files computes in 8 bits; all are widened while they run."
    )
    return (
        f"Bits are those of the finished file: all its bytes, for each of the original's parameters. "
        f"They say how much is stored, not what is computed with: {marks} The line joins the most accurate file of "
        "each size; files of nearly the same size stand side by side. Bars are 95% intervals of each accuracy. Losses "
        "and their ranges, in words, come from comparing with the original image by image, which tells apart much "
        "smaller differences; each range is for one comparison alone."
    )


def fragile_caption(looks: Sequence[Look], bits: Bits) -> str:
    """How the layers were tried, and how to read the bars."""
    images = f"{min(look.images for look in looks):,}"
    return (
        f"One layer at a time was stored in {bits} bits, with all others left as they are, and the network answered "
        f"{images} of the validation images, none of the test's."
        f"{STRESS_TEST if bits == 2 else ''} Thin lines are 95% intervals, each for its layer alone. Coloured bars "  # noqa: PLR2004
        f"are the fragile layers: they cost accuracy even after an allowance for looking at {len(looks)} layers, some "
        "of which would seem to do so by luck. Grey ones could be chance."
    )
