"""How often a loaded file is right: predicted classes over a set of images, and the share of correct ones with its
interval. Knows neither what the images show nor how the file was made.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Not statsmodels' proportion_confint, which gives the same numbers: this import takes about half as long.
from scipy.stats import binomtest

from compression.measurement.engines import Session
from compression.store.records import Accuracy

CONFIDENCE = 0.95
# Large enough that the engines' work per call is all that counts, small enough that the activations of a network for
# small images stay at some tens of megabytes; it divides the usual test sets without a remainder.
BATCH = 250
UINT8_CLASSES = 256


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """The most likely class of each image, uint8 (int64 from 257 classes on) [N], and its probability, float32 [N].

    The probability is the softmax of the logits at that class, 0..1.
    """

    classes: NDArray[np.integer]
    confidences: NDArray[np.float32]


def predictions(
    session: Session,
    images: NDArray[np.uint8],
    normalize: Callable[[NDArray[np.uint8]], NDArray[np.float32]],
    *,
    batch: int = BATCH,
    on_progress: Callable[[float], None] | None = None,
) -> Predictions:
    """Run all ``images`` [N, C, H, W] (pixels 0..255) through a session that was opened with a free batch axis.

    ``normalize`` (``Dataset.normalize``) is applied batch by batch, so that memory does not grow with N.
    ``on_progress`` is told the share done, 0..1, after each batch. Raises ValueError without images, and
    FloatingPointError when the logits are not finite.
    """
    if len(images) == 0:
        raise ValueError("there are no images to predict")
    classes, confidences = [], []
    for start in range(0, len(images), batch):
        logits = session.run(normalize(images[start : start + batch]))
        if not np.isfinite(logits).all():
            raise FloatingPointError(f"{session.engine} gave class scores that are not finite numbers")
        classes.append(logits.argmax(axis=1))
        confidences.append(_top_probability(logits))
        if on_progress is not None:
            on_progress(min(1.0, (start + batch) / len(images)))
    found = np.concatenate(classes)
    return Predictions(
        classes=found.astype(np.uint8 if logits.shape[1] <= UINT8_CLASSES else np.int64),
        confidences=np.concatenate(confidences),
    )


def accuracy_of(predicted: NDArray[np.integer], labels: NDArray[np.integer]) -> Accuracy:
    """The share of ``predicted`` [N] that equals ``labels`` [N], with its 95 % Wilson score interval.

    Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22, without continuity
    correction; preferred to the normal approximation near 0 and 1 by Brown, Cai and DasGupta 2001, "Interval estimation
    for a binomial proportion". Raises ValueError when there is nothing to compare, or not one label per prediction.
    """
    if predicted.shape != labels.shape:
        raise ValueError(f"{predicted.shape} predictions cannot be compared with {labels.shape} labels")
    if predicted.size == 0:
        raise ValueError("an accuracy needs at least one prediction")
    correct, total = int(np.count_nonzero(predicted == labels)), int(predicted.size)
    interval = binomtest(correct, total).proportion_ci(CONFIDENCE, method="wilson")
    return Accuracy(
        correct=correct, total=total, value=correct / total, low=float(interval.low), high=float(interval.high)
    )


def _top_probability(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest softmax probability of each row of ``logits`` [B, K]: 1 / sum(exp(logits - largest))."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    probability: NDArray[np.float32] = (1.0 / np.exp(shifted).sum(axis=1)).astype(np.float32)
    return probability
