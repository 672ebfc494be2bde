"""What is wanted most among the candidates that fit, how sure it is that one is better than another by it, and which
rows no other beats at once on accuracy and on a cost (the Pareto front)."""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from math import sqrt
from typing import assert_never

from compression.decision.compare import accuracy_difference, latency_ratio, tells_apart
from compression.decision.equals import as_small, takes_its_place
from compression.decision.table import Row, Spread

Cost = Callable[[Row], float]


class Preference(StrEnum):
    """What decides among the candidates that keep to the limits."""

    SMALLEST = "smallest"
    FASTEST = "fastest"
    THROUGHPUT = "throughput"
    ACCURATE = "accurate"
    BALANCE = "balance"


def best(rows: Sequence[Row], preference: Preference) -> Row:
    """The preferred row among those whose place no other takes (``equals``). ``rows`` must not be empty."""
    # All could be in each other's place only in a circle of five files or more, which no study has shown.
    standing = [row for row in rows if not any(takes_its_place(other, row) for other in rows)]
    return first(standing or rows, preference)


def first(rows: Sequence[Row], preference: Preference) -> Row:
    """The first by the numbers as they are. ``rows`` must not be empty.

    BALANCE is the smallest geometric mean of size and latency: a file half as large and an answer in half the time
    count alike. ACCURATE takes the smallest of those whose accuracy cannot be told apart from the highest.
    """
    match preference:
        case Preference.SMALLEST:
            return min(rows, key=lambda row: (row.size_bytes, -row.accuracy.value))
        case Preference.FASTEST | Preference.THROUGHPUT:
            return min(rows, key=lambda row: (row.latency_ms.value, -row.accuracy.value))
        case Preference.BALANCE:
            return min(rows, key=lambda row: (row.size_bytes * row.latency_ms.value, -row.accuracy.value))
        case Preference.ACCURATE:
            highest = max(rows, key=lambda row: row.accuracy.value)
            level = [row for row in rows if not tells_apart(accuracy_difference(highest, row), 0.0)]
            return min(level, key=lambda row: (row.size_bytes, -row.accuracy.value))
        case _:
            assert_never(preference)


def margin(chosen: Row, other: Row, preference: Preference) -> Spread:
    """How much larger or slower the other is, as a ratio with its 95 % interval; 1 would be no difference.

    A file's size is exact. For ACCURATE it is how many of the chosen one's right answers the other has, turned over.
    """
    match preference:
        case Preference.SMALLEST:
            return _exactly(other.size_bytes / chosen.size_bytes)
        case Preference.FASTEST | Preference.THROUGHPUT:
            return latency_ratio(other, chosen)
        case Preference.BALANCE:
            size = other.size_bytes / chosen.size_bytes
            latency = latency_ratio(other, chosen)
            return Spread(
                value=sqrt(size * latency.value), low=sqrt(size * latency.low), high=sqrt(size * latency.high)
            )
        case Preference.ACCURATE:
            gap, right = accuracy_difference(chosen, other), other.accuracy.value
            return Spread(value=1 + gap.value / right, low=1 + gap.low / right, high=1 + gap.high / right)
        case _:
            assert_never(preference)


def surely_better(chosen: Row, other: Row, preference: Preference) -> bool:
    """Whether the evidence tells the two apart on what decides.

    With ACCURATE, a smaller file of an accuracy that cannot be told apart is the better one by the rule itself; not
    one that is smaller by less than matters. What takes the other's place is the better one with any preference.
    """
    if takes_its_place(chosen, other):
        return True
    if preference is Preference.ACCURATE and not as_small(other, chosen):
        return True
    if preference is Preference.SMALLEST:
        return not as_small(other, chosen)
    return margin(chosen, other, preference).low > 1.0


def _exactly(value: float) -> Spread:
    return Spread(value=value, low=value, high=value)


def size_cost(row: Row) -> float:
    """Bytes of the file."""
    return float(row.size_bytes)


def latency_cost(row: Row) -> float:
    """Median milliseconds for one batch."""
    return row.latency_ms.value


def pareto_front(rows: Iterable[Row], cost: Cost) -> tuple[Row, ...]:
    """The rows with no other row that is at least as good on both and better on one, cheapest first."""
    front: list[Row] = []
    for row in sorted(rows, key=lambda row: (cost(row), -row.accuracy.value)):
        if not front or row.accuracy.value > front[-1].accuracy.value:
            front.append(row)
    return tuple(front)
