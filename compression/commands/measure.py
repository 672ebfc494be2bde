"""``measure``: everything that is measured of a file, in tables, and as JSON for scripts."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from rich.console import Console
from rich.table import Table

from compression.catalog.bundled import dataset_card
from compression.catalog.datasets import load_dataset
from compression.decision.compare import ratio, tells_apart
from compression.decision.numbers import (
    in_bytes,
    in_ms_with_range,
    in_percent,
    in_percent_with_range,
    in_points,
    points_range,
    speed_against,
)
from compression.decision.table import Spread
from compression.decision.wording import ENGINE_TITLES
from compression.errors import FolderNotUsable, UnknownName
from compression.measurement.machine.processor import usable_cores
from compression.measurement.side_by_side import Measured, MeasuredFile, measure_side_by_side
from compression.store.files import write_atomically
from compression.store.measurements import EngineName, Latency, Pair

MILLION = 1_000_000
# Cores that others kept busy, from which on it is worth a sentence.
WORTH_TELLING = 0.05
NOT_MEASURABLE = "not measurable here"
UNSETTLED = " *"
UNSETTLED_NOTE = "* not known to 2% when the time was up; --seconds gives it more."


def measure_files(
    paths: Sequence[Path],
    dataset: str,
    *,
    engines: Sequence[str],
    batches: Sequence[int],
    threads: Sequence[int],
    seconds: float,
    seed: int,
    json_file: Path | None,
) -> None:
    """Measure one file, or two side by side, and print it. Raises UsageError for what cannot be measured."""
    if json_file is not None and not json_file.parent.is_dir():
        raise FolderNotUsable(f"There is no folder {json_file.parent} to write {json_file.name} to; make it first.")
    known = [_engine(name) for name in dict.fromkeys(engines)] or get_args(EngineName)
    data = load_dataset(dataset_card(dataset))
    console = Console()
    measured = measure_side_by_side(
        paths,
        data,
        engines=known,
        batches=tuple(dict.fromkeys(batches)),
        threads=tuple(dict.fromkeys(threads)) or (usable_cores(),),
        seconds=seconds,
        seed=seed,
        tell=Teller(),
    )
    console.print(_facts(measured))
    console.print(_times(measured))
    for sentence in _comparison(measured):
        console.print(sentence, soft_wrap=True)
    if json_file is not None:
        write_atomically(json_file, measured.model_dump_json(indent=1).encode())


def _engine(name: str) -> EngineName:
    for known in get_args(EngineName):
        if name == known:
            return known  # type: ignore[no-any-return]  # get_args is not typed
    raise UnknownName("engine", name, get_args(EngineName))


class Teller:
    """One plain line a stage, on the error output, so that the tables can be piped on."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, stage: str, _done: float) -> None:
        """Tell a stage when it begins."""
        if stage != self._last:
            self._last = stage
            print(stage, file=sys.stderr, flush=True)


def _facts(measured: Measured) -> Table:
    table = Table("", *(Path(each.file).name for each in measured.files))

    def row(title: str, cells: Sequence[str]) -> None:
        table.add_row(title, *cells)

    files = measured.files
    row("size", [in_bytes(each.size_bytes) for each in files])
    row("compressed, as a download", [in_bytes(each.download_bytes) for each in files])
    row("parameters", [f"{each.parameters:,}" for each in files])
    row("multiply-accumulates", [f"{each.macs / MILLION:,.1f} million" for each in files])
    row("moved for one image (computed)", [_moved(each) for each in files])
    row("peak memory", [_memory(each) for each in files])
    row("energy for one image", [_energy(each) for each in files])
    for number, answers in enumerate(files[0].answers):
        engine = ENGINE_TITLES[answers.engine]
        same = [each.answers[number] for each in files]
        row(
            f"accuracy in {engine} (95 %)",
            [_share(each.accuracy.value, each.accuracy.low, each.accuracy.high) for each in same],
        )
        row(f"calibration error in {engine}", [in_percent(each.calibration_error) for each in same])
        row(
            f"arithmetic in 8 bits in {engine}", [in_percent(each.kernels[number].low_precision_macs) for each in files]
        )
    return table


def _times(measured: Measured) -> Table:
    two = len(measured.files) > 1
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
        threads = f"{first.threads} thread{'' if first.threads == 1 else 's'}"
        table.add_row(f"{ENGINE_TITLES[first.engine]} ({first.precision}), {_images(first.batch)}, {threads}", *cells)
    return table


def _comparison(measured: Measured) -> list[str]:
    noise = max(each.smallest_difference for each in measured.timing.noise)
    told = [f"Timed against itself, the first file differed by up to {in_percent(noise)}."]
    if any(not latency.settled for each in measured.files for latency in each.latency):
        told.append(UNSETTLED_NOTE)
    told.append(
        f"Images are handed over as {dataset_card(measured.dataset).title}'s own models expect them (mean "
        f"{_numbers(dataset_card(measured.dataset).mean)}, standard deviation "
        f"{_numbers(dataset_card(measured.dataset).std)}, of pixels from 0 to 1): the accuracy of a file that expects "
        "something else says nothing."
    )
    for each in measured.files:
        told += [_between_engines(each, pair) for pair in each.between_engines if pair.tells_apart]
    if measured.timing.other_cores and measured.timing.other_cores >= WORTH_TELLING:
        told.append(f"Other programs kept {measured.timing.other_cores:.2f} cores busy meanwhile.")
    pair = measured.pair
    if pair is not None:
        change = Spread(value=pair.difference, low=pair.low, high=pair.high)
        told.append(
            f"The first's accuracy less the second's, on the same {pair.total:,} test images: "
            f"{in_points(change.value)} (95 %: {points_range(change)}). {pair.only_first:,} were answered right by the "
            f"first alone, {pair.only_second:,} by the second alone; McNemar's exact test: p = {pair.p_value:.3g}."
        )
    return told


def _between_engines(each: MeasuredFile, pair: Pair) -> str:
    change = Spread(value=pair.difference, low=pair.low, high=pair.high)
    return (
        f"{Path(each.file).name} is not equally accurate in each engine: {in_points(change.value)} in "
        f"{ENGINE_TITLES[_engine(pair.first)]} against {ENGINE_TITLES[_engine(pair.second)]} (95 %: "
        f"{points_range(change)}). Check it where it will run."
    )


def _numbers(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _share(value: float, low: float, high: float) -> str:
    return in_percent_with_range(Spread(value=value, low=low, high=high))


def _spread(latency: Latency) -> Spread:
    return Spread(value=latency.median_ms, low=latency.low_ms, high=latency.high_ms)


def _time(latency: Latency) -> str:
    return in_ms_with_range(_spread(latency)) + ("" if latency.settled else UNSETTLED)


def _faster(first: Latency, second: Latency, noise: float) -> str:
    factor = ratio(_spread(second), _spread(first))
    if not tells_apart(factor, 1.0) or max(factor.value, 1 / factor.value) < 1.0 + noise:
        return "about as fast"
    return speed_against(factor.value)


def _images(batch: int) -> str:
    return "1 image" if batch == 1 else f"{batch} images"


def _moved(each: MeasuredFile) -> str:
    return f"{in_bytes(each.traffic.weight_bytes)} of weights, {in_bytes(each.traffic.activation_bytes)} of activations"


def _energy(each: MeasuredFile) -> str:
    return NOT_MEASURABLE if each.energy_joules is None else f"{1000 * each.energy_joules:.3g} mJ"


def _memory(each: MeasuredFile) -> str:
    return f"{in_bytes(each.peak_memory_bytes)} (engine alone: {in_bytes(each.baseline_memory_bytes)})"
