"""What ``measure`` prints: a table of what each file is and answers, one of its times, and sentences on how to read
them. Knows measurements; measures nothing.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from compression.catalog.cards import DatasetCard
from compression.catalog.rows import dataset_card
from compression.decision.compare import ratio, tells_apart
from compression.decision.numbers import (
    accuracy_in_percent,
    in_bytes,
    in_ms_with_range,
    in_percent,
    in_points,
    points_range,
    speed_against_with_range,
)
from compression.decision.readings import energy_read, memory_added, memory_alone, share, slow_answers
from compression.decision.table import Spread
from compression.measurement.measured import Measured, MeasuredFile
from compression.records.measurements import ENGINE_TITLES, SCORE_TITLES, EngineName, Latency, Load, Pair
from compression.records.subject import counted

MILLION = 1_000_000
# Cores that others kept busy, from which on it is worth a sentence.
WORTH_TELLING = 0.05
NOT_MEASURABLE = "not measurable here"
NOT_KNOWN = "not known"
UNSETTLED = " *"
CONFIDENCE_OF_SIGMOIDS = (
    "{} gives a probability for each class on its own: its confidence is that of the class it answers. If its scores "
    "are something else, --scores says what."
)
UNSETTLED_NOTE = "* not known to 2% when the time was up; --seconds gives it more."
NO_RANGE_NOTE = "A 95th percentile without a range has too few runs for one; --seconds gives it more."
BRACKETS = (
    "Brackets are 95% intervals: of accuracy Wilson's, of a mean confidence the normal approximation, of a calibration "
    "error a bootstrap over the {} (chance only adds to that error), of times order statistics."
)
READINGS = (
    "Memory and energy are the middle one of {} readings; their brackets are what the least and the most favourable of "
    "them would give."
)


def facts_table(measured: Measured) -> Table:
    """What each file is, what it answers, and what it takes besides time."""
    table = Table("", *(Path(each.file).name for each in measured.files))

    def row(title: str, cells: Sequence[str]) -> None:
        table.add_row(title, *cells)

    files, noun = measured.files, dataset_card(measured.dataset).noun
    row("size", [in_bytes(each.size_bytes) for each in files])
    row("compressed, as a download", [in_bytes(each.download_bytes) for each in files])
    row("parameters", [f"{each.parameters:,}" for each in files])
    row("multiply-accumulates", [macs_in_words(each.macs) for each in files])
    row(f"moved for one {noun} (computed)", [_moved(each) for each in files])
    row("peak memory (least to most)", [_memory(each) for each in files])
    row(f"energy for one {noun} (least to most)", [_energy(each) for each in files])
    row("scores", [NOT_KNOWN if each.scores is None else SCORE_TITLES[each.scores] for each in files])
    for number, answers in enumerate(files[0].answers):
        engine = ENGINE_TITLES[answers.engine]
        same = [each.answers[number] for each in files]
        row(
            f"accuracy in {engine} (95 %)",
            [accuracy_in_percent(each.accuracy) for each in same],
        )
        row(
            f"mean confidence in {engine} (95 %)",
            [share(each.mean_confidence, each.mean_confidence_interval) for each in same],
        )
        row(
            f"calibration error in {engine} (95 %)",
            [share(each.calibration_error, each.calibration_error_interval) for each in same],
        )
        row(
            f"arithmetic in 8 bits in {engine}",
            [_in_8_bits(each, answers.engine) for each in files],
        )
    return table


def times_table(measured: Measured) -> Table:
    """Each file's median and 95th percentile under each condition, and how the first compares with the second."""
    two, card = len(measured.files) > 1, dataset_card(measured.dataset)
    table = Table(
        "time for one batch (95 %)",
        *(Path(each.file).name for each in measured.files),
        *(["the first is"] if two else []),
    )
    for number, first in enumerate(measured.files[0].latency):
        cells = [_time(each.latency[number]) for each in measured.files]
        if two:
            noise = measured.timing.noise[number].smallest_difference
            cells.append(_faster(first, measured.files[1].latency[number], noise))
        table.add_row(_condition(first, card), *cells)
        table.add_row("  95 of 100 runs within", *(slow_answers(each.latency[number]) for each in measured.files))
    return table


def remarks(measured: Measured) -> list[str]:
    """What to know when reading the tables."""
    noise = max(each.smallest_difference for each in measured.timing.noise)
    latencies = [latency for each in measured.files for latency in each.latency]
    card = dataset_card(measured.dataset)
    told = [
        BRACKETS.format(card.nouns),
        READINGS.format(len(measured.files[0].memory_readings.with_file_bytes)),
        f"Timed against itself, the first file differed by up to {in_percent(noise)}.",
    ]
    if not all(latency.settled for latency in latencies):
        told.append(UNSETTLED_NOTE)
    if not all(latency.p95_interval_ms for latency in latencies):
        told.append(NO_RANGE_NOTE)
    told.append(as_handed_over(card))
    told += [
        CONFIDENCE_OF_SIGMOIDS.format(Path(each.file).name) for each in measured.files if each.scores == "sigmoids"
    ]
    for each in measured.files:
        told += [_between_engines(each, pair) for pair in each.between_engines if pair.tells_apart]
    told += _others(measured, card)
    if measured.pair is not None:
        told.append(difference_in_words(measured.pair, "the first", "the second", card.nouns))
    return told


