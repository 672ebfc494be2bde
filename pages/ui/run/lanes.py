"""The two lanes of a study side by side, and what the worker does before and after them. Draws; decides nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

import streamlit as st

from compression.decision.numbers import (
    accuracy_in_percent,
    in_bytes,
    in_percent,
    in_percent_with_range,
    percent_range,
    size_against,
)
from compression.decision.table import Spread
from compression.records.naming import id_of, name_of
from compression.records.objectives import FeatureObjective, needs_labels
from compression.records.recipes import Distill, LaneName, Original, Quantize, Recipe, Train
from compression.records.schemes import Qat
from compression.records.study import Candidate, Document
from compression.records.subject import Subject
from compression.report.colours import GLYPHS
from compression.report.glossary import explain, explain_each, explain_measured
from pages.ui.run import words
from pages.ui.run.curve import show_curve
from pages.ui.run.progress import LaneProgress, Phase, StudyProgress
from pages.ui.shared.charts import TEXT_COLOURS
from pages.ui.shared.scheme_words import quantizing
from pages.ui.shared.words import INTERVAL

PHASES: tuple[Phase, ...] = ("preparing", "building", "measuring", "deciding")


LANE_ENDED = "All files of this lane are made"
LANE_ENDED_WITHOUT = "This lane is done; {} could not be made"
SET_ASIDE = "set aside: taught better in another way"
NOT_WANTED = "not needed, since its student was set aside"
AT_ONCE = "Working on {} files at once"
# What the words of a lane mean.
LANE_TERMS: dict[LaneName, tuple[str, ...]] = {
    "distillation": ("Student", "Teacher", "Control"),
    "quantization": ("int8", "fp16", "Calibration"),
}


def show_phases(progress: StudyProgress) -> None:
    """Where the study is, on one line: what is behind it, what it does, what follows."""
    now = PHASES.index(progress.phase) if progress.phase in PHASES else 0
    # One element a phase: a narrow window breaks the line between phases only.
    with st.container(horizontal=True, gap="small"):
        for number, phase in enumerate(PHASES):
            word = words.PHASES[phase]
            if number < now:
                text = f":material/check_circle: {word}"
            elif number == now:
                text = f":violet[:material/pending: **{word}**]"
            else:
                text = f":gray[:material/radio_button_unchecked: {word}]"
            arrow = "" if number == 0 else ":gray[:material/chevron_right:] "
            st.markdown(f"{arrow}{text}", width="content")


def show_lanes(
    progress: StudyProgress, document: Document, reference: Mapping[str, float], now: datetime, *, alive: bool
) -> None:
    """Both lanes, each in its family's colour. ``reference`` holds what each candidate took in an earlier study."""
    original = next((candidate for candidate in document.candidates if candidate.id == "original"), None)
    for column, lane in zip(st.columns(2, gap="medium"), progress.lanes, strict=True):
        with column, st.container(border=True, height="stretch"):
            colour = TEXT_COLOURS[lane.lane]
            st.markdown(f"## :{colour}[{GLYPHS[lane.lane]} {words.LANE_TITLES[lane.lane]}]")
            st.caption(explain(words.LANE_TITLES[lane.lane]), help=explain_each(*LANE_TERMS[lane.lane]))
            if alive:
                _show_work(lane, progress, reference, now)
            _show_recipes(lane, original, alive=alive)
            if lane.lane == "quantization":
                if alive and progress.phase == "building":
                    st.caption(words.NO_TRAINING)
            elif lane.points or (alive and progress.phase == "building"):
                st.markdown(f"**{words.CHART}**", help=explain_each("Validation examples", "Wilson interval"))
                show_curve(lane.points, document.subject, key=f"curve-{lane.lane}")


def show_own_stage(progress: StudyProgress, subject: Subject) -> None:
    """What the worker itself does, while it prepares or measures."""
    with st.container(border=True):
        if progress.phase == "measuring":
            st.markdown(f"## :material/scale: {words.MEASURING}")
        st.progress(progress.done, text=words.stage(progress.stage, subject))


