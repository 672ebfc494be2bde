"""What is open about limits: which the choice only just keeps, and what would be chosen and only just misses one."""

from compression.decision.limits import Limits
from compression.decision.numbers import in_ms, in_percent
from compression.decision.table import Row
from compression.decision.wording import at_start, name_in_sentence, shortfall
from compression.records.subject import Subject


def near_miss(row: Row, limits: Limits) -> str:
    """What misses a limit, by less than is sure."""
    return (
        f"{at_start(name_in_sentence(row))} would be better, and could fit: it is {shortfall(row, limits)}, less than "
        "the measurements are sure of."
    )


def doubts_about_fit(choice: Row, limits: Limits, subject: Subject) -> list[str]:
    """Which limits a choice keeps as measured, and perhaps not in truth."""
    doubts: list[str] = []
    if limits.min_accuracy is not None and choice.accuracy.low < limits.min_accuracy:
        could_be, limit = in_percent(choice.accuracy.low), in_percent(limits.min_accuracy)
        doubts.append(f"On other {subject.nouns} its accuracy could be {_past(could_be, limit, 'below')}.")
    if limits.max_latency_ms is not None and choice.latency_range_ms.high > limits.max_latency_ms:
        could_be, limit = in_ms(choice.latency_range_ms.high), in_ms(limits.max_latency_ms)
        doubts.append(f"Its time could be {_past(could_be, limit, 'above')}.")
    return doubts


def _past(could_be: str, limit: str, side: str) -> str:
    """'94.1%, below the limit of 94.5%'; 'just below' it where the two read alike."""
    return f"just {side} the limit of {limit}" if could_be == limit else f"{could_be}, {side} the limit of {limit}"
