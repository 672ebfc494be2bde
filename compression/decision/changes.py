"""What a file changes against the original: size, speed and accuracy, each as a few words and as two numbers."""

from dataclasses import dataclass
from typing import Literal

from compression.decision.compare import accuracy_difference, known, latency_ratio, tells_apart
from compression.decision.numbers import (
    in_bytes,
    in_ms,
    in_percent,
    points_between,
    size_against,
    speed_roughly,
)
from compression.decision.table import Row, Table
from compression.decision.trust import busy

Quantity = Literal["size", "latency", "accuracy"]


@dataclass(frozen=True, kw_only=True)
class Change:
    """``words`` fit a headline: '785x smaller'; ``before`` and ``after`` are the original's number and the file's."""

    quantity: Quantity
    words: str
    before: str
    after: str


def changes(table: Table, row: Row) -> tuple[Change, ...]:
    """Size, speed and accuracy against the original; none for the original itself."""
    original = table.original
    if row.id == original.id:
        return ()
    return (
        Change(
            quantity="size",
            words=size_against(row.size_bytes, original.size_bytes),
            before=in_bytes(original.size_bytes),
            after=in_bytes(row.size_bytes),
        ),
        Change(
            quantity="latency",
            words=speed_in_words(table, row),
            before=in_ms(original.latency_ms.value),
            after=in_ms(row.latency_ms.value),
        ),
        Change(
            quantity="accuracy",
            words=accuracy_in_words(row, original),
            before=in_percent(original.accuracy.value),
            after=in_percent(row.accuracy.value),
        ),
    )


def speed_in_words(table: Table, row: Row) -> str:
    """'2.3x faster', '1.7 to 2.4x faster', 'as fast'; that it is not known, where the times leave a factor open."""
    faster = latency_ratio(table.original, row)
    if not known(faster):
        return f"speed not known: {'this computer was busy' if busy(table) else 'its time varied too much'}"
    return speed_roughly(faster) if tells_apart(faster, 1.0) else "about as fast"


def accuracy_in_words(row: Row, other: Row) -> str:
    """'2.0 points less accurate'; 'just as accurate' where the test examples cannot tell the two apart."""
    change = accuracy_difference(row, other)
    if not tells_apart(change, 0.0):
        return "just as accurate"
    return f"{points_between(change.value)} {'more' if change.value > 0 else 'less'} accurate"
