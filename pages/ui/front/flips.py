"""The examples that one file gets right and another wrong, the classes that suffer most, and what becomes of
confidence. Decides nothing."""

from dataclasses import dataclass

import streamlit as st

from compression.decision.readings import share
from compression.decision.table import Row
from compression.decision.two_answers import Rows, class_changes, flipped
from compression.methods.modality import Shown
from compression.records.measurements import Answers
from compression.records.study import Candidate, Document
from compression.report.glossary import explain, explain_each
from compression.store.predictions import Predictions
from compression.studies.tested import Tested
from pages.ui.front import words
from pages.ui.front.gallery import answer_in_words, show_examples

AT_ONCE = 12


@dataclass(frozen=True, kw_only=True)
class Way:
    """From one file to another: what was right ``before`` and is wrong ``after``, and back."""

    title: str
    before: Row
    after: Row


def show_flips(found: Tested, way: Way, document: Document) -> None:
    """The classes that suffer most, the confidence, and the examples: lost ones, then won ones."""
    if way.before.id not in found.answers or way.after.id not in found.answers:
        st.caption(words.NO_ANSWERS)
        return
    before, after = found.answers[way.before.id], found.answers[way.after.id]
    classes, calibration = st.columns([3, 2], gap="medium")
    with classes:
        changes = class_changes(found.labels, before, after)
        number = st.column_config.NumberColumn
        st.dataframe(
            [
                {
                    "class": found.classes[change.number],
                    "lost": change.lost,
                    "won": change.won,
                    "change": 100 * (change.won - change.lost) / change.total,
                    "sure": words.CLEAR if change.clear else words.COULD_BE_CHANCE,
                }
                for change in changes
            ],
            hide_index=True,
            height=214,
            column_config={
                "class": st.column_config.TextColumn(words.CLASS, help=explain("Class")),
                "lost": number(words.LOST, help=words.LOST_HELP),
                "won": number(words.WON, help=words.WON_HELP),
                "change": number(words.POINTS, format="%+.1f", help=words.POINTS_HELP),
                "sure": st.column_config.TextColumn(words.SURE_OF_IT, help=explain("McNemar's test")),
            },
            alt=words.CLASSES_ALT.format(found.classes[changes[0].number], changes[0].lost, changes[0].won),
        )
    with calibration:
        _show_calibration(document, way)
    _show_gallery("lost", words.LOST_EXAMPLES, found, flipped(found.labels, before, after), after, document)
    _show_gallery("won", words.WON_EXAMPLES, found, flipped(found.labels, after, before), before, document)


def _show_gallery(  # noqa: PLR0917  # what it is called, and what is in it
    key: str, title: str, found: Tested, rows: Rows, wrong: Predictions, document: Document
) -> None:
    """The first examples, each with what it is and the wrong answer; and a button for more."""
    st.markdown(f"**{title.format(document.subject.counted(len(rows)))}**")
    if not len(rows):
        return
    shown = st.session_state.setdefault(f"shown-{key}", AT_ONCE)
    show_examples([_shown(found, int(row), wrong) for row in rows[:shown]])
    if len(rows) > shown:
        st.button(words.MORE, key=f"more-{key}", on_click=_more, args=(f"shown-{key}",))


def _shown(found: Tested, row: int, wrong: Predictions) -> tuple[Shown, str, str]:
    is_one = words.IS_A.format(found.classes[found.labels[row]])
    answered = answer_in_words(found.classes[wrong.classes[row]], float(wrong.confidences[row]))
    return found.show(row), is_one, f"{is_one}\n{answered}"


def _more(key: str) -> None:
    st.session_state[key] += AT_ONCE


def _show_calibration(document: Document, way: Way) -> None:
    """How far confidence and being right part, before and after, each with its range."""
    by_id = {candidate.id: candidate for candidate in document.candidates}
    before, after = _first_answers(by_id[way.before.id]), _first_answers(by_id[way.after.id])
    if before is None or after is None:
        return
    st.markdown(f"**{words.CALIBRATION}**", help=explain_each("Confidence", "Calibration error"))
    st.markdown(
        words.CALIBRATED.format(
            share(before.mean_confidence, before.mean_confidence_interval),
            share(after.mean_confidence, after.mean_confidence_interval),
            share(before.calibration_error, before.calibration_error_interval),
            share(after.calibration_error, after.calibration_error_interval),
        )
    )
    st.markdown(_calibration_in_words(before, after))


def _calibration_in_words(before: Answers, after: Answers) -> str:
    one, other = before.calibration_error_interval, after.calibration_error_interval
    if one is None or other is None:
        return ""
    apart = one.high < other.low or other.high < one.low
    if not apart:
        return words.CALIBRATION_SAME
    return words.CALIBRATION_WORSE if after.calibration_error > before.calibration_error else words.CALIBRATION_BETTER


def _first_answers(candidate: Candidate) -> Answers | None:
    return next(iter(candidate.answers), None)
