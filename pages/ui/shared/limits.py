"""The controls that set a target, its limits and the condition of latency. Decides nothing.

Every setting is in the address, so that a link shows what its sender saw. The keys of the limits name the target, so
that each target starts from its own limits. Sliders take round values on a logarithmic scale, around what the study
measured.
"""

from collections.abc import Callable, Iterable, Sequence
from math import ceil, floor, log10

import streamlit as st

from compression.decision.limits import Limits
from compression.decision.numbers import JOIN, in_bytes, in_ms
from compression.decision.preference import Preference
from compression.decision.table import Table, conditions_of
from compression.decision.targets import DEFAULT_TARGET, TARGETS, Target, target_named
from compression.records.measurements import Condition
from compression.records.study import Document
from compression.report.glossary import explain
from pages.ui.shared import words

TITLES = {target.name: target.title for target in TARGETS}


ROUND = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)


def choose_target() -> Target:
    """Where will it run? Drawn before the limits that depend on it."""
    name = st.segmented_control(
        words.WHERE,
        list(TITLES),
        default=DEFAULT_TARGET.name,
        required=True,
        format_func=lambda name: TITLES[name],
        key="target",
        bind="query-params",
        width="stretch",
    )
    return target_named(name or DEFAULT_TARGET.name)


def choose_condition(document: Document, target: Target) -> Condition:
    """Engine, batch and threads; most people never need to change them. Not for a study without any time."""
    conditions = conditions_of(document)
    several_threads = len({condition.threads for condition in conditions}) > 1

    def in_words(condition: Condition) -> str:
        return words.condition(condition, document.subject, threads=several_threads)

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        now = st.container(width="content")
        with st.popover(words.CHANGE, icon=":material/tune:", type="tertiary"):
            chosen = st.selectbox(
                words.CONDITION,
                conditions,
                index=conditions.index(target.condition(conditions)),
                format_func=in_words,
                key=f"{target.name}-measured",
                bind="query-params",
                help=f"{explain('Engine')} {explain('Batch')} {explain('Threads')}",
            )
    # What was chosen for another study reads alike, and could have been on more threads.
    chosen = chosen if chosen in conditions else target.condition(conditions)
    now.caption(words.CONDITION_NOW.format(in_words(chosen)))
    return chosen


def choose_limits(table: Table, target: Target) -> tuple[Limits, Preference]:
    """Three sliders that start at the target's own limits and, for the custom target, what is preferred."""
    usual = target.limits(table.original)
    preference = _choose_preference(target) if target.name == "custom" else target.preference
    size, latency, accuracy = st.columns(3, gap="large")
    with size:
        max_size_bytes = _logarithmic_slider(
            words.LARGEST,
            [row.size_bytes for row in table.rows],
            usual.max_size_bytes,
            f"{target.name}-size",
            in_bytes,
            explain("File size"),
        )
    with latency:
        max_latency_ms = _logarithmic_slider(
            words.SLOWEST,
            [row.latency_ms.value for row in table.rows],
            usual.max_latency_ms,
            f"{target.name}-time-{'-'.join(map(str, table.condition.model_dump().values()))}",
            in_ms,
            explain("Latency"),
        )
    with accuracy:
        min_accuracy = _accuracy_slider(table, usual.min_accuracy, f"{target.name}-accuracy")
    limits = Limits(
        max_size_bytes=None if max_size_bytes is None else int(max_size_bytes),
        max_latency_ms=max_latency_ms,
        min_accuracy=min_accuracy,
    )
    return limits, preference


def _choose_preference(target: Target) -> Preference:
    chosen = st.segmented_control(
        words.PREFER,
        list(words.PREFERENCES),
        default=target.preference,
        required=True,
        format_func=lambda preference: words.PREFERENCES[preference],
        key="prefer",
        bind="query-params",
    )
    return Preference(chosen or target.preference)


def _logarithmic_slider(  # noqa: PLR0917  # one line for each, in the order in which they are seen
    label: str,
    measured: Sequence[float],
    usual: float | None,
    key: str,
    in_units: Callable[[float], str],
    meaning: str,
) -> float | None:
    return st.select_slider(
        label,
        [*logarithmic_steps(measured, [usual]), None],
        value=usual,
        format_func=lambda limit: words.NO_LIMIT if limit is None else in_units(limit).replace(JOIN, " "),
        key=key,
        bind="query-params",
        help=meaning,
    )


def _accuracy_slider(table: Table, usual: float | None, key: str) -> float | None:
    percents = [100 * row.accuracy.value for row in table.rows]
    if usual is not None:
        percents.append(100 * usual)
    lowest, highest = float(floor(min(percents))), float(ceil(max(percents)))
    percent = st.slider(
        words.LOWEST,
        lowest,
        highest,
        value=lowest if usual is None else min(max(round(100 * usual, 1), lowest), highest),
        step=0.1,
        format="%.1f%%",
        key=key,
        bind="query-params",
        help=words.LOWEST_HELP.format(table.subject.nouns),
    )
    return None if percent == lowest else percent / 100


def logarithmic_steps(measured: Iterable[float], always: Iterable[float | None]) -> list[float]:
    """Round values from just below the smallest measured one to just above the largest, and those of ``always``.

    ``measured`` must not be empty and holds values above zero.
    """
    values = sorted(measured)
    exponents = range(floor(log10(values[0])) - 1, floor(log10(values[-1])) + 2)
    # Rounding keeps 1.5 * 10**-2 from becoming 0.015000000000000001, which would show in the address.
    series = [round(step * 10.0**exponent, 9) for exponent in exponents for step in ROUND]
    first = max((step for step in series if step < values[0]), default=values[0])
    last = min((step for step in series if step >= values[-1]), default=values[-1])
    return sorted({step for step in series if first <= step <= last} | {value for value in always if value is not None})
