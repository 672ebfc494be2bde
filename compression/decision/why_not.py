"""Why not the others: one sentence for each family that was not chosen, with its numbers."""

from compression.decision.compare import accuracy_difference, latency_ratio, tells_apart
from compression.decision.limits import Limits, nearest
from compression.decision.numbers import (
    DASH,
    in_points,
    per_second_with_range,
    points_range,
    size_against,
    speed_against,
)
from compression.decision.preference import Preference, best, margin
from compression.decision.table import Row, Table
from compression.decision.wording import FAMILY_TITLES, facts, name_in_sentence, shortfall, speed, speed_with_range
from compression.records.recipes import Family

# The families a person chooses between; a control is for comparison only.
CHOOSABLE: tuple[Family, ...] = ("quantization", "distillation", "both", "original")


def why_not(
    table: Table, choice: Row, limits: Limits, preference: Preference, *, already_told: tuple[Row, ...] = ()
) -> list[str]:
    """One sentence for each other family; not for one whose close call was told already."""
    told = {row.family for row in already_told}
    sentences: list[str] = []
    for family in CHOOSABLE:
        if family == choice.family or family in told:
            continue
        rows = table.of(family)
        fitting = [row for row in rows if limits.fits(row)]
        if fitting:
            sentences.append(_beaten(family, choice, best(fitting, preference), preference))
        elif rows:
            sentences.append(_does_not_fit(family, rows, limits))
        elif family in table.failed:
            sentences.append(f"{FAMILY_TITLES[family]}: no candidate of this kind could be made, so it is not known.")
        else:
            sentences.append(f"{FAMILY_TITLES[family]}: this study measured no candidate of this kind.")
    return sentences


def close_call(choice: Row, rival: Row, preference: Preference) -> str:
    """Which difference the measurements do not settle."""
    who = f"{name_in_sentence(choice)} ({facts(choice)}) and {name_in_sentence(rival)} ({facts(rival)})"
    match preference:
        case Preference.FASTEST | Preference.THROUGHPUT | Preference.BALANCE:
            spread = latency_ratio(rival, choice)
            span = f"anywhere from {speed_against(1 / spread.low)} to {speed_against(1 / spread.high)}"
            detail = f"{name_in_sentence(rival)} could be {span}"
            subject = "in time" if preference is not Preference.BALANCE else "on the balance of size and time"
        case Preference.ACCURATE | Preference.SMALLEST:
            change = accuracy_difference(rival, choice)
            detail = f"their accuracies differ by {in_points(change.value)} (could be {points_range(change)})"
            subject = "in accuracy"
    return f"The measurements cannot tell apart {subject} {who}: {detail}."


def _beaten(family: Family, choice: Row, rival: Row, preference: Preference) -> str:
    title = f"{FAMILY_TITLES[family]}: {name_in_sentence(rival)}"
    smaller = size_against(rival.size_bytes, choice.size_bytes)
    match preference:
        case Preference.SMALLEST:
            return f"{title} fits too, but its file is {smaller} ({facts(rival)})."
        case Preference.FASTEST:
            return f"{title} fits too, but is {speed_with_range(rival, choice)}: {facts(rival)}."
        case Preference.THROUGHPUT:
            return (
                f"{title} fits too, but gives {per_second_with_range(rival.examples_per_second)} answers per second "
                f"against {per_second_with_range(choice.examples_per_second)}: {facts(rival)}."
            )
        case Preference.BALANCE:
            behind = margin(choice, rival, preference)
            return (
                f"{title} fits too, but is {smaller} and {speed(rival, choice)}, which leaves it "
                f"{behind.value:.1f} times behind ({behind.low:.1f}{DASH}{behind.high:.1f}) on the balance of the two: "
                f"{facts(rival)}."
            )
        case Preference.ACCURATE:
            change = accuracy_difference(rival, choice)
            if tells_apart(change, 0.0):
                return (
                    f"{title} fits too, but its accuracy is {in_points(change.value)} (could be "
                    f"{points_range(change)}): {facts(rival)}."
                )
            return f"{title} fits too; its accuracy cannot be told apart, but its file is {smaller} ({facts(rival)})."


def _does_not_fit(family: Family, rows: tuple[Row, ...], limits: Limits) -> str:
    row = nearest(rows, limits)
    is_what = "is" if len(rows) == 1 else "comes nearest, but is"
    return f"{FAMILY_TITLES[family]}: {name_in_sentence(row)} {is_what} {shortfall(row, limits)} ({facts(row)})."
