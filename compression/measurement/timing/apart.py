"""Files timed again, each in processes of its own, since a small one has modes: where its threads and weights come to
lie can double its time, and stays as it is for the life of a process (docs/lab-notes.md, "Modes of small files")."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from compression.catalog.examples import Inputs
from compression.errors import ModelNotUsable, WeighInError
from compression.measurement.memory import CHECKOUT, why_it_ended
from compression.measurement.memory_probe import NOT_USABLE
from compression.records.measurements import FileNoise, Latency

# In how many processes each file is timed: with its time in the rounds three timings, as of the original.
PROCESSES = 2


class TimeNotMeasured(WeighInError):
    """The process that was to time a file has ended before it could say so."""

    def __init__(self, path: Path, because: str) -> None:
        super().__init__(f"The time of {path.name} could not be measured again: {because}.")


def noise_apart(
    files: Sequence[tuple[str, Path]],
    latencies: Mapping[str, Sequence[Latency]],
    inputs: Inputs,
    *,
    seconds: float,
    seed: int,
    on_progress: Callable[[float], None] = lambda _: None,
) -> tuple[FileNoise, ...]:
    """What each file (id, path) differs from itself by under each condition of its ``latencies``.

    ``inputs`` are of at least as many examples as the largest batch; each process takes at most about ``seconds`` under
    each condition, and one runs at a time, in turns of all files, so that a drift hits all alike. Raises ModelNotUsable
    when an engine refuses a file, and TimeNotMeasured when a process fails otherwise; what it wrote on its error output
    is a note of that error.
    """
    medians = {name: [[latency.median_ms for latency in latencies[name]]] for name, _ in files}
    with TemporaryDirectory() as folder:
        stored = Path(folder) / "inputs.npz"
        np.savez(stored, *inputs.values())
        turns = list(product(range(PROCESSES), files))
        for done, (number, (name, path)) in enumerate(turns):
            settings = [str(stored), str(seconds), str(seed + number), json.dumps(list(inputs))]
            conditions = [latency.condition.model_dump_json() for latency in latencies[name]]
            medians[name].append(_medians_ms(path, [*settings, *conditions]))
            on_progress((done + 1) / len(turns))
    return tuple(
        _noise(name, latency, [timing[number] for timing in medians[name]])
        for name, _ in files
        for number, latency in enumerate(latencies[name])
    )


def _noise(name: str, latency: Latency, medians_ms: Sequence[float]) -> FileNoise:
    ratios = tuple(max(pair) / min(pair) for pair in combinations(medians_ms, 2))
    return FileNoise(
        candidate=name,
        engine=latency.engine,
        precision=latency.precision,
        batch=latency.batch,
        threads=latency.threads,
        ratios=ratios,
        smallest_difference=max(ratios) - 1.0,
    )


def _medians_ms(path: Path, settings: Sequence[str]) -> list[float]:
    probe = [sys.executable, "-m", "compression.measurement.timing.probe", str(path.resolve()), *settings]
    done = subprocess.run(probe, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode == NOT_USABLE:
        raise ModelNotUsable(path, done.stdout)
    if done.returncode != 0:
        error = TimeNotMeasured(path, why_it_ended(done.returncode))
        error.add_note(done.stderr)
        raise error
    return [float(median) for median in json.loads(done.stdout)]
