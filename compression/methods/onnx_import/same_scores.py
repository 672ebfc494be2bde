"""Whether a graph still computes what the file did that it was made from: both are run on the same made-up examples."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from compression.catalog.examples import Inputs, length_of, rows_of
from compression.errors import ModelNotUsable
from compression.measurement.engines import open_session
from compression.measurement.graph.onnx_file import inputs_of

EXAMPLES = 3
# Of the largest score: far more than folding moves it, and far less than a wrong graph is off. docs/lab-notes.md, "The
# same scores after folding".
TOLERANCE = 1e-3


def made_up_inputs(model: onnx.ModelProto, shapes: Mapping[str, Sequence[int]], examples: int = EXAMPLES) -> Inputs:
    """So many examples, always the same ones: independent standard normal numbers; of whole ones, zeros and ones."""
    rng = np.random.default_rng(0)
    made: dict[str, NDArray[Any]] = {}
    for value in inputs_of(model):
        element = helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
        size = (examples, *shapes[value.name])
        made[value.name] = (rng.normal(size=size) if element.kind == "f" else rng.integers(0, 2, size)).astype(element)
    return made


def scores_one_by_one(path: Path, inputs: Inputs) -> NDArray[np.float32]:
    """The scores [N, classes] of a file, asked for one example at a time. Raises ModelNotUsable when it refuses one."""
    session = open_session(path, "onnxruntime", threads=1)
    return np.concatenate([session.run(rows_of(inputs, slice(at, at + 1))) for at in range(length_of(inputs))])


def gives(model: onnx.ModelProto, inputs: Inputs, scores: NDArray[np.float32], *, at_once: int) -> bool:
    """Whether ``model`` gives these ``scores`` for ``inputs``, so many examples ``at_once``."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        onnx.save(model, path)
        try:
            session = open_session(path, "onnxruntime", threads=1)
            starts = range(0, length_of(inputs), at_once)
            found = np.concatenate([session.run(rows_of(inputs, slice(at, at + at_once))) for at in starts])
        except ModelNotUsable:
            return False
    if found.shape != scores.shape:
        return False
    return bool(np.allclose(found, scores, rtol=0, atol=TOLERANCE * float(np.abs(scores).max()), equal_nan=True))
