"""Scoring a quantized network while it is made: its answers to labelled images that are not the test's.

It runs as it will be deployed: the file, loaded in the default engine. Knows no scheme.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from numpy.typing import NDArray

from compression.catalog.examples import LabelledImages
from compression.measurement.engines import open_session
from compression.store.files import sha256_of

BATCH = 250


class Scorer:
    """Labelled images, usually the validation split, and what a network makes of them.

    ``normalize`` turns pixels [N, C, H, W] into what the network takes in.
    """

    def __init__(
        self, examples: LabelledImages, normalize: Callable[[NDArray[np.uint8]], NDArray[np.float32]], *, threads: int
    ) -> None:
        self._examples, self._normalize, self._threads = examples, normalize, threads
        self._known: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._examples)

    def accuracy(self, file: Path) -> float:
        """The share (0..1) of all images that the file answers right. The same file is run once."""
        content = sha256_of(file.read_bytes())
        if content not in self._known:
            self._known[content] = float(self._right(self._logits(file, self._examples), self._examples).mean())
        return self._known[content]

    def right(self, model: onnx.ModelProto, images: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of ``images`` (numbers [N]) the model answers right."""
        chosen = self._examples.select(images)
        return self._right(self._logits_of(model, chosen), chosen)

    def log_probabilities(self, model: onnx.ModelProto, images: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """On the first ``images``: the log probabilities of all classes, [N, K] in nats, and which are right, [N]."""
        chosen = self._examples.select(np.arange(min(images, len(self))))
        logits = self._logits_of(model, chosen).astype(np.float64)
        logits -= logits.max(axis=1, keepdims=True)
        log_probabilities: NDArray[np.float64] = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return log_probabilities, self._right(logits, chosen)

    def _logits_of(self, model: onnx.ModelProto, examples: LabelledImages) -> NDArray[np.float32]:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "scored.onnx"
            onnx.save(model, file)
            return self._logits(file, examples)

    def _logits(self, file: Path, examples: LabelledImages) -> NDArray[np.float32]:
        session = open_session(file, "onnxruntime", threads=self._threads)
        starts = range(0, len(examples), BATCH)
        return np.concatenate(
            [session.run(self._normalize(examples.images[start : start + BATCH])) for start in starts]
        )

    @staticmethod
    def _right(logits: NDArray[np.floating], examples: LabelledImages) -> NDArray[np.bool_]:
        right: NDArray[np.bool_] = logits.argmax(axis=1) == examples.labels
        return right
