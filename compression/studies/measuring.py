"""Measuring what the lanes have made, when nothing else of the study computes. Knows no method and no lane."""

from collections.abc import Callable
from pathlib import Path

from compression.catalog.datasets import Dataset
from compression.measurement.accuracy import accuracy_of, predictions
from compression.measurement.energy import joules_per_inference, package_counters
from compression.measurement.engines import open_session
from compression.measurement.latency import Condition, measure_latencies
from compression.measurement.memory import measure_peak_memory
from compression.store.records import Accuracy, EngineName, Study
from compression.store.store import Store

Tell = Callable[[str, float], None]

ENGINES: tuple[EngineName, ...] = ("onnxruntime", "openvino")
BATCHES = (1, 32)
ACCURACY_ENGINE: EngineName = "onnxruntime"


def measure_accuracies(store: Store, study: Study, dataset: Dataset, *, threads: int, tell: Tell) -> None:
    """The share of the whole test set that each candidate's file gets right, re-loaded in ONNX Runtime."""
    waiting = [candidate for candidate in store.candidates(study.id) if candidate.accuracy is None]
    for number, candidate in enumerate(waiting):
        tell("checking accuracy", number / len(waiting))
        accuracy = measure_accuracy(store.folder(study.id) / candidate.artefact, dataset, threads=threads)
        store.put_candidate(study.id, candidate.model_copy(update={"accuracy": accuracy}))


def measure_accuracy(artefact: Path, dataset: Dataset, *, threads: int) -> Accuracy:
    """Accuracy of one file on the test set."""
    session = open_session(artefact, ACCURACY_ENGINE, threads=threads)
    found = predictions(session, dataset.test.images, dataset.normalize)
    return accuracy_of(found.classes, dataset.test.labels)


def measure_costs(
    store: Store, study: Study, dataset: Dataset, *, threads: int, seconds_per_subject: float, tell: Tell
) -> None:
    """Latency, memory and energy of all candidates, interleaved: a drift of the machine hits all alike."""
    candidates = store.candidates(study.id)
    subjects = [(candidate.id, store.folder(study.id) / candidate.artefact) for candidate in candidates]
    conditions = [Condition(engine=engine, batch=batch, threads=threads) for engine in ENGINES for batch in BATCHES]
    latencies = measure_latencies(
        subjects,
        conditions,
        dataset.normalize(dataset.validation.images[: max(BATCHES)]),
        seconds_per_subject=seconds_per_subject,
        seed=study.seed,
        on_progress=lambda done: tell("timing", done),
    )
    memory = measure_peak_memory(
        subjects,
        ACCURACY_ENGINE,
        image_shape=dataset.card.image_shape,
        threads=threads,
        on_progress=lambda done: tell("weighing memory", done),
    )
    for candidate, (_, artefact) in zip(candidates, subjects, strict=True):
        measured = {
            "latency": latencies[candidate.id],
            "peak_memory_bytes": memory[candidate.id].model_bytes,
            "energy_joules": measure_energy(artefact, dataset, threads=threads),
        }
        store.put_candidate(study.id, candidate.model_copy(update=measured))


def measure_energy(artefact: Path, dataset: Dataset, *, threads: int) -> float | None:
    """Joules of the processor for one image, one at a time; None when this machine does not show them."""
    if package_counters() is None:
        return None
    session = open_session(artefact, ACCURACY_ENGINE, threads=threads)
    image = dataset.normalize(dataset.validation.images[:1])
    session.run(image)
    return joules_per_inference(lambda: session.run(image))
