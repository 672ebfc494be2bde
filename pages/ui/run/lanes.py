"""The two lanes of a study: a line each, and folded below it each of their files. Draws; decides nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

import streamlit as st

from compression.decision.numbers import accuracy_in_percent, in_bytes, in_percent, size_against
from compression.records.naming import id_of, name_of
from compression.records.objectives import FeatureObjective, needs_labels
from compression.records.progress import Progress
from compression.records.recipes import Distill, LaneName, Original, Quantize, Recipe, Train
from compression.records.schemes import Qat
from compression.records.study import Candidate, Document
from compression.records.subject import Subject
from compression.report.colours import GLYPHS
from compression.report.glossary import explain, explain_each
from compression.studies.estimate import Cost
from pages.ui.run import words
from pages.ui.run.progress import TESTING, LaneProgress, StudyProgress, seconds_left
from pages.ui.shared.charts import TEXT_COLOURS
from pages.ui.shared.scheme_words import quantizing

LANE_ENDED = "All its files are made"
LANE_ENDED_WITHOUT = "Done; {} could not be made"
SET_ASIDE = "set aside: taught better in another way"
NOT_WANTED = "not needed, since its student was set aside"
AT_ONCE = "Working on {} files at once"
TESTING_ONE = "Testing {}"
# What the words of a lane mean.
LANE_TERMS: dict[LaneName, tuple[str, ...]] = {
    "distillation": ("Student", "Teacher", "Control"),
    "quantization": ("int8", "fp16", "Calibration"),
}


def show_lanes(progress: StudyProgress, subject: Subject, costs: Mapping[str, Cost], now: datetime) -> None:
    """One line a lane: what it does, how many of its files are made, how long it still takes."""
    for lane in progress.lanes:
        mark = f":{TEXT_COLOURS[lane.lane]}[{GLYPHS[lane.lane]} **{words.LANE_TITLES[lane.lane]}**]"
        parts = [f"{mark}&ensp;{_work(lane, progress, subject)}"]
        parts.append(words.MADE.format(len(lane.made), len(lane.recipes) - len(lane.not_wanted)))
        if not lane.ended and (left := seconds_left(lane, costs, now)) is not None:
            parts.append(words.LEFT.format(words.time_left(left)))
        st.markdown(" · ".join(parts))


def show_details(progress: StudyProgress, document: Document, *, alive: bool) -> None:
    """Both lanes side by side, file by file."""
    original = next((candidate for candidate in document.candidates if candidate.id == "original"), None)
    with st.expander(words.DETAILS, expanded=not alive):
        for column, lane in zip(st.columns(2, gap="medium"), progress.lanes, strict=True):
            with column:
                title = words.LANE_TITLES[lane.lane]
                st.markdown(f"**{title}**", help=f"{explain(title)}\n\n{explain_each(*LANE_TERMS[lane.lane])}")
                # Two spaces end a line; a list would put its own bullets before the symbols.
                st.markdown(
                    "  \n".join(_line(recipe, lane, progress, original, alive=alive) for recipe in lane.recipes)
                )


def _work(lane: LaneProgress, progress: StudyProgress, subject: Subject) -> str:
    at_work = [recipe for recipe in lane.recipes if id_of(recipe) in lane.at_work]
    if at_work:
        return doing(at_work, lane.at_work)
    if lane.ended:
        return lane_ended(len(lane.failed))
    if lane.lane == "distillation" and progress.stage == "asking the teacher":
        return f"{words.stage(progress.stage, subject)}, {progress.done:.0%}"
    return words.LANE_BETWEEN if progress.phase == "building" else words.LANE_WAITS


def _line(
    recipe: Recipe, lane: LaneProgress, progress: StudyProgress, original: Candidate | None, *, alive: bool
) -> str:
    """A recipe of the lane: made, failed, at work, or still to come."""
    candidate = lane.made.get(id_of(recipe))
    if candidate is not None:
        seen = progress.seen.get(id_of(recipe))
        text = made(candidate, original, seen, beaten=id_of(recipe) in lane.beaten)
        return f":material/check_circle: {name_of(recipe)}: {text}"
    if id_of(recipe) in lane.not_wanted:
        return f":gray[:material/do_not_disturb_on: {name_of(recipe)}: {NOT_WANTED}]"
    if id_of(recipe) in lane.failed:
        return f":red[:material/error:] {name_of(recipe)}: {lane.failed[id_of(recipe)]}"
    if alive and id_of(recipe) in lane.at_work:
        last = lane.at_work[id_of(recipe)]
        done = f" · {last.done:.0%}" if last.done else ""
        return f":material/pending: **{name_of(recipe)}**{done}"
    return f":gray[:material/radio_button_unchecked: {name_of(recipe)}]"


def doing(recipes: Sequence[Recipe], last: Mapping[str, Progress]) -> str:
    """What is being done in a lane; which recipes, if they are several, stands in the details with their progress."""
    if len(recipes) > 1:
        return AT_ONCE.format(len(recipes))
    (recipe,) = recipes
    if last[id_of(recipe)].stage == TESTING:
        name = name_of(recipe)
        return TESTING_ONE.format(f"the {name[0].lower()}{name[1:]}")
    return _doing(recipe)


def _doing(recipe: Recipe) -> str:
    match recipe:
        case Original():
            return "Writing the original as one file"
        case Quantize(source=source, scheme=scheme):
            if isinstance(scheme, Qat):
                return f"Training {_what(source)} on while its numbers are rounded to 8 bits"
            return quantizing(f"{_what(source)}'s", scheme)
        case Distill(student=student, objective=objective):
            taught_with = "answers and features" if isinstance(objective, FeatureObjective) else "answers"
            without = "" if needs_labels(objective) else ", without labels"
            return f"Teaching the {student.title} student with the original's {taught_with}{without}"
        case Train(student=student):
            return f"Training the {student.title} student without the teacher, for comparison"
        case _:
            assert_never(recipe)


def _what(source: Original | Distill | Train) -> str:
    """What is quantized, in the middle of a sentence."""
    match source:
        case Original():
            return "the original"
        case Distill(student=student):
            return f"the distilled {student.title} student"
        case Train(student=student):
            return f"the untaught {student.title} student"
        case _:
            assert_never(source)


def lane_ended(failed: int) -> str:
    """What a lane has come to."""
    return LANE_ENDED_WITHOUT.format(f"{failed} file{'' if failed == 1 else 's'}") if failed else LANE_ENDED


def made(candidate: Candidate, original: Candidate | None, seen: float | None, *, beaten: bool = False) -> str:
    """A finished file: its size, how much smaller it is, the accuracy that is known by now (on the test with its
    interval; ``seen`` is on validation examples), and whether another one goes on in its place."""
    validated = candidate.validation_accuracy if seen is None else seen
    parts = [f"**{in_bytes(candidate.size_bytes)}**"]
    if original is not None and original.id != candidate.id:
        parts.append(size_against(candidate.size_bytes, original.size_bytes))
    if candidate.accuracy is not None:
        parts.append(f"{accuracy_in_percent(candidate.accuracy)} on the test")
    elif validated is not None:
        parts.append(f"{in_percent(validated)} in validation")
    if beaten:
        parts.append(SET_ASIDE)
    return " · ".join(parts)
