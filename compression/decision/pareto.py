"""The Pareto front: the rows that no other row beats on accuracy and on a cost at once.

Compares the measured values as they are; whether a difference is more than noise is not asked here.
"""

from collections.abc import Callable, Iterable

from compression.decision.table import Row

Cost = Callable[[Row], float]


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
