"""Everything that is measured of a file, for one file alone or for two side by side, on one dataset.

Knows files, engines and a dataset; not how a file was made, and no study.
"""

from collections.abc import Callable, Sequence
from itertools import combinations, product
from pathlib import Path

from compression.catalog.examples import Dataset
from compression.measurement.accuracy.answers import answers_of
from compression.measurement.accuracy.paired import pair_of
from compression.measurement.accuracy.predictions import predictions_of_file
from compression.measurement.checks import check_finite
from compression.measurement.energy import energy_of_file
from compression.measurement.graph.download_size import download_bytes
from compression.measurement.graph.facts import graph_facts
from compression.measurement.graph.kernels import kernels
from compression.measurement.graph.onnx_file import stored_files
from compression.measurement.graph.traffic import traffic
from compression.measurement.machine.fingerprint import fingerprint
from compression.measurement.measured import Measured, MeasuredFile, ReadFile
from compression.measurement.memory import measure_peak_memory
from compression.measurement.timing.noise import measure_times
from compression.records.measurements import Condition, EngineName
from compression.store.files import sha256_of
from compression.store.predictions import Predictions

# How many examples of the validation split a file has to give finite scores for before the long work starts.
FIRST_EXAMPLES = 64


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
    tell: Callable[[str, float], None] = lambda _stage, _done: None,
) -> Measured:
    """Measure one or two files in every engine, for every batch, on every number of threads, all in one precision.

    ``seconds`` is the most that each file gets under each of these conditions. The first file is timed three times
    over, as if it were three, for the noise of the machine. ``tell`` gets the stage and the share of it (0..1) that is
    done. The files have passed ``check_measurable``. Raises ModelNotUsable as soon as an example gives scores that are
    not finite.
    """
    card = dataset.card
    for path in paths:
        first = dataset.validation.inputs(slice(FIRST_EXAMPLES))
        check_finite(path, first, card, engines=engines, precision=precision)
    graphs = [_read(path, engines, precision) for path in paths]
    found = {
        (number, engine): _predicted(path, engine, dataset, threads=max(threads), precision=precision, tell=tell)
        for (number, path), engine in product(enumerate(paths), engines)
    }
    subjects = [(str(number), path) for number, path in enumerate(paths)]
    latencies, timing = measure_times(
        subjects,
        [
            Condition(engine=engine, batch=batch, threads=number, precision=precision)
            for number, engine, batch in product(threads, engines, batches)
        ],
        dataset.validation.inputs(slice(max(batches))),
        repeated="0",
        seconds_per_subject=seconds,
        seed=seed,
        on_progress=lambda done: tell("timing", done),
    )
    memory = measure_peak_memory(
        subjects,
        engines[0],
        inputs=card.inputs,
        threads=max(threads),
        precision=precision,
        on_progress=lambda done: tell("weighing memory", done),
    )
    one, labels = dataset.validation.inputs(slice(1)), dataset.test.labels
    energy = [energy_of_file(path, engines[0], one, threads=max(threads), precision=precision) for path in paths]
    return Measured(
        dataset=card.name,
        precision=precision,
        machine=fingerprint(),
        files=tuple(
            MeasuredFile(
                **graph.model_dump(),
                answers=tuple(
                    answers_of(engine, found[number, engine], labels, len(card.classes)) for engine in engines
                ),
                between_engines=tuple(
                    pair_of(first, found[number, first], second, found[number, second], labels)
                    for first, second in combinations(engines, 2)
                ),
                latency=latencies[str(number)],
                peak_memory_bytes=memory[str(number)].added_bytes,
                baseline_memory_bytes=memory[str(number)].alone_bytes,
                memory_readings=memory[str(number)],
                energy_joules=None if read is None else read.median_joules,
                energy_readings=read,
            )
            for number, (graph, read) in enumerate(zip(graphs, energy, strict=True))
        ),
        pair=pair_of(str(paths[0]), found[0, engines[0]], str(paths[1]), found[1, engines[0]], labels)
        if len(paths) > 1
        else None,
        timing=timing,
    )


def _predicted(
    path: Path,
    engine: EngineName,
    dataset: Dataset,
    *,
    threads: int,
    precision: str,
    tell: Callable[[str, float], None],
) -> Predictions:
    return predictions_of_file(
        path,
        engine,
        dataset.test,
        threads=threads,
        precision=precision,
        on_progress=lambda done: tell(f"checking the accuracy of {path.name} in {engine}", done),
    )


def _read(path: Path, engines: Sequence[EngineName], precision: str) -> ReadFile:
    facts = graph_facts(path)
    return ReadFile(
        file=str(path),
        sha256=sha256_of(path.read_bytes()),
        size_bytes=sum(stored.stat().st_size for stored in stored_files(path)),
        download_bytes=download_bytes(path),
        parameters=facts.parameters,
        macs=facts.macs,
        traffic=traffic(path),
        kernels=tuple(kernels(path, engine, precision=precision) for engine in engines),
    )
