"""How far the times of a study can be trusted: what the same file's time varied by, who else used the computer, and
which times the limit cut short. One sentence of it stands beside the verdict's badge. Decides nothing."""

from collections.abc import Sequence

from compression.decision.compare import KNOWN_WITHIN, known, latency_ratio
from compression.decision.numbers import in_whole_percent
from compression.decision.table import Row, Table

# From here on, other programs could have changed times by more than the usual interval.
OTHER_CORES_WORTH_TELLING = 0.1
NOISY = 0.05
# Where the same file's time varies by this much, no ratio of two times is known to better than KNOWN_WITHIN.
TOO_BUSY = KNOWN_WITHIN - 1.0
USUAL = f"\N{PLUS-MINUS SIGN}{in_whole_percent(0.02)}"


def busy(table: Table) -> bool:
    """Whether the computer had other things to do while the times were taken."""
    return table.original.smallest_difference >= NOISY or other_load(table)


def caveat_of(table: Table, choice: Row | None, compared: Sequence[Row]) -> str | None:
    """What to know first before the times that a verdict rests on are trusted, in one or two short sentences; None
    where these are as exact as usual. ``compared`` are the rows that the verdict compares."""
    noise = table.original.smallest_difference
    if noise >= TOO_BUSY:
        return noise_in_words(noise)
    if choice is not None and not known(latency_ratio(table.original, choice)):
        return "The chosen file's speed is not known: its time varied too much. Run again with other programs closed."
    if noise >= NOISY:
        return noise_in_words(noise)
    if choice is not None and choice.smallest_difference >= NOISY:
        varied = in_whole_percent(choice.smallest_difference)
        return f"Files as fast as the chosen one varied by {varied} in time, so smaller differences say nothing."
    if other_load(table):
        return f"{other_programs(table)} Run again with other programs closed."
    if not all(row.settled for row in compared):
        return unsettled(table)
    return None


def noise_in_words(noise: float) -> str:
    """What the same file's time varied by (a share of it, NOISY or more), and what follows."""
    varied = f"the same file's time varied by {in_whole_percent(noise)}"
    if noise >= TOO_BUSY:
        return (
            f"This computer was too busy to time anything: {varied}. Ignore the speeds; run again with other programs "
            "closed."
        )
    return f"T{varied[1:]}, so smaller differences in speed say nothing."


def other_load(table: Table) -> bool:
    """Whether other programs were at work, as far as that is known."""
    return _others(table) >= OTHER_CORES_WORTH_TELLING


def other_programs(table: Table) -> str:
    """How busy other programs kept the computer. Only where that is known."""
    of_all = f" of {table.cores}" if table.cores else ""
    return f"Other programs kept {_others(table):.1f}{of_all} cores busy, so times may be too long."


def unsettled(table: Table) -> str | None:
    """How many of the times are less exact than usual; None where none is."""
    count, all_ = sum(not row.settled for row in table.rows), len(table.rows)
    if not count:
        return None
    which = f"All {all_} times are" if count == all_ else f"{count} of {all_} times {'is' if count == 1 else 'are'}"
    return f"{which} less exact than the usual {USUAL}."


def _others(table: Table) -> float:
    return table.other_cores or 0.0
