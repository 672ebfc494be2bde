"""The axes of a trade-off chart: a logarithmic cost across, accuracy in percent upwards. Draws nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, log10
from typing import Literal

from compression.decision.numbers import JOIN, in_bytes
from compression.decision.preference import latency_cost, size_cost
from compression.decision.table import Row, Table

CostName = Literal["size", "latency"]

# The share of an axis that stays free beyond the outermost point.
ROOM = 0.08


@dataclass(frozen=True, kw_only=True)
class Axis:
    """A logarithmic cost axis, and an accuracy axis in percent, as plotly's ranges."""

    name: CostName
    cost: Callable[[Row], float]
    tick: Callable[[float], str]
    title: str
    log10_low: float
    log10_high: float
    percent_low: float
    percent_high: float

    def x(self, row: Row) -> float:
        """Where a row lies across, 0..1."""
        return self.across(self.cost(row))

    def y(self, row: Row) -> float:
        """Where a row lies upwards, 0..1."""
        return self.up(100 * row.accuracy.value)

    def across(self, cost: float) -> float:
        """Where a cost lies, 0..1."""
        return (log10(cost) - self.log10_low) / (self.log10_high - self.log10_low)

    def up(self, percent: float) -> float:
        """Where an accuracy lies, 0..1."""
        return (percent - self.percent_low) / (self.percent_high - self.percent_low)


def axis_of(table: Table, cost: CostName) -> Axis:
    """The axes on which every candidate of a table can be seen, with its intervals."""
    measure = size_cost if cost == "size" else latency_cost
    batch = table.condition.batch
    per = f"one {table.subject.noun}" if batch == 1 else table.subject.counted(batch)
    title = "File size (smaller is better)" if cost == "size" else f"Time for {per} (less is better)"
    lows = [log10(measure(row)) if cost == "size" else log10(row.latency_ms.low) for row in table.rows]
    highs = [log10(measure(row)) if cost == "size" else log10(row.latency_ms.high) for row in table.rows]
    span = max(max(highs) - min(lows), 0.3)
    percents = [100 * row.accuracy.low for row in table.rows] + [100 * row.accuracy.high for row in table.rows]
    height = max(max(percents) - min(percents), 1.0)
    return Axis(
        name=cost,
        cost=measure,
        tick=in_bytes if cost == "size" else _plain_ms,
        title=title,
        log10_low=min(lows) - ROOM * span,
        log10_high=max(highs) + ROOM * span,
        percent_low=max(min(percents) - ROOM * height, 0.0),
        percent_high=max(percents) + 1.5 * ROOM * height,
    )


def _plain_ms(milliseconds: float) -> str:
    return f"{milliseconds:g}{JOIN}ms"


def log_ticks(log10_low: float, log10_high: float) -> list[float]:
    """Round values on a log axis, few enough for a phone: powers of ten, with 2 and 5 between if there is room."""
    for steps in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        ticks = [
            step * 10.0**power
            for power in range(floor(log10_low), floor(log10_high) + 1)
            for step in steps
            if log10_low <= log10(step * 10.0**power) <= log10_high
        ]
        if len(ticks) <= 5:  # noqa: PLR2004  # as many as fit beside each other on a phone
            return ticks
    return ticks
