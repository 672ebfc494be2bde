"""This study's accuracies beside those that others report on the same test examples."""

from typing import Any

import streamlit as st

from compression.decision.numbers import accuracy_in_percent, in_percent
from compression.records.published import PublishedResults
from compression.records.study import Document
from compression.records.subject import Subject
from compression.report.glossary import explain
from compression.report.published import published_results
from pages.ui.method import words as method_words
from pages.ui.method.parts import show_rows, show_sentences
from pages.ui.shared import words

text = st.column_config.TextColumn
COMPARED = ("original", "distillation")


TITLE = "What others report"
NETWORK = "Network"
NETWORK_HELP = "A file of this study, or a classifier as its authors describe it."
PARAMETERS = "Parameters"
AUGMENTATION = "Training {} changed by"
AUGMENTATION_HELP = "How others varied the training {}; how this study trains is told above."
BY = "Reported by"
BY_HELP = "Who states the number. Those of this study were measured here, on the finished file."
NOT_STATED = "not stated"
OURS = "this study"


def show_published(document: Document) -> None:
    """One table, the most accurate first; nothing where no such results are bundled, or nothing is measured yet."""
    published, nouns = published_results(document.study.dataset), document.subject.nouns
    own = _own(document)
    if published is None or not own:
        return
    st.header(TITLE, anchor="published")
    show_sentences([about(published, document.subject)])
    columns = {
        "name": text(NETWORK, help=NETWORK_HELP, pinned=True),
        "reached": text(words.ACCURACY, help=explain("Accuracy")),
        "parameters": text(PARAMETERS, help=explain("Parameters")),
        "augmentation": text(AUGMENTATION.format(nouns), help=AUGMENTATION_HELP.format(nouns)),
        "by": text(BY, help=BY_HELP),
    }
    lines = sorted([*own, *_of_others(published)], key=lambda line: -line["share"])
    show_rows(lines, columns, TITLE)


def _own(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "share": candidate.accuracy.value,
            "name": candidate.name,
            "reached": accuracy_in_percent(candidate.accuracy),
            "parameters": f"{candidate.parameters:,}",
            "augmentation": method_words.NOT_ASKED,
            "by": OURS,
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
            "parameters": NOT_STATED if result.parameters is None else f"{result.parameters:,}",
            "augmentation": result.augmentation,
            "by": result.by,
        }
        for result in published.results
    ]


def about(published: PublishedResults, subject: Subject) -> str:
    """Where the numbers come from, and what they are worth."""
    return (
        "None of these but this study's own was measured here: they stand in the "
        f"[{published.source}]({published.address}), at commit {published.commit[:7]}, as their authors sent them in. "
        f"The table's owners state that they have not verified them. They are for the same test {subject.nouns}, from "
        "other trainings, and without an interval: good for a rough idea of what a network of some size can reach, not "
        "for a comparison in tenths."
    )
