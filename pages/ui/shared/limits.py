"""The controls that set a target, its limits and the condition of latency. Decides nothing.

Each starts from what the address says and writes into it, so that a link shows what its sender saw. The keys of the
limits name the target, so that each starts from its own. Sliders take round values on a logarithmic scale, around what
the study measured.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10

import streamlit as st

from compression.decision.limits import Limits
from compression.decision.numbers import JOIN, in_bytes, in_ms
from compression.decision.preference import Preference
from compression.decision.table import Table, conditions_of
from compression.decision.targets import DEFAULT_TARGET, TARGETS, Target
from compression.records.measurements import Condition
from compression.records.study import Document
from compression.report.glossary import explain
from pages.ui.shared import words
from pages.ui.shared.address import (
    OF_A_TARGET,
    Address,
    limit_in_address,
    number_or_none,
    one_of,
    write,
)

BY_NAME = {target.name: target for target in TARGETS}
ROUND = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)


def choose_target(address: Address) -> Target:
    """Where will it run? Drawn before the limits that depend on it."""
    start = address.start("target", "target", DEFAULT_TARGET.name, one_of({name: name for name in BY_NAME}))
    name = st.pills(
        words.WHERE,
        list(BY_NAME),
        default=start,
        required=True,
        format_func=words.TARGETS.__getitem__,
        key="target",
        on_change=write,
        args=("target", "target", DEFAULT_TARGET.name, str, OF_A_TARGET),
    )
    return BY_NAME[name or DEFAULT_TARGET.name]


def target_asked(address: Address) -> Target:
    """The target that the address names, without a control."""
    return address.value("target", DEFAULT_TARGET, one_of(dict(BY_NAME)))


def limits_asked(table: Table, target: Target, address: Address) -> tuple[Limits, Preference]:
    """What the controls would say, without any: for who only looks at an answer."""
    usual = target.limits(table.original)
    usual_bytes: float | None = usual.max_size_bytes
    size = address.value("size", usual_bytes, number_or_none)
    percents = _percents(table, usual.min_accuracy)
    percent = address.value("accuracy", percents.start, percents.read)
    limits = Limits(
        max_size_bytes=None if size is None else int(size),
        max_latency_ms=address.value("time", usual.max_latency_ms, number_or_none),
        min_accuracy=percents.limit(percent),
    )
    if target.name != "custom":
        return limits, target.preference
    read = one_of({each.value: each for each in words.PREFERENCES})
    return limits, address.value("prefer", target.preference, read)


def condition_in_address(condition: Condition) -> str:
    """'onnxruntime-32-1': engine, examples at once, threads; and the precision where it is not the usual one."""
    precision = "" if condition.precision == "fp32" else f"-{condition.precision}"
    return f"{condition.engine}-{condition.batch}-{condition.threads}{precision}"


def _conditions(document: Document) -> dict[str, Condition]:
    return {condition_in_address(condition): condition for condition in conditions_of(document)}


def condition_asked(document: Document, target: Target, address: Address) -> Condition:
    """The condition that the address names, else the target's. Not for a study without any time."""
    conditions = _conditions(document)
    return address.value("measured", target.condition(tuple(conditions.values())), one_of(conditions))


def choose_condition(document: Document, target: Target, address: Address) -> Condition:
    """Engine, batch and threads; most people never need to change them. Not for a study without any time."""
    conditions = _conditions(document)
    several_threads = len({condition.threads for condition in conditions.values()}) > 1
    usual = target.condition(tuple(conditions.values()))
    key = f"{target.name}-measured"
    start = address.start(key, "measured", condition_in_address(usual), one_of({name: name for name in conditions}))
    name = st.selectbox(
        words.CONDITION,
        list(conditions),
        list(conditions).index(start),
        format_func=lambda name: words.condition(conditions[name], document.subject, threads=several_threads),
        key=key,
        on_change=write,
        args=(key, "measured", condition_in_address(usual), str, ("time",)),
        help=f"{explain('Engine')} {explain('Batch')} {explain('Threads')}",
        width=520,
    )
    return conditions[name]


