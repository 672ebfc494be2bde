"""Can any classifier be quantized? ``python -m tests.benchmarks.any_classifier [--network NAME] [--json FILE]``

torchvision's networks with random weights, written by both of torch's exporters (the older one for one image, also with
batch norms left alone and weights as inputs), and small networks with the layers and orders that other people's have,
are made ready, and quantized to int8 and fp16 on random images. Printed for each file and engine, beside the same for
ONNX Runtime's ``quantize_static`` on the same file: the share of the multiply-accumulates that run in 8 bits, how far
the scores are from fp32 (root mean square, as a share of the spread of the scores), the time of one image on one thread
against fp32, and what stays in floating point. Random networks multiply errors, some of them many times over: it is the
two columns side by side that say something. The exit status is 1 when a file cannot be made or run, or ONNX Runtime
computes less of it in 8 bits than of theirs, or takes clearly longer.
"""

import argparse
import contextlib
import io
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from compression.measurement.checks import ENGINES
from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.measurement.engines.telemetry import forbid_telemetry
from compression.measurement.timing.latency import measure_latencies
from compression.methods.model_file import write_model
from compression.methods.onnx_import import fixed_batch_of, prepared
from compression.methods.quantization.half_precision import convert_to_half
from compression.methods.quantization.int8_ptq import quantize_int8
from compression.records.measurements import Condition, EngineName
from tests.benchmarks.other_quantizers import Images, by_onnxruntime
from tests.classifiers import NETWORKS, Exported
from tests.networks_of_others import NETWORKS as OTHERS
from tests.networks_of_others import OfOthers

CALIBRATION, JUDGED = 100, 64
# Of the multiplications: what is in 8 bits in both files is counted alike to the last digit.
FEWER = 1e-6
SECONDS = 0.5
# What each network is written as; nn.MultiheadAttention needs opset 14.
WRITTEN = {"vit": ((0, True), (14, True), (17, True))}
USUALLY = ((0, True), (11, True), (11, False), (13, True))


def try_one(exported: Exported | OfOthers, folder: Path) -> dict[str, Any]:
    """Everything that is said of one file."""
    source = folder / "ready.onnx"
    model = prepared(exported.write(folder))
    write_model(model, source)
    rng = np.random.default_rng(0)
    calibration, images = (
        rng.normal(size=(count, *exported.image_shape)).astype(np.float32) for count in (CALIBRATION, JUDGED)
    )
    expected = open_session(source, "onnxruntime", threads=1).run({"images": images})
    files = {"fp32": source}
    found: dict[str, Any] = {"free batch": fixed_batch_of(model) is None, "engines": {}}
    ways: dict[str, Callable[[Path], None]] = {
        "int8": lambda target: quantize_int8(source, target, {"images": calibration}),
        "fp16": lambda target: convert_to_half(source, target),
        "quantize_static": lambda target: by_onnxruntime(source, target, calibration),
    }
    for way, work in ways.items():
        target, started = files.setdefault(way, folder / f"{way}.onnx"), time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            work(target)
        found[f"{way} seconds"] = time.perf_counter() - started
        found[f"{way} size"] = target.stat().st_size / source.stat().st_size
        for engine in ENGINES:
            arithmetic = kernels(target, engine)
            found["engines"].setdefault(engine, {})[way] = {
                "error": _error(target, engine, images, expected),
                "in 8 bits": arithmetic.low_precision_macs,
                "in float": arithmetic.in_float,
            }
    for engine in ENGINES:
        condition = Condition(engine=engine, batch=1, threads=1, precision="fp32")
        timed = measure_latencies(
            list(files.items()), [condition], {"images": images}, seconds_per_subject=SECONDS, seed=0
        )
        for way in ways:
            time_of = {name: latencies[0] for name, latencies in timed.latencies.items()}
            found["engines"][engine][way]["times"] = time_of[way].median_ms / time_of["fp32"].median_ms
            found["engines"][engine][way]["ms"] = (time_of[way].low_ms, time_of[way].high_ms)
    return found


def _worse(ways: dict[str, Any]) -> str:
    """Why our int8 file is worse than theirs in ONNX Runtime; empty when it is not."""
    ours, theirs = ways["int8"], ways["quantize_static"]
    if ours["in 8 bits"] < theirs["in 8 bits"] - FEWER:
        return "fewer multiplications in 8 bits than theirs"
    return "slower than theirs" if ours["ms"][0] > theirs["ms"][1] else ""


def _error(path: Path, engine: EngineName, images: Images, expected: Images) -> float:
    return float(np.std(open_session(path, engine, threads=1).run({"images": images}) - expected) / np.std(expected))


def _chosen(names: Sequence[str] | None) -> Iterator[Exported | OfOthers]:
    for network in names or (*NETWORKS, *OTHERS):
        if network in OTHERS:
            yield OfOthers(network=network)
        else:
            for opset, folded in WRITTEN.get(network, USUALLY):
                yield Exported(network=network, opset=opset, folded=folded)


def main() -> None:
    """Try them all, print, and write the figures to ``--json`` if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--network", choices=(*NETWORKS, *OTHERS), action="append", help="this one only; may be given several times"
    )
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    forbid_telemetry()
    everything, failed = {}, []
    print(
        f"{'':34} {'':12} {'in 8 bits':>10} {'theirs':>8} {'int8 error':>11} {'theirs':>8} {'fp16 error':>11} "
        f"{'time':>6} {'theirs':>7}  in floating point"
    )
    for exported in _chosen(asked.network):
        with TemporaryDirectory() as folder:
            try:
                found = everything[str(exported)] = try_one(exported, Path(folder))
            except Exception:
                # One that fails must not hide what the others do; the exit status tells.
                traceback.print_exc()
                failed.append(str(exported))
                continue
        for engine, ways in found["engines"].items():
            ours, theirs, half = ways["int8"], ways["quantize_static"], ways["fp16"]
            left = ", ".join(f"{count} {kind}" for kind, count in ours["in float"].items()) or "nothing"
            print(
                f"{exported!s:34} {engine:12} {ours['in 8 bits']:10.1%} {theirs['in 8 bits']:8.1%} "
                f"{ours['error']:11.3f} {theirs['error']:8.3f} {half['error']:11.4f} "
                f"{ours['times']:6.2f} {theirs['times']:7.2f}  {left}",
                flush=True,
            )
        if worse := _worse(found["engines"]["onnxruntime"]):
            failed.append(f"{exported} ({worse})")
    if asked.json:
        asked.json.write_text(json.dumps(everything, indent=2), encoding="utf-8")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
