"""The record of what was asked for: what is to be made, of which teacher, and where it is to be written. Torch-free."""

from dataclasses import dataclass
from pathlib import Path

from compression.catalog.cards import DatasetCard
from compression.records.budgets import StudentBudget
from compression.records.measurements import ScoreKind
from compression.records.recipes import Distill, Train

# What people read of each file.
TEACHER, STUDENT, CONTROL = "the teacher", "the student", "the control"


@dataclass(frozen=True, kw_only=True)
class DistilRequest:
    """What is to be made of ``teacher``: its student, and where to write it; with a ``control`` that one as well.

    ``scores`` is what the teacher's are, unless that is to be found out.
    """

    teacher: Path
    recipe: Distill
    card: DatasetCard
    budget: StudentBudget
    seed: int
    out: Path
    control: Path | None = None
    scores: ScoreKind | None = None

    @property
    def recipes(self) -> dict[str, Distill | Train]:
        """What is trained, by what it is called."""
        return {STUDENT: self.recipe} | ({} if self.control is None else {CONTROL: Train(student=self.recipe.student)})

    @property
    def places(self) -> dict[str, Path]:
        """Where it is written to, by the same."""
        return {STUDENT: self.out} | ({} if self.control is None else {CONTROL: self.control})
