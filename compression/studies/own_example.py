"""An example of one's own through every file of a study that is here. Imports an engine, and is for a process apart."""

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from compression.catalog.cards import DatasetCard
from compression.catalog.examples import Examples, Inputs
from compression.errors import UnknownName, UsageError
from compression.measurement.checks import check_finite
from compression.measurement.engines import open_session
from compression.measurement.engines.session import Session, under_file_names
from compression.measurement.graph.onnx_file import load_graph
from compression.measurement.scores.kinds import kind_in_graph, kind_of, top_probability
from compression.modalities.choose import CATALOG, Catalog
from compression.records.measurements import ScoreKind
from compression.records.own_example import OwnAnswer, OwnAnswers
from compression.store.library import LibraryEntry

# Of one answer; the first one, which also plans the memory, does not count.
TIMED_RUNS = 5
# Validation examples that tell what scores are.
TELLING = 64


def answer_own_example(entry: LibraryEntry, path: Path, catalog: Catalog = CATALOG) -> OwnAnswers:
    """What each file answers to the example in ``path``, in the default engine on one thread.

    Raises ExampleNotUsable for the example, and UsageError for a study whose dataset or files are not here.
    """
    document = entry.document
    subject = document.subject
    try:
        card = catalog.card_for(document.study.model, document.study.dataset)
    except UnknownName as error:
        raise UsageError(
            f"The dataset {subject.dataset_title} is not on this computer, so how its {subject.nouns} are prepared is "
            f"not known, and no {subject.noun} can be tried."
        ) from error
    kept = [(candidate, file) for candidate in document.candidates if (file := entry.artefact(candidate)) is not None]
    if not kept:
        raise UsageError(
            f"None of the study's files is on this computer, so no {subject.noun} can be tried; make them again with "
            "the command under Download."
        )
    modality = catalog.modality_of(card)
    examples = modality.read_one(path, card)
    inputs = examples.inputs(slice(None))
    others = cache(lambda: modality.load(card).validation)
    answers = []
    for candidate, file in kept:
        session = open_session(file, "onnxruntime", threads=1)
        own_inputs = under_file_names(inputs, session.input_names, file)
        scores = session.run(own_inputs)
        answers.append(
            OwnAnswer(
                candidate=candidate.id,
                answer=card.classes[int(scores[0].argmax())],
                confidence=float(top_probability(scores, _kind(file, scores, card, others))[0]),
                milliseconds=_milliseconds(session, own_inputs),
            )
        )
    shown = modality.shown(examples, 0)
    here = {candidate.id for candidate, _ in kept}
    return OwnAnswers(
        answers=tuple(answers),
        missing=tuple(each.name for each in document.candidates if each.accuracy is not None and each.id not in here),
        media_type=shown.media_type,
        content=shown.content,
    )


def _milliseconds(session: Session, inputs: Inputs) -> float:
    times = []
    for _ in range(TIMED_RUNS):
        started = time.perf_counter()
        session.run(inputs)
        times.append(1000 * (time.perf_counter() - started))
    return median(times)


def _kind(file: Path, scores: NDArray[np.float32], card: DatasetCard, others: Callable[[], Examples]) -> ScoreKind:
    """What the ``scores`` [1, K] of a file are: those of one example tell too little where its graph says nothing, and
    those of ``others`` do."""
    told = kind_in_graph(load_graph(file))
    if told is not None:
        return kind_of(scores, told)
    few = others().inputs(slice(min(len(others()), TELLING)))
    return check_finite(file, few, card, engines=["onnxruntime"])
