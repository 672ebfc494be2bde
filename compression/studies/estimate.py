"""How long a study will take, told from one that was measured: an own earlier one, or a recorded one. Torch-free."""

from dataclasses import dataclass

from compression.store.naming import id_of
from compression.store.records import Question
from compression.store.shelf import Shelf, ShelvedStudy
from compression.studies.presets import recipes_of, student_budget_of
from compression.studies.remaining import own_seconds


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Seconds that the same question took before, and whether that was on this computer's own shelf."""

    seconds: float
    measured_here: bool
    machine: str


def estimate(shelf: Shelf, question: Question) -> Estimate | None:
    """What the same question took last time; None when it was never asked."""
    reference = _reference(shelf, question)
    if reference is None or reference.study.seconds is None:
        return None
    machine = reference.document.machine
    return Estimate(
        seconds=reference.study.seconds,
        measured_here=not reference.recorded,
        machine=f"{machine.cpu}, {machine.cores} cores" if machine else "",
    )


def reference_seconds(shelf: Shelf, question: Question) -> dict[str, float]:
    """Seconds that each candidate of the same question took to make last time; empty when it was never asked."""
    reference = _reference(shelf, question)
    if reference is None:
        return {}
    took = own_seconds(reference.document.candidates)
    # Another objective has other names for the same students.
    names = {
        id_of(then): id_of(now) for then, now in zip(recipes_of(reference.study), recipes_of(question), strict=True)
    }
    return {names.get(name, name): seconds for name, seconds in took.items()}


def _reference(shelf: Shelf, question: Question) -> ShelvedStudy | None:
    """The newest completed study of the same model, dataset, preset and length of training."""
    for shelved in shelf.all():
        study = shelved.study
        if _takes_as_long(study, question) and study.state == "completed" and not shelved.document.failures:
            return shelved
    return None


def _takes_as_long(study: Question, question: Question) -> bool:
    return (study.model, study.dataset, study.preset) == (
        question.model,
        question.dataset,
        question.preset,
    ) and student_budget_of(study) == student_budget_of(question)
