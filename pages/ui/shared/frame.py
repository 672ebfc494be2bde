"""What is around every page: its title, the header, the navigation, and the one place where errors are caught.

A page is one ``with frame("Library"):`` around all it draws, and so is complete on its own: a deep link opened right
after the server started runs that page's script alone, without ``app.py``.

One supervisor serves the whole server: it starts what waits in the queue, also what waited before a restart. The handle
that is cached here is no job: a study's worker is a process of its own and outlives it, and all that is known of it is
in the store.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from compression.errors import WeighInError
from compression.store.studies import Store
from compression.studies.supervisor import InBackground, start_in_background
from pages.ui.shared import words
from pages.ui.shared.header import show_header, study_of_header
from pages.ui.shared.library import open_library
from pages.ui.shared.plain import as_it_is

ROOT = Path(__file__).resolve().parents[3]

# A file of our own: a Material icon in the browser's tab would be fetched from the internet.
ICON = Path(__file__).parents[1] / "icon.svg"
STYLE = Path(__file__).with_name("page.css")

# Two charts and a column of controls fit side by side; on a wider screen lines would be too long to follow.
PAGE_WIDTH_PX = 1840


@contextmanager
def frame(title: str, *, header: bool = True) -> Iterator[None]:
    """Draw the header, then the page inside; ``title`` is what the header calls the page, and for the browser's tab.

    Must come before any other Streamlit call of the page. A WeighInError raised inside is shown as one sentence. A page
    whose header changes with what is set on it draws it itself, without ``header``.
    """
    st.set_page_config(page_title=f"{title} · {words.PRODUCT}", page_icon=ICON, layout="wide")
    st.html(STYLE)
    with st.container(horizontal_alignment="center"), st.container(width=PAGE_WIDTH_PX, gap="small"):
        if header:
            with errors_in_words(stops=True):
                show_header(title, study_of_header(open_library()))
        with errors_in_words():
            try:
                yield
            finally:
                # After the page, which waits for nothing; and also when it stopped early.
                keep_queue_moving()


@contextmanager
def errors_in_words(*, stops: bool = False) -> Iterator[None]:
    """Show a WeighInError as an error box, after which the page ``stops`` or goes on. ``frame`` does this; a fragment
    that reruns on its own needs its own.

    Also a decorator: ``@st.fragment(run_every=1.0)`` above ``@errors_in_words()``.
    """
    try:
        yield
    except WeighInError as error:
        st.error(as_it_is(str(error)), icon=":material/error:")
        if stops:
            st.stop()


# A visitor's "Clear cache" drops the handle; then the thread ends too, and the next page view starts another one.
@st.cache_resource(show_spinner=False, on_release=InBackground.end)
def keep_queue_moving() -> InBackground:
    """Start the supervisor, unless it runs. Raises UsageError when the home folder cannot be written to."""
    return start_in_background(Store())
