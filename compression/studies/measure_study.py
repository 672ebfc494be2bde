"""Measuring what the lanes have made, when nothing else of the study computes. Knows no lane, and of the methods only
which student is the control of which."""

from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path

import numpy as np

from compression.catalog.examples import Dataset, Examples
from compression.errors import ModelNotUsable
from compression.measurement.accuracy.paired import pair_of
from compression.measurement.accuracy.predictions import BATCH, predictions
from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.measurement.measure_files import comparison_of, costs_of
from compression.records.measurements import Condition, EngineName, Pair
from compression.records.progress import Stage
from compression.records.recipes import Original, control_of
from compression.records.study import Candidate, Failure, Gain, Study
from compression.store.predictions import read_predictions, write_predictions
from compression.store.studies import Store
from compression.studies.presets import Preset

Tell = Callable[[Stage, float], None]

ENGINES: tuple[EngineName, ...] = ("onnxruntime", "openvino")
DEFAULT_ENGINE: EngineName = "onnxruntime"


def measure_answers(store: Store, study: Study, dataset: Dataset, preset: Preset, *, threads: int, tell: Tell) -> None:
    """What each candidate's file, re-loaded, answers to the whole test set, and how these answers compare.

    A file that an engine refuses, or whose scores are no finite numbers, falls alone. Raises ModelNotUsable when it is
    the original's, which everything else is compared with.
    """
    waiting = [candidate for candidate in _to_measure(store, study) if not candidate.answers]
    for number, candidate in enumerate(waiting):
        tell("checking accuracy", number / len(waiting))
        try:
            answered = _answered(candidate, store.folder(study.id), dataset, preset, threads=threads)
        except ModelNotUsable as error:
            if candidate.recipe == Original():
                raise
            lost = Failure(candidate=candidate.id, name=candidate.name, family=candidate.family, message=str(error))
            store.results.withdraw(study.id, lost)
        else:
            store.results.put_candidate(study.id, answered)
    pairs = _pairs(store, study, dataset)
    store.results.set_pairs(study.id, pairs)
    for candidate in _to_measure(store, study):
        gain = gain_of(candidate, store.results.candidates(study.id), pairs)
        store.results.put_candidate(study.id, candidate.model_copy(update={"gain": gain}))


def _to_measure(store: Store, study: Study) -> list[Candidate]:
    return [candidate for candidate in store.results.candidates(study.id) if candidate.set_aside_for is None]


def _answered(candidate: Candidate, folder: Path, dataset: Dataset, preset: Preset, *, threads: int) -> Candidate:
    labels, classes = dataset.test.labels, len(dataset.card.classes)
    run = tuple(kernels(folder / candidate.artefact, engine) for engine in ENGINES)
    # How engines round to 8 bits changes answers, the order of additions none: docs/lab-notes.md, "Examples for the
    # second engine".
    in_8_bits = any(each.low_precision_macs for each in run)
    some = len(labels) if in_8_bits else asked_elsewhere(len(labels), candidate.macs, preset.second_engine_macs)
    try:
        found = {
            engine: predictions(
                open_session(folder / candidate.artefact, engine, threads=threads),
                dataset.test if engine == DEFAULT_ENGINE or some == len(labels) else _first(dataset.test, some),
            )
            for engine in ENGINES
        }
    except FloatingPointError as error:
        raise ModelNotUsable(
            folder / candidate.artefact, f"{error} for one of the test {dataset.card.nouns}; make it in another way"
        ) from error
    kept = f"predictions/{candidate.id}.npz"
    write_predictions(folder / kept, found[DEFAULT_ENGINE])
    compared = comparison_of(found, labels, classes)
    accuracy = next(each.accuracy for each in compared["answers"] if each.engine == DEFAULT_ENGINE)
    return candidate.model_copy(update={"accuracy": accuracy, "predictions": kept, "kernels": run, **compared})


def _first(examples: Examples, count: int) -> Examples:
    return examples.select(np.arange(count))


def asked_elsewhere(examples: int, macs: int, most_macs: float | None) -> int:
    """How many of the test examples another engine is asked, for ``macs`` an example and ``most_macs`` in all: whole
    batches, and one of them at least."""
    if most_macs is None or examples * macs <= most_macs:
        return examples
    return min(examples, max(1, int(most_macs / macs) // BATCH) * BATCH)


def _pairs(store: Store, study: Study, dataset: Dataset) -> tuple[Pair, ...]:
    """Every two candidates, example by example."""
    found = {
        candidate.id: read_predictions(store.folder(study.id) / candidate.predictions)
        for candidate in store.results.candidates(study.id)
        if candidate.predictions is not None
    }
    return tuple(
        pair_of(first, found[first], second, found[second], dataset.test.labels)
        for first, second in combinations(found, 2)
    )


def gain_of(candidate: Candidate, others: Iterable[Candidate], pairs: Iterable[Pair]) -> Gain | None:
    """What the teacher was worth to a distilled student, quantized or not; None for others, and without the control."""
    wanted = control_of(candidate.recipe)
    control = next((other.id for other in others if other.recipe == wanted), None)
    if control is None:
        return None
    for pair in pairs:
        seen = pair.seen_from(candidate.id)
        if seen is not None and seen.second == control:
            return Gain(control=control, difference=seen.difference, low=seen.low, high=seen.high, p_value=seen.p_value)
    return None


def measure_costs(store: Store, study: Study, dataset: Dataset, preset: Preset, *, threads: int, tell: Tell) -> None:
    """Latency, memory and energy of all candidates, interleaved: a drift of the machine hits all alike."""
    candidates = _to_measure(store, study)
    subjects = [(candidate.id, store.folder(study.id) / candidate.artefact) for candidate in candidates]
    costs, timing = costs_of(
        subjects,
        conditions(preset, threads),
        dataset,
        engine=DEFAULT_ENGINE,
        threads=threads,
        repeated="original",
        seconds=study.options.latency_seconds or preset.latency_seconds,
        seed=study.seed,
        tell=tell,
    )
    store.results.set_timing(study.id, timing)
    for candidate in candidates:
        store.results.put_candidate(study.id, candidate.model_copy(update=dict(costs[candidate.id])))


def conditions(preset: Preset, threads: int) -> list[Condition]:
    """What every file of a study is timed under, where ``threads`` is all that the machine has."""
    numbers_of_threads = dict.fromkeys((threads, 1) if preset.single_thread else (threads,))
    return [
        Condition(engine=engine, batch=batch, threads=number)
        for number in numbers_of_threads
        for engine in ENGINES
        for batch in preset.batches
    ]
