"""The sections of the report on the inside of a network: how few bits it takes and, where the study looked, which
layers are fragile. Words and charts are those of the page; knows nothing of how the report is laid out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go

from compression.decision.bits import bits_in_words, bits_of_files
from compression.decision.fragile import bits_looked_at, fragile_in_words, looks_in, most_telling
from compression.decision.table import Table
from compression.report.bits_chart import bits_alt, bits_figure
from compression.report.colours import Palette
from compression.report.inside_words import BITS_HEADING, FRAGILE_HEADING, bits_caption, fragile_caption
from compression.report.sensitivity_chart import sensitivity_alt, sensitivity_figure
from compression.store.records import Document


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
    takeaway, *rest = bits_in_words(files)
    return (
        Section(
            name="bits",
            heading=BITS_HEADING,
            takeaway=takeaway,
            rest=tuple(rest),
            draw=lambda palette: bits_figure(files, palette),
            alt=bits_alt(files),
            caption=bits_caption(files),
            terms=("Bits per weight", "Weights"),
        ),
    )


def _fragile(document: Document) -> tuple[Section, ...]:
    if not bits_looked_at(document.layers):
        return ()
    bits = most_telling(document.layers)
    looks = looks_in(document.layers, bits)
    takeaway, *rest = fragile_in_words(looks, bits)
    return (
        Section(
            name="sensitivity",
            heading=FRAGILE_HEADING,
            takeaway=takeaway,
            rest=tuple(rest),
            draw=lambda palette: sensitivity_figure(looks, palette),
            alt=sensitivity_alt(looks, bits),
            caption=fragile_caption(looks, bits),
            terms=("Layer", "Sensitivity", "Validation images"),
        ),
    )
