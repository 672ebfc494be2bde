"""Try an example: one of the test, and what every file answered to it, which was kept; or one of one's own."""

import streamlit as st

from compression.decision.two_answers import examples_to_try, right
from compression.decision.verdict import Decision
from compression.records.study import Document
from compression.report.glossary import explain
from compression.store.library import LibraryEntry
from compression.studies.tested import Tested
from pages.ui.front import words
from pages.ui.front.gallery import show_examples, tested_or_say_why
from pages.ui.front.own import answer_columns, show_own
from pages.ui.shared.frame import errors_in_words

# Of the class that is shown, how many "another" has gone by.
TURN = "example-turn"


@st.fragment
@errors_in_words()
def show_try(entry: LibraryEntry, decision: Decision) -> None:
    """One of the test, or one's own."""
    ways = words.examples_to_try(entry.document.subject)
    way = st.segmented_control(
        words.WHICH_EXAMPLE,
        list(ways),
        default=words.OF_THE_TEST,
        required=True,
        format_func=ways.__getitem__,
        key="which-example",
        label_visibility="collapsed",
    )
    if way == words.OF_ONES_OWN:
        show_own(entry, decision)
    else:
        _show_tested(entry, decision)


def _show_tested(entry: LibraryEntry, decision: Decision) -> None:
    """A class to choose, an example of it and another, and a line for each file."""
    found = tested_or_say_why(entry)
    if found is None:
        return
    document = entry.document
    original = next(each.id for each in document.candidates if each.family == "original")
    if original not in found.answers:
        st.caption(words.NO_ANSWERS)
        return
    order = examples_to_try(found.labels, found.answers, original)
    number = st.pills(
        words.CLASS,
        list(order),
        default=next(iter(order)),
        required=True,
        format_func=lambda number: found.classes[number],
        key="example-class",
        on_change=_first,
    )
    rows = order[number if number in order else next(iter(order))]
    row = int(rows[st.session_state.setdefault(TURN, 0) % len(rows)])
    beside, answers = st.columns([1, 4], gap="medium")
    with beside:
        is_one = words.IS_A.format(found.classes[found.labels[row]])
        show_examples([(found.show(row), is_one, is_one)])
        st.button(words.ANOTHER, icon=":material/refresh:", on_click=_next, key="another-example")
        st.caption(words.TRY_CAPTION.format(document.subject.nouns))
    with answers:
        _show_answers(found, row, document, decision)


def _first() -> None:
    st.session_state[TURN] = 0


def _next() -> None:
    st.session_state[TURN] += 1


def _show_answers(found: Tested, row: int, document: Document, decision: Decision) -> None:
    chosen = None if decision.choice is None else decision.choice.id
    names = {candidate.id: candidate.name for candidate in document.candidates}
    lines = [
        {
            "name": f"{words.CHOSEN_MARK if candidate == chosen else ''}{names[candidate]}",
            "answer": found.classes[answered.classes[row]],
            "confidence": 100 * float(answered.confidences[row]),
            "right": bool(right(found.labels, answered)[row]),
        }
        for candidate, answered in found.answers.items()
    ]
    count = sum(line["right"] is True for line in lines)
    st.markdown(words.RIGHT_OF.format(count, len(lines)))
    st.dataframe(
        lines,
        hide_index=True,
        height=300,
        column_config={
            **answer_columns(),
            "right": st.column_config.CheckboxColumn(words.IS_RIGHT, help=explain("Label")),
        },
        alt=words.RIGHT_OF.format(count, len(lines)),
    )
