"""Which differences matter: what counts as equal, and when a file takes the place of another that is hardly better in
anything. Pages show the rule in one sentence."""

from compression.decision.compare import (
    accuracy_difference,
    clearly_above,
    clearly_below,
    latency_ratio,
    tells_apart,
)
from compression.decision.numbers import in_whole_percent
from compression.decision.table import Row

SAME_SIZE = 0.02
SAME_TIME = 0.05
# By far better, and told apart: nobody chooses a file that another beats by this much, and equals in all else.
FAR = 0.2
FAR_ACCURACY = 0.01

WHAT_MATTERS = (
    f"Sizes within {in_whole_percent(SAME_SIZE)}, times within {in_whole_percent(SAME_TIME)} and accuracies that the "
    f"test cannot tell apart count as equal; among equals, a file that is {in_whole_percent(FAR)} smaller, "
    f"{in_whole_percent(FAR)} faster or {100 * FAR_ACCURACY:.0f} point more accurate is taken."
)


def as_small(row: Row, other: Row) -> bool:
    """Whether the row is no larger than the other, as far as it matters."""
    return row.size_bytes <= (1 + SAME_SIZE) * other.size_bytes


def as_fast(row: Row, other: Row) -> bool:
    """Whether the row is no slower than the other, as far as it matters."""
    return row.latency_ms.value <= (1 + SAME_TIME) * other.latency_ms.value


def as_accurate(row: Row, other: Row) -> bool:
    """Whether the test examples leave it open that the row is no less accurate than the other."""
    return not clearly_below(accuracy_difference(row, other), 0.0)


def takes_its_place(row: Row, other: Row) -> bool:
    """Whether the row is by far better than the other in one measure, and no worse in any that matters."""
    if not (as_small(row, other) and as_fast(row, other) and as_accurate(row, other)):
        return False
    more, slower = accuracy_difference(row, other), latency_ratio(other, row)
    return (
        row.size_bytes <= (1 - FAR) * other.size_bytes
        or (row.latency_ms.value <= (1 - FAR) * other.latency_ms.value and clearly_above(slower, 1.0))
        or (more.value >= FAR_ACCURACY and clearly_above(more, 0.0))
    )


def alike(first: Row, second: Row) -> bool:
    """Whether it does not matter which of the two is taken: equal in all measures, and surely so in time."""
    times = latency_ratio(first, second)
    return (
        as_small(first, second)
        and as_small(second, first)
        and max(times.high, 1 / times.low) <= 1 + SAME_TIME
        and not tells_apart(accuracy_difference(first, second), 0.0)
    )
