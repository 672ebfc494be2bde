"""The points of the live chart, and the first comparison that they allow. Pure: knows no Streamlit and no store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from compression.decision.preliminary import SoFar, preliminary
from compression.records.beforehand import Beforehand
from compression.records.naming import id_of, name_of
from compression.records.recipes import Family, Recipe, family_of
from compression.records.study import Candidate, Document
from pages.ui.run.progress import StudyProgress

ORIGINAL = "original"
# A student while it learns, a file that is made, and one that was tested; the original is tested before it comes here.
State = Literal["learning", "made", "tested"]


@dataclass(frozen=True, kw_only=True)
class Point:
    """One file by now: its size, which of a student that learns is about what it will be, and its accuracy (0..1): on
    the test once it is tested, before that on validation examples."""

    candidate: str
    name: str
    family: Family
    size_bytes: int
    accuracy: float
    state: State


def points_of(
    document: Document, recipes: Sequence[Recipe], progress: StudyProgress, known: Mapping[str, Beforehand]
) -> tuple[Point, ...]:
    """All files of which size and accuracy are known by now, in the study's order."""
    made = {id_of(candidate.recipe): candidate for candidate in document.candidates}
    return tuple(_points(recipes, made, progress, known))


def _points(
    recipes: Sequence[Recipe],
    made: Mapping[str, Candidate],
    progress: StudyProgress,
    known: Mapping[str, Beforehand],
) -> Iterator[Point]:
    failed = {name for lane in progress.lanes for name in lane.failed}
    for recipe in recipes:
        name, before = id_of(recipe), known.get(id_of(recipe))
        if name in failed:
            continue
        candidate = made.get(name)
        size_bytes = candidate.size_bytes if candidate else before.size_bytes if before else None
        accuracy, state = _accuracy(candidate, before, progress.seen.get(name))
        if size_bytes is not None and accuracy is not None:
            yield Point(
                candidate=name,
                name=name_of(recipe),
                family=family_of(recipe),
                size_bytes=size_bytes,
                accuracy=accuracy,
                state=state,
            )


def _accuracy(candidate: Candidate | None, before: Beforehand | None, seen: float | None) -> tuple[float | None, State]:
    if candidate is not None and candidate.accuracy is not None:
        return candidate.accuracy.value, "tested"
    if before is not None and before.test_accuracy is not None:
        return before.test_accuracy.value, "tested"
    if candidate is not None:
        return (candidate.validation_accuracy if seen is None else seen), "made"
    return seen, "learning"


def first_comparison(points: Sequence[Point], known: Mapping[str, Beforehand]) -> str | None:
    """What is ahead so far; None while there is nothing to compare."""
    original = next((point for point in points if point.candidate == ORIGINAL), None)
    if original is None:
        return None
    validated = known[ORIGINAL].validation_accuracy if ORIGINAL in known else None
    files = [
        SoFar(
            family=point.family,
            size_bytes=point.size_bytes,
            lost=against - point.accuracy,
            tested=point.state == "tested",
        )
        for point in points
        if point.state != "learning"
        and (against := _original_on_the_same(point, original, validated.value if validated else None)) is not None
    ]
    return preliminary(original.size_bytes, files)


def _original_on_the_same(point: Point, original: Point, validated: float | None) -> float | None:
    """The original's accuracy on the examples that the point's is on; None where it is not known."""
    if original.state == point.state:
        return original.accuracy
    return validated if point.state == "made" else None
