"""The result of one study: the answer, the limits that it depends on and the curves behind it, on one screen."""

import streamlit as st

from compression.decision.table import conditions_of
from compression.decision.verdict import decide
from compression.store.library import Library, LibraryEntry
from pages.ui.front import words
from pages.ui.front.answer import show_answer, show_without_loss
from pages.ui.front.compare import show_compare
from pages.ui.front.curves import show_curves
from pages.ui.front.download import show_download
from pages.ui.front.examples import show_try
from pages.ui.front.files import show_files
from pages.ui.front.kept import table_under
from pages.ui.front.ready import ready
from pages.ui.front.sure import show_sure
from pages.ui.front.why import show_changes, show_why
from pages.ui.present.stage import presenting, show_stage
from pages.ui.shared import words as shared_words
from pages.ui.shared.address import Address
from pages.ui.shared.frame import errors_in_words, frame
from pages.ui.shared.header import show_header, study_of_header
from pages.ui.shared.library import chosen_study, open_library
from pages.ui.shared.limits import choose_limits, choose_target, condition_asked
from pages.ui.shared.states import show_no_study, show_refused, show_unfinished

CONTROLS_WIDTH_PX = 265


@st.fragment
@errors_in_words()
def answer() -> None:
    """All of the page, also its header, whose links carry the limits: it runs again whenever a control changes."""
    library = open_library()
    if presenting():
        page(library, chosen_study(library))
        return
    header, shown = st.container(gap="xsmall"), study_of_header(library)
    if shown is None:
        with header:
            show_header(shared_words.RESULT_PAGE, None)
        shown = chosen_study(library)
    try:
        page(library, shown)
    finally:
        # Last: what a limit changes is not to wait for it. The way to other pages is there also when this one fails.
        if shown is not None:
            with header:
                show_header(shared_words.RESULT_PAGE, shown)


def page(library: Library, entry: LibraryEntry | None) -> None:
    """The study that is shown, as far as there is one, and as far as it is done."""
    if entry is None:
        show_no_study(library)
    elif not conditions_of(entry.document):
        show_unfinished(entry)
    elif presenting():
        show_stage(entry)
    else:
        with st.container(gap="xsmall", key="result"):
            result(entry)


def result(entry: LibraryEntry) -> None:
    """The answer, the controls and the charts, and below them the tabs."""
    address = Address()
    # The answer stands above the controls that it depends on.
    answer_place = st.container(gap="xxsmall", key="answer")
    body = st.container(horizontal=True, gap="small", key="body")
    with body.container(border=True, width=CONTROLS_WIDTH_PX, key="controls"):
        target = choose_target(address)
        table = table_under(entry, condition_asked(entry.document, target, address))
        limits, preference = choose_limits(table, target, address)
    decision = decide(table, target, limits, preference)
    with answer_place:
        show_answer(decision)
    with body.container(width="stretch", gap="xxsmall", key="curves"):
        show_curves(entry, decision, table, address)
    # Stands below the answer (page.css), and comes after the controls for who goes from one to the next with a key.
    show_without_loss(decision)

    tabs = dict(zip(words.TABS, st.tabs(words.TABS, key="tabs", on_change="rerun"), strict=True))
    opened = next((name for name, tab in tabs.items() if tab.open), words.WHY)
    with tabs[opened]:
        match opened:
            case words.WHY:
                show_why(entry, decision, table)
            case words.CHANGE:
                show_changes(decision, table)
            case words.COMPARE:
                show_compare(entry, decision, table)
            case words.TRY:
                show_try(entry, decision)
            case words.FILES:
                show_files(entry.document, table, decision)
            case words.DOWNLOAD:
                show_download(entry, decision, table)
            case words.SURE:
                show_sure(entry, decision, table, target, address)
    show_refused(address)
    address.settle()


if __name__ == "__main__":
    # A link that names a second study asks for both.
    if "beside" in st.query_params:
        st.switch_page("pages/beside.py", query_params=st.query_params.to_dict())
    with frame(shared_words.RESULT_PAGE, header=False):
        answer()
else:
    # The server imports this file before anybody comes, so that nobody waits for what stands at its top.
    app = st.App("app.py", lifespan=ready)
