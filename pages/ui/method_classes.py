"""Each file's accuracy class by class, as the method page shows it."""

from typing import Any

import streamlit as st

from compression.decision.numbers import accuracy_in_percent
from compression.decision.wording import ENGINE_TITLES
from compression.report.glossary import explain
from compression.store.records import Document
from pages.ui import class_words, words
from pages.ui.method import show_sentences, show_table

text = st.column_config.TextColumn


def show_classes(document: Document) -> None:
    """One row a file, one column a class; nothing while no file has answered."""
    answered = [candidate for candidate in document.candidates if candidate.answers]
    if not answered:
        return
    first = answered[0].answers[0]
    names = class_words.names_of_classes(document, len(first.per_class))
    st.subheader(class_words.CLASSES, anchor="classes")
    show_sentences([class_words.WHY.format(ENGINE_TITLES[first.engine]), *class_words.hurt(document)])
    columns = {"name": text(words.CANDIDATE, help=explain("Candidate"), pinned=True)}
    columns |= {name: text(name, help=explain("Accuracy")) for name in names}
    lines: list[dict[str, Any]] = [
        {"name": candidate.name}
        | {name: accuracy_in_percent(share) for name, share in zip(names, candidate.answers[0].per_class, strict=True)}
        for candidate in answered
    ]
    show_table(lines, columns, class_words.CLASSES)
