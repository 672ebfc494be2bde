"""What the trained networks reached on the validation examples: by it, and not by the test, one way of teaching them is
chosen from several."""

from statistics import fmean

import streamlit as st

from compression.decision.numbers import in_percent
from compression.records.recipes import Distill, Quantize, Recipe, Train
from compression.records.schemes import Qat
from compression.records.study import Document
from compression.report.glossary import explain
from pages.ui.method.parts import show_rows
from pages.ui.shared.words import CANDIDATE

text = st.column_config.TextColumn


TITLE = "What the trained networks reached on the validation {}"
ACCURACY = "Validation accuracy"
MEAN = "Mean"
MEAN_HELP = "Over all seeds. By this, one way of teaching is chosen from several."
SPREAD = "Smallest to largest"
SPREAD_HELP = "The same training from other seeds: what differs is chance."
GOES_ON = "Goes on"
GOES_ON_HELP = "Whether it is tested, or was set aside for one that was better on the validation {}."
YES = "yes"
SET_ASIDE = "set aside"


def show_validation(document: Document) -> None:
    """One row a trained network, with a value for each seed where there are several; nothing where none was trained."""
    trained = [
        (candidate, (candidate.validation_accuracy, *candidate.validation_repeats))
        for candidate in document.candidates
        if _is_trained(candidate.recipe) and candidate.validation_accuracy is not None
    ]
    if not trained:
        return
    nouns = document.subject.nouns
    columns = {
        "name": text(CANDIDATE, help=explain("Candidate"), pinned=True),
        "validated": text(ACCURACY, help=explain("Validation accuracy")),
    }
    if any(len(accuracies) > 1 for _, accuracies in trained):
        columns["mean"] = text(MEAN, help=MEAN_HELP)
        columns["spread"] = text(SPREAD, help=SPREAD_HELP)
    if any(candidate.set_aside_for for candidate, _ in trained):
        columns["goes_on"] = text(GOES_ON, help=GOES_ON_HELP.format(nouns))
    lines = [
        {
            "name": candidate.name,
            "validated": ", ".join(in_percent(each) for each in accuracies),
            "mean": in_percent(fmean(accuracies)),
            "spread": spread(min(accuracies), max(accuracies)),
            "goes_on": SET_ASIDE if candidate.set_aside_for else YES,
        }
        for candidate, accuracies in trained
    ]
    title = TITLE.format(nouns)
    st.subheader(title, anchor="validation")
    show_rows(lines, columns, title)


def _is_trained(recipe: Recipe) -> bool:
    return isinstance(recipe, Distill | Train) or (isinstance(recipe, Quantize) and isinstance(recipe.scheme, Qat))


def spread(low: float, high: float) -> str:
    """'86.8% to 87.4%'."""
    return f"{in_percent(low)} to {in_percent(high)}"
