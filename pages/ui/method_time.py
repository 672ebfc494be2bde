"""Each file's time under one condition, and what these times rest on: noise, and how the engines were set."""

import streamlit as st

from compression.decision.numbers import in_ms_with_range, in_percent
from compression.decision.readings import slow_answers
from compression.decision.table import Condition, Spread, condition_of
from compression.decision.wording import ENGINE_TITLES
from compression.report.glossary import explain, explain_measured
from compression.store.records import Document
from pages.ui import method_words, time_words, words
from pages.ui.method import show_sentences, show_table
from pages.ui.unmeasured import show_unmeasured

text, number = st.column_config.TextColumn, st.column_config.NumberColumn


def show_times(document: Document, condition: Condition) -> None:
    """Each file's time under one condition, with what it rests on."""
    timed = [
        (candidate, latency)
        for candidate in document.candidates
        for latency in candidate.latency
        if condition_of(latency) == condition
    ]
    show_sentences([time_words.samples([latency for _, latency in timed])])
    lines = [
        {
            "name": candidate.name,
            "median": in_ms_with_range(Spread(value=latency.median_ms, low=latency.low_ms, high=latency.high_ms)),
            "p95": slow_answers(latency),
            "samples": len(latency.samples_ms),
            "settled": latency.settled,
            "precision": latency.precision,
        }
        for candidate, latency in timed
    ]
    columns = {
        "name": text(words.CANDIDATE, help=explain("Candidate"), pinned=True),
        "median": text(words.time_for(condition.batch), help=explain_measured("Median")),
        "p95": text(time_words.P95, help=explain("95th percentile")),
        "samples": number(time_words.SAMPLES, format="localized", help=time_words.SAMPLES_HELP),
        "settled": st.column_config.CheckboxColumn(time_words.SETTLED, help=time_words.SETTLED_HELP),
        "precision": text(words.PRECISION, help=explain("Precision")),
    }
    show_table(lines, columns, method_words.TIME)
    measured = {candidate.id for candidate, _ in timed}
    show_unmeasured(document, [candidate for candidate in document.candidates if candidate.id not in measured])


def show_noise(document: Document) -> None:
    """Under each condition, how far the original was from itself."""
    noise = document.timing.noise if document.timing else ()
    if not noise:
        return
    lines = [
        {
            "engine": ENGINE_TITLES[each.engine],
            "batch": each.batch,
            "threads": each.threads,
            "precision": each.precision,
            "timings": time_words.timed_over(each),
            "smallest": in_percent(each.smallest_difference),
            "others": time_words.others_under(document, condition_of(each)),
        }
        for each in noise
    ]
    columns = {
        "engine": text(method_words.ENGINE, help=explain("Engine")),
        "batch": number(time_words.BATCH, help=explain("Batch")),
        "threads": number(time_words.THREADS, help=explain("Threads")),
        "precision": text(words.PRECISION, help=explain("Precision")),
        "timings": number(time_words.TIMINGS, help=explain("Noise")),
        "smallest": text(time_words.SMALLEST, help=explain("Noise")),
        "others": text(time_words.OTHERS, help=time_words.OTHERS_HELP),
    }
    if not any(line["others"] for line in lines):
        del columns["others"]
    if all(line["precision"] == "fp32" for line in lines):
        del columns["precision"]
    shown = [{key: line[key] or method_words.NOT_ASKED for key in columns} for line in lines]
    show_table(shown, columns, time_words.SMALLEST)


def show_options(document: Document) -> None:
    """How each engine was set, folded away."""
    settings: dict[tuple[str, str], list[str]] = {}
    for candidate in document.candidates:
        for latency in candidate.latency:
            for option, value in latency.options.items():
                settings.setdefault((ENGINE_TITLES[latency.engine], option), []).append(value)
    if not settings:
        return
    lines = [
        {"engine": engine, "option": option, "value": " or ".join(dict.fromkeys(values))}
        for (engine, option), values in settings.items()
    ]
    columns = {
        "engine": text(method_words.ENGINE, help=explain("Engine")),
        "option": text(time_words.OPTION, help=time_words.OPTIONS_CAPTION),
        "value": text(time_words.VALUE, help=time_words.OPTIONS_CAPTION),
    }
    with st.expander(time_words.OPTIONS, icon=":material/tune:"):
        st.caption(time_words.OPTIONS_CAPTION)
        show_table(lines, columns, time_words.OPTIONS)
