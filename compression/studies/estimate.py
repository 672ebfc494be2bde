"""How long a study will take, and how long a lane still needs: from one that was measured, an own earlier one or a
recorded one, and from the pace so far. Torch-free."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from compression.records.naming import id_of
from compression.records.objectives import FeatureObjective, SoftTargets
from compression.records.recipes import Distill, Original, Quantize, Recipe, Train, student_of
from compression.records.schemes import Qat
from compression.records.study import Candidate, Request
from compression.store.library import Library, LibraryEntry
from compression.studies.request import student_budget_of

# Below this share of the work, the pace says more about starting up than about what is to come.
ENOUGH_TO_GO_BY = 0.02


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Seconds that the same request took before, and whether that was on this computer."""

    seconds: float
    measured_here: bool
    machine: str


def estimate(library: Library, request: Request) -> Estimate | None:
    """What the same request took last time; None when it was never asked."""
    reference = _reference(library, request)
    if reference is None or reference.study.seconds is None:
        return None
    machine = reference.document.machine
    return Estimate(
        seconds=reference.study.seconds,
        measured_here=not reference.recorded,
        machine=f"{machine.cpu}, {machine.cores} cores" if machine else "",
    )


def reference_seconds(library: Library, request: Request) -> dict[Recipe, float]:
    """Seconds that each kind of work took when the same request was answered last time; empty when it never was."""
    reference = _reference(library, request)
    if reference is None:
        return {}
    took = own_seconds(reference.document.candidates)
    return {_work(candidate.recipe): took[id_of(candidate.recipe)] for candidate in reference.document.candidates}


def expected_seconds(recipes: Iterable[Recipe], reference: Mapping[Recipe, float]) -> dict[str, float]:
    """Seconds that each of the ``recipes`` will take to build, by its id, as far as ``reference`` tells."""
    return {id_of(recipe): reference[_work(recipe)] for recipe in recipes if _work(recipe) in reference}


def _work(recipe: Recipe) -> Recipe:
    """What decides how long a candidate takes: not which answers its student learns, nor whether it needs labels; nor,
    of what is quantized, who taught it."""
    match recipe:
        case Distill(student=student):
            return Distill(student=student, objective=SoftTargets())
        case Quantize(source=source, scheme=scheme):
            network = student_of(source)
            taught = source if network is None else Distill(student=network, objective=SoftTargets())
            return Quantize(source=taught, scheme=Qat() if isinstance(scheme, Qat) else scheme)
        case Original() | Train():
            return recipe
        case _:
            assert_never(recipe)


def _reference(library: Library, request: Request) -> LibraryEntry | None:
    """The newest completed study of the same model, dataset, preset, students, schemes and length of training, on
    features or not. One that did not look into layers counts as well: that takes a minute or two."""
    for entry in library.all():
        study = entry.study
        if _takes_as_long(study, request) and study.state == "completed" and not entry.document.failures:
            return entry
    return None


def _takes_as_long(study: Request, request: Request) -> bool:
    return _asked(study) == _asked(request)


def _asked(request: Request) -> tuple[object, ...]:
    """All that decides how long a question takes."""
    options = request.options
    looks_inside = isinstance(options.objective, FeatureObjective)
    own_schemes = (options.schemes, options.calibration_examples, options.largest_drop)
    timing = (options.latency_seconds,)
    students = (options.students, student_budget_of(request), looks_inside)
    return (request.model, request.dataset, request.preset, *own_schemes, *students, *timing)


@dataclass(frozen=True, kw_only=True)
class AtWork:
    """A candidate in the making: ``done`` (0..1) of it was over at ``told``."""

    since: datetime
    told: datetime
    done: float


def remaining_seconds(
    candidates: Sequence[str],
    *,
    reference: Mapping[str, float],
    made: Mapping[str, float],
    at_work: Mapping[str, AtWork],
    now: datetime,
) -> float | None:
    """Seconds until all ``candidates`` of a lane are made; None while it is too early to tell.

    ``reference`` holds the seconds that each took in an earlier study (those that it lacks count as typical), ``made``
    what they took in this one. Whatever waits is shared among as many processes as are at work now.
    """
    typical = sum(reference.values()) / len(reference) if reference else 1.0
    weights = {name: reference.get(name, typical) for name in candidates}
    behind = sum(weights[name] for name in made) + sum(work.done * weights[name] for name, work in at_work.items())
    if behind < ENOUGH_TO_GO_BY * sum(weights.values()):
        return None
    spent = sum(made.values()) + sum((work.told - work.since).total_seconds() for work in at_work.values())
    pace = spent / behind
    in_hand = [
        max(0.0, (1.0 - work.done) * weights[name] * pace - (now - work.told).total_seconds())
        for name, work in at_work.items()
    ]
    waiting = sum(weights[name] * pace for name in candidates if name not in made and name not in at_work)
    return max((sum(in_hand) + waiting) / max(1, len(at_work)), *in_hand, 0.0)


def own_seconds(candidates: Sequence[Candidate]) -> dict[str, float]:
    """What each candidate itself took to make, by the id of its recipe: without the student that a quantized one was
    made from."""
    built = {id_of(candidate.recipe): candidate.build_seconds for candidate in candidates}

    def own(candidate: Candidate) -> float:
        recipe = candidate.recipe
        if not isinstance(recipe, Quantize) or isinstance(recipe.source, Original):
            return candidate.build_seconds
        return candidate.build_seconds - built.get(id_of(recipe.source), 0.0)

    return {id_of(candidate.recipe): own(candidate) for candidate in candidates}
