"""Whether the teacher was what helped: a distilled student against its control, the same student without a teacher;
and whether the labels were needed: against the student that was taught the same way without any."""

from collections.abc import Sequence
from dataclasses import dataclass

from compression.decision.compare import accuracy_difference, clearly_above, clearly_below
from compression.decision.numbers import points_between
from compression.decision.table import Row, Spread, Table
from compression.decision.wording import listed
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
    gain = gain_over_control(table, row)
    if gain is None:
        return ["What the teacher was worth is not known: this student has no control."]
    before = "" if _row_of(table, control_of(row.recipe)) is not None else "before quantizing, "
    without = f"{before}the same student without it is {points_between(gain.value)}"
    if clearly_above(gain, 0.0):
        return [f"The teacher helped: {without} less accurate."]
    if clearly_below(gain, 0.0):
        return [f"The teacher did harm: {without} more accurate. Train the {distilled.student.title} student alone."]
    return ["The teacher is not what helped: without it the same student is as accurate, as far as can be told."]


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
        return f"Of {students}, the teacher changed none beyond chance."
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
    amount = points_between(change.value)
    if clearly_below(change, 0.0):
        return f"The labels are worth having: without any, the same student is {amount} less accurate", False
    if clearly_above(change, 0.0):
        return f"Better without labels: {amount} more accurate", True
    return f"Works without labels too: {amount} {'less' if change.value < 0 else 'more'} accurate, within chance", True
