"""Each file's accuracy class by class, as the method page shows it: an average can hide one that was hurt."""

from typing import Any

import streamlit as st

from compression.decision.compare import clearly_below, difference, widened
from compression.decision.numbers import accuracy_in_percent, in_points, points_range
from compression.decision.table import Spread
from compression.records.measurements import ENGINE_TITLES, Accuracy
from compression.records.study import Document
from compression.report.glossary import explain
from pages.ui.method.parts import show_rows, show_sentences
from pages.ui.shared import words

text = st.column_config.TextColumn


CLASSES = "Accuracy by class"
WHY = (
    "An average over all {nouns} can hide a class that was hurt. Each figure is a share of that class's test {nouns}, "
    "in {engine}; they are few, so that the ranges are wide."
)
NO_FALL = "In no class does any file fall behind the original by more than chance could explain."


def show_classes(document: Document) -> None:
    """One row a file, one column a class; nothing while no file has answered."""
    answered = [candidate for candidate in document.candidates if candidate.answers]
    if not answered:
        return
    first = answered[0].answers[0]
    names = names_of_classes(document, len(first.per_class))
    st.subheader(CLASSES, anchor="classes")
    show_sentences([WHY.format(nouns=document.subject.nouns, engine=ENGINE_TITLES[first.engine]), *hurt(document)])
    columns = {"name": text(words.CANDIDATE, help=explain("Candidate"), pinned=True)}
    columns |= {name: text(name, help=explain("Accuracy")) for name in names}
    lines: list[dict[str, Any]] = [
        {"name": candidate.name}
        | {name: accuracy_in_percent(share) for name, share in zip(names, candidate.answers[0].per_class, strict=True)}
        for candidate in answered
    ]
    show_rows(lines, columns, CLASSES)


def names_of_classes(document: Document, count: int) -> tuple[str, ...]:
    """The dataset's classes in its order; by number where the study did not keep them."""
    known = document.subject.classes
    return known if len(known) == count else tuple(f"Class {number}" for number in range(1, count + 1))


def hurt(document: Document) -> tuple[str, ...]:
    """The original's hardest class, and where a file that could take its place falls furthest behind it."""
    original = next((each for each in document.candidates if each.family == "original" and each.answers), None)
    if original is None:
        return ()
    before = original.answers[0].per_class
    names = names_of_classes(document, len(before))
    others = [
        candidate
        for candidate in document.candidates
        if candidate.family not in ("original", "control") and candidate.answers
    ]
    hardest = min(range(len(before)), key=lambda number: before[number].value)
    told = [f"Hardest for the original is {names[hardest]}: {accuracy_in_percent(before[hardest])} are right."]
    looks = len(before) * len(others)
    falls = [
        (widened(difference(_spread(share), _spread(before[number])), among=looks), number, candidate)
        for candidate in others
        for number, share in enumerate(candidate.answers[0].per_class)
    ]
    clear = [fall for fall in falls if clearly_below(fall[0], 0.0)]
    if not clear:
        return (*told, NO_FALL) if falls else tuple(told)
    change, number, candidate = min(clear, key=lambda fall: fall[0].value)
    after = candidate.answers[0].per_class[number]
    told.append(
        f"The deepest fall is that of {candidate.name} with {names[number]}: to {accuracy_in_percent(after)}, which is "
        f"{in_points(change.value)} ({points_range(change)}, with an allowance for having looked at "
        f"{looks} such differences)."
    )
    return tuple(told)


def _spread(accuracy: Accuracy) -> Spread:
    return Spread(value=accuracy.value, low=accuracy.low, high=accuracy.high)
