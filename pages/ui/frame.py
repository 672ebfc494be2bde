"""What is around every page: its title, the header, the navigation, and the one place where errors are caught.

A page is one ``with frame("Library"):`` around all it draws, and so is complete on its own: a deep link opened right
after the server started runs that page's script alone, without ``app.py``. Knows nothing of what a page shows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from compression.errors import WeighInError
from pages.ui import words
from pages.ui.supervision import keep_queue_moving

ROOT = Path(__file__).resolve().parents[2]

# A file of our own: a Material icon in the browser's tab would be fetched from the internet.
ICON = Path(__file__).with_name("icon.svg")

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
