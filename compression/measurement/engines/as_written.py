"""What a file says: its operators computed one by one, as they stand, without any engine's shortcuts.

It is the yardstick of an engine's faults, and no engine that files are deployed in.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from compression.catalog.examples import Inputs
from compression.measurement.engines.errors import cannot_run
from compression.measurement.engines.onnx_runtime import REFUSALS, load, session_options
from compression.measurement.engines.session import under_file_names


def scores_as_written(path: Path, batches: Iterable[Inputs], *, threads: int) -> NDArray[np.float32]:
    """The scores [N, K] of all ``batches``. Raises ModelNotUsable when they cannot be had."""
    options = session_options(threads)
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = load(path, options)
    taken, given = [each.name for each in session.get_inputs()], [session.get_outputs()[0].name]
    found = []
    for inputs in batches:
        try:
            found.append(session.run(given, under_file_names(inputs, taken, path))[0])
        except REFUSALS as error:
            raise cannot_run(path, "onnxruntime", inputs, error) from error
    return np.concatenate(found)
