"""Each file's accuracy in each engine, as the method page shows it."""

from typing import Any

import streamlit as st

from compression.decision.numbers import accuracy_in_percent
from compression.decision.readings import share
from compression.records.measurements import ENGINE_TITLES
from compression.records.study import Document
from compression.report.glossary import explain, explain_measured
from pages.ui.method import words as method_words
from pages.ui.method.parts import show_rows
from pages.ui.shared import words
from pages.ui.shared.states import show_unmeasured

text = st.column_config.TextColumn


def show_accuracy(document: Document) -> None:
    """Each file's accuracy in each engine, and how well it knows its own doubts."""
    candidates = [candidate for candidate in document.candidates if candidate.accuracy]
    if not candidates:
        return
    nouns = document.subject.nouns
    columns = {"name": text(words.CANDIDATE, help=explain("Candidate"), pinned=True)}
    lines: list[dict[str, Any]] = [{"name": candidate.name} for candidate in candidates]
    for line, candidate in zip(lines, candidates, strict=True):
        if not candidate.answers and candidate.accuracy:
            line["accuracy"] = accuracy_in_percent(candidate.accuracy)
            columns["accuracy"] = text(words.ACCURACY, help=explain("Accuracy"))
        for answers in candidate.answers:
            key = f"accuracy in {answers.engine}"
            line[key] = accuracy_in_percent(answers.accuracy)
            columns[key] = text(f"{words.ACCURACY}, {ENGINE_TITLES[answers.engine]}", help=explain("Accuracy"))
    for line, candidate in zip(lines, candidates, strict=True):
        for pair in candidate.between_engines:
            line["apart"] = f"{pair.only_first + pair.only_second:,} of {pair.total:,}"
            columns["apart"] = text(method_words.ONE_ENGINE_ONLY, help=method_words.ONE_ENGINE_ONLY_HELP.format(nouns))
        for answers in candidate.answers[:1]:
            if answers.top5:
                line["top5"] = accuracy_in_percent(answers.top5)
                columns["top5"] = text(method_words.TOP5, help=explain("Top-5 accuracy"))
            line["confidence"] = share(answers.mean_confidence, answers.mean_confidence_interval)
            line["calibration"] = share(answers.calibration_error, answers.calibration_error_interval)
            columns["confidence"] = text(method_words.CONFIDENCE, help=explain_measured("Confidence"))
            columns["calibration"] = text(method_words.CALIBRATION_ERROR, help=explain_measured("Calibration error"))
    for line in lines:
        for column in columns:
            line.setdefault(column, method_words.NOT_ASKED)
    show_rows(lines, columns, method_words.ACCURACY)
    show_unmeasured(document, [candidate for candidate in document.candidates if not candidate.accuracy])
