"""What one candidate's file, re-loaded, answers: to the test set in every engine, and to a few validation examples."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from compression.catalog.examples import Dataset, Examples
from compression.errors import ModelNotUsable
from compression.measurement.accuracy.predictions import BATCH, predictions, predictions_of_file
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.measurement.measure_files import comparison_of
from compression.records.measurements import EngineName
from compression.records.recipes import Original
from compression.records.study import Candidate, Study
from compression.store.predictions import write_predictions
from compression.store.studies import Store
from compression.studies.plan import withdraw
from compression.studies.presets import Preset

ENGINES: tuple[EngineName, ...] = ("onnxruntime", "openvino")
DEFAULT_ENGINE: EngineName = "onnxruntime"
# Multiply-accumulates of a first look, which takes a core some seconds.
FIRST_LOOK_MACS = 6.2e10


def put_to_test(
    store: Store,
    study: Study,
    candidate: Candidate,
    dataset: Dataset,
    preset: Preset,
    *,
    threads: int,
    on_progress: Callable[[float], None] = lambda _done: None,
) -> None:
    """Test a candidate in every engine, and put its answers into the store.

    A file that an engine refuses, or whose scores are no finite numbers, falls alone. Raises ModelNotUsable when it is
    the original's, which everything else is compared with.
    """
    try:
        answered = _answered(
            candidate, store.folder(study.id), dataset, preset, threads=threads, on_progress=on_progress
        )
    except ModelNotUsable as error:
        if candidate.recipe == Original():
            raise
        withdraw(store, study, candidate, str(error))
    else:
        store.results.put_candidate(study.id, answered)


def _answered(
    candidate: Candidate,
    folder: Path,
    dataset: Dataset,
    preset: Preset,
    *,
    threads: int,
    on_progress: Callable[[float], None],
) -> Candidate:
    file, labels, classes = folder / candidate.artefact, dataset.test.labels, len(dataset.card.classes)
    run = tuple(kernels(file, engine) for engine in ENGINES)
    # How engines round to 8 bits changes answers, the order of additions none: docs/lab-notes.md, "Examples for the
    # second engine".
    in_8_bits = any(each.low_precision_macs for each in run)
    some = len(labels) if in_8_bits else within(len(labels), candidate.macs, preset.second_engine_macs)
    try:
        found = {
            engine: predictions(
                open_session(file, engine, threads=threads),
                dataset.test if engine == DEFAULT_ENGINE else _first(dataset.test, some),
                on_progress=_part(on_progress, number),
            )
            for number, engine in enumerate(ENGINES)
        }
    except FloatingPointError as error:
        nouns = dataset.card.nouns
        raise ModelNotUsable(file, f"{error} for one of the test {nouns}; make it in another way") from error
    kept = f"predictions/{candidate.id}.npz"
    write_predictions(folder / kept, found[DEFAULT_ENGINE])
    compared = comparison_of(found, labels, classes)
    accuracy = next(each.accuracy for each in compared["answers"] if each.engine == DEFAULT_ENGINE)
    return candidate.model_copy(update={"accuracy": accuracy, "predictions": kept, "kernels": run, **compared})


def _part(on_progress: Callable[[float], None], engine: int) -> Callable[[float], None]:
    """Tells of one engine's share of the whole."""
    return lambda done: on_progress((engine + done) / len(ENGINES))


def first_look(file: Path, macs: int, dataset: Dataset, *, threads: int) -> float:
    """The accuracy (0..1) of a file on as many validation examples as take some seconds: for who watches.

    Raises ModelNotUsable when the engine refuses the file, or its scores are no finite numbers.
    """
    examples = _first(dataset.validation, within(len(dataset.validation), macs, FIRST_LOOK_MACS))
    found = predictions_of_file(file, DEFAULT_ENGINE, examples, threads=threads)
    return accuracy_of(found.classes, examples.labels).value


def _first(examples: Examples, count: int) -> Examples:
    return examples if count == len(examples) else examples.select(np.arange(count))


def within(examples: int, macs: int, most_macs: float | None) -> int:
    """How many of the examples are asked, for ``macs`` an example and ``most_macs`` in all: whole batches, and one of
    them at least; None for no end."""
    if most_macs is None or examples * macs <= most_macs:
        return examples
    return min(examples, max(1, int(most_macs / macs) // BATCH) * BATCH)
