"""The sections of the report on the inside of a network: how few bits it takes and, where the study looked, which
layers are fragile; and what stands beneath their charts, here and on the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from compression.decision.bits import FileBits, bits_in_words, bits_of_files
from compression.decision.fragile import Bits, Look, bits_looked_at, fragile_in_words, looks_in, most_telling
from compression.decision.table import Table
from compression.records.study import Document
from compression.records.subject import Subject
from compression.report.bits_chart import bits_alt, bits_figure
from compression.report.colours import Palette
from compression.report.sensitivity_chart import sensitivity_alt, sensitivity_figure

BITS_HEADING = "How few bits does it take?"
FRAGILE_HEADING = "Which layers are fragile?"
STRESS_TEST = (
    " 2 bits are a stress test: no file of a study is stored like that. It shows which layers would give way first."
)


@dataclass(frozen=True, kw_only=True)
class Section:
    """``name`` is its chart's, ``takeaway`` and ``rest`` are sentences, ``draw`` makes the chart in the colours of a
    theme, ``alt`` says the same in words, and ``caption`` how to read it. ``terms`` are those that explain it."""

    name: str
    heading: str
    takeaway: str
    rest: tuple[str, ...]
    draw: Callable[[Palette], go.Figure]
    alt: str
    caption: str
    terms: tuple[str, ...]


def inside_sections(document: Document, table: Table) -> tuple[Section, ...]:
    """Those that the study has something for."""
    return (*_bits(document, table), *_fragile(document))


def _bits(document: Document, table: Table) -> tuple[Section, ...]:
    files = bits_of_files(document, table)
    if not table.of("quantization"):
        return ()
    takeaway, *rest = bits_in_words(files, table.subject)
    return (
        Section(
            name="bits",
            heading=BITS_HEADING,
            takeaway=takeaway,
            rest=tuple(rest),
            draw=lambda palette: bits_figure(files, palette),
            alt=bits_alt(files, table.subject),
            caption=bits_caption(files, table.subject),
            terms=("Bits per weight", "Weights"),
        ),
    )


def _fragile(document: Document) -> tuple[Section, ...]:
    if not bits_looked_at(document.layers):
        return ()
    bits = most_telling(document.layers)
    looks = looks_in(document.layers, bits)
    takeaway, *rest = fragile_in_words(looks, bits, document.subject)
    return (
        Section(
            name="sensitivity",
            heading=FRAGILE_HEADING,
            takeaway=takeaway,
            rest=tuple(rest),
            draw=lambda palette: sensitivity_figure(looks, palette),
            alt=sensitivity_alt(looks, bits, document.subject),
            caption=fragile_caption(looks, bits, document.subject),
            terms=("Layer", "Sensitivity", "Validation examples"),
        ),
    )


def bits_caption(files: Sequence[FileBits], subject: Subject) -> str:
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
        f"and their ranges, in words, come from comparing with the original {subject.noun} by {subject.noun}, which "
        "tells apart much smaller differences; each range is for one comparison alone."
    )


def fragile_caption(looks: Sequence[Look], bits: Bits, subject: Subject) -> str:
    """How the layers were tried, and how to read the bars."""
    examples = f"{min(look.examples for look in looks):,}"
    return (
        f"One layer at a time was stored in {bits} bits, with all others left as they are, and the network answered "
        f"{examples} of the validation {subject.nouns}, none of the test's."
        f"{STRESS_TEST if bits == 2 else ''} Thin lines are 95% intervals, each for its layer alone. Coloured bars "  # noqa: PLR2004
        f"are the fragile layers: they cost accuracy even after an allowance for looking at {len(looks)} layers, some "
        "of which would seem to do so by luck. Grey ones could be chance."
    )
