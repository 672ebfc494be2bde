"""An example of one's own, from a file or what the browser records with, through every file of the study at once.

A process apart computes, and nothing is kept: the page has the answers for as long as it is open.
"""

from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from compression.decision.verdict import Decision
from compression.errors import UsageError
from compression.methods.modality import Shown
from compression.records.own_example import OwnAnswers
from compression.report.glossary import explain
from compression.store.library import LibraryEntry
from compression.studies.ask_files import ask_files, recorder_for
from pages.ui.front import words
from pages.ui.front.gallery import show_examples
from pages.ui.shared import words as shared_words
from pages.ui.shared.library import open_library
from pages.ui.shared.plain import as_it_is

LARGEST_MB = 50
ANSWERS = "own-answers"


def show_own(entry: LibraryEntry, decision: Decision) -> None:
    """A place to put a file, and a line for what each of the study's files answers to it."""
    subject = entry.document.subject
    beside, answers = st.columns([2, 3], gap="medium")
    with beside:
        sent = _sent(entry)
        st.caption(words.own_note(subject))
    if sent is None:
        return
    with answers:
        found = _answered(entry, sent.file_id, sent.getvalue())
        if isinstance(found, str):
            st.error(as_it_is(found), icon=":material/error:")
            return
        _show_answers(found, entry, decision)
    with beside:
        seen = words.as_seen(subject)
        show_examples([(Shown(media_type=found.media_type, content=found.content), seen, seen)])


def answer_columns() -> dict[str, Any]:
    """Of a table of what files answer."""
    text = st.column_config.TextColumn
    return {
        "name": text(shared_words.CANDIDATE, help=explain("Candidate")),
        "answer": text(words.ANSWER, help=explain("Class")),
        "confidence": st.column_config.ProgressColumn(
            words.CONFIDENCE, help=explain("Confidence"), format="%.0f%%", min_value=0, max_value=100
        ),
    }


def _sent(entry: LibraryEntry) -> UploadedFile | None:
    """What the visitor has sent; None before that."""
    noun = entry.document.subject.noun
    if recorder_for(entry.study.dataset) == "camera" and st.toggle(words.USE_CAMERA, key="record"):
        return st.camera_input(words.USE_CAMERA, key="own-recorded", label_visibility="collapsed")
    return st.file_uploader(words.OWN_FILE.format(noun), max_upload_size=LARGEST_MB, key="own-file")


def _answered(entry: LibraryEntry, file_id: str, content: bytes) -> OwnAnswers | str:
    """The answers, or why there are none. Asked once, however often the page is drawn."""
    asked = (entry.study.id, file_id)
    if st.session_state.get(ANSWERS, (None,))[0] != asked:
        with st.spinner(words.ASKING):
            try:
                found: OwnAnswers | str = ask_files(entry.study.id, content, open_library().store.home)
            except UsageError as error:
                found = str(error)
        st.session_state[ANSWERS] = (asked, found)
    answered: OwnAnswers | str = st.session_state[ANSWERS][1]
    return answered


def _show_answers(found: OwnAnswers, entry: LibraryEntry, decision: Decision) -> None:
    chosen = None if decision.choice is None else decision.choice.id
    names = {candidate.id: candidate.name for candidate in entry.document.candidates}
    told = words.agreed([each.answer for each in found.answers])
    st.markdown(told)
    st.dataframe(
        [
            {
                "name": f"{words.CHOSEN_MARK if each.candidate == chosen else ''}{names[each.candidate]}",
                "answer": each.answer,
                "confidence": 100 * each.confidence,
                "milliseconds": each.milliseconds,
            }
            for each in found.answers
        ],
        hide_index=True,
        height=300,
        column_config={
            **answer_columns(),
            "milliseconds": st.column_config.NumberColumn(words.TOOK, help=words.TOOK_HELP, format="%.3g ms"),
        },
        alt=told,
    )
    if found.missing:
        st.caption(words.NOT_HERE.format(", ".join(found.missing)))
