"""What is around every page: its title, the header, the navigation, and the one place where errors are caught.

A page is one ``with frame("Library"):`` around all it draws, and so is complete on its own: a deep link opened right
after the server started runs that page's script alone, without ``app.py``.

One supervisor serves the whole server: it starts what waits in the queue, also what waited before a restart. The handle
that is cached here is no job: a study's worker is a process of its own and outlives it, and all that is known of it is
in the store.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from compression.errors import WeighInError
from compression.store.studies import Store
from compression.studies.supervisor import start_in_background
from pages.ui.shared import words

ROOT = Path(__file__).resolve().parents[3]

# A file of our own: a Material icon in the browser's tab would be fetched from the internet.
ICON = Path(__file__).parents[1] / "icon.svg"

# Script, label, icon; a page appears in the navigation once its script exists.
PAGES: tuple[tuple[str, str, str], ...] = (
    ("app.py", words.VERDICT_PAGE, ":material/balance:"),
    ("pages/run.py", words.RUN_PAGE, ":material/play_circle:"),
    ("pages/library.py", words.LIBRARY_PAGE, ":material/shelves:"),
    ("pages/differences.py", words.INSIDE_PAGE, ":material/layers:"),
    ("pages/method.py", words.METHOD_PAGE, ":material/straighten:"),
)

# Lines of text stay readable and two charts fit side by side; a narrower window takes its own width.
PAGE_WIDTH_PX = 1160

# Side by side, the links with their icons are wider than a phone.
NARROW_NAVIGATION = """<style>
@media (max-width: 480px) { .st-key-navigation a > span:has(> [data-testid="stIconMaterial"]) { display: none; } }
</style>"""


@contextmanager
def frame(title: str) -> Iterator[None]:
    """Draw the header and the navigation, then the page inside; ``title`` is for the browser's tab.

    Must come before any other Streamlit call of the page. A WeighInError raised inside is shown as one sentence.
    """
    st.set_page_config(page_title=f"{title} · {words.PRODUCT}", page_icon=ICON, layout="wide")
    with st.container(horizontal_alignment="center"), st.container(width=PAGE_WIDTH_PX):
        _header()
        with errors_in_words():
            try:
                yield
            finally:
                # After the page, which waits for nothing; and also when it stopped early.
                keep_queue_moving()


@contextmanager
def errors_in_words() -> Iterator[None]:
    """Show a WeighInError as an error box. ``frame`` does this; a fragment that reruns on its own needs its own.

    Also a decorator: ``@st.fragment(run_every=1.0)`` above ``@errors_in_words()``.
    """
    try:
        yield
    except WeighInError as error:
        st.error(str(error), icon=":material/error:")


def _header() -> None:
    st.html(NARROW_NAVIGATION)
    row = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    with row:
        st.markdown(f"#### :material/balance: {words.PRODUCT} &nbsp;:gray[:small[{words.TAGLINE}]]", width="content")
        with st.container(horizontal=True, width="content", gap="small", key="navigation"):
            for script, label, icon in PAGES:
                if (ROOT / script).is_file():
                    st.page_link(script, label=label, icon=icon)


def _stop(stop: threading.Event) -> None:
    stop.set()


# A visitor's "Clear cache" drops the handle; then the thread ends too, and the next page view starts another one.
@st.cache_resource(show_spinner=False, on_release=_stop)
def keep_queue_moving() -> threading.Event:
    """Start the supervisor, unless it runs. Raises UsageError when the home folder cannot be written to."""
    return start_in_background(Store())
