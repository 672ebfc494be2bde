"""The two lanes of a study side by side, and what the worker does before and after them. Draws; decides nothing."""

from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from compression.decision.numbers import in_percent, percent_range
from compression.report.colours import GLYPHS
from compression.report.glossary import explain, explain_each, explain_measured
from compression.store.naming import id_of, name_of
from compression.store.recipes import Recipe
from compression.store.records import Candidate
from pages.ui import lane_words
from pages.ui import study_words as words
from pages.ui.candidates import TEXT_COLOURS
from pages.ui.curve import show_curve
from pages.ui.progress import LaneProgress, Phase, Progress
from pages.ui.words import INTERVAL

PHASES: tuple[Phase, ...] = ("preparing", "building", "measuring", "deciding")


def show_phases(progress: Progress) -> None:
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
    progress: Progress, original: Candidate | None, reference: Mapping[str, float], now: datetime, *, alive: bool
) -> None:
    """Both lanes, each in its family's colour. ``reference`` holds what each candidate took in an earlier study."""
    for column, lane in zip(st.columns(2, gap="medium"), progress.lanes, strict=True):
        with column, st.container(border=True, height="stretch"):
            colour = TEXT_COLOURS[lane.lane]
            st.markdown(f"#### :{colour}[{GLYPHS[lane.lane]} {words.LANE_TITLES[lane.lane]}]")
            st.caption(explain(words.LANE_TITLES[lane.lane]), help=explain_each(*lane_words.LANE_TERMS[lane.lane]))
            if alive:
                _show_work(lane, progress, reference, now)
            _show_recipes(lane, original, alive=alive)
            if lane.lane == "quantization":
                if alive and progress.phase == "building":
                    st.caption(words.NO_TRAINING)
            elif lane.points or (alive and progress.phase == "building"):
                st.markdown(f"**{words.CHART}**", help=explain_each("Validation images", "Wilson interval"))
                show_curve(lane.points, key=f"curve-{lane.lane}")


def show_own_stage(progress: Progress) -> None:
    """What the worker itself does, while it prepares or measures."""
    with st.container(border=True):
        if progress.phase == "measuring":
            st.markdown(f"#### :material/scale: {words.MEASURING}")
        st.progress(progress.done, text=words.STAGES.get(progress.stage, progress.stage))


def _show_work(lane: LaneProgress, progress: Progress, reference: Mapping[str, float], now: datetime) -> None:
    recipes = [recipe for recipe in lane.recipes if id_of(recipe) in lane.at_work]
    if lane.ended:
        text = f":material/check_circle: {lane_words.lane_ended(len(lane.failed))}"
    elif recipes:
        text = f"**{lane_words.doing(recipes)}**"
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
        seen = lane.validation.get(candidate.id)
        made = lane_words.made(candidate, original, seen, beaten=candidate.id in lane.beaten)
        return f":material/check_circle: {name_of(recipe)}: {made}"
    if id_of(recipe) in lane.not_wanted:
        return f":gray[:material/do_not_disturb_on: {name_of(recipe)}: {lane_words.NOT_WANTED}]"
    if id_of(recipe) in lane.failed:
        return f":red[:material/error:] {name_of(recipe)}: {lane.failed[id_of(recipe)]}"
    if alive and id_of(recipe) in lane.at_work:
        _, last = lane.at_work[id_of(recipe)]
        done = f" · {last.done:.0%}" if last.done else ""
        return f":material/pending: **{name_of(recipe)}**{done}"
    return f":gray[:material/radio_button_unchecked: {name_of(recipe)}]"
