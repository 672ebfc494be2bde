"""Whether the teacher was what helped: a distilled student against its control, the same student without a teacher;
and whether the labels were needed: against the student that was taught the same way without any."""

from collections.abc import Sequence
from dataclasses import dataclass

from compression.decision.compare import accuracy_difference, clearly_above, clearly_below
from compression.decision.numbers import in_points, points_range
from compression.decision.table import Row, Spread, Table
from compression.decision.wording import at_start, listed, name_in_sentence
from compression.records.objectives import needs_labels
from compression.records.recipes import Distill, QuantizedStudent, Train
from compression.records.students import Student


def control_of(table: Table, row: Row) -> Row | None:
    """The control of a distilled student; of one quantized as well, that of the student it was made from."""
    student = _student_of(row)
    if student is None:
        return None
    return next(
        (other for other in table.rows if isinstance(other.recipe, Train) and other.recipe.student == student), None
    )


def gain_over_control(table: Table, row: Row) -> Spread | None:
    """Accuracy of the distilled student minus its control's, as shares; None without a control.

    For a student that was quantized as well, it is the gain of the unquantized student: quantizing taught it nothing.
    """
    control = control_of(table, row)
    distilled = _distilled_of(table, row)
    if control is None or distilled is None:
        return None
    return accuracy_difference(distilled, control)


def teachers_part(table: Table, row: Row) -> list[str]:
    """One sentence on what the teacher was worth; none for a candidate that had no teacher."""
    student = _student_of(row)
    if student is None:
        return []
    gain = gain_over_control(table, row)
    name = at_start(name_in_sentence(row))
    if gain is None:
        return [f"{name} has no control in this study, so what the teacher was worth is not known."]
    before = " before quantizing" if isinstance(row.recipe, QuantizedStudent) else ""
    amount = (
        f"{in_points(gain.value)}{before} against the same student trained without it (could be {points_range(gain)})"
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


def _student_of(row: Row) -> Student | None:
    recipe = row.recipe.distill if isinstance(row.recipe, QuantizedStudent) else row.recipe
    return recipe.student if isinstance(recipe, Distill) else None


def _distilled_of(table: Table, row: Row) -> Row | None:
    """The distilled, unquantized row that a row is or was made from."""
    recipe = row.recipe.distill if isinstance(row.recipe, QuantizedStudent) else row.recipe
    return next((other for other in table.rows if other.recipe == recipe), None)


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
