"""Why this file and not the others, one sentence each: without brackets, since the ranges stand elsewhere."""

from typing import assert_never

from compression.decision.compare import accuracy_difference, clearly_above, clearly_below, known, latency_ratio
from compression.decision.equals import SAME_TIME, as_accurate, as_small
from compression.decision.limits import Limits, nearest
from compression.decision.numbers import in_bytes, in_ms, points_between, size_against, speed_against, speed_roughly
from compression.decision.preference import Preference, best, first
from compression.decision.table import Row, Table
from compression.decision.wording import at_start, listed, name_in_sentence, shortfall
from compression.records.recipes import Family

# The families a person chooses between; a control is for comparison only.
CHOOSABLE: tuple[Family, ...] = ("quantization", "distillation", "both", "original")

TRYING: dict[Family, str] = {
    "original": "The original",
    "distillation": "Distilling",
    "quantization": "Quantizing",
    "both": "Distilling and then quantizing",
    "control": "A small model without a teacher",
}

HARDLY: dict[Preference, str] = {
    Preference.SMALLEST: "smaller",
    Preference.FASTEST: "faster",
    Preference.THROUGHPUT: "faster",
    Preference.ACCURATE: "smaller",
    Preference.BALANCE: "better in the balance of the two",
}


def why(table: Table, choice: Row, limits: Limits, preference: Preference) -> list[str]:
    """What the choice is the first in; and why it stands before one that is a little better in that."""
    name, fitting = name_in_sentence(choice), [row for row in table.contenders if limits.fits(row)]
    if len(fitting) == 1:
        return [f"Only {name} fits."]
    told = [f"Of {len(fitting)} files that fit, {name} {_first_in(choice, preference)}."]
    ahead = first(fitting, preference)
    worse = worse_in(ahead, choice)
    if ahead.id != choice.id and worse:
        told.append(f"{at_start(name_in_sentence(ahead))} is hardly {HARDLY[preference]}, and {listed(worse)}.")
    return told


def why_not(
    table: Table, choice: Row, limits: Limits, preference: Preference, *, already_told: tuple[Row, ...] = ()
) -> list[str]:
    """One sentence for each other family; not for one whose close call was told already."""
    told = {row.family for row in already_told}
    sentences: list[str] = []
    for family in CHOOSABLE:
        if family == choice.family or family in told:
            continue
        trying = f"{TRYING[family]}{' alone' if choice.family == 'both' and family != 'original' else ''}"
        rows = table.of(family)
        fitting = [row for row in rows if limits.fits(row)]
        if fitting:
            sentences.append(_beaten(trying, choice, best(fitting, preference), table.original))
        elif rows:
            at_best = "" if len(rows) == 1 else "at best "
            sentences.append(f"{trying} does not fit: {at_best}{shortfall(nearest(rows, limits), limits)}.")
        elif family in table.failed:
            sentences.append(f"{trying} is not known: no such file could be made.")
        else:
            sentences.append(f"{trying} was not tried in this study.")
    return sentences


def close_call(choice: Row, rival: Row, preference: Preference) -> str:
    """Which difference the measurements do not settle."""
    who = f"{name_in_sentence(choice)} and {name_in_sentence(rival)}"
    match preference:
        case Preference.FASTEST | Preference.THROUGHPUT | Preference.BALANCE:
            spread = latency_ratio(rival, choice)
            measure = "time" if preference is not Preference.BALANCE else "size and time together"
            # The less favourable end first.
            ends = f"{speed_against(1 / spread.high)} or {speed_against(1 / spread.low)}"
            return f"In {measure}, {who} are too close to call: the second could be {ends}."
        case Preference.ACCURATE:
            return f"In accuracy and size, {who} are too close to call."
        case Preference.SMALLEST:
            return f"In size, {who} are too close to call."
        case _:
            assert_never(preference)


def worse_in(row: Row, other: Row) -> list[str]:
    """In what a row is worse than another, as far as it matters: '197x larger', '11x slower', '0.6 points less
    accurate'."""
    worse: list[str] = []
    if not as_small(row, other):
        worse.append(size_against(row.size_bytes, other.size_bytes))
    faster = latency_ratio(other, row)
    if known(faster) and clearly_below(faster, 1.0) and faster.value * (1 + SAME_TIME) < 1.0:
        worse.append(speed_roughly(faster))
    if not as_accurate(row, other):
        worse.append(f"{points_between(accuracy_difference(row, other).value)} less accurate")
    return worse


def _first_in(choice: Row, preference: Preference) -> str:
    match preference:
        case Preference.SMALLEST:
            return f"is the smallest, {in_bytes(choice.size_bytes)}"
        case Preference.FASTEST:
            return f"is the fastest, {in_ms(choice.latency_ms.value)}"
        case Preference.THROUGHPUT:
            return f"gives the most answers per second, {choice.examples_per_second.value:,.0f}"
        case Preference.ACCURATE:
            return f"is among the most accurate, and of those the smallest, {in_bytes(choice.size_bytes)}"
        case Preference.BALANCE:
            return "has the best balance of small and fast"
        case _:
            assert_never(preference)


def _beaten(trying: str, choice: Row, rival: Row, original: Row) -> str:
    fits, worse = f"{trying} fits too{_gain(choice, rival, original)}", worse_in(rival, choice)
    return f"{fits}, but is {listed(worse)}." if worse else f"{fits}, and is hardly worse in anything."


def _gain(choice: Row, rival: Row, original: Row) -> str:
    """What a rival would keep of the accuracy that the choice gives up."""
    more = accuracy_difference(rival, choice)
    if rival.id == original.id or not clearly_above(more, 0.0):
        return ""
    if as_accurate(rival, original):
        return " and loses no accuracy"
    return f" and is {points_between(more.value)} more accurate"
