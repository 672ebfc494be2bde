"""Does our batch-1 latency agree with neutral tools? ``python -m tests.benchmarks.latency_agreement [FILE.onnx]``

The same file, threads and fp32, timed four ways: by us and by a bare ``InferenceSession.run`` loop with ONNX Runtime's
own defaults; by us and by OpenVINO's ``benchmark_app``. Everything takes its turn once a round, in a shuffled order, so
that a drift of the machine reaches all, and in a process of its own, as ``benchmark_app`` is: where the weights lie in
memory differs from one loading to the next, and alone made up to 15 % in one process that had loaded several.

Printed: our median divided by the neutral tool's, as the median over the rounds with the smallest and largest round.
Wanted: within 10 %; the exit status is 1 when it is not.

Without a file, the catalog's ResNet-18 is exported with random weights: how long it takes does not depend on them. The
numbers mean something only on a machine that does nothing else; ``benchmark_app`` reports two decimals of a
millisecond, which is coarse for files that run in less than half of one.
"""

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime

from compression.measurement.machine.fingerprint import fingerprint
from compression.measurement.timing.latency import measure_latencies
from compression.records.measurements import Condition, EngineName

# The telemetry of OpenVINO's tools is off, as it is in the product.
BENCHMARK_APP = (
    "import sys; sys.modules['openvino_telemetry'] = None; from openvino.tools.benchmark.main import main; main()"
)
WANTED = (0.9, 1.1)
PAIRS = {"ours in ONNX Runtime": "bare InferenceSession.run loop", "ours in OpenVINO": "benchmark_app"}


def ours(path: Path, shape: tuple[int, ...], engine: EngineName, threads: int, seconds: float) -> float:
    """Median milliseconds as a study measures them."""
    condition = Condition(engine=engine, batch=1, threads=threads)
    images = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    found = measure_latencies([("it", path)], [condition], images, seconds_per_subject=seconds, seed=0)
    return found.latencies["it"][0].median_ms


def bare_loop(path: Path, shape: tuple[int, ...], threads: int, seconds: float) -> float:
    """Median milliseconds of the loop that everyone writes first."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    images = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    for _ in range(10):
        session.run(None, {name: images})
    samples, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        session.run(None, {name: images})
        samples.append((time.perf_counter() - begin) * 1e3)
    return statistics.median(samples)


def benchmark_app(path: Path, threads: int, seconds: float) -> float:
    """Median milliseconds as OpenVINO's own tool reports them: synchronous, one stream, fp32."""
    with TemporaryDirectory() as folder:
        options = (
            f"-d CPU -api sync -hint none -nstreams 1 -nthreads {threads} -infer_precision f32 -b 1 -t {round(seconds)}"
        )
        report = f"-report_type no_counters -report_folder {folder} -json_stats"
        command = [sys.executable, "-c", BENCHMARK_APP, "-m", str(path), *options.split(), *report.split()]
        subprocess.run(command, check=True, capture_output=True)
        written = json.loads((Path(folder) / "benchmark_report.json").read_text(encoding="utf-8"))
    return float(written["execution_results"]["latency (ms)"])


def export_resnet18(path: Path) -> None:
    """The catalog's ResNet-18 for Fashion-MNIST with random weights."""
    import torch

    from compression.catalog.rows import FASHION_MNIST
    from compression.modalities.image.networks import build_network

    example = torch.zeros(2, *FASHION_MNIST.image_shape)
    torch.onnx.export(
        build_network("resnet18", FASHION_MNIST).eval(),
        (example,),
        path,
        dynamo=True,
        external_data=False,
        verbose=False,
        dynamic_shapes=({0: torch.export.Dim("batch")},),
    )


def compare(path: Path, *, threads: int, seconds: float, rounds: int) -> dict[str, list[float]]:
    """Medians in milliseconds per way of timing, one per round."""
    ways = [*PAIRS, "bare InferenceSession.run loop"]
    if importlib.util.find_spec("openvino.tools.benchmark"):
        ways.append("benchmark_app")
    medians: dict[str, list[float]] = {name: [] for name in ways}
    rng = np.random.default_rng(0)
    for _ in range(rounds):
        for name in map(str, rng.permutation(ways)):
            if name == "benchmark_app":
                medians[name].append(benchmark_app(path, threads, seconds))
            else:
                medians[name].append(in_own_process(name, path, threads=threads, seconds=seconds))
    return medians


def in_own_process(way: str, path: Path, *, threads: int, seconds: float) -> float:
    """Median milliseconds of a way, told by a process that did nothing else."""
    options = ["--threads", str(threads), "--seconds", str(seconds), "--way", way]
    command = [sys.executable, "-m", "tests.benchmarks.latency_agreement", str(path), *options]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def one_way(way: str, path: Path, *, threads: int, seconds: float) -> float:
    """Median milliseconds of a way, in this process."""
    shape = shape_of(path)
    if way == "bare InferenceSession.run loop":
        return bare_loop(path, shape, threads, seconds)
    engine: EngineName = "onnxruntime" if way == "ours in ONNX Runtime" else "openvino"
    return ours(path, shape, engine, threads, seconds)


def shape_of(path: Path) -> tuple[int, ...]:
    """That of one image, as the file takes it."""
    size = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).get_inputs()[0].shape[1:]
    return (1, *size)


def main() -> None:
    """Compare, print, and write the numbers to ``--json`` if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=2.0, help="per way and round (default: 2)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--way", help="this one only, in this process")
    asked = parser.parse_args()
    if asked.way:
        print(one_way(asked.way, asked.file, threads=asked.threads, seconds=asked.seconds))
        return
    with TemporaryDirectory() as folder:
        path = asked.file or Path(folder) / "resnet18.onnx"
        if asked.file is None:
            export_resnet18(path)
        medians = compare(path, threads=asked.threads, seconds=asked.seconds, rounds=asked.rounds)
    for name, values in medians.items():
        print(f"{name:32} {statistics.median(values):8.3f} ms  ({min(values):.3f} to {max(values):.3f})")
    ratios = {}
    for name, neutral in PAIRS.items():
        if neutral not in medians:
            sys.exit(f"{neutral} does not come with this OpenVINO: no comparison")
        ratios[f"{name} / {neutral}"] = each = [a / b for a, b in zip(medians[name], medians[neutral], strict=True)]
        print(f"{name} / {neutral}: {statistics.median(each):.3f}  ({min(each):.3f} to {max(each):.3f})")
    if asked.json:
        written = {
            "machine": fingerprint().model_dump(),
            "threads": asked.threads,
            "medians_ms": medians,
            "ratios": ratios,
        }
        asked.json.write_text(json.dumps(written, indent=2), encoding="utf-8")

    far = [name for name, each in ratios.items() if not WANTED[0] <= statistics.median(each) <= WANTED[1]]
    if far:
        sys.exit(f"not within 10 %: {', '.join(far)}")


if __name__ == "__main__":
    main()
