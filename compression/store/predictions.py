"""What a model answered to each example, and the file it is kept in, so that a page can show which examples flipped.

Knows no engine, no example and no label: not whether an answer was right.
"""

import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compression.errors import DamagedFile
from compression.store.files import write_atomically

RUNNERS_UP = 4
# Probabilities are kept as multiples of 1 / 65,535, finer than float16: docs/lab-notes.md, "Predictions on disk".
LEVELS = 2**16 - 1
REMEDY = "measure the candidate again."
# What reading a file can raise that is not as it was written. RuntimeError: zipfile takes a changed bit for the mark of
# an encrypted file, or of a later version of the format.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, ValueError)


@dataclass(frozen=True, kw_only=True, eq=False)
class Predictions:
    """The most likely class of each example, unsigned integers [N], and its probability, 0..1, float32 [N].

    ``runners_up`` [N, 4] has the second to the fifth most likely class of each example, in that order, as top-5
    accuracy needs them; None for a model of ten classes or fewer. Raises ValueError when the arrays do not fit
    together.
    """

    classes: NDArray[np.unsignedinteger]
    confidences: NDArray[np.float32]
    runners_up: NDArray[np.unsignedinteger] | None = None

    def __post_init__(self) -> None:
        examples = self.classes.size
        if examples == 0 or self.classes.shape != (examples,) or self.confidences.shape != (examples,):
            raise ValueError("predictions need one class and one probability for each of at least one example")
        if self.runners_up is not None and self.runners_up.shape != (examples, RUNNERS_UP):
            raise ValueError(f"each prediction has {RUNNERS_UP} runners-up, or none has any")
        classes = [self.classes] if self.runners_up is None else [self.classes, self.runners_up]
        if any(array.dtype.kind != "u" for array in classes):
            raise ValueError("predicted classes are unsigned integers")
        if not ((self.confidences >= 0) & (self.confidences <= 1)).all():
            raise ValueError("probabilities are between 0 and 1")

    def first(self, examples: int) -> "Predictions":
        """Those of the first so many examples."""
        return Predictions(
            classes=self.classes[:examples],
            confidences=self.confidences[:examples],
            runners_up=None if self.runners_up is None else self.runners_up[:examples],
        )


def write_predictions(path: Path, predictions: Predictions) -> None:
    """Keep predictions in a compressed ``.npz`` file: readers see all of it or nothing; equal ones give equal bytes.

    The arrays are named as the fields. ``confidences`` is uint16, the probability times 65,535, rounded; ``runners_up``
    has no columns when there are none; the rest is kept as it is. What that takes: docs/lab-notes.md, "Predictions on
    disk".
    """
    none = np.empty((predictions.classes.size, 0), dtype=predictions.classes.dtype)
    content = BytesIO()
    np.savez_compressed(
        content,
        classes=predictions.classes,
        confidences=np.round(predictions.confidences.astype(np.float64) * LEVELS).astype(np.uint16),
        runners_up=none if predictions.runners_up is None else predictions.runners_up,
    )
    write_atomically(path, content.getvalue())


def read_predictions(path: Path) -> Predictions:
    """Predictions as they were written, the probabilities rounded. Raises DamagedFile for anything else."""
    try:
        arrays = _arrays_of(path.read_bytes())
        confidences, runners_up = arrays["confidences"], arrays["runners_up"]
        if confidences.dtype != np.uint16:
            raise ValueError(f"probabilities are kept as uint16, not {confidences.dtype}")
        return Predictions(
            classes=arrays["classes"],
            confidences=(confidences / LEVELS).astype(np.float32),
            runners_up=runners_up if runners_up.size else None,
        )
    except FileNotFoundError as error:
        raise DamagedFile(path, REMEDY, because="it is not there") from error
    except DAMAGE as error:
        raise DamagedFile(
            path, REMEDY, because="it does not hold one answer per example, whole and readable"
        ) from error


def _arrays_of(content: bytes) -> dict[str, NDArray[np.unsignedinteger]]:
    """The arrays of an ``.npz`` file by their names; np.load would take other kinds of files, too."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if any(each.compress_type != zipfile.ZIP_DEFLATED for each in archive.infolist()):
            raise zipfile.BadZipFile("not compressed as write_predictions does")
        return {
            name.removesuffix(".npy"): np.lib.format.read_array(BytesIO(archive.read(name)), allow_pickle=False)
            for name in archive.namelist()
        }
