"""Test examples on a page: from the dataset of the study, each as its kind is looked at."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape

import streamlit as st

from compression.errors import UsageError
from compression.methods.modality import Shown
from compression.store.library import LibraryEntry
from compression.studies.tested import HeldOut, Tested, held_out, tested
from pages.ui.front import words


@st.cache_resource(show_spinner=False, max_entries=4)
def _held_out(dataset: str) -> HeldOut:
    return held_out(dataset)


def tested_or_say_why(entry: LibraryEntry) -> Tested | None:
    """The study's test examples with all answers; None where they are not here, which is then said."""
    try:
        return tested(entry, _held_out)
    except UsageError as error:
        st.info(str(error), icon=":material/visibility_off:")
        return None


def show_examples(shown: Sequence[tuple[Shown, str, str]]) -> None:
    """Examples beside each other: each with what it shows, for those who cannot see it, and two lines below."""
    st.html(f'<div class="examples">{"".join(_figure(*each) for each in shown)}</div>')


def _figure(shown: Shown, what: str, below: str) -> str:
    lines = "<br>".join(escape(line) for line in below.split("\n"))
    return f"<figure>{_content(shown, what)}<figcaption>{lines}</figcaption></figure>"


def _content(shown: Shown, what: str) -> str:
    """Text as a quotation, whatever else as the browser draws it."""
    if shown.media_type.startswith("text/"):
        return f"<blockquote>{escape(shown.content.decode())}</blockquote>"
    source = f"data:{shown.media_type};base64,{b64encode(shown.content).decode()}"
    return f'<img src="{source}" alt="{escape(what)}">'


def answer_in_words(answer: str, confidence: float) -> str:
    """'Shirt, 95%'."""
    return words.ANSWERED.format(answer, 100 * confidence)
