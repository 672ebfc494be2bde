"""How far a study has come, worked out from its news and its candidates. Pure: knows no Streamlit and no store.

A resumed study begins anew with "preparing"; what was told before that counts only for the curves. Nothing here is an
estimate of its own: remaining times are those that the lanes told, less the time since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from compression.store.recipes import Family, LaneName, Recipe, family_of, id_of, lane_of, name_of
from compression.store.records import Candidate, News

Phase = Literal["preparing", "building", "measuring", "deciding"]
MEASURING_STAGES = ("checking accuracy", "timing", "weighing memory")


@dataclass(frozen=True, kw_only=True)
class Point:
    """Validation accuracy (0..1) of a student when ``done`` (0..1) of its training was over."""

    candidate: str
    name: str
    family: Family
    done: float
    validation_accuracy: float


@dataclass(frozen=True, kw_only=True)
class LaneProgress:
    """One lane: all its recipes, those that are made, and the news of the one at work (None between two)."""

    lane: LaneName
    recipes: tuple[Recipe, ...]
    made: dict[str, Candidate]
    current: News | None
    ended: bool
    points: tuple[Point, ...]

    @property
    def current_recipe(self) -> Recipe | None:
        """The recipe that is being carried out."""
        name = self.current.candidate if self.current else None
        return next((recipe for recipe in self.recipes if id_of(recipe) == name), None)

    def remaining_seconds(self, now: datetime) -> float | None:
        """Seconds until the lane has ended, as it told last, less the time since; None while it cannot tell."""
        if self.current is None or self.current.remaining_seconds is None:
            return None
        return max(0.0, self.current.remaining_seconds - (now - self.current.at).total_seconds())


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A study on its way. ``stage`` and ``done`` (0..1) are of the worker itself: while it prepares or measures."""

    phase: Phase
    stage: str
    done: float
    started: datetime | None
    lanes: tuple[LaneProgress, ...]


def progress_of(recipes: Sequence[Recipe], news: Sequence[News], candidates: Sequence[Candidate]) -> Progress:
    """All that the page of a running study shows. ``news`` oldest first, as the store gives them."""
    current = _since_last_start(news)
    own = [item for item in current if item.lane is None]
    lanes = tuple(_lane(lane, recipes, current, news, candidates) for lane in ("distillation", "quantization"))
    return Progress(
        phase=_phase(current),
        stage=own[-1].stage if own else "",
        done=own[-1].done if own else 0.0,
        started=current[0].at if current else None,
        lanes=lanes,
    )


def _since_last_start(news: Sequence[News]) -> Sequence[News]:
    starts = [index for index, item in enumerate(news) if item.lane is None and item.stage == "preparing"]
    return news[starts[-1] :] if starts else news


def _phase(news: Sequence[News]) -> Phase:
    if any(item.lane is None and item.stage in MEASURING_STAGES for item in news):
        return "measuring"
    # The original is exported before the lanes start, although it belongs to one.
    return "building" if any(item.lane is not None and item.candidate != "original" for item in news) else "preparing"


def _lane(
    lane: LaneName,
    recipes: Sequence[Recipe],
    current: Sequence[News],
    all_news: Sequence[News],
    candidates: Sequence[Candidate],
) -> LaneProgress:
    own = tuple(recipe for recipe in recipes if lane_of(recipe) == lane)
    names = {id_of(recipe) for recipe in own}
    made = {candidate.id: candidate for candidate in candidates if candidate.id in names}
    told = [item for item in current if item.lane == lane]
    last = told[-1] if told else None
    return LaneProgress(
        lane=lane,
        recipes=own,
        made=made,
        current=last if last is not None and last.candidate is not None and last.candidate not in made else None,
        ended=len(made) == len(own),
        points=_points(own, all_news),
    )


def _points(recipes: Sequence[Recipe], news: Sequence[News]) -> tuple[Point, ...]:
    """In the order of the recipes. A student that was begun twice shows its second training."""
    points: dict[tuple[str, float], Point] = {}
    for recipe in recipes:
        for item in news:
            if item.candidate == id_of(recipe) and item.validation_accuracy is not None:
                points[item.candidate, item.done] = Point(
                    candidate=item.candidate,
                    name=name_of(recipe),
                    family=family_of(recipe),
                    done=item.done,
                    validation_accuracy=item.validation_accuracy,
                )
    return tuple(points.values())
