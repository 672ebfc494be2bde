"""How much memory running a file takes: the peaks of fresh processes that load it in an engine and run one batch,
beside those of the same process with a file that does next to nothing.

Knows files and engines; not how a file was made.
"""

import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from onnx import helper

import compression
from compression.errors import ModelNotUsable, WeighInError
from compression.measurement.memory_probe import NOT_USABLE
from compression.records.inputs import InputSpec
from compression.records.measurements import EngineName, MemoryReadings

CHECKOUT = Path(compression.__file__).parents[1]
# In how many processes each file is weighed: enough for a middle one, and to see how far they differ.
REPEATS = 3


class MemoryNotMeasured(WeighInError):
    """The process whose memory was to be measured has ended before it could say so."""

    def __init__(self, path: Path, because: str) -> None:
        super().__init__(f"The memory that {path.name} takes could not be measured: {because}.")


def measure_peak_memory(
    subjects: Sequence[tuple[str, Path]],
    engine: EngineName,
    *,
    inputs: Sequence[InputSpec],
    batch: int = 1,
    threads: int = 1,
    precision: str = "fp32",
    repeats: int = REPEATS,
    on_progress: Callable[[float], None] = lambda _: None,
) -> dict[str, MemoryReadings]:
    """The peak memory of each subject (id, file), in processes of their own that run one batch of ``inputs``.

    Peak memory is resident memory: what a process really occupied, parts of files it has mapped included. The baseline
    is the same process with a graph that only flattens its input, so that Python and the engine's own libraries are in
    both. Both are read ``repeats`` times, each in a fresh process: where libraries and weights come to lie differs from
    one to the next. The batch axis stays free, as the file has it. As many processes as ``threads`` are at work at
    once: how much a process occupies does not depend on how fast it is.

    Raises ModelNotUsable when the engine refuses a file, and MemoryNotMeasured when a process fails otherwise; what it
    wrote on its error output is a note of that error.
    """
    with TemporaryDirectory() as folder, ThreadPoolExecutor(threads) as pool:
        empty = Path(folder) / "empty.onnx"
        _write_flatten(empty, inputs[0])
        paths = [empty, *(path for _, path in subjects)] * repeats
        settings = [str(threads), precision, str(batch), *(spec.model_dump_json() for spec in inputs)]
        peaks: list[int] = []
        for peak in pool.map(lambda path: _peak_bytes(path, engine, settings), paths):
            peaks.append(peak)
            on_progress(len(peaks) / len(paths))
    round_length = 1 + len(subjects)
    baseline = tuple(peaks[::round_length])
    return {
        name: MemoryReadings(with_file_bytes=tuple(peaks[number::round_length]), engine_alone_bytes=baseline)
        for number, (name, _) in enumerate(subjects, 1)
    }


def _peak_bytes(path: Path, engine: EngineName, settings: Sequence[str]) -> int:
    probe = [sys.executable, "-m", "compression.measurement.memory_probe", engine, str(path.resolve()), *settings]
    done = subprocess.run(probe, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode == NOT_USABLE:
        raise ModelNotUsable(path, done.stdout)
    if done.returncode != 0:
        error = MemoryNotMeasured(path, why_it_ended(done.returncode))
        error.add_note(done.stderr)
        raise error
    return int(done.stdout)


def why_it_ended(returncode: int) -> str:
    """What the exit status of a process says about its end, and what to do; a negative one is that of a signal."""
    if returncode == -signal.SIGKILL:
        return "its process was killed, as systems do when memory runs out; close other programs and try again"
    if returncode < 0:
        return f"its process crashed ({signal.Signals(-returncode).name}); try again, or measure it in another engine"
    return f"its process failed (exit status {returncode}); try again, or measure it in another engine"


def _write_flatten(path: Path, taken: InputSpec) -> None:
    """The least an engine can be asked to do with a batch: to flatten one of its inputs."""
    element = helper.np_dtype_to_tensor_dtype(np.dtype(taken.element))
    graph = helper.make_graph(
        [helper.make_node("Flatten", [taken.name], ["flat"])],
        "empty",
        [helper.make_tensor_value_info(taken.name, element, ["batch", *taken.shape])],
        [helper.make_tensor_value_info("flat", element, ["batch", None])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)
