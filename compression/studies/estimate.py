"""How long a study will take, and how long a lane still needs: from one that was measured, an own earlier one or a
recorded one, and from the pace so far. Torch-free."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import assert_never

from compression.records.naming import id_of
from compression.records.objectives import FeatureObjective, SoftTargets
from compression.records.recipes import Distill, Original, Quantize, Recipe, Train, student_of
from compression.records.schemes import Qat
from compression.records.study import Candidate, Request
from compression.store.library import Library, LibraryEntry
from compression.studies.presets import preset_named
from compression.studies.request import student_budget_of

# Below this share of the work, the pace says more about starting up than about what is to come.
ENOUGH_TO_GO_BY = 0.02
# What one core gets through when it tests a network, and how many examples there are to train on where that is not
# known: both only weigh parts of a study against each other.
MACS_PER_SECOND = 4e10
USUAL_EXAMPLES = 50_000


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Seconds that a study will take: as long as one took before, on this computer or on ``machine``.

    ``other_subject`` is what that was about, where nothing but a study of another model or dataset is known. With
    neither it is what the preset usually takes.
    """

    seconds: float
    measured_here: bool = False
    machine: str | None = None
    other_subject: str | None = None


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What making and testing one candidate takes."""

    build_seconds: float
    test_seconds: float

    @property
    def seconds(self) -> float:
        """Both."""
        return self.build_seconds + self.test_seconds

    def left(self, way: "Way") -> float:
        """What is left of it for one that has come so far."""
        return (1.0 - way.built) * self.build_seconds + (1.0 - way.tested) * self.test_seconds


def estimate(library: Library, request: Request) -> Estimate:
    """What the same request took last time; else what another model or dataset took; else what is usual."""
    reference, same = _reference(library, request), True
    if reference is None:
        reference, same = _of_another_subject(library, request), False
    if reference is None or reference.study.seconds is None:
        return Estimate(seconds=_usual_seconds(request))
    machine = reference.document.machine
    return Estimate(
        seconds=reference.study.seconds,
        measured_here=not reference.recorded,
        machine=f"{machine.cpu}, {machine.cores} cores" if machine else None,
        other_subject=None if same else reference.document.subject.title,
    )


def _usual_seconds(request: Request) -> float:
    """What the preset takes on two cores; of that, about half goes by how long students are trained."""
    preset = preset_named(request.preset)
    usual, asked = preset.student_budget, student_budget_of(request)
    share = asked.epochs_on(USUAL_EXAMPLES) / usual.epochs_on(USUAL_EXAMPLES)
    return preset.usual_seconds * (1.0 + share) / 2.0


def reference_costs(library: Library, request: Request) -> dict[Recipe, Cost]:
    """What each kind of work took when the same request was answered last time; empty when it never was."""
    reference = _reference(library, request)
    if reference is None:
        return {}
    document = reference.document
    took, examples = own_seconds(document.candidates), document.subject.test_examples or 0
    return {
        _work(candidate.recipe): Cost(
            build_seconds=took[id_of(candidate.recipe)], test_seconds=examples * candidate.macs / MACS_PER_SECOND
        )
        for candidate in document.candidates
    }


def expected_costs(recipes: Iterable[Recipe], reference: Mapping[Recipe, Cost]) -> dict[str, Cost]:
    """What each of the ``recipes`` will take, by its id, as far as ``reference`` tells."""
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


def _of_another_subject(library: Library, request: Request) -> LibraryEntry | None:
    """The newest completed study that was asked for alike, but for its model and dataset."""
    return next(
        (
            entry
            for entry in library.all()
            if _asked(entry.study)[2:] == _asked(request)[2:] and entry.study.state == "completed"
        ),
        None,
    )


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
class Way:
    """How far a candidate has come: which shares (0..1) of it are ``built`` and ``tested``, and the seconds that took.
    ``told`` is when that was heard, of one that somebody works on now."""

    built: float = 0.0
    tested: float = 0.0
    seconds: float = 0.0
    told: datetime | None = None


def share_done(ways: Mapping[str, Way], reference: Mapping[str, Cost]) -> float:
    """How much of making and testing these candidates is over (0..1), each by what it took in an earlier study; those
    that ``reference`` lacks count as typical."""
    everything, left = _costs(ways, reference)
    return 1.0 - sum(left.values()) / everything if everything else 0.0


def remaining_seconds(ways: Mapping[str, Way], reference: Mapping[str, Cost], now: datetime) -> float | None:
    """Seconds until all these candidates are made and tested; None while it is too early to tell.

    The proportions are those of ``share_done``, the pace is that so far. What waits is shared among as many processes
    as are at work now.
    """
    everything, left = _costs(ways, reference)
    behind = everything - sum(left.values())
    if behind <= ENOUGH_TO_GO_BY * everything:
        return None
    pace = sum(way.seconds for way in ways.values()) / behind
    in_hand = [
        max(0.0, left[name] * pace - (now - way.told).total_seconds())
        for name, way in ways.items()
        if way.told is not None
    ]
    waiting = sum(left[name] * pace for name, way in ways.items() if way.told is None)
    return max((sum(in_hand) + waiting) / max(1, len(in_hand)), *in_hand, 0.0)


def _costs(ways: Mapping[str, Way], reference: Mapping[str, Cost]) -> tuple[float, dict[str, float]]:
    """What all of it costs, and what is left of each."""
    typical = _mean(reference.values())
    costs = {name: reference.get(name, typical) for name in ways}
    return sum(cost.seconds for cost in costs.values()), {name: costs[name].left(way) for name, way in ways.items()}


def _mean(costs: Collection[Cost]) -> Cost:
    if not costs:
        return Cost(build_seconds=1.0, test_seconds=1.0)
    return Cost(
        build_seconds=fmean(cost.build_seconds for cost in costs),
        test_seconds=fmean(cost.test_seconds for cost in costs),
    )


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