def _show_work(lane: LaneProgress, progress: StudyProgress, reference: Mapping[str, float], now: datetime) -> None:
    recipes = [recipe for recipe in lane.recipes if id_of(recipe) in lane.at_work]
    if lane.ended:
        text = f":material/check_circle: {lane_ended(len(lane.failed))}"
    elif recipes:
        text = f"**{doing(recipes)}**"
    else:
        text = words.LANE_BETWEEN if progress.phase == "building" else words.LANE_WAITS
    st.progress(lane.done, text=text)
    with st.container(horizontal=True):
        st.metric(words.MADE, words.MADE_OF.format(len(lane.made), len(lane.recipes) - len(lane.not_wanted)))
        if progress.phase == "building":
            left = words.NOTHING if lane.ended else words.time_left(lane.remaining_seconds(reference, now))
            st.metric(words.TIME_LEFT, left)
            if lane.lane == "distillation":
                accuracy = lane.points[-1].validation if lane.points else None
                st.metric(
                    words.ACCURACY_SO_FAR,
                    words.NOTHING if accuracy is None else in_percent(accuracy.value),
                    None if accuracy is None else INTERVAL.format(percent_range(accuracy)),
                    delta_color="off",
                    delta_arrow="off",
                    help=explain_measured("Validation accuracy"),
                )


def _show_recipes(lane: LaneProgress, original: Candidate | None, *, alive: bool) -> None:
    """Every recipe of the lane: made, failed, at work, or still to come."""
    # Two spaces end a line; a list would put its own bullets before the symbols.
    st.markdown("  \n".join(_line(recipe, lane, original, alive=alive) for recipe in lane.recipes))


def _line(recipe: Recipe, lane: LaneProgress, original: Candidate | None, *, alive: bool) -> str:
    candidate = lane.made.get(id_of(recipe))
    if candidate is not None:
        seen = lane.validation.get(id_of(recipe))
        text = made(candidate, original, seen, beaten=id_of(recipe) in lane.beaten)
        return f":material/check_circle: {name_of(recipe)}: {text}"
    if id_of(recipe) in lane.not_wanted:
        return f":gray[:material/do_not_disturb_on: {name_of(recipe)}: {NOT_WANTED}]"
    if id_of(recipe) in lane.failed:
        return f":red[:material/error:] {name_of(recipe)}: {lane.failed[id_of(recipe)]}"
    if alive and id_of(recipe) in lane.at_work:
        _, last = lane.at_work[id_of(recipe)]
        done = f" · {last.done:.0%}" if last.done else ""
        return f":material/pending: **{name_of(recipe)}**{done}"
    return f":gray[:material/radio_button_unchecked: {name_of(recipe)}]"


def doing(recipes: Sequence[Recipe]) -> str:
    """What is being done in a lane; which recipes, if they are several, stands below with their progress."""
    return _doing(recipes[0]) if len(recipes) == 1 else AT_ONCE.format(len(recipes))


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


def made(candidate: Candidate, original: Candidate | None, validation: Spread | None, *, beaten: bool = False) -> str:
    """A finished file: its size, how much smaller it is, the accuracy that is known by now, with its interval, and
    whether another one goes on in its place."""
    parts = [f"**{in_bytes(candidate.size_bytes)}**"]
    if original is not None and original.id != candidate.id:
        parts.append(size_against(candidate.size_bytes, original.size_bytes))
    if candidate.accuracy is not None:
        parts.append(f"{accuracy_in_percent(candidate.accuracy)} on the test")
    elif validation is not None:
        parts.append(f"{in_percent_with_range(validation)} in validation")
    elif candidate.validation_accuracy is not None:
        parts.append(f"{in_percent(candidate.validation_accuracy)} in validation")
    if beaten:
        parts.append(SET_ASIDE)
    return " · ".join(parts)
