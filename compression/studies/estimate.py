"""How long a study will take, told from one that was measured: an own earlier one, or a recorded one. Torch-free."""

from dataclasses import dataclass
from typing import assert_never

from compression.store.naming import id_of
from compression.store.objectives import FeatureObjective, SoftTargets
from compression.store.recipes import (
    Distill,
    DistillThenQuantize,
    DistillThenQuantizeAware,
    Original,
    Quantize,
    QuantizeAware,
    Recipe,
    Train,
)
from compression.store.records import Question
from compression.store.shelf import Shelf, ShelvedStudy
from compression.studies.asked import recipes_of, student_budget_of
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
    then = {_work(candidate.recipe): took[candidate.id] for candidate in reference.document.candidates}
    return {id_of(recipe): then[_work(recipe)] for recipe in recipes_of(question) if _work(recipe) in then}


def _work(recipe: Recipe) -> Recipe:
    """What decides how long a candidate takes: not which answers its student learns, nor whether it needs labels."""
    match recipe:
        case Distill(student=student):
            return Distill(student=student, objective=SoftTargets())
        case DistillThenQuantize(distill=Distill(student=student), scheme=scheme):
            return DistillThenQuantize(distill=Distill(student=student, objective=SoftTargets()), scheme=scheme)
        case DistillThenQuantizeAware(distill=Distill(student=student)):
            return DistillThenQuantizeAware(distill=Distill(student=student, objective=SoftTargets()))
        case QuantizeAware():
            return QuantizeAware()
        case Original() | Quantize() | Train():
            return recipe
        case _:
            assert_never(recipe)


def _reference(shelf: Shelf, question: Question) -> ShelvedStudy | None:
    """The newest completed study of the same model, dataset, preset, students, schemes and length of training, on
    features or not. One that did not look into layers counts as well: that takes a minute or two."""
    for shelved in shelf.all():
        study = shelved.study
        if _takes_as_long(study, question) and study.state == "completed" and not shelved.document.failures:
            return shelved
    return None


def _takes_as_long(study: Question, question: Question) -> bool:
    return _asked(study) == _asked(question)


def _asked(question: Question) -> tuple[object, ...]:
    """All that decides how long a question takes."""
    options = question.options
    looks_inside = isinstance(options.objective, FeatureObjective)
    own_schemes = (options.schemes, options.calibration_images, options.largest_drop)
    students = (options.students, student_budget_of(question), looks_inside)
    return (question.model, question.dataset, question.preset, *own_schemes, *students)
