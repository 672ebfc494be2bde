"""What a file answers to a set of examples. Not which answers are right."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compression.catalog.examples import Examples
from compression.errors import ModelNotUsable
from compression.measurement.engines import Session, open_session
from compression.measurement.graph.onnx_file import fixed_batch, load_graph
from compression.measurement.scores.kinds import kind_in_graph, kind_of, top_probability
from compression.records.measurements import EngineName, ScoreKind
from compression.store.predictions import RUNNERS_UP, Predictions

# Large enough that the engines' work per call is all that counts, small enough that the activations of a network for
# small inputs stay at some tens of megabytes; it divides the usual test sets without a remainder.
BATCH = 250
# Of ten classes, five guesses hit by chance every other time: the runners-up are for more classes than that.
FEW_CLASSES = 10


def predictions(
    session: Session,
    examples: Examples,
    *,
    batch: int = BATCH,
    scores: ScoreKind | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Predictions:
    """Run all ``examples`` through a session that was opened with a free batch axis.

    They are prepared batch by batch, and of the scores [B, K] of a batch only the answers are kept, so that memory does
    not grow with N times K. The probability of an answer is what the ``scores`` mean; where that is not known, they
    decide: all of them, since it takes many. Of equal scores the class with the lower number comes first.
    ``on_progress`` is told the share done, 0..1, after each batch. Raises ValueError without examples, and
    FloatingPointError when scores are not finite.
    """
    if len(examples) == 0:
        raise ValueError("there are no examples to predict")
    asked: tuple[ScoreKind, ...] = ("logits", "softmax") if scores is None else (scores,)
    ranked, found = [], set[ScoreKind]()
    confidences: dict[ScoreKind, list[NDArray[np.float32]]] = {kind: [] for kind in asked}
    for start in range(0, len(examples), batch):
        given = session.run(examples.inputs(slice(start, start + batch)))
        if not np.isfinite(given).all():
            raise FloatingPointError(f"{session.engine} gave class scores that are not finite numbers")
        ranked.append(_ranked(given))
        for kind, each in confidences.items():
            each.append(top_probability(given, kind))
        found.add(kind_of(given, scores))
        if on_progress is not None:
            on_progress(min(1.0, (start + batch) / len(examples)))
    classes = np.concatenate(ranked)
    # Of log-softmax and logits the softmax is taken, of softmax and sigmoids the score itself.
    meant = scores or ("softmax" if found <= {"softmax", "sigmoids"} else "logits")
    return Predictions(
        classes=classes[:, 0],
        confidences=np.concatenate(confidences[meant]),
        runners_up=classes[:, 1:] if classes.shape[1] > 1 else None,
    )


def _ranked(logits: NDArray[np.float32]) -> NDArray[np.unsignedinteger]:
    """The most likely class of each row of ``logits`` [B, K], and the runners-up when K is above ten: [B, 1 or 5]."""
    classes = logits.shape[1]
    places = 1 if classes <= FEW_CLASSES else 1 + RUNNERS_UP
    order = np.argsort(-logits, axis=1, kind="stable")[:, :places]
    ranked: NDArray[np.unsignedinteger] = order.astype(np.min_scalar_type(classes - 1))
    return ranked


def predictions_of_file(
    path: Path,
    engine: EngineName,
    examples: Examples,
    *,
    threads: int,
    precision: str = "fp32",
    scores: ScoreKind | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Predictions:
    """As ``predictions``, of a file that has passed ``check_classifier``. Raises ModelNotUsable when the engine cannot
    run it, or gets scores from it that are not finite."""
    session = open_session(path, engine, threads=threads, precision=precision)
    if scores is None and kind_in_graph(load_graph(path)) == "logits":
        scores = "logits"
    try:
        return predictions(session, examples, batch=fixed_batch(path) or BATCH, scores=scores, on_progress=on_progress)
    except FloatingPointError as error:
        raise ModelNotUsable(path, f"{error} for one of the examples; check its weights") from error
