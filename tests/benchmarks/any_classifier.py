"""Can any classifier be quantized? ``python -m tests.benchmarks.any_classifier [--json FILE]``

torchvision's networks with random weights, written by both of torch's exporters (the older one for one image, also with
batch norms left alone and weights as inputs), are made ready, and quantized to int8 and fp16 on random images. Printed
for each file and engine: the share of the multiply-accumulates that run in 8 bits, how far the scores are from fp32
(root mean square, as a share of the spread of the scores), the same for ONNX Runtime's ``quantize_static`` on the same
file, and what stays in floating point. Random networks multiply errors, some of them many times over: it is the two
columns side by side that say something. The exit status is 1 when a file cannot be made or run.
"""

import argparse
import contextlib
import io
import json
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from compression.measurement.checks import ENGINES
from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.measurement.engines.telemetry import forbid_telemetry
from compression.methods.export import write_model
from compression.methods.onnx_import import fixed_batch_of, prepared
from compression.methods.quantization.half_precision import convert_to_half
from compression.methods.quantization.int8_ptq import quantize_int8
from compression.records.measurements import EngineName
from tests.benchmarks.other_quantizers import Images, by_onnxruntime
from tests.classifiers import NETWORKS, Exported

CALIBRATION, JUDGED = 100, 64
# What each network is written as; nn.MultiheadAttention needs opset 14.
WRITTEN = {"vit": ((0, True), (14, True), (17, True))}
USUALLY = ((0, True), (11, True), (11, False), (13, True))


def try_one(exported: Exported, folder: Path) -> dict[str, Any]:
    """Everything that is said of one file."""
    source = folder / "ready.onnx"
    model = prepared(exported.write(folder))
    write_model(model, source)
    rng = np.random.default_rng(0)
    calibration, images = (
        rng.normal(size=(count, *exported.image_shape)).astype(np.float32) for count in (CALIBRATION, JUDGED)
    )
    expected = open_session(source, "onnxruntime", threads=1).run({"images": images})
    found: dict[str, Any] = {"free batch": fixed_batch_of(model) is None, "engines": {}}
    ways: dict[str, Callable[[Path], None]] = {
        "int8": lambda target: quantize_int8(source, target, {"images": calibration}),
        "fp16": lambda target: convert_to_half(source, target),
        "quantize_static": lambda target: by_onnxruntime(source, target, calibration),
    }
    for way, work in ways.items():
        target, started = folder / f"{way}.onnx", time.perf_counter()
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
    return found


def _error(path: Path, engine: EngineName, images: Images, expected: Images) -> float:
    return float(np.std(open_session(path, engine, threads=1).run({"images": images}) - expected) / np.std(expected))


def main() -> None:
    """Try them all, print, and write the figures to ``--json`` if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--network", choices=NETWORKS, action="append", help="this one only; may be given several times"
    )
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    forbid_telemetry()
    everything, failed = {}, []
    print(f"{'':34} {'':12} {'in 8 bits':>10} {'int8 error':>11} {'theirs':>8} {'fp16 error':>11}  in floating point")
    for network in asked.network or NETWORKS:
        for opset, folded in WRITTEN.get(network, USUALLY):
            exported = Exported(network=network, opset=opset, folded=folded)
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
                    f"{exported!s:34} {engine:12} {ours['in 8 bits']:10.1%} {ours['error']:11.3f} "
                    f"{theirs['error']:8.3f} {half['error']:11.4f}  {left}",
                    flush=True,
                )
    if asked.json:
        asked.json.write_text(json.dumps(everything, indent=2), encoding="utf-8")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
