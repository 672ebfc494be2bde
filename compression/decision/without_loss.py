"""The best answer that costs no accuracy, beside the choice, and what the choice gives accuracy up for."""

from compression.decision.changes import changes
from compression.decision.compare import accuracy_difference, clearly_below, known, latency_ratio, tells_apart
from compression.decision.limits import Limits
from compression.decision.numbers import points_between, size_against, speed_roughly
from compression.decision.preference import Preference, best
from compression.decision.table import Row, Table
from compression.decision.wording import ADVICE, listed


def loses(table: Table, row: Row) -> bool:
    """Whether the test examples show that a file is less accurate than the original."""
    return row.id != table.original.id and clearly_below(accuracy_difference(row, table.original), 0.0)


def best_without_loss(table: Table, limits: Limits, preference: Preference) -> Row | None:
    """What is preferred among the files that fit and lose no accuracy; None where none does."""
    rows = [row for row in table.contenders if limits.fits(row) and not loses(table, row)]
    return best(rows, preference) if rows else None


def without_loss_in_words(table: Table, choice: Row, lossless: Row | None) -> tuple[str, ...]:
    """What to do for no loss, and what the choice has instead; nothing for a choice that loses nothing itself."""
    if not loses(table, choice):
        return ()
    if lossless is None:
        return ("Want no loss? Nothing that fits these limits keeps the original's accuracy.",)
    return (f"Want no loss? {_advised(table, lossless)}.", f"{_given_up(table, choice, lossless)}.")


def _advised(table: Table, row: Row) -> str:
    """'Quantize it: 4.0x smaller, 1.9x faster'."""
    gained = [change.words for change in changes(table, row) if change.quantity != "accuracy"]
    return f"{ADVICE[row.family]}: {', '.join(gained)}" if gained else ADVICE[row.family]


def _given_up(table: Table, choice: Row, lossless: Row) -> str:
    """'The answer above gives up 2.0 points to be 197x smaller and 11x faster still'."""
    lost = points_between(accuracy_difference(choice, table.original).value)
    gained: list[str] = []
    if choice.size_bytes < lossless.size_bytes:
        gained.append(size_against(choice.size_bytes, lossless.size_bytes))
    faster = latency_ratio(lossless, choice)
    if known(faster) and tells_apart(faster, 1.0) and faster.value > 1.0:
        gained.append(speed_roughly(faster))
    return f"The answer above gives up {lost} and is {listed(gained)} than that"
