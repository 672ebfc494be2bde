"""Two files side by side: size, time, accuracy, what each needs, and how long each takes to make; and whether a
difference is clear or could be chance."""

from dataclasses import dataclass
from typing import Literal

from compression.decision.changes import accuracy_in_words
from compression.decision.compare import accuracy_difference, latency_ratio, tells_apart
from compression.decision.limits import Limits, nearest
from compression.decision.numbers import (
    JOIN,
    in_bytes,
    in_ms_with_range,
    in_percent_with_range,
    in_seconds,
    in_times,
    size_against,
    speed_against,
)
from compression.decision.preference import Preference, best
from compression.decision.table import Row, Table
from compression.decision.why_not import CHOOSABLE
from compression.decision.wording import in_need_of
from compression.records.subject import Subject

What = Literal["size", "time", "accuracy", "needs", "made in"]
Sure = Literal["clear", "could be chance", "the same", "measured once"]
# Times to make that differ by less are called the same: the other lane may have been at work meanwhile.
SAME_BUILD = 1.2


@dataclass(frozen=True, kw_only=True)
class Line:
    """``difference`` is the second file's, seen from the first: 'x4.0 smaller'. Empty where there is none."""

    what: What
    first: str
    second: str
    difference: str
    sure: Sure


def side_by_side(first: Row, second: Row, subject: Subject) -> tuple[Line, ...]:
    """Five lines, each with both files' numbers."""
    return (
        _size(first, second),
        _time(first, second),
        _accuracy(first, second),
        _needs(first, second, subject),
        _build(first, second),
    )


def other_to_compare(table: Table, first: Row, limits: Limits, preference: Preference) -> Row | None:
    """The best of another kind: of those that fit, what is preferred; where none does, the nearest. None where there
    is but one kind."""
    others = [row for family in CHOOSABLE if family != first.family for row in table.of(family)]
    if not others:
        return None
    compressed = [row for row in others if row.family != "original"] or others
    fitting = [row for row in compressed if limits.fits(row)]
    return best(fitting, preference) if fitting else nearest(tuple(compressed), limits)


def _size(first: Row, second: Row) -> Line:
    same = first.size_bytes == second.size_bytes
    told = size_against(second.size_bytes, first.size_bytes)
    one, other = in_bytes(first.size_bytes), in_bytes(second.size_bytes)
    if one == other and not same:
        one, other = (f"{row.size_bytes:,}{JOIN}bytes" for row in (first, second))
    return Line(
        what="size", first=one, second=other, difference="" if same else told, sure="the same" if same else "clear"
    )


def _time(first: Row, second: Row) -> Line:
    faster = latency_ratio(first, second)
    clear = tells_apart(faster, 1.0)
    return Line(
        what="time",
        first=in_ms_with_range(first.latency_ms),
        second=in_ms_with_range(second.latency_ms),
        difference=speed_against(faster.value),
        sure="clear" if clear else "could be chance",
    )


def _accuracy(first: Row, second: Row) -> Line:
    change = accuracy_difference(second, first)
    return Line(
        what="accuracy",
        first=in_percent_with_range(first.accuracy),
        second=in_percent_with_range(second.accuracy),
        difference=accuracy_in_words(second, first),
        sure="clear" if tells_apart(change, 0.0) else "could be chance",
    )


def _needs(first: Row, second: Row, subject: Subject) -> Line:
    same = first.needs == second.needs
    fewer = second.needs.examples < first.needs.examples
    told = f"{'fewer' if fewer else 'more'} {subject.nouns}"
    if first.needs.examples == second.needs.examples:
        told = "with labels" if second.needs.labels else "without labels"
    return Line(
        what="needs",
        first=in_need_of(first.needs, subject),
        second=in_need_of(second.needs, subject),
        difference="" if same else told,
        sure="the same" if same else "clear",
    )


def _build(first: Row, second: Row) -> Line:
    ratio = max(second.build_seconds, 0.1) / max(first.build_seconds, 0.1)
    told = f"{in_times(ratio)} as long" if ratio > 1 else f"{in_times(1 / ratio)} sooner"
    return Line(
        what="made in",
        first=in_seconds(first.build_seconds),
        second=in_seconds(second.build_seconds),
        difference="" if 1 / SAME_BUILD < ratio < SAME_BUILD else told,
        sure="measured once",
    )
