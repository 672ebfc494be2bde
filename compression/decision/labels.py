"""Whether a distillation needed the labels: a student against the one that was taught the same way without any."""

from compression.decision.compare import accuracy_difference, clearly_below
from compression.decision.numbers import in_points, points_range
from compression.decision.table import Row, Table
from compression.store.objectives import needs_labels
from compression.store.recipes import Distill


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
