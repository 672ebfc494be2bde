"""Whether a graph still computes what the file did that it was made from: both are run on the same made-up images.

Knows nothing of what was changed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from numpy.typing import NDArray

from compression.measurement.engines import ModelNotUsable, open_session

IMAGES = 3
# Of the largest score. Folding batch norms moved scores by up to 7e-6 of it in torchvision's networks; a wrong graph is
# off by the scores themselves.
TOLERANCE = 1e-3


def made_up_images(shape: tuple[int, int, int]) -> NDArray[np.float32]:
    """A few images [N, C, H, W] of independent standard normal numbers, always the same ones."""
    return np.random.default_rng(0).normal(size=(IMAGES, *shape)).astype(np.float32)


def scores_one_by_one(path: Path, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """The scores [N, classes] of a file, asked for one image at a time. Raises ModelNotUsable when it refuses one."""
    session = open_session(path, "onnxruntime", threads=1)
    return np.concatenate([session.run(np.array(images[at : at + 1])) for at in range(len(images))])


def gives(model: onnx.ModelProto, images: NDArray[np.float32], scores: NDArray[np.float32], *, at_once: int) -> bool:
    """Whether ``model`` gives these ``scores`` for ``images``, so many of them ``at_once``."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        onnx.save(model, path)
        try:
            session = open_session(path, "onnxruntime", threads=1)
            starts = range(0, len(images), at_once)
            found = np.concatenate([session.run(np.array(images[at : at + at_once])) for at in starts])
        except ModelNotUsable:
            return False
    if found.shape != scores.shape:
        return False
    return bool(np.allclose(found, scores, rtol=0, atol=TOLERANCE * float(np.abs(scores).max()), equal_nan=True))
