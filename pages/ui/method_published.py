"""This study's accuracies beside those that others report on the same test images."""

from typing import Any

import streamlit as st

from compression.catalog.cards import PublishedResults
from compression.catalog.published import published_results
from compression.decision.numbers import accuracy_in_percent, in_percent
from compression.report.glossary import explain
from compression.store.records import Document
from pages.ui import method_words, published_words, words
from pages.ui.method import show_sentences, show_table

text = st.column_config.TextColumn
COMPARED = ("original", "distillation")


def show_published(document: Document) -> None:
    """One table, the most accurate first; nothing where no such results are bundled, or nothing is measured yet."""
    published = published_results(document.study.dataset)
    own = _own(document)
    if published is None or not own:
        return
    st.header(published_words.TITLE, anchor="published")
    show_sentences([published_words.about(published)])
    columns = {
        "name": text(published_words.NETWORK, help=published_words.NETWORK_HELP, pinned=True),
        "reached": text(words.ACCURACY, help=explain("Accuracy")),
        "parameters": text(published_words.PARAMETERS, help=explain("Parameters")),
        "augmentation": text(published_words.AUGMENTATION, help=published_words.AUGMENTATION_HELP),
        "by": text(published_words.BY, help=published_words.BY_HELP),
    }
    lines = sorted([*own, *_of_others(published)], key=lambda line: -line["share"])
    show_table(lines, columns, published_words.TITLE)


def _own(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "share": candidate.accuracy.value,
            "name": candidate.name,
            "reached": accuracy_in_percent(candidate.accuracy),
            "parameters": f"{candidate.parameters:,}",
            "augmentation": method_words.NOT_ASKED,
            "by": published_words.OURS,
        }
        for candidate in document.candidates
        if candidate.family in COMPARED and candidate.accuracy is not None
    ]


def _of_others(published: PublishedResults) -> list[dict[str, Any]]:
    return [
        {
            "share": result.accuracy,
            "name": result.classifier,
            "reached": in_percent(result.accuracy),
            "parameters": published_words.NOT_STATED if result.parameters is None else f"{result.parameters:,}",
            "augmentation": result.augmentation,
            "by": result.by,
        }
        for result in published.results
    ]
