"""All files of a study as a table of numbers that sort as numbers. Decides nothing."""

from math import floor, log10
from typing import Any

import streamlit as st

from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.decision.wording import FAMILY_TITLES
from compression.records.study import Document
from compression.report.glossary import explain, explain_each, explain_measured
from compression.report.numbers_table import RANGES, NumbersRow, numbers_of
from pages.ui.front import words
from pages.ui.shared import words as shared_words
from pages.ui.shared.states import show_unmeasured


def show_files(document: Document, table: Table, decision: Decision) -> None:
    """Every measured file, the smallest first; those that fit alone, or with the ranges, if that is asked for."""
    with st.container(horizontal=True, gap="medium"):
        only_fitting = st.toggle(words.ONLY_FITTING, key="only-fitting", help=explain("Fits"))
        ranges = st.toggle(words.WITH_RANGES, key="with-ranges", help=explain("95% interval"))
    rows = numbers_of(document, table, decision)
    shown = [row for row in rows if row["fits"] or not only_fitting]
    if not shown:
        st.markdown(decision.headline)
        return
    columns = _columns(table, ranges=ranges)
    st.dataframe(
        [{name: _value(row, name, decision) for name in columns} for row in shown],
        hide_index=True,
        height="content",
        column_config=columns,
        alt=f"{decision.headline} {words.FILES_CAPTION}",
    )
    st.caption(words.FILES_CAPTION)
    show_unmeasured(document, list(table.unmeasured))


def _value(row: NumbersRow, name: str, decision: Decision) -> object:
    if name == "name":
        chosen = decision.choice is not None and row["id"] == decision.choice.id
        return f"{words.CHOSEN_MARK if chosen else ''}{row['name']}"
    return FAMILY_TITLES[row["family"]] if name == "family" else dict(row)[name]


def _columns(table: Table, *, ranges: bool) -> dict[str, Any]:
    text, number, check = st.column_config.TextColumn, st.column_config.NumberColumn, st.column_config.CheckboxColumn
    # As many decimals for all as leave three figures of the shortest time.
    shortest = min(row.latency_ms.value for row in table.rows)
    ms = f"%.{max(0, 2 - floor(log10(shortest)))}f ms"
    interval = explain("95% interval")
    time = shared_words.time_for(table.condition.batch, table.subject)
    columns: dict[str, Any] = {
        "name": text(shared_words.CANDIDATE, help=explain("Candidate"), width="medium", pinned=True),
        "family": text(words.FAMILY, help=explain("Kind"), width="small"),
        "size_bytes": number(shared_words.SIZE, format="bytes", help=explain("File size")),
        "accuracy_percent": number(shared_words.ACCURACY, format="%.1f%%", help=explain_measured("Accuracy")),
        "accuracy_low": number(words.LOW.format(shared_words.ACCURACY), format="%.1f%%", help=interval),
        "accuracy_high": number(
            words.HIGH.format(shared_words.ACCURACY), format="%.1f%%", help=explain("95% interval")
        ),
        "latency_ms": number(time, format=ms, help=explain_measured("Latency")),
        "latency_low_ms": number(words.LOW.format(time), format=ms, help=interval),
        "latency_high_ms": number(words.HIGH.format(time), format=ms, help=interval),
        "per_second": number(words.throughput(table.subject), format="localized", help=explain("Throughput")),
        "computes_in": text(shared_words.PRECISION, help=explain_each("Precision", "int8", "fp32", "fp16", "bf16")),
        "build_seconds": number(words.BUILD, format="%.1f s", help=explain("Time to make")),
        "examples": number(
            words.NEEDED.format(table.subject.nouns), format="localized", help=explain("Training data needed")
        ),
        "labels": check(words.LABELS, width="small", help=explain("Label")),
        "fits": check(words.WITHIN_LIMITS, width="small", help=explain("Fits")),
    }
    return {name: column for name, column in columns.items() if ranges or name not in RANGES}
