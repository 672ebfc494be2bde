"""Each file's time under one condition, and what these times rest on: noise, and how the engines were set. The figures
that are properties of the measuring itself are held to its code by a test."""

import streamlit as st

from compression.decision.numbers import in_ms_with_range, in_percent
from compression.decision.readings import slow_answers
from compression.decision.table import Spread
from compression.decision.wording import at_start
from compression.records.measurements import ENGINE_TITLES, Condition, Latency, Noise
from compression.records.study import Document
from compression.report.glossary import explain, explain_measured
from pages.ui.method import words as method_words
from pages.ui.method.parts import show_rows, show_sentences
from pages.ui.shared import words
from pages.ui.shared.states import show_unmeasured

text, number = st.column_config.TextColumn, st.column_config.NumberColumn


TURN_MS = 5
MOST_RUNS = 51
UNCOUNTED_RUNS = 6
UNCOUNTED_MS = 25
TOLERANCE_PERCENT = 2
NO_TIMES = "No time has been measured in this study yet."
NO_NOISE = "How noisy the machine was, and what else ran on it, was not measured in this study."
P95 = "95th percentile"
SAMPLES = "Timings kept"
SAMPLES_HELP = "Single runs, evenly spread over the measurement; the medians of all turns are kept besides."
SETTLED_HELP = "Whether the median was known that well before the time was up."
SETTLED = f"Within {TOLERANCE_PERCENT}%"
BATCH = "{} at once"
THREADS = "Threads"
TIMINGS = "Timings of the original"
SMALLEST = "Smallest difference told apart"
OTHERS = "Cores used by others"
OTHERS_HELP = (
    "How many cores' worth of time other programs, or other machines on the same hardware, took while all files were "
    "timed under this condition. A dash where that was over too soon to tell."
)
OPTION = "Setting"
VALUE = "Value"
OPTIONS = "Settings of the engines"
OPTIONS_CAPTION = (
    "In the engines' own words, read back from the loaded files, and the same for every file. Where a setting follows "
    "the batch or the threads, all its values are named."
)
TIMING = (
    "Time is measured when all files are made, and nothing else of the study runs. Every file, the original included, "
    "is loaded in the engine and run until it no longer gets faster (warm-up).",
    "Then all files take turns, in rounds: in each round every file has one turn, and the order is drawn anew each "
    "time. A machine that slows down or speeds up meanwhile does so for all of them alike.",
    f"A turn begins with {UNCOUNTED_RUNS} runs, or {UNCOUNTED_MS} ms of them, that do not count: the processor's "
    "caches are still full of the file before. Then as many are timed as take about "
    f"{TURN_MS} ms, at least 1 and at most {MOST_RUNS}. As runs right after each other are not independent, the "
    "median of a turn counts as one observation.",
    "The time given is the median over all turns. Its 95% interval reaches from one turn to another in the sorted list "
    "(order statistics): it takes turns, a whole round apart, for independent, and assumes nothing else about times.",
    "The 95th percentile is that of all runs. Its 95% interval is of the same kind, but counts the runs of a turn for "
    "as many independent ones as they are worth (design effect); where these are too few, there is none.",
    f"The rounds end when every interval is within {TOLERANCE_PERCENT}% of its median, or when the time limit is "
    "reached. Then the interval says how well the time is known.",
)


def show_times(document: Document, condition: Condition) -> None:
    """Each file's time under one condition, with what it rests on."""
    timed = [
        (candidate, latency)
        for candidate in document.candidates
        for latency in candidate.latency
        if latency.condition == condition
    ]
    show_sentences([samples([latency for _, latency in timed])])
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
        "median": text(words.time_for(condition.batch, document.subject), help=explain_measured("Median")),
        "p95": text(P95, help=explain("95th percentile")),
        "samples": number(SAMPLES, format="localized", help=SAMPLES_HELP),
        "settled": st.column_config.CheckboxColumn(SETTLED, help=SETTLED_HELP),
        "precision": text(words.PRECISION, help=explain("Precision")),
    }
    show_rows(lines, columns, method_words.TIME)
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
            "timings": timed_over(each),
            "smallest": in_percent(each.smallest_difference),
            "others": others_under(document, each.condition),
        }
        for each in noise
    ]
    columns = {
        "engine": text(method_words.ENGINE, help=explain("Engine")),
        "batch": number(BATCH.format(at_start(document.subject.nouns)), help=explain("Batch")),
        "threads": number(THREADS, help=explain("Threads")),
        "precision": text(words.PRECISION, help=explain("Precision")),
        "timings": number(TIMINGS, help=explain("Noise")),
        "smallest": text(SMALLEST, help=explain("Noise")),
        "others": text(OTHERS, help=OTHERS_HELP),
    }
    if not any(line["others"] for line in lines):
        del columns["others"]
    if all(line["precision"] == "fp32" for line in lines):
        del columns["precision"]
    shown = [{key: line[key] or method_words.NOT_ASKED for key in columns} for line in lines]
    show_rows(shown, columns, SMALLEST)


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
        "option": text(OPTION, help=OPTIONS_CAPTION),
        "value": text(VALUE, help=OPTIONS_CAPTION),
    }
    with st.expander(OPTIONS, icon=":material/tune:"):
        st.caption(OPTIONS_CAPTION)
        show_rows(lines, columns, OPTIONS)


def samples(latencies: list[Latency]) -> str:
    """How many raw timings are kept, and how many medians settled. Not for an empty list."""
    numbers = sorted(len(latency.samples_ms) for latency in latencies)
    many = f"{numbers[0]:,}" if numbers[0] == numbers[-1] else f"{numbers[0]:,} to {numbers[-1]:,}"
    kept = f"{many} raw {'timing is' if many == '1' else 'timings are'} kept for each file, in the study's data"
    settled = sum(latency.settled for latency in latencies)
    which = "all" if settled == len(latencies) else "none" if settled == 0 else f"{settled} of {len(latencies)}"
    return f"Under this condition {kept}; {which} of the medians settled within {TOLERANCE_PERCENT}%."


def noise(document: Document) -> tuple[str, ...]:
    """How the machine compared with itself, and what else it did."""
    timing = document.timing
    if timing is None:
        return (NO_NOISE,)
    times = sorted({timed_over(each) for each in timing.noise})
    often = "" if not times else f" {times[0]}" if len(times) == 1 else f" {times[0]} to {times[-1]}"
    cores = f" of {document.machine.cores}" if document.machine else ""
    over_all = " over all conditions; the table has it for each" if timing.loads else ""
    return (
        f"In the same rounds the original was timed{often} times over, as if it were several files. The largest "
        "difference between any two of these timings is taken as the smallest difference that this machine tells "
        "apart; two files that differ by less are not called faster or slower.",
        "How much of the processor others used meanwhile cannot be told on this system."
        if timing.other_cores is None
        else f"Other programs, or other machines on the same hardware, took the time of "
        f"{timing.other_cores:.2f}{cores} cores meanwhile, on average{over_all}.",
    )


def others_under(document: Document, condition: Condition) -> str | None:
    """How many cores others used while files were timed under a condition; None where that is not known."""
    loads = document.timing.loads if document.timing else ()
    here = next((load.other_cores for load in loads if load.condition == condition), None)
    return None if here is None else f"{here:.2f}"


def timed_over(one: Noise) -> int:
    """How many timings gave the ratios of a noise: n timings make n (n - 1) / 2 pairs."""
    timings = 2
    while timings * (timings - 1) // 2 < len(one.ratios):
        timings += 1
    return timings