def choose_limits(table: Table, target: Target, address: Address) -> tuple[Limits, Preference]:
    """Three sliders that start at the target's own limits and, for the custom target, what is preferred."""
    usual = target.limits(table.original)
    key = target.name
    max_size_bytes = _logarithmic_slider(
        words.LARGEST,
        [row.size_bytes for row in table.rows],
        usual.max_size_bytes,
        "size",
        key,
        in_bytes,
        address,
    )
    max_latency_ms = _logarithmic_slider(
        words.SLOWEST,
        [row.latency_ms.value for row in table.rows],
        usual.max_latency_ms,
        "time",
        f"{key}-{condition_in_address(table.condition)}",
        in_ms,
        address,
    )
    min_accuracy = _accuracy_slider(table, usual.min_accuracy, key, address)
    limits = Limits(
        max_size_bytes=None if max_size_bytes is None else int(max_size_bytes),
        max_latency_ms=max_latency_ms,
        min_accuracy=min_accuracy,
    )
    return limits, _choose_preference(address) if target.name == "custom" else target.preference


def _choose_preference(address: Address) -> Preference:
    usual = BY_NAME["custom"].preference
    start = address.start("prefer", "prefer", usual, one_of({each.value: each for each in words.PREFERENCES}))
    chosen = st.pills(
        words.PREFER,
        list(words.PREFERENCES),
        default=start,
        required=True,
        format_func=lambda preference: words.PREFERENCES[preference],
        key="prefer",
        on_change=write,
        args=("prefer", "prefer", usual, str),
    )
    return Preference(chosen or usual)


def _logarithmic_slider(  # noqa: PLR0917  # one line for each, in the order in which they are seen
    label: str,
    measured: Sequence[float],
    usual: float | None,
    name: str,
    of: str,
    in_units: Callable[[float], str],
    address: Address,
) -> float | None:
    key = f"{of}-{name}"
    start = address.start(key, name, usual, number_or_none)
    return st.select_slider(
        label,
        [*logarithmic_steps(measured, [usual, start]), None],
        start,
        format_func=lambda limit: words.NO_LIMIT if limit is None else in_units(limit).replace(JOIN, " "),
        key=key,
        on_change=write,
        args=(key, name, usual, limit_in_address),
    )


@dataclass(frozen=True, kw_only=True)
class _Percents:
    """The accuracies that can be asked for. The lowest of them is no limit, as every file keeps to it."""

    lowest: float
    highest: float
    start: float

    def read(self, text: str) -> float:
        percent = number_or_none(text)
        return self.lowest if percent is None else self.within(percent)

    def within(self, percent: float) -> float:
        return min(max(round(percent, 1), self.lowest), self.highest)

    def limit(self, percent: float) -> float | None:
        return None if percent == self.lowest else percent / 100


def _percents(table: Table, usual: float | None) -> _Percents:
    percents = [100 * row.accuracy.value for row in table.rows] + ([] if usual is None else [100 * usual])
    lowest, highest = float(floor(min(percents))), float(ceil(max(percents)))
    found = _Percents(lowest=lowest, highest=highest, start=lowest)
    return found if usual is None else replace(found, start=found.within(100 * usual))


def _accuracy_slider(table: Table, usual: float | None, of: str, address: Address) -> float | None:
    percents = _percents(table, usual)
    key = f"{of}-accuracy"
    start = address.start(key, "accuracy", percents.start, percents.read)
    percent = st.slider(
        words.LOWEST,
        percents.lowest,
        percents.highest,
        start,
        step=0.1,
        format="%.1f%%",
        key=key,
        on_change=write,
        args=(
            key,
            "accuracy",
            percents.start,
            lambda percent: limit_in_address(None if percent == percents.lowest else percent),
        ),
    )
    return percents.limit(percent)


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
