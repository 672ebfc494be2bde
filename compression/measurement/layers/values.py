"""The values inside a file, while it answers images. Knows ONNX Runtime, and not what the values are for."""

from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from compression.measurement.engines.complaints import cannot_run
from compression.measurement.engines.onnx_runtime import REFUSALS, load, session_options


def values_of(
    model: onnx.ModelProto, path: Path, names: Collection[str], images: NDArray[np.float32], *, threads: int
) -> dict[str, NDArray[np.float32]]:
    """Those of ``names`` among the values of ``model``, which was read from ``path``, for normalized ``images``
    [N, C, H, W].

    The engine is told to take the graph node by node, as it is written. It would otherwise fuse nodes, and compute in
    integers what stands between QuantizeLinear and DequantizeLinear: some of these values would not exist, and asking
    for one changes what can be fused, so that the file would not compute the same any more. As it is written, every
    value is the one that the ONNX standard gives it. (Fused, the bundled models' int8 files gave another answer to 1 to
    6 of 2,000 validation images.) Raises ModelNotUsable when the engine refuses the file.
    """
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    del watched.graph.output[:]
    # Of a value without a type the engine finds out by itself which it is.
    watched.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    options = session_options(threads)
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    with TemporaryDirectory() as folder:
        file = Path(folder) / path.name
        onnx.save(watched, file)
        session = load(file, options)
    try:
        found = session.run(list(names), {session.get_inputs()[0].name: images})
    except REFUSALS as error:
        raise cannot_run(path, "onnxruntime", images.shape, error) from error
    return dict(zip(names, found, strict=True))