def as_handed_over(card: DatasetCard) -> str:
    """What a file has to expect, or its accuracy says nothing."""
    return (
        f"{card.nouns[0].upper()}{card.nouns[1:]} are handed over as {card.title}'s own models expect them "
        f"({card.preparation}): the accuracy of a file that expects something else says nothing."
    )


def difference_in_words(pair: Pair, first: str, second: str, nouns: str) -> str:
    """How two files compare on ``nouns``, example by example, by what each is called, such as "the first"."""
    change = Spread(value=pair.difference, low=pair.low, high=pair.high)
    return (
        f"{first[0].upper()}{first[1:]}'s accuracy less {second}'s, on the same {pair.total:,} test {nouns}: "
        f"{in_points(change.value)} (95 %: {points_range(change)}). {pair.only_first:,} were answered right by {first} "
        f"alone, {pair.only_second:,} by {second} alone; McNemar's exact test: {_p_value(pair.p_value)}."
    )


def _p_value(p_value: float) -> str:
    """A share that is too small for a number of 64 bits is not 0."""
    return f"p = {p_value:.3g}" if p_value else f"p < {sys.float_info.min:.0e}"


def _others(measured: Measured, card: DatasetCard) -> list[str]:
    """What others did on the machine, under each condition under which it was worth telling, and at the energy."""
    told = [
        f"Other programs kept {load.other_cores:.2f} cores busy while {_condition(load, card)} was timed."
        for load in measured.timing.loads
        if load.other_cores is not None and load.other_cores >= WORTH_TELLING
    ]
    read = [each.energy_readings.other_cores for each in measured.files if each.energy_readings]
    most = max((cores for cores in read if cores is not None), default=0.0)
    if most >= WORTH_TELLING:
        told.append(f"Other programs kept up to {most:.2f} cores busy while energy was read, and theirs is in it.")
    return told


def _between_engines(each: MeasuredFile, pair: Pair) -> str:
    change = Spread(value=pair.difference, low=pair.low, high=pair.high)
    titles = {str(answers.engine): ENGINE_TITLES[answers.engine] for answers in each.answers}
    return (
        f"{Path(each.file).name} is not equally accurate in each engine: {in_points(change.value)} in "
        f"{titles[pair.first]} against {titles[pair.second]} (95 %: {points_range(change)}). Check it where it will "
        "run."
    )


def _condition(timed: Latency | Load, card: DatasetCard) -> str:
    at_once = counted(timed.batch, card.noun, card.nouns)
    threads = f"{timed.threads} thread{'' if timed.threads == 1 else 's'}"
    return f"{ENGINE_TITLES[timed.engine]} ({timed.precision}), {at_once}, {threads}"


def _spread(latency: Latency) -> Spread:
    return Spread(value=latency.median_ms, low=latency.low_ms, high=latency.high_ms)


def _time(latency: Latency) -> str:
    return in_ms_with_range(_spread(latency)) + ("" if latency.settled else UNSETTLED)


def _faster(first: Latency, second: Latency, noise: float) -> str:
    factor = ratio(_spread(second), _spread(first))
    if not tells_apart(factor, 1.0) or max(factor.value, 1 / factor.value) < 1.0 + noise:
        return "about as fast"
    return speed_against_with_range(factor)


def macs_in_words(macs: int | None) -> str:
    """'122.2 million', or all of it where it is less than one; None where no one can count them."""
    if macs is None:
        return NOT_KNOWN
    return f"{macs / MILLION:,.1f} million" if macs >= MILLION else f"{macs:,}"


def _in_8_bits(each: MeasuredFile, engine: EngineName) -> str:
    found = [kernels for kernels in each.kernels if kernels.engine == engine]
    return in_percent(found[0].low_precision_macs) if found else NOT_KNOWN


def _moved(each: MeasuredFile) -> str:
    if each.traffic is None:
        return NOT_KNOWN
    return f"{in_bytes(each.traffic.weight_bytes)} of weights, {in_bytes(each.traffic.activation_bytes)} of activations"


def _energy(each: MeasuredFile) -> str:
    return NOT_MEASURABLE if each.energy_readings is None else energy_read(each.energy_readings)


def _memory(each: MeasuredFile) -> str:
    return f"{memory_added(each.memory_readings)}; engine alone: {memory_alone(each.memory_readings)}"
