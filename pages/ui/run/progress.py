"""How far a study has come, worked out from its told and its candidates. Pure: knows no Streamlit and no store.

A resumed study begins anew with "preparing"; what was told before that counts only for the curves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from compression.decision.table import Spread
from compression.measurement.accuracy.wilson import wilson_interval
from compression.records.naming import id_of, id_today, name_of
from compression.records.progress import MEASURING_STAGES, Progress, Stage
from compression.records.recipes import Family, LaneName, Recipe, builds_on, family_of, lane_of, student_of
from compression.records.study import Candidate, Failure
from compression.studies.estimate import AtWork, own_seconds, remaining_seconds
from compression.studies.selection import beaten, validated_of

Phase = Literal["preparing", "building", "measuring", "deciding"]


@dataclass(frozen=True, kw_only=True)
class Point:
    """Validation accuracy of a student, a share with its 95 % Wilson interval, when ``done`` (0..1) of its training was
    over."""

    candidate: str
    name: str
    size: str
    family: Family
    done: float
    validation: Spread


@dataclass(frozen=True, kw_only=True)
class LaneProgress:
    """One lane: all its recipes, the candidates that are made, why others could not be, and those at work (none between
    two), with the first and the last that was told of each. ``points`` are the curves, ``validation`` their ends.

    ``beaten`` has the students that another objective taught better, each with the candidate that did, and
    ``not_wanted`` what would have been made from them.
    """

    lane: LaneName
    recipes: tuple[Recipe, ...]
    made: dict[str, Candidate]
    failed: dict[str, str]
    at_work: dict[str, tuple[Progress, Progress]]
    points: tuple[Point, ...]
    beaten: dict[str, str]
    not_wanted: frozenset[str]

    @property
    def validation(self) -> dict[str, Spread]:
        """The latest validation accuracy of each student, by its id."""
        return {point.candidate: point.validation for point in self.points}

    @property
    def ended(self) -> bool:
        """Whether everything is made that can be and is wanted."""
        return bool(self.recipes) and self._behind == len(self.recipes)

    @property
    def done(self) -> float:
        """The share (0..1) of the lane's candidates that is done with, those at work counted by their own share."""
        done = self._behind + sum(last.done for _, last in self.at_work.values())
        # What is to be made is kept a moment after a study has begun.
        return done / len(self.recipes) if self.recipes else 0.0

    @property
    def _behind(self) -> int:
        return len(self.made.keys() | self.failed.keys() | self.not_wanted)

    def remaining_seconds(self, reference: Mapping[str, float], now: datetime) -> float | None:
        """Seconds until the lane has ended; None while it cannot be told. ``reference`` is of an earlier study."""
        return remaining_seconds(
            [id_of(recipe) for recipe in self.recipes if id_of(recipe) not in self.failed.keys() | self.not_wanted],
            reference=reference,
            made=own_seconds(tuple(self.made.values())),
            at_work={
                name: AtWork(since=first.at, told=last.at, done=last.done)
                for name, (first, last) in self.at_work.items()
            },
            now=now,
        )


@dataclass(frozen=True, kw_only=True)
class StudyProgress:
    """A study on its way. ``stage`` and ``done`` (0..1) are of the worker itself: while it prepares or measures;
    None before the first."""

    phase: Phase
    stage: Stage | None
    done: float
    started: datetime | None
    lanes: tuple[LaneProgress, ...]


def progress_of(
    recipes: Sequence[Recipe],
    told: Sequence[Progress],
    candidates: Sequence[Candidate],
    failures: Sequence[Failure] = (),
    *,
    validation_examples: int | None,
) -> StudyProgress:
    """All that the page of a running study shows. ``told`` oldest first, as the store gives them; the dataset has so
    many ``validation_examples``, on all of which a student is looked at; without their number there are no curves."""
    told = [_by_the_id_of_today(item) for item in told]
    current = _since_last_start(told)
    own = [item for item in current if item.lane is None]
    names: tuple[LaneName, ...] = ("distillation", "quantization")
    points = () if validation_examples is None else _points(recipes, told, validation_examples)
    lanes = tuple(_lane(lane, recipes, current, points, candidates, failures=failures) for lane in names)
    return StudyProgress(
        phase=_phase(current),
        stage=own[-1].stage if own else None,
        done=own[-1].done if own else 0.0,
        started=current[0].at if current else None,
        lanes=lanes,
    )


def _by_the_id_of_today(item: Progress) -> Progress:
    # Most steps are left as they are: a page reads thousands of them every second.
    today = None if item.candidate is None else id_today(item.candidate)
    return item if item.candidate == today else item.model_copy(update={"candidate": today})


def _since_last_start(told: Sequence[Progress]) -> Sequence[Progress]:
    starts = [index for index, item in enumerate(told) if item.lane is None and item.stage == "preparing"]
    return told[starts[-1] :] if starts else told


def _phase(told: Sequence[Progress]) -> Phase:
    if any(item.lane is None and item.stage in MEASURING_STAGES for item in told):
        return "measuring"
    # The original is exported before the lanes start, although it belongs to one.
    return "building" if any(item.lane is not None and item.candidate != "original" for item in told) else "preparing"


def _lane(
    lane: LaneName,
    recipes: Sequence[Recipe],
    current: Sequence[Progress],
    points: Sequence[Point],
    candidates: Sequence[Candidate],
    *,
    failures: Sequence[Failure],
) -> LaneProgress:
    own = tuple(recipe for recipe in recipes if lane_of(recipe) == lane)
    names = {id_of(recipe) for recipe in own}
    made = {id_of(candidate.recipe): candidate for candidate in candidates if id_of(candidate.recipe) in names}
    told_of = {id_today(failure.candidate): failure.message for failure in failures}
    failed = {name: message for name, message in told_of.items() if name in names}
    told = [item for item in current if item.candidate in names - made.keys() - failed.keys()]
    last = {item.candidate: item for item in told if item.candidate}
    first = {item.candidate: item for item in reversed(told) if item.candidate}
    lost = beaten(recipes, validated_of(candidates), failed)
    return LaneProgress(
        lane=lane,
        recipes=own,
        made=made,
        failed=failed,
        at_work={name: (first[name], last[name]) for name in map(id_of, own) if name in last},
        points=tuple(point for point in points if point.candidate in names),
        beaten={name: better for name, better in lost.items() if name in names},
        not_wanted=frozenset(id_of(recipe) for recipe in own if _parent(recipe) in lost),
    )


def _parent(recipe: Recipe) -> str | None:
    parent = builds_on(recipe)
    return None if parent is None else id_of(parent)


def _points(recipes: Sequence[Recipe], told: Sequence[Progress], examples: int) -> tuple[Point, ...]:
    """In the order of the recipes. A student that was begun twice shows its second training."""
    points: dict[tuple[str, float], Point] = {}
    for recipe in recipes:
        student = student_of(recipe)
        if student is None:
            continue
        for item in told:
            if item.candidate == id_of(recipe) and item.validation_accuracy is not None:
                low, high = wilson_interval(round(item.validation_accuracy * examples), examples)
                points[item.candidate, item.done] = Point(
                    candidate=item.candidate,
                    name=name_of(recipe),
                    size=student.title,
                    family=family_of(recipe),
                    done=item.done,
                    validation=Spread(value=item.validation_accuracy, low=low, high=high),
                )
    return tuple(points.values())
