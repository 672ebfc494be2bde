"""Everything that is measured of a file, for one file alone or for two side by side, on one dataset.

Knows files, engines and a dataset; not how a file was made, and no study.
"""

from collections.abc import Callable, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from compression.catalog.datasets import Dataset
from compression.errors import UsageError
from compression.measurement.accuracy.answers import answers_of
from compression.measurement.accuracy.paired import pair_of
from compression.measurement.accuracy.predictions import BATCH, predictions
from compression.measurement.checks import check_classifier, check_finite, fixed_batch
from compression.measurement.energy_of_file import energy_of_file
from compression.measurement.engines import ModelNotUsable, open_session
from compression.measurement.graph.download_size import download_bytes
from compression.measurement.graph.facts import graph_facts
from compression.measurement.graph.kernels import kernels
from compression.measurement.graph.onnx_file import stored_files
from compression.measurement.graph.traffic import traffic
from compression.measurement.machine.fingerprint import fingerprint
from compression.measurement.memory import measure_peak_memory
from compression.measurement.timing.latency import Condition, measure_latencies
from compression.measurement.timing.load import other_cores, read_load
from compression.measurement.timing.noise import noise_of
from compression.store.files import sha256_of
from compression.store.measurements import Answers, EngineName, Kernels, Latency, Pair, Timing, Traffic
from compression.store.predictions import Predictions
from compression.store.record import Count, Record
from compression.store.records import Machine

# How often the first file is timed besides itself. Two give three pairs, so that one lucky pair does not make a noisy
# machine look quiet.
REPEATS = 2
# How many images of the validation split a file has to give finite scores for before the long work starts.
FIRST_IMAGES = 64


class ReadFile(Record):
    """What can be read in one file, without running it."""

    file: str
    sha256: str
    size_bytes: Annotated[int, Field(gt=0)]
    download_bytes: Count
    parameters: Count
    macs: Count
    traffic: Traffic
    kernels: tuple[Kernels, ...]


class MeasuredFile(ReadFile):
    """One file and what was measured on it; the fields are those of a study's candidate."""

    answers: tuple[Answers, ...]
    latency: tuple[Latency, ...]
    between_engines: tuple[Pair, ...]
    peak_memory_bytes: Count
    baseline_memory_bytes: Count
    energy_joules: Annotated[float, Field(gt=0.0)] | None


class Measured(Record):
    """The files, the machine, and, of two files, how their answers in the first engine compare image by image."""

    format: Literal["weigh-in-measure/1"] = "weigh-in-measure/1"
    dataset: str
    machine: Machine
    files: tuple[MeasuredFile, ...]
    pair: Pair | None
    timing: Timing


def measure_side_by_side(
    paths: Sequence[Path],
    dataset: Dataset,
    *,
    engines: Sequence[EngineName],
    batches: Sequence[int],
    threads: Sequence[int],
    seconds: float,
    seed: int,
    tell: Callable[[str, float], None] = lambda _stage, _done: None,
) -> Measured:
    """Measure one or two files in every engine, for every batch, on every number of threads.

    ``seconds`` is the most that each file gets under each of these conditions. The first file is timed three times
    over, as if it were three, for the noise of the machine. ``tell`` gets the stage and the share of it (0..1) that is
    done. Raises ModelNotUsable for a file that cannot be measured like this, before anything is measured; for scores
    that are not finite, as soon as an image gives them. Raises UsageError for a batch of more images than there are.
    """
    if max(batches) > len(dataset.validation):
        raise UsageError(
            f"A batch of {max(batches)} cannot be made of the {len(dataset.validation)} validation images; choose a "
            "smaller --batch."
        )
    card = dataset.card
    for path in paths:
        check_classifier(path, image_shape=card.image_shape, classes=len(card.classes), engines=engines)
        check_finite(path, dataset.normalize(dataset.validation.images[:FIRST_IMAGES]), engines=engines)
        if fixed_batch(path) == 1 and max(batches) > 1:
            raise ModelNotUsable(
                path, "it takes one image at a time only; leave out --batch, or export it with a free axis"
            )
    graphs = [_read(path, engines) for path in paths]
    found = {
        (number, engine): _predicted(path, engine, dataset, threads=max(threads), tell=tell)
        for (number, path), engine in product(enumerate(paths), engines)
    }
    latencies, timing = _timed(paths, dataset, engines, batches, threads, seconds=seconds, seed=seed, tell=tell)
    memory = measure_peak_memory(
        [(str(number), path) for number, path in enumerate(paths)],
        engines[0],
        image_shape=card.image_shape,
        threads=max(threads),
        on_progress=lambda done: tell("weighing memory", done),
    )
    labels = dataset.test.labels
    return Measured(
        dataset=card.name,
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
                latency=latencies[number],
                peak_memory_bytes=memory[str(number)].model_bytes,
                baseline_memory_bytes=memory[str(number)].baseline_bytes,
                energy_joules=energy_of_file(
                    paths[number], engines[0], dataset.normalize(dataset.validation.images[:1]), threads=max(threads)
                ),
            )
            for number, graph in enumerate(graphs)
        ),
        pair=pair_of(str(paths[0]), found[0, engines[0]], str(paths[1]), found[1, engines[0]], labels)
        if len(paths) > 1
        else None,
        timing=timing,
    )


def _predicted(
    path: Path, engine: EngineName, dataset: Dataset, *, threads: int, tell: Callable[[str, float], None]
) -> Predictions:
    try:
        return predictions(
            open_session(path, engine, threads=threads),
            dataset.test.images,
            dataset.normalize,
            batch=fixed_batch(path) or BATCH,
            on_progress=lambda done: tell(f"checking the accuracy of {path.name} in {engine}", done),
        )
    except FloatingPointError as error:
        raise ModelNotUsable(path, f"{error} for one of the test images; check its weights") from error


def _timed(
    paths: Sequence[Path],
    dataset: Dataset,
    engines: Sequence[EngineName],
    batches: Sequence[int],
    threads: Sequence[int],
    *,
    seconds: float,
    seed: int,
    tell: Callable[[str, float], None],
) -> tuple[list[tuple[Latency, ...]], Timing]:
    conditions = [
        Condition(engine=engine, batch=batch, threads=number)
        for number, engine, batch in product(threads, engines, batches)
    ]
    subjects = [*paths, *[paths[0]] * REPEATS]
    before = read_load()
    found = measure_latencies(
        [(str(number), path) for number, path in enumerate(subjects)],
        conditions,
        dataset.normalize(dataset.validation.images[: max(batches)]),
        seconds_per_subject=seconds,
        seed=seed,
        on_progress=lambda done: tell("timing", done),
    )
    others = other_cores(before, read_load())
    latencies = [found[str(number)] for number in range(len(subjects))]
    same_file = [latencies[0], *latencies[len(paths) :]]
    noise = tuple(noise_of(same) for same in zip(*same_file, strict=True))
    return latencies[: len(paths)], Timing(noise=noise, other_cores=others)


def _read(path: Path, engines: Sequence[EngineName]) -> ReadFile:
    facts = graph_facts(path)
    return ReadFile(
        file=str(path),
        sha256=sha256_of(path.read_bytes()),
        size_bytes=sum(stored.stat().st_size for stored in stored_files(path)),
        download_bytes=download_bytes(path),
        parameters=facts.parameters,
        macs=facts.macs,
        traffic=traffic(path),
        kernels=tuple(kernels(path, engine) for engine in engines),
    )
