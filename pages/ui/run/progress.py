"""How far a study has come, worked out from what was told of it and its candidates. Pure: knows no Streamlit and no
store.

A resumed study begins anew with "preparing"; what was told before that counts only for the accuracies that were seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from compression.records.naming import id_of, id_today
from compression.records.progress import MEASURING_STAGES, Progress, Stage
from compression.records.recipes import LaneName, Recipe, builds_on, lane_of
from compression.records.study import Candidate, Failure
from compression.studies.estimate import Cost, Way, own_seconds, remaining_seconds, share_done
from compression.studies.selection import beaten, validated_of

Phase = Literal["preparing", "building", "measuring"]
# What each usually is of the whole.
PHASES: dict[Phase, float] = {"preparing": 0.1, "building": 0.6, "measuring": 0.3}
# What the worker's stages usually are of the measuring, in their order.
MEASURING: dict[Stage, float] = dict(zip(MEASURING_STAGES, (0.08, 0.2, 0.02, 0.5, 0.15, 0.05), strict=True))
TESTING: Stage = "checking accuracy"


@dataclass(frozen=True, kw_only=True)
class LaneProgress:
    """One lane: all its recipes, the candidates that are made, why others could not be, and how far each has come.

    ``at_work`` has the last that was told of those that somebody makes or tests now. ``beaten`` has the students that
    another objective taught better, each with the candidate that did, and ``not_wanted`` what would have been made from
    them.
    """

    lane: LaneName
    recipes: tuple[Recipe, ...]
    made: dict[str, Candidate]
    failed: dict[str, str]
    ways: dict[str, Way]
    at_work: dict[str, Progress]
    beaten: dict[str, str]
    not_wanted: frozenset[str]

    @property
    def ended(self) -> bool:
        """Whether everything is made that can be and is wanted, and nobody tests any of it."""
        behind = self.made.keys() | self.failed.keys() | self.not_wanted
        return bool(self.recipes) and len(behind) == len(self.recipes) and not self.at_work


@dataclass(frozen=True, kw_only=True)
class StudyProgress:
    """A study on its way. ``stage`` and ``done`` (0..1) are of the worker itself: while it prepares, asks the teacher
    and measures; None before the first. ``seen`` has the latest validation accuracy (0..1) told of each candidate."""

    phase: Phase
    stage: Stage | None
    done: float
    started: datetime | None
    lanes: tuple[LaneProgress, ...]
    seen: dict[str, float]

    def share_done(self, costs: Mapping[str, Cost]) -> float:
        """How much of the whole is over (0..1), each phase by what it usually takes."""
        if self.phase == "preparing":
            return 0.0
        if self.phase == "building":
            ways = {name: way for lane in self.lanes for name, way in lane.ways.items()}
            return PHASES["preparing"] + PHASES["building"] * share_done(ways, costs)
        behind = sum(share for stage, share in MEASURING.items() if self._is_behind(stage))
        now = MEASURING.get(self.stage, 0.0) if self.stage else 0.0
        return 1.0 - PHASES["measuring"] * (1.0 - behind - now * self.done)

    def _is_behind(self, stage: Stage) -> bool:
        return self.stage in MEASURING and MEASURING_STAGES.index(stage) < MEASURING_STAGES.index(self.stage)


def progress_of(
    recipes: Sequence[Recipe],
    told: Sequence[Progress],
    candidates: Sequence[Candidate],
    failures: Sequence[Failure] = (),
) -> StudyProgress:
    """All that the page of a running study shows. ``told`` oldest first, as the store gives them."""
    told = [_by_the_id_of_today(item) for item in told]
    current = _since_last_start(told)
    own = [item for item in current if item.lane is None]
    names: tuple[LaneName, ...] = ("distillation", "quantization")
    return StudyProgress(
        phase=_phase(current),
        stage=own[-1].stage if own else None,
        done=own[-1].done if own else 0.0,
        started=current[0].at if current else None,
        lanes=tuple(_lane(lane, recipes, current, candidates, failures) for lane in names),
        seen={item.candidate: item.validation_accuracy for item in told if item.candidate and item.validation_accuracy},
    )


def seconds_left(lane: LaneProgress, costs: Mapping[str, Cost], now: datetime) -> float | None:
    """Seconds until the lane has ended; None while it cannot be told. ``costs`` are of an earlier study."""
    return remaining_seconds(lane.ways, costs, now)


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
    # The original is exported before the lanes start, although it belongs to one; the teacher is asked when they do.
    built = (item.stage == "asking the teacher" if item.lane is None else item.stage != "exporting" for item in told)
    return "building" if any(built) else "preparing"


def _lane(
    lane: LaneName,
    recipes: Sequence[Recipe],
    told: Sequence[Progress],
    candidates: Sequence[Candidate],
    failures: Sequence[Failure],
) -> LaneProgress:
    own = tuple(recipe for recipe in recipes if lane_of(recipe) == lane)
    names = {id_of(recipe) for recipe in own}
    made = {id_of(candidate.recipe): candidate for candidate in candidates if id_of(candidate.recipe) in names}
    failed = {
        name: failure.message for failure in failures if (name := id_today(failure.candidate)) in names - made.keys()
    }
    lost = beaten(recipes, validated_of(candidates), failed)
    not_wanted = frozenset(id_of(recipe) for recipe in own if _parent(recipe) in lost)
    took = own_seconds(candidates)
    steps = {name: [item for item in told if item.candidate == name] for name in map(id_of, own)}
    ways = {
        name: _built_already(took[name], steps[name], settled=made[name].accuracy is not None or name in lost)
        if name in made
        else _being_built(steps[name])
        for name in steps
        if name not in failed.keys() | not_wanted
    }
    return LaneProgress(
        lane=lane,
        recipes=own,
        made=made,
        failed=failed,
        ways=ways,
        at_work={name: steps[name][-1] for name, way in ways.items() if way.told is not None},
        beaten={name: better for name, better in lost.items() if name in names},
        not_wanted=not_wanted,
    )


def _being_built(steps: Sequence[Progress]) -> Way:
    if not steps:
        return Way()
    first, last = steps[0], steps[-1]
    return Way(built=last.done, seconds=(last.at - first.at).total_seconds(), told=last.at)


def _built_already(build_seconds: float, steps: Sequence[Progress], *, settled: bool) -> Way:
    tests = [item for item in steps if item.stage == TESTING]
    seconds = build_seconds + ((tests[-1].at - tests[0].at).total_seconds() if tests else 0.0)
    if settled:
        return Way(built=1.0, tested=1.0, seconds=seconds)
    return Way(
        built=1.0, tested=tests[-1].done if tests else 0.0, seconds=seconds, told=tests[-1].at if tests else None
    )


def _parent(recipe: Recipe) -> str | None:
    parent = builds_on(recipe)
    return None if parent is None else id_of(parent)
