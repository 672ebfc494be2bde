"""Everything that is measured of a file, for one file alone or for two side by side, on one dataset.

Knows files, engines and a dataset; not how a file was made, and no study.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import combinations, product
from pathlib import Path
from typing import TypedDict, TypeVar

import numpy as np
from numpy.typing import NDArray

from compression.catalog.examples import Dataset
from compression.measurement.accuracy.answers import answers_of
from compression.measurement.accuracy.paired import pair_of
from compression.measurement.accuracy.predictions import predictions_of_file
from compression.measurement.checks import check_finite, sizes_of
from compression.measurement.energy import energy_of_file
from compression.measurement.engines.kernels import kernels
from compression.measurement.engines.one_example import values_for_one
from compression.measurement.graph.download_size import download_bytes
from compression.measurement.graph.facts import graph_facts, parameters_of
from compression.measurement.graph.onnx_file import stored_files
from compression.measurement.graph.shapes import NotCounted, Sizes
from compression.measurement.graph.traffic import traffic
from compression.measurement.machine.fingerprint import fingerprint
from compression.measurement.measured import Measured, MeasuredFile, ReadFile
from compression.measurement.memory import measure_peak_memory
from compression.measurement.timing.noise import measure_times
from compression.records.measurements import (
    Answers,
    Condition,
    EnergyReadings,
    EngineName,
    Latency,
    MemoryReadings,
    Pair,
    ScoreKind,
    Timing,
)
from compression.records.progress import Stage
from compression.store.files import sha256_of
from compression.store.predictions import Predictions

# How many examples of the validation split a file has to give finite scores for before the long work starts.
FIRST_EXAMPLES = 64

Labels = NDArray[np.int64]
Counted = TypeVar("Counted")


def measure_files(
    paths: Sequence[Path],
    dataset: Dataset,
    *,
    engines: Sequence[EngineName],
    batches: Sequence[int],
    threads: Sequence[int],
    precision: str,
    seconds: float,
    seed: int,
    scores: ScoreKind | None = None,
    tell: Callable[[str, float], None] = lambda _stage, _done: None,
) -> Measured:
    """Measure one or two files in every engine, for every batch, on every number of threads, all in one precision.

    ``seconds`` is the most that each file gets under each of these conditions. The first file is timed three times
    over, as if it were three, for the noise of the machine. ``scores`` is what the files' are, unless that is to be
    found out. ``tell`` gets the stage and the share of it (0..1) that is
    done. The files have passed ``check_measurable``. Raises ModelNotUsable as soon as an example gives scores that are
    not finite.
    """
    card = dataset.card
    first = dataset.validation.inputs(slice(FIRST_EXAMPLES))
    kinds = [check_finite(path, first, card, engines=engines, precision=precision) for path in paths]
    kinds = [scores or kind for kind in kinds]
    graphs = [
        _read(path, engines, precision, sizes_of(path, card), kind) for path, kind in zip(paths, kinds, strict=True)
    ]
    found = {
        (number, engine): predictions_of_file(
            path,
            engine,
            dataset.test,
            threads=max(threads),
            precision=precision,
            scores=kinds[number],
            on_progress=partial(tell, f"checking the accuracy of {path.name} in {engine}"),
        )
        for (number, path), engine in product(enumerate(paths), engines)
    }
    costs, timing = costs_of(
        [(str(number), path) for number, path in enumerate(paths)],
        [
            Condition(engine=engine, batch=batch, threads=number, precision=precision)
            for number, engine, batch in product(threads, engines, batches)
        ],
        dataset,
        engine=engines[0],
        threads=max(threads),
        precision=precision,
        repeated="0",
        seconds=seconds,
        seed=seed,
        tell=tell,
    )
    labels = dataset.test.labels
    return Measured(
        dataset=card.name,
        precision=precision,
        machine=fingerprint(),
        files=tuple(
            MeasuredFile(
                **graph.model_dump(),
                **comparison_of({engine: found[number, engine] for engine in engines}, labels, len(card.classes)),
                **costs[str(number)],
            )
            for number, graph in enumerate(graphs)
        ),
        pair=pair_of(str(paths[0]), found[0, engines[0]], str(paths[1]), found[1, engines[0]], labels)
        if len(paths) > 1
        else None,
        timing=timing,
    )


class Comparison(TypedDict):
    """How engines answered with one file, as ``MeasuredFile`` and a study's candidate keep it."""

    answers: tuple[Answers, ...]
    between_engines: tuple[Pair, ...]


