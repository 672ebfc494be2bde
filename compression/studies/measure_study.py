"""Measuring what the lanes have made, when nothing else of the study computes. Knows no lane, and of the methods only
which student is the control of which."""

from collections.abc import Callable, Iterable
from itertools import combinations

from compression.catalog.examples import Dataset
from compression.measurement.accuracy.paired import pair_of
from compression.measurement.measure_files import costs_of
from compression.records.measurements import Condition, Pair
from compression.records.progress import Stage
from compression.records.recipes import control_of
from compression.records.study import Candidate, Gain, Study
from compression.store.predictions import read_predictions
from compression.store.studies import Store
from compression.studies.presets import Preset
from compression.studies.request import latency_seconds_of
from compression.studies.testing import DEFAULT_ENGINE, ENGINES, put_to_test

Tell = Callable[[Stage, float], None]


def measure_answers(store: Store, study: Study, dataset: Dataset, preset: Preset, *, threads: int, tell: Tell) -> None:
    """What is still missing of the candidates' answers to the whole test set, and how these answers compare. Raises
    ModelNotUsable as ``put_to_test``."""
    waiting = [candidate for candidate in _to_measure(store, study) if not candidate.answers]
    for number, candidate in enumerate(waiting):
        tell("checking accuracy", number / len(waiting))
        put_to_test(store, study, candidate, dataset, preset, threads=threads)
    pairs = _pairs(store, study, dataset)
    store.results.set_pairs(study.id, pairs)
    for candidate in _to_measure(store, study):
        gain = gain_of(candidate, store.results.candidates(study.id), pairs)
        store.results.put_candidate(study.id, candidate.model_copy(update={"gain": gain}))


def _to_measure(store: Store, study: Study) -> list[Candidate]:
    return [candidate for candidate in store.results.candidates(study.id) if candidate.set_aside_for is None]


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
        seconds=latency_seconds_of(study),
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
