"""What the trained networks reached on the validation images: by it, and not by the test, one way of teaching them is
chosen from several."""

from statistics import fmean

import streamlit as st

from compression.decision.numbers import in_percent
from compression.report.glossary import explain
from compression.store.recipes import Distill, DistillThenQuantizeAware, QuantizeAware, Train
from compression.store.records import Document
from pages.ui import validation_words as words
from pages.ui.method import show_table
from pages.ui.words import CANDIDATE

text = st.column_config.TextColumn
TRAINED = Distill | Train | QuantizeAware | DistillThenQuantizeAware


def show_validation(document: Document) -> None:
    """One row a trained network, with a value for each seed where there are several; nothing where none was trained."""
    trained = [
        (candidate, (candidate.validation_accuracy, *candidate.validation_repeats))
        for candidate in document.candidates
        if isinstance(candidate.recipe, TRAINED) and candidate.validation_accuracy is not None
    ]
    if not trained:
        return
    columns = {
        "name": text(CANDIDATE, help=explain("Candidate"), pinned=True),
        "validated": text(words.ACCURACY, help=explain("Validation accuracy")),
    }
    if any(len(accuracies) > 1 for _, accuracies in trained):
        columns["mean"] = text(words.MEAN, help=words.MEAN_HELP)
        columns["spread"] = text(words.SPREAD, help=words.SPREAD_HELP)
    if any(candidate.set_aside_for for candidate, _ in trained):
        columns["goes_on"] = text(words.GOES_ON, help=words.GOES_ON_HELP)
    lines = [
        {
            "name": candidate.name,
            "validated": ", ".join(in_percent(each) for each in accuracies),
            "mean": in_percent(fmean(accuracies)),
            "spread": words.spread(min(accuracies), max(accuracies)),
            "goes_on": words.SET_ASIDE if candidate.set_aside_for else words.YES,
        }
        for candidate, accuracies in trained
    ]
    st.subheader(words.TITLE, anchor="validation")
    show_table(lines, columns, words.TITLE)
