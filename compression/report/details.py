"""What else is known of each measured file, as a table of words: slow answers, memory, energy, and how far its own
probabilities can be believed. Columns that a study has nothing for are left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

from compression.decision.numbers import in_bytes
from compression.decision.readings import energy, memory, share, slow_answers
from compression.decision.table import Table
from compression.records.study import Candidate, Document

NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, kw_only=True)
class Column:
    """``title`` is the heading, ``term`` what the glossary calls it, ``cells`` one for each row of the table."""

    title: str
    term: str
    cells: tuple[str, ...]


def details_of(document: Document, table: Table) -> tuple[Column, ...]:
    """The columns, for the table's rows in their order. Times are those of the table's condition."""
    candidates = {candidate.id: candidate for candidate in document.candidates}
    rows = [candidates[row.id] for row in table.rows]

    def slow(candidate: Candidate) -> str | None:
        timed = (latency for latency in candidate.latency if latency.condition == table.condition)
        return next((slow_answers(latency) for latency in timed), None)

    asked: tuple[tuple[str, str, Callable[[Candidate], str | None]], ...] = (
        ("95 of 100 answers within", "95th percentile", slow),
        ("Download", "Download size", lambda candidate: in_bytes(candidate.download_bytes)),
        ("Memory added", "Memory", memory),
        (f"Energy for one {table.subject.noun}", "Energy", energy),
        ("Mean confidence", "Confidence", _confidence),
        ("Calibration error", "Calibration error", _calibration),
    )
    columns = ((title, term, [found(row) for row in rows]) for title, term, found in asked)
    return tuple(
        Column(title=title, term=term, cells=tuple(cell or NOTHING for cell in cells))
        for title, term, cells in columns
        if any(cells)
    )


def _confidence(candidate: Candidate) -> str | None:
    first = next(iter(candidate.answers), None)
    return None if first is None else share(first.mean_confidence, first.mean_confidence_interval)


def _calibration(candidate: Candidate) -> str | None:
    first = next(iter(candidate.answers), None)
    return None if first is None else share(first.calibration_error, first.calibration_error_interval)
