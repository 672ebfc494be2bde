"""What would change the verdict: for each limit, the nearest value on either side at which another candidate is chosen.

Exact, by trying: the choice can only change where a limit passes a measured value. One limit moves, the others stay.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf, nextafter

from compression.decision.changes import Quantity
from compression.decision.limits import Limits
from compression.decision.numbers import in_bytes, in_ms, in_percent
from compression.decision.preference import Preference
from compression.decision.table import Row, Table
from compression.decision.verdict import choose
from compression.decision.wording import DO, name_in_sentence


@dataclass(frozen=True, kw_only=True)
class Flip:
    """At ``value`` of a limit (bytes, ms, share), and beyond it, the choice becomes ``becomes``; None: nothing fits.

    ``tighter`` says which way the limit moves. When tightening, the choice changes just past the value.
    """

    quantity: Quantity
    value: float
    tighter: bool
    becomes: Row | None

    def sentence(self, now: Row | None) -> str:
        """In words; ``now`` is the present choice."""
        condition = _CONDITIONS[(self.quantity, self.tighter)].format(_IN_UNITS[self.quantity](self.value))
        if self.becomes is None:
            return f"{condition}: nothing fits."
        do, size = DO[self.becomes.family], in_bytes(self.becomes.size_bytes)
        if self.becomes.family == "original":
            return f"{condition}: {do} ({size})."
        instead = f"still {do}" if now is not None and now.family == self.becomes.family else f"{do} instead"
        return f"{condition}: {instead}, as {name_in_sentence(self.becomes)} ({size})."


_IN_UNITS: dict[Quantity, Callable[[float], str]] = {"size": in_bytes, "latency": in_ms, "accuracy": in_percent}

_CONDITIONS: dict[tuple[Quantity, bool], str] = {
    ("size", True): "Smaller than {}",
    ("size", False): "Up to {}",
    ("latency", True): "Faster than {}",
    ("latency", False): "Up to {}",
    ("accuracy", True): "Above {}",
    ("accuracy", False): "Down to {}",
}


def flips(table: Table, limits: Limits, preference: Preference) -> tuple[Flip, ...]:
    """The nearest change on either side of each limit: loosening and tightening, size, latency, accuracy."""
    found: list[Flip] = []
    quantities: tuple[Quantity, ...] = ("size", "latency", "accuracy")
    for quantity in quantities:
        for tighter in (True, False):
            flip = _nearest_flip(table, limits, preference, quantity, tighter=tighter)
            if flip is not None:
                found.append(flip)
    return tuple(found)


def _nearest_flip(
    table: Table, limits: Limits, preference: Preference, quantity: Quantity, *, tighter: bool
) -> Flip | None:
    now = _id(choose(table, limits, preference))
    for value in _passed(table, limits, quantity, tighter=tighter):
        becomes = choose(table, _moved(limits, quantity, value, tighter=tighter), preference)
        if _id(becomes) != now:
            return Flip(quantity=quantity, value=value, tighter=tighter, becomes=becomes)
    return None


def _passed(table: Table, limits: Limits, quantity: Quantity, *, tighter: bool) -> list[float]:
    """The measured values that the limit passes on its way, nearest first."""
    lowest_allowed = quantity == "accuracy"
    limit = _limit(limits, quantity)
    if limit is None and not tighter:
        return []
    if limit is None:
        limit = -inf if lowest_allowed else inf
    upwards = tighter == lowest_allowed
    values = {_measured(row, quantity) for row in table.contenders}
    beyond = {value for value in values if (value > limit if upwards else value < limit)}
    # A value that equals the limit keeps to it, so only tightening passes it.
    return sorted(beyond | (values & {limit} if tighter else set()), reverse=not upwards)


def _limit(limits: Limits, quantity: Quantity) -> float | None:
    match quantity:
        case "size":
            return limits.max_size_bytes
        case "latency":
            return limits.max_latency_ms
        case "accuracy":
            return limits.min_accuracy


def _measured(row: Row, quantity: Quantity) -> float:
    match quantity:
        case "size":
            return row.size_bytes
        case "latency":
            return row.latency_ms.value
        case "accuracy":
            return row.accuracy.value


def _moved(limits: Limits, quantity: Quantity, value: float, *, tighter: bool) -> Limits:
    """The limit at the value or, when tightening, just past it."""
    match quantity:
        case "size":
            return replace(limits, max_size_bytes=int(value) - tighter)
        case "latency":
            return replace(limits, max_latency_ms=nextafter(value, 0.0) if tighter else value)
        case "accuracy":
            return replace(limits, min_accuracy=nextafter(value, inf) if tighter else value)


def _id(row: Row | None) -> str | None:
    return None if row is None else row.id
