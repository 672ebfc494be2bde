"""What a file answers to many images, whatever number of them it takes at once. Knows neither what the images show nor
which answers are right.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compression.measurement.accuracy.predictions import BATCH, predictions
from compression.measurement.checks import fixed_batch
from compression.measurement.engines import ModelNotUsable, open_session
from compression.store.measurements import EngineName
from compression.store.predictions import Predictions


def predictions_of_file(
    path: Path,
    engine: EngineName,
    images: NDArray[np.uint8],
    normalize: Callable[[NDArray[np.uint8]], NDArray[np.float32]],
    *,
    threads: int,
    precision: str = "fp32",
    on_progress: Callable[[float], None] | None = None,
) -> Predictions:
    """As ``predictions``, of a file that has passed ``check_classifier``. Raises ModelNotUsable when the engine cannot
    run it, or gets scores from it that are not finite."""
    session = open_session(path, engine, threads=threads, precision=precision)
    try:
        return predictions(session, images, normalize, batch=fixed_batch(path) or BATCH, on_progress=on_progress)
    except FloatingPointError as error:
        raise ModelNotUsable(path, f"{error} for one of the images; check its weights") from error
