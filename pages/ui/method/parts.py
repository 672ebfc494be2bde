"""What all of the method page is built from: its study, its sentences, its tables; the machine, and the glossary."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from compression.records.study import Document, Machine
from compression.report.glossary import alphabetical, explain
from compression.store.library import LibraryEntry
from pages.ui.method import words as method_words
from pages.ui.method.machine import Presence, eight_bits, instructions, parts
from pages.ui.shared import words

MARKS: dict[Presence, str] = {
    "present": ":violet[:material/check:]",
    "absent": ":gray[:material/close:]",
    "not known": ":gray[:material/question_mark:]",
}
# Lines of text that are as long as the page is wide are hard to read.
TEXT_WIDTH_PX = 780


def show_study(entry: LibraryEntry) -> None:
    """Which study the figures are of, and how far it has come."""
    st.caption(words.origin(entry))
    state = entry.study.state
    if state != "completed":
        st.info(method_words.SO_FAR.format(words.STATES[state]), icon=":material/hourglass_empty:")


def show_sentences(sentences: Iterable[str]) -> None:
    """One paragraph a sentence or thought."""
    st.markdown("\n\n".join(sentences), width=TEXT_WIDTH_PX)


def show_steps(sentences: Iterable[str]) -> None:
    """What is done one after the other, numbered."""
    st.markdown("\n".join(f"{number}. {each}" for number, each in enumerate(sentences, 1)), width=TEXT_WIDTH_PX)


def show_machine(document: Document) -> None:
    """The machine's parts, what 8-bit products are, and which instructions for them it has."""
    machine = document.machine
    if machine is None:
        show_sentences(eight_bits(document))
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("\n".join(f"- **{what}:** {which}" for what, which in parts(machine)))
    with right:
        show_sentences(eight_bits(document))
    # Two spaces end a line; a list would put its own bullets before the marks.
    st.markdown("  \n".join(_instructions(machine)))


def show_glossary() -> None:
    """All terms in the order of the alphabet: down the first column, then down the second."""
    entries = [f"**{term}:** {meaning}" for term, meaning in alphabetical()]
    half = (len(entries) + 1) // 2
    for column, part in zip(st.columns(2, gap="large"), (entries[:half], entries[half:]), strict=True):
        column.markdown("\n\n".join(part))


def show_rows(lines: Sequence[dict[str, Any]], columns: Mapping[str, Any], alt: str) -> None:
    """Rows by the keys of their columns, in the columns' order; ``alt`` is for those who cannot see it."""
    st.dataframe(
        lines, hide_index=True, height="content", column_config=dict(columns), column_order=list(columns), alt=alt
    )


def _instructions(machine: Machine) -> list[str]:
    return [
        f"{MARKS[each.presence]} **{each.name}**, {each.presence}: :gray[{explain(each.name)}]"
        for each in instructions(machine)
    ]
