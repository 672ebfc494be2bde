"""Whether the teacher was what helped: a distilled student against its control, the same student without a teacher;
and whether the labels were needed: against the student that was taught the same way without any."""

from collections.abc import Sequence
from dataclasses import dataclass

from compression.decision.compare import accuracy_difference, clearly_above, clearly_below
from compression.decision.numbers import in_points, points_range
from compression.decision.table import Row, Spread, Table
from compression.decision.wording import at_start, listed, name_in_sentence
from compression.records.objectives import needs_labels
from compression.records.recipes import Distill, Recipe, control_of, distilled_in
from compression.records.students import Student


def gain_over_control(table: Table, row: Row) -> Spread | None:
    """Accuracy of the distilled student minus its control's, as shares; None without a control.

    A student that was quantized as well is compared with its control quantized alike. Where there is none, it is the
    gain of the unquantized student: quantizing taught it nothing.
    """
    distilled = distilled_in(row.recipe)
    for recipe in (row.recipe, distilled):
        taught, control = _row_of(table, recipe), None if recipe is None else _row_of(table, control_of(recipe))
        if taught is not None and control is not None:
            return accuracy_difference(taught, control)
    return None


def teachers_part(table: Table, row: Row) -> list[str]:
    """One sentence on what the teacher was worth; none for a candidate that had no teacher."""
    distilled = distilled_in(row.recipe)
    if distilled is None:
        return []
    student = distilled.student
    gain = gain_over_control(table, row)
    name = at_start(name_in_sentence(row))
    if gain is None:
        return [f"{name} has no control in this study, so what the teacher was worth is not known."]
    alike = _row_of(table, control_of(row.recipe)) is not None
    before = "" if alike else " before quantizing"
    quantized = " and quantized alike" if alike and row.recipe != distilled else ""
    amount = (
        f"{in_points(gain.value)}{before} against the same student trained without it{quantized} "
        f"(could be {points_range(gain)})"
    )
    if clearly_above(gain, 0.0):
        return [f"The teacher helped: {amount}."]
    if clearly_below(gain, 0.0):
        return [f"The teacher did harm: {amount}; train the {student.title} student without it."]
    return [f"The teacher is not what helped: {amount}, which could be chance; the small network itself did it."]


@dataclass(frozen=True, kw_only=True)
class StudentsGain:
    """A distilled student of the table and its accuracy less its control's, as shares."""

    row: Row
    student: Student
    gain: Spread


def gains_of(table: Table) -> tuple[StudentsGain, ...]:
    """What the teacher was worth to each student that has a control, in the table's order."""
    return tuple(
        StudentsGain(row=row, student=row.recipe.student, gain=gain)
        for row in table.rows
        if isinstance(row.recipe, Distill) and (gain := gain_over_control(table, row)) is not None
    )


def gains_in_words(gains: Sequence[StudentsGain]) -> str:
    """How many of the students the teacher helped or harmed, and for how many that is open."""
    helped = sum(clearly_above(each.gain, 0.0) for each in gains)
    harmed = sum(clearly_below(each.gain, 0.0) for each in gains)
    open_ = len(gains) - helped - harmed
    students = f"{len(gains)} student{'' if len(gains) == 1 else 's'}"
    done = [*([f"helped {helped}"] if helped else []), *([f"harmed {harmed}"] if harmed else [])]
    if not done:
        return f"Of {students}, the teacher surely helped none, and surely harmed none: what differs could be chance."
    chance = f"; for {open_} the difference could be chance" if open_ else ""
    return f"Of {students}, the teacher {listed(done)}{chance}."


def _row_of(table: Table, recipe: Recipe | None) -> Row | None:
    return next((row for row in table.rows if row.recipe == recipe), None)


def unlabelled_twin(table: Table, row: Row) -> Row | None:
    """The same student from the teacher's answers alone, for one that had labels too; None where there is none."""
    if not isinstance(row.recipe, Distill) or not needs_labels(row.recipe.objective):
        return None
    objective = row.recipe.objective.model_copy(update={"labels_share": 0.0})
    twin = Distill(student=row.recipe.student, objective=objective)
    return next((other for other in table.rows if other.recipe == twin and not other.needs.labels), None)


def labels_point(table: Table, row: Row) -> tuple[str, bool] | None:
    """What the labels were worth, in words, and whether that speaks for the row; None where nothing is known."""
    twin = unlabelled_twin(table, row)
    if twin is None:
        return None
    change = accuracy_difference(twin, row)
    amount = f"{in_points(change.value)} (could be {points_range(change)}) when the same student is taught without any"
    if clearly_below(change, 0.0):
        return f"The labels are worth having: {amount}", False
    return f"Labels are not a must: {amount}", True
