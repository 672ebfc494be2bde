"""Scoring a quantized network while it is made: its answers to labelled examples that are not the test's.

It runs as it will be deployed: the file, loaded in an engine.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from numpy.typing import NDArray

from compression.catalog.examples import Examples
from compression.measurement.engines import open_session
from compression.measurement.graph.onnx_file import fixed_batch
from compression.measurement.scores.kinds import as_logits, kind_in_graph, kind_of, least_of
from compression.methods.quantization.check import Checker
from compression.records.measurements import EngineName
from compression.store.files import sha256_of

BATCH = 250


class Scorer:
    """Labelled examples, usually the validation split, and what a network makes of them; None for no examples.

    ``threads`` is asked each time: a lane that has ended leaves its threads to the other.
    """

    def __init__(self, examples: Examples | None, *, threads: Callable[[], int]) -> None:
        self._examples, self._threads = examples, threads
        self._known: dict[tuple[EngineName, str], float] = {}
        self._checkers: dict[Path, Checker] = {}

    def __len__(self) -> int:
        return 0 if self._examples is None else len(self._examples)

    def checker_of(self, source: Path) -> Checker:
        """What holds files against the ``source`` that they are made from, on these examples.

        One for all files that are made from it, since it asks the source itself once.
        """
        if source not in self._checkers:
            self._checkers[source] = Checker(source, self._examples, threads=self._threads)
        return self._checkers[source]

    def accuracy(self, file: Path, engine: EngineName = "onnxruntime") -> float:
        """The share (0..1) of all examples that the file answers right in an engine. The same file is run once."""
        known = engine, sha256_of(file.read_bytes())
        if known not in self._known:
            self._known[known] = self._accuracy(file, engine)
        return self._known[known]

    def right(self, model: onnx.ModelProto, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of the examples at ``rows`` [N] the model answers right."""
        chosen = self._chosen(rows)
        return self._right(self._scores_of(model, chosen), chosen)

    def log_probabilities(self, model: onnx.ModelProto, examples: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """On the first ``examples``: the log probabilities of all classes, [N, K] in nats, and which are right, [N].

        They are those of a softmax over the logits behind the scores: independent probabilities are no distribution.
        """
        chosen = self._chosen(np.arange(min(examples, len(self))))
        scores = self._scores_of(model, chosen)
        kind = kind_of(scores, kind_in_graph(model))
        logits = as_logits(scores, kind, least_of(scores, kind)).astype(np.float64)
        logits -= logits.max(axis=1, keepdims=True)
        log_probabilities: NDArray[np.float64] = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return log_probabilities, self._right(logits, chosen)

    def _accuracy(self, file: Path, engine: EngineName) -> float:
        everything = self._chosen(np.arange(len(self)))
        return float(self._right(self._scores(file, everything, engine), everything).mean())

    def _chosen(self, rows: NDArray[np.intp]) -> Examples:
        if self._examples is None:
            raise ValueError("there are no examples to score a network on")
        return self._examples.select(rows)

    def _scores_of(self, model: onnx.ModelProto, examples: Examples) -> NDArray[np.float32]:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "scored.onnx"
            onnx.save(model, file)
            return self._scores(file, examples)

    def _scores(self, file: Path, examples: Examples, engine: EngineName = "onnxruntime") -> NDArray[np.float32]:
        session = open_session(file, engine, threads=self._threads())
        at_once = fixed_batch(file) or BATCH
        starts = range(0, len(examples), at_once)
        return np.concatenate([session.run(examples.inputs(slice(start, start + at_once))) for start in starts])

    @staticmethod
    def _right(logits: NDArray[np.floating], examples: Examples) -> NDArray[np.bool_]:
        right: NDArray[np.bool_] = logits.argmax(axis=1) == examples.labels
        return right
