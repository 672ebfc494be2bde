"""A study's table as Markdown, for a README or an issue. Rows come from the study; nothing is typed by hand."""

from compression.decision.numbers import in_bytes, in_ms_with_range, in_percent_with_range, in_seconds
from compression.decision.table import Condition, Row, table_of
from compression.report.provenance import origin_of
from compression.store.records import Document

# The default engine, one image at a time, then 32 at once.
HEADER = "| candidate | family | size | test accuracy (95 %) | {first} | {second} | time to make |"


def markdown_table(document: Document, first: Condition, second: Condition) -> str:
    """Every measured candidate in the study's order, with its latency under two conditions.

    Raises UsageError when the study was not measured under one of them.
    """
    tables = (table_of(document, first), table_of(document, second))
    titles = [f"{condition.engine}, batch {condition.batch}, ms (95 %)" for condition in (first, second)]
    lines = [
        HEADER.format(first=titles[0], second=titles[1]),
        "|---|---|---:|---:|---:|---:|---:|",
        *(_line(row, other) for row, other in zip(tables[0].rows, tables[1].rows, strict=True)),
    ]
    machine = document.machine
    where = f"{machine.cpu}, {machine.cores} cores" if machine else ""
    return "\n".join([*lines, "", f"{origin_of(document, recorded=True)}; {where}, {first.threads} threads."])


def _line(row: Row, other: Row) -> str:
    cells = [
        row.name,
        row.family,
        in_bytes(row.size_bytes),
        in_percent_with_range(row.accuracy),
        in_ms_with_range(row.latency_ms),
        in_ms_with_range(other.latency_ms),
        in_seconds(row.build_seconds),
    ]
    return f"| {' | '.join(cells)} |"