def comparison_of(found: Mapping[EngineName, Predictions], labels: Labels, classes: int) -> Comparison:
    """What one file's predictions come to, for so many classes. ``labels`` is int64 [N].

    An engine that was asked for the first examples only has no accuracy: that is always on all N. Two engines are
    compared on the examples that both were asked for.
    """
    asked = {engine: len(predictions.classes) for engine, predictions in found.items()}

    def pair(first: EngineName, second: EngineName) -> Pair:
        both = min(asked[first], asked[second])
        return pair_of(first, found[first].first(both), second, found[second].first(both), labels[:both])

    return Comparison(
        answers=tuple(
            answers_of(engine, predictions, labels, classes)
            for engine, predictions in found.items()
            if asked[engine] == len(labels)
        ),
        between_engines=tuple(pair(first, second) for first, second in combinations(found, 2)),
    )


class Costs(TypedDict):
    """What one file takes, as ``MeasuredFile`` and a study's candidate keep it."""

    latency: tuple[Latency, ...]
    peak_memory_bytes: int
    baseline_memory_bytes: int
    memory_readings: MemoryReadings
    energy_joules: float | None
    energy_readings: EnergyReadings | None


def costs_of(
    subjects: Sequence[tuple[str, Path]],
    conditions: Sequence[Condition],
    dataset: Dataset,
    *,
    engine: EngineName,
    threads: int,
    repeated: str,
    seconds: float,
    seed: int,
    precision: str = "fp32",
    tell: Callable[[Stage, float], None] = lambda _stage, _done: None,
) -> tuple[dict[str, Costs], Timing]:
    """Latency, memory and energy of each subject (id, file), interleaved: a drift of the machine hits all alike.

    Latency is measured under all ``conditions``, memory and energy in one ``engine``. ``seconds`` is the most that each
    file gets under each condition; the one ``repeated`` is timed three times over, for the noise of the machine.
    """
    latencies, timing = measure_times(
        subjects,
        conditions,
        dataset.validation.inputs(slice(max(condition.batch for condition in conditions))),
        repeated=repeated,
        seconds_per_subject=seconds,
        seed=seed,
        on_progress=lambda done: tell("timing", done),
    )
    memory = measure_peak_memory(
        subjects,
        engine,
        inputs=dataset.card.inputs,
        threads=threads,
        precision=precision,
        on_progress=lambda done: tell("weighing memory", done),
    )
    one = dataset.validation.inputs(slice(1))
    costs: dict[str, Costs] = {}
    for name, path in subjects:
        energy = energy_of_file(path, engine, one, threads=threads, precision=precision)
        costs[name] = Costs(
            latency=latencies[name],
            peak_memory_bytes=memory[name].added_bytes,
            baseline_memory_bytes=memory[name].alone_bytes,
            memory_readings=memory[name],
            energy_joules=None if energy is None else energy.median_joules,
            energy_readings=energy,
        )
    return costs, timing


def _read(path: Path, engines: Sequence[EngineName], precision: str, sizes: Sizes, scores: ScoreKind) -> ReadFile:
    values = _known(partial(values_for_one, path, sizes)) or {}
    facts = _known(partial(graph_facts, path, values))
    found = [_known(partial(kernels, path, engine, precision=precision, sizes=sizes)) for engine in engines]
    return ReadFile(
        file=str(path),
        sha256=sha256_of(path.read_bytes()),
        size_bytes=sum(stored.stat().st_size for stored in stored_files(path)),
        download_bytes=download_bytes(path),
        parameters=parameters_of(path),
        macs=None if facts is None else facts.macs,
        traffic=_known(partial(traffic, path, values)),
        kernels=tuple(each for each in found if each is not None),
        scores=scores,
    )


def _known(count: Callable[[], Counted]) -> Counted | None:
    """What was counted; None when nobody knows. A file whose operations cannot be counted is measured all the same."""
    try:
        return count()
    except NotCounted:
        return None
