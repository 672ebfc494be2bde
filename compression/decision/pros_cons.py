"""Pros and cons of each family, each with this study's own numbers; a point without a number is not made.

Looks at one candidate per family: the preferred one among those that fit or, where none does, the nearest.
"""

from dataclasses import dataclass

from compression.decision.changes import speed_in_words
from compression.decision.compare import accuracy_difference, clearly_above, known, latency_ratio, tells_apart
from compression.decision.limits import Limits, nearest
from compression.decision.numbers import (
    in_bytes,
    in_ms,
    in_percent,
    in_seconds,
    points_between,
    size_against,
    speed_roughly,
)
from compression.decision.preference import Preference, best
from compression.decision.table import Row, Table
from compression.decision.teacher import gain_over_control, labels_point
from compression.records.recipes import Family

COMPARED: tuple[Family, ...] = ("quantization", "distillation", "both")


@dataclass(frozen=True, kw_only=True)
class ProsCons:
    """``row`` is the candidate that the points are about; ``fits`` whether it keeps to the limits."""

    family: Family
    row: Row
    fits: bool
    pros: tuple[str, ...]
    cons: tuple[str, ...]


def pros_and_cons(table: Table, limits: Limits, preference: Preference) -> tuple[ProsCons, ...]:
    """One entry for each compressing family that the study measured."""
    entries: list[ProsCons] = []
    for family in COMPARED:
        rows = table.of(family)
        if not rows:
            continue
        fitting = [row for row in rows if limits.fits(row)]
        row = best(fitting, preference) if fitting else nearest(rows, limits)
        pros, cons = _points(table, row)
        entries.append(ProsCons(family=family, row=row, fits=bool(fitting), pros=tuple(pros), cons=tuple(cons)))
    return tuple(entries)


def _points(table: Table, row: Row) -> tuple[list[str], list[str]]:
    pros: list[str] = []
    cons: list[str] = []
    original = table.original

    size = f"{size_against(row.size_bytes, original.size_bytes)} than the original: {in_bytes(row.size_bytes)}"
    (pros if row.size_bytes < original.size_bytes else cons).append(_capital(size))

    faster, time = latency_ratio(original, row), in_ms(row.latency_ms.value)
    if not known(faster):
        cons.append(f"{_capital(speed_in_words(table, row))}; measured {time}")
    elif tells_apart(faster, 1.0):
        (pros if faster.value > 1.0 else cons).append(f"{_capital(speed_roughly(faster))}: {time}")
    else:
        cons.append(f"No faster that could be measured: {time}")

    change = accuracy_difference(row, original)
    accuracy = f"{points_between(change.value)} {'less' if change.value < 0 else 'more'} accurate"
    if tells_apart(change, 0.0):
        (pros if change.value > 0 else cons).append(_capital(accuracy))
    else:
        pros.append(f"No less accurate that could be measured: {in_percent(row.accuracy.value)}")

    _cost_to_make(table, row, pros, cons)
    _teacher(table, row, pros, cons)
    return pros, cons


def _cost_to_make(table: Table, row: Row, pros: list[str], cons: list[str]) -> None:
    quickest = min(other.build_seconds for other in table.contenders if other.family != "original")
    seconds = f"Made in {in_seconds(row.build_seconds)}"
    # Twice the quickest is where waiting becomes a difference that people notice.
    (pros if row.build_seconds <= 2 * quickest else cons).append(seconds)
    examples = f"{row.needs.examples:,} training {table.subject.nouns}"
    if row.needs.labels:
        cons.append(f"Needs {examples} with their labels")
    elif not row.needs.examples:
        pros.append(f"Needs 0 training {table.subject.nouns}")
    elif row.needs.examples < _most_examples(table):
        pros.append(f"Needs {examples}, no labels")
    else:
        # Many examples are easily had where nobody has to say what they show.
        pros.append(f"Needs no labels: {examples} are enough")
    labels = labels_point(table, row)
    if labels is not None:
        point, speaks_for_it = labels
        (pros if speaks_for_it else cons).append(point)


def _teacher(table: Table, row: Row, pros: list[str], cons: list[str]) -> None:
    gain = gain_over_control(table, row)
    if gain is None:
        return
    amount = points_between(gain.value)
    if clearly_above(gain, 0.0):
        pros.append(f"The teacher helped: {amount} more accurate than the same student without one")
    else:
        cons.append(f"The teacher's help is not proven: a difference of {amount}")


def _most_examples(table: Table) -> int:
    return max(row.needs.examples for row in table.contenders)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
