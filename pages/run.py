"""Run: ask a question, then watch it being answered in two lanes. The study is in the address, and all else in the
store: a reload, a second visitor and a restarted server see the same.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from compression.errors import UsageError
from compression.records.naming import id_of, id_today
from compression.records.recipes import Recipe
from compression.records.study import ALIVE, Document
from compression.store.library import Library, LibraryEntry
from compression.store.studies import new_id
from compression.studies.estimate import Estimate, estimate, expected_seconds, reference_seconds
from compression.studies.presets import preset_named
from pages.ui.run import words
from pages.ui.run.form import choose_request, open_study, start_study
from pages.ui.run.lanes import show_lanes, show_own_stage, show_phases
from pages.ui.run.outcome import show_outcome
from pages.ui.run.progress import progress_of
from pages.ui.shared.frame import errors_in_words, frame
from pages.ui.shared.library import open_library
from pages.ui.shared.view_only import not_by_viewers, view_only
from pages.ui.shared.words import RUN_PAGE, VIEW_ONLY


def ask(library: Library) -> None:
    """The form, how long the study will take, and the button that starts it; none of it by a view-only link."""
    if view_only():
        st.title(words.VIEW_ONLY_TITLE, anchor=False)
        st.markdown(VIEW_ONLY)
        return
    st.title(words.RUN_TITLE, anchor=False)
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
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.button(
            words.START,
            type="primary",
            icon=":material/play_arrow:",
            on_click=not_by_viewers(start_study),
            args=(library, request, nonce),
            key="start",
        )
        st.markdown(words.expected(estimate(library, request)))


@errors_in_words()
def watch(
    library: Library, study_id: str, expected: Estimate | None, reference: Mapping[Recipe, float], *, was_alive: bool
) -> None:
    """The study as it stands now. Runs again every second while it is alive; a full run follows when that changes."""
    entry = library.get(study_id)
    study, alive = entry.study, entry.study.state in ALIVE
    if was_alive != alive:
        st.rerun()
    document = entry.document
    recipes = shown_recipes(document)
    progress = progress_of(
        recipes,
        library.store.progress(study.id),
        document.candidates,
        document.failures,
        validation_examples=document.subject.validation_examples,
    )
    now = datetime.now(UTC)
    show_heading(library, entry)
    if alive and progress.started is not None:
        st.markdown(words.overall((now - progress.started).total_seconds(), expected))
    show_outcome(library, entry)
    if study.state == "queued":
        return
    if alive:
        show_phases(progress)
        if progress.phase != "building":
            show_own_stage(progress, document.subject)
    show_lanes(progress, document, expected_seconds(recipes, reference), now, alive=alive)


def shown_recipes(document: Document) -> tuple[Recipe, ...]:
    """What a study is to make or, once it is complete, has made or failed to make."""
    made = tuple(candidate.recipe for candidate in document.candidates)
    if document.study.state != "completed":
        return document.recipes or made
    failed = {id_today(failure.candidate) for failure in document.failures}
    return (*made, *(recipe for recipe in document.recipes if id_of(recipe) in failed))


def show_heading(library: Library, entry: LibraryEntry) -> None:
    """What is weighed, how it was asked for, and Cancel."""
    study = entry.study
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        title, alive = entry.document.subject.title, study.state in ALIVE
        st.title(words.WEIGHING.format(title) if alive else title, anchor=False, width="content")
        if alive and not view_only():
            cancelling = library.store.cancel_requested(study.id)
            st.button(
                words.CANCELLING if cancelling else words.CANCEL,
                icon=":material/stop_circle:",
                disabled=cancelling,
                on_click=not_by_viewers(library.store.request_cancel),
                args=(study.id,),
                help=words.CANCEL_HELP,
                key="cancel",
            )
    st.caption(f"{words.settings(entry.document, preset_named(study.preset))}. {words.ANYONE}")


with frame(RUN_PAGE):
    library = open_library()
    asked, found = st.query_params.get("study"), None
    if asked:
        with errors_in_words():
            found = library.get(asked)
    if found is None:
        ask(library)
    else:
        alive = found.study.state in ALIVE
        expected = estimate(library, found.study) if alive else None
        reference = reference_seconds(library, found.study)
        st.fragment(watch, run_every=1.0 if alive else None)(
            library, found.study.id, expected, reference, was_alive=alive
        )
