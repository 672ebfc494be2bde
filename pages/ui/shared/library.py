"""The studies a page may show: one handle on the store for the whole server, and which study the address asks for."""

import streamlit as st

from compression.errors import UnknownName
from compression.store.library import Library, LibraryEntry
from compression.store.studies import Store
from pages.ui.shared import words
from pages.ui.shared.address import link
from pages.ui.shared.plain import as_it_is

# In the header, and where an address names none that is there.
AT_MOST = 30


@st.cache_resource(show_spinner=False)
def open_library() -> Library:
    """The handle on all studies. The store is the truth: the handle holds nothing that cannot be read again, and may be
    made anew any time."""
    return Library(Store())


def chosen_study(library: Library) -> LibraryEntry | None:
    """The study that ``?study=`` names, else the usual one. None when there is no such study at all.

    Where nothing is known of the one that is asked for, says which there are, and the page ends there.
    """
    asked = st.query_params.get("study")
    if asked:
        try:
            return library.get(asked)
        except UnknownName:
            show_unknown(library, asked)
            st.stop()
    return usual_study(library)


def usual_study(library: Library) -> LibraryEntry | None:
    """The newest completed study of one's own, else of the recorded ones the one that most work went into; None without
    any. Never a preview, which is too rough to decide on."""
    completed = [entry for entry in library.all() if entry.study.state == "completed" and not entry.study.rough]
    own = [entry for entry in completed if not entry.recorded]
    return own[0] if own else max(completed, key=lambda entry: entry.study.seconds or 0.0, default=None)


def show_unknown(library: Library, asked: str) -> None:
    """That there is no such study, and links to those there are."""
    st.title(words.NO_SUCH_STUDY_TITLE, anchor=False)
    # What an address says is no Markdown.
    st.text(words.NO_SUCH_STUDY.format(asked))
    for entry in library.all()[:AT_MOST]:
        state = "" if entry.study.state == "completed" else f" ({words.STATES[entry.study.state]})"
        st.page_link(
            "app.py" if entry.study.state == "completed" else "pages/run.py",
            label=as_it_is(f"{title_of(entry)}{state}"),
            icon=":material/arrow_forward:",
            query_params=link(entry.study.id),
        )


def title_of(entry: LibraryEntry) -> str:
    """A study in one line: its name; without one what was weighed, how thoroughly, and when for one of one's own.
    Plain text, which may look like Markdown."""
    if entry.study.name:
        return entry.study.name
    model, dataset = _titles(entry.study.id, entry.study.state, entry)
    parts = [model, dataset, entry.study.preset.capitalize()]
    return " · ".join(parts if entry.recorded else [*parts, words.moment(entry.study.created, st.context.timezone)])


# What a study is about changes until it has started, and never again.
@st.cache_resource(show_spinner=False, max_entries=1000)
def _titles(study: str, state: str, _entry: LibraryEntry) -> tuple[str, str]:  # noqa: ARG001  # the cache's key
    subject = _entry.document.subject
    return subject.model_title, subject.dataset_title
