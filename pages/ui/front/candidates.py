"""Pros and cons of each family, the table of all candidates and their files, as the front page shows them."""

import streamlit as st

from compression.decision.numbers import in_ms_with_range, in_percent_with_range, in_seconds, per_second_with_range
from compression.decision.pros_cons import ProsCons
from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.decision.wording import FAMILY_TITLES, in_need_of
from compression.records.recipes import Family
from compression.records.study import Document
from compression.report.colours import GLYPHS
from compression.report.glossary import explain, explain_each, explain_measured
from compression.store.library import LibraryEntry
from pages.ui.shared import words
from pages.ui.shared.states import show_unmeasured

# Streamlit's names of the theme colours that .streamlit/config.toml sets to the families'.
TEXT_COLOURS: dict[Family, str] = {"distillation": "orange", "quantization": "blue", "both": "green", "control": "gray"}


def show_pros_and_cons(entries: tuple[ProsCons, ...]) -> None:
    """One card for each family, side by side, with the candidate that its numbers are of. Not for an empty list."""
    for column, entry in zip(st.columns(len(entries), gap="medium"), entries, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"#### :{TEXT_COLOURS[entry.family]}[{FAMILY_TITLES[entry.family]}]")
            st.caption(f"{entry.row.name}, {words.FITS if entry.fits else words.FITS_NOT}")
            for title, points in ((words.GAINS, entry.pros), (words.COSTS, entry.cons)):
                if points:
                    st.markdown("\n".join([f"**{title}**", "", *(f"- {point}" for point in points)]))


def show_legend(table: Table) -> None:
    """One legend for both charts, in the families' colours and shapes."""
    parts: list[str] = []
    for family in FAMILY_TITLES:
        if table.of(family):
            entry = f"{GLYPHS[family]} {words.LEGEND[family]}"
            parts.append(f":{TEXT_COLOURS[family]}[{entry}]" if family in TEXT_COLOURS else entry)
    st.markdown("&emsp;".join(parts), help=explain_each("Distillation", "Quantization", "Control"))


def show_table(document: Document, table: Table, decision: Decision) -> None:
    """Every measured candidate with units and uncertainty; those that are not measured are named below."""
    chosen = None if decision.choice is None else decision.choice.id
    lines = [
        {
            "name": f"{words.CHOSEN_MARK if row.id == chosen else ''}{row.name}",
            "family": FAMILY_TITLES[row.family],
            "size": row.size_bytes,
            "accuracy": in_percent_with_range(row.accuracy),
            "latency": in_ms_with_range(row.latency_ms),
            "throughput": per_second_with_range(row.examples_per_second),
            "precision": row.precision,
            "build": in_seconds(row.build_seconds),
            "needs": in_need_of(row.needs, table.subject),
            "fits": decision.limits.fits(row),
        }
        for row in table.rows
    ]
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    st.dataframe(
        lines,
        hide_index=True,
        height="content",
        column_config={
            "name": text(words.CANDIDATE, help=explain("Candidate"), width="medium"),
            "family": text(words.FAMILY, help=explain("Kind"), width="small"),
            "size": number(words.SIZE, format="bytes", help=explain("File size")),
            "accuracy": text(words.ACCURACY, help=explain_measured("Accuracy")),
            "latency": text(words.time_for(table.condition.batch, table.subject), help=explain_measured("Latency")),
            "throughput": text(words.throughput(table.subject), help=explain_measured("Throughput")),
            "precision": text(words.PRECISION, help=explain_each("Precision", "fp32", "fp16", "bf16"), width="small"),
            "build": text(words.BUILD, help=explain("Time to make"), width="small"),
            "needs": text(words.NEEDS, help=explain("Training data needed"), width="small"),
            "fits": st.column_config.CheckboxColumn(words.WITHIN_LIMITS, width="small", help=explain("Fits")),
        },
        alt=f"{decision.headline} {words.CANDIDATES_CAPTION}",
    )
    show_unmeasured(document, list(table.unmeasured))


def show_files(entry: LibraryEntry) -> None:
    """A download for each candidate's file; how to make those again that a recorded study came without."""
    missing: list[str] = []
    with st.container(horizontal=True, gap="small"):
        for candidate in entry.document.candidates:
            path = entry.artefact(candidate)
            if path is None:
                missing.append(candidate.name)
                continue
            st.download_button(
                candidate.name,
                # Read when it is asked for: all files together would be held in memory for every visitor.
                data=path.read_bytes,
                file_name=f"{entry.study.model}-{candidate.id}.onnx",
                mime="application/octet-stream",
                icon=":material/download:",
                on_click="ignore",
                key=f"file-{candidate.id}",
            )
    if missing:
        st.caption(words.MISSING.format(", ".join(missing)))
        st.code(words.command_of(entry.study), language="bash", wrap_lines=True)
