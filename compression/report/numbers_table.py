"""All measured files of a study in plain numbers: for tables that sort them, and as CSV for other programs."""

import csv
from io import StringIO
from typing import TypedDict

from compression.decision.table import Row, Table
from compression.decision.verdict import Decision
from compression.records.recipes import Family
from compression.records.study import Candidate, Document

RANGES = ("accuracy_low", "accuracy_high", "latency_low_ms", "latency_high_ms")
# Less of the work than this is not told, nor is what is left of it.
HARDLY_ANY = 0.005


class NumbersRow(TypedDict):
    """One file. Accuracies are percent; ``examples`` are what making it needs, with their ``labels`` or without."""

    id: str
    name: str
    family: Family
    size_bytes: int
    accuracy_percent: float
    accuracy_low: float
    accuracy_high: float
    latency_ms: float
    latency_low_ms: float
    latency_high_ms: float
    per_second: float
    computes_in: str
    build_seconds: float
    examples: int
    labels: bool
    fits: bool


def numbers_of(document: Document, table: Table, decision: Decision) -> tuple[NumbersRow, ...]:
    """The table's rows, the smallest file first."""
    candidates = {candidate.id: candidate for candidate in document.candidates}
    rows = sorted(table.rows, key=lambda row: row.size_bytes)
    return tuple(_numbers(row, candidates[row.id], table, fits=decision.limits.fits(row)) for row in rows)


def numbers_csv(document: Document, table: Table, decision: Decision) -> str:
    """The same as CSV, with a line of names above."""
    text = StringIO()
    writer = csv.DictWriter(text, list(NumbersRow.__annotations__), lineterminator="\n")
    writer.writeheader()
    writer.writerows(numbers_of(document, table, decision))
    return text.getvalue()


def computes_in(candidate: Candidate, row: Row, table: Table) -> str:
    """What the engine really computes the file in, by its multiplications: 'int8', 'int8, 2% fp32', 'fp32'."""
    kernels = next((each for each in candidate.kernels if each.engine == table.condition.engine), None)
    if kernels is None or kernels.low_precision_macs < HARDLY_ANY:
        return row.precision
    rest = 1.0 - kernels.low_precision_macs
    return "int8" if rest < HARDLY_ANY else f"int8, {100 * rest:.0f}% {row.precision}"


def _numbers(row: Row, candidate: Candidate, table: Table, *, fits: bool) -> NumbersRow:
    return NumbersRow(
        id=row.id,
        name=row.name,
        family=row.family,
        size_bytes=row.size_bytes,
        accuracy_percent=100 * row.accuracy.value,
        accuracy_low=100 * row.accuracy.low,
        accuracy_high=100 * row.accuracy.high,
        latency_ms=row.latency_ms.value,
        latency_low_ms=row.latency_ms.low,
        latency_high_ms=row.latency_ms.high,
        per_second=round(row.examples_per_second.value),
        computes_in=computes_in(candidate, row, table),
        build_seconds=row.build_seconds,
        examples=row.needs.examples,
        labels=row.needs.labels,
        fits=fits,
    )
