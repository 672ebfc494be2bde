"""Run: ask a question, then watch it being answered until the page becomes the result. The study is in the address, and
all else in the store: a reload, a second visitor and a restarted server see the same.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from compression.errors import UsageError
from compression.records.recipes import Recipe
from compression.records.study import ALIVE
from compression.store.library import Library
from compression.store.studies import new_id
from compression.studies.estimate import Cost, Estimate, estimate, expected_costs, reference_costs
from pages.ui.run import words
from pages.ui.run.chart import show_chart
from pages.ui.run.form import choose_request, open_study, show_command, show_plan, start_study
from pages.ui.run.lanes import show_details, show_lanes
from pages.ui.run.outcome import show_outcome
from pages.ui.run.points import first_comparison, points_of
from pages.ui.run.progress import progress_of
from pages.ui.run.watching import show_first_comparison, show_heading
from pages.ui.shared.address import link
from pages.ui.shared.frame import errors_in_words, frame
from pages.ui.shared.library import open_library
from pages.ui.shared.view_only import not_by_viewers, view_only
from pages.ui.shared.words import RUN_PAGE, VIEW_ONLY


def ask(library: Library) -> None:
    """The form. Start stands beside the title, and so is always in sight, with the time that the study will take. A
    view-only link shows none of it."""
    if view_only():
        st.title(words.VIEW_ONLY_TITLE, anchor=False)
        st.markdown(VIEW_ONLY)
        return
    head = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small", key="head"
    )
    head.title(words.RUN_TITLE, anchor=False, width="content")
    st.markdown(words.RUN_LEAD)
    running = next((study for study in library.store.studies() if study.state in ALIVE), None)
    if running is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(words.QUEUE_BEFORE, icon=":material/hourglass_top:")
            st.button(words.WATCH, on_click=open_study, args=(running.id,), key="watch")
    if refused := st.session_state.pop("refused", None):
        st.error(refused, icon=":material/error:")
    try:
        request = choose_request()
    except UsageError as error:
        st.error(str(error), icon=":material/error:")
        return
    # Drawn before the button is pressed: a second press of the same button cannot start a second study.
    nonce = st.session_state.setdefault("next-study", new_id())
    expected = estimate(library, request)
    with head.container(horizontal=True, vertical_alignment="center", width="content", gap="small"):
        st.markdown(words.about(expected), help=words.known_from(expected), width="content")
        st.button(
            words.START,
            type="primary",
            icon=":material/play_arrow:",
            on_click=not_by_viewers(start_study),
            args=(library, request, nonce),
            key="start",
        )
    show_plan(request)
    show_command(request)


@errors_in_words()
def watch(
    library: Library,
    study_id: str,
    expected: Estimate,
    reference: Mapping[Recipe, Cost],
    *,
    was_alive: bool,
) -> None:
    """The study as it stands now. Runs again every second while it is alive; a full run follows when that changes."""
    entry = library.get(study_id)
    document, alive = entry.document, entry.study.state in ALIVE
    if was_alive != alive:
        st.rerun()
    known = {each.candidate: each for each in library.store.results.beforehand(study_id)}
    recipes = document.recipes or tuple(candidate.recipe for candidate in document.candidates)
    progress = progress_of(recipes, library.store.progress(study_id), document.candidates, document.failures)
    costs, now = expected_costs(recipes, reference), datetime.now(UTC)
    points = points_of(document, recipes, progress, known)
    elapsed_seconds = (now - progress.started).total_seconds() if progress.started else 0.0
    show_heading(library, entry, expected, elapsed_seconds=elapsed_seconds, done=progress.share_done(costs))
    show_outcome(library, entry)
    if alive:
        show_first_comparison(first_comparison(points, known))
    show_chart(points, known)
    if entry.study.state == "running":
        if progress.phase != "building":
            st.markdown(words.own_stage(progress.stage, progress.done, document.subject))
        show_lanes(progress, document.subject, costs, now)
    if recipes:
        show_details(progress, document, alive=alive)


with frame(RUN_PAGE):
    library = open_library()
    asked, found = st.query_params.get("study"), None
    if asked:
        with errors_in_words():
            found = library.get(asked)
    if found is None:
        ask(library)
    elif found.study.state == "completed":
        st.switch_page("app.py", query_params=link(found.study.id))
    else:
        alive = found.study.state in ALIVE
        st.fragment(watch, run_every=1.0 if alive else None)(
            library,
            found.study.id,
            estimate(library, found.study),
            reference_costs(library, found.study),
            was_alive=alive,
        )
