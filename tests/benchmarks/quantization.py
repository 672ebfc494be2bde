"""Are our int8 files as fast as anybody's? ``python -m tests.benchmarks.quantization [--json FILE]``

For each network, side by side: our int8 file in both engines, the same network in fp32 in both, ONNX Runtime's own
``quantize_static``, NNCF on OpenVINO's own format, and torchao's PT2E compiled by Inductor, where that can be had. Each
quantizer gets the same calibration images and its own recommended settings (see ``other_quantizers``); all that ONNX
Runtime or OpenVINO run is run with the options of a study. Everything takes its turn once a round, in a shuffled order,
in one process.

Printed: medians with 95 % intervals, and how long each quantization took; then our file in its best engine against fp32
in that engine and against each of the others, as the median over the rounds of the ratio within a round, with its 95 %
interval. Our file is loaded three times over, for what it differs from itself by. Wanted: no other one faster beyond
the interval and this; the exit status is 1 otherwise. For the bundled models, the accuracy on validation images as well
(never the test images).

torchvision's networks have random weights, whose values do not matter to how long they take. Numbers mean something
only on a machine that does nothing else.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
import torchvision
from torch import nn

from compression.catalog.rows import FASHION_MNIST
from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.measurement.engines.telemetry import forbid_telemetry
from compression.measurement.machine.fingerprint import fingerprint
from compression.measurement.timing.intervals import median_with_interval
from compression.measurement.timing.rounds import time_in_rounds
from compression.methods.export import export_network
from compression.methods.model_file import write_model
from compression.methods.onnx_import import prepared
from compression.methods.quantization.int8_ptq import quantize_int8
from compression.modalities.image.modality import ImageModality
from compression.modalities.image.reading import load_images
from compression.records.schemes import Int8
from tests.benchmarks.other_quantizers import Images, by_nncf_for_openvino, by_onnxruntime, by_pt2e, pt2e_is_missing
from tests.classifiers import export, ready

BATCHES = (1, 32)
PHOTOGRAPH = (3, 224, 224)
VALIDATION_IMAGES = 1000
OURS = "our int8"
FP32 = "fp32"
TITLES = {"onnxruntime": "ONNX Runtime", "openvino": "OpenVINO"}
STATIC = "quantize_static, in ONNX Runtime"
NATIVE = "NNCF on OpenVINO's format, in OpenVINO"
PT2E = "PT2E, in Inductor"
NAMES_OF_OURS = tuple(f"{OURS}, in {title}" for title in TITLES.values())
# Our file is loaded so many times more, each time as if it were another one: where weights lie in memory differs.
REPEATS = 2
AGAIN = ", again"


@dataclass
class Comparison:
    """One network and everything that runs it: files by their title, with the engine that each is run in."""

    network: nn.Module
    calibration: Images
    files: dict[str, tuple[Path, str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def make(self, title: str, engines: tuple[str, ...], path: Path, work: Callable[[], None]) -> None:
        """Time ``work``, which writes ``path``, and enter the file for each of the engines."""
        started = time.perf_counter()
        work()
        self.seconds[title] = time.perf_counter() - started
        for engine in engines:
            name = title if len(engines) == 1 else f"{title}, in {TITLES[engine]}"
            self.files[name] = (path, engine)


def comparison_of(name: str, folder: Path) -> Comparison:
    """Export a network and quantize it in every way that writes a file."""
    original = folder / f"{name}.onnx"
    rng = np.random.default_rng(0)
    if name.endswith("at 28"):
        network = ImageModality().network(name.split(maxsplit=1)[0], FASHION_MNIST)
        train = load_images(FASHION_MNIST).train
        chosen = rng.permutation(len(train))[: Int8().calibration_examples]
        comparison = Comparison(network, train.inputs(chosen)["images"])
        write_model(export_network(network, FASHION_MNIST.inputs), original)
    else:
        network = ready(partial(torchvision.models.get_model, name.split(maxsplit=1)[0]), PHOTOGRAPH)
        comparison = Comparison(network, rng.normal(size=(Int8().calibration_examples, *PHOTOGRAPH)).astype(np.float32))
        export(network, original.with_suffix(".exported.onnx"), PHOTOGRAPH)
        write_model(prepared(original.with_suffix(".exported.onnx")), original)
    both, images = ("onnxruntime", "openvino"), comparison.calibration
    ours, static, native = (folder / f"{name}{ending}" for ending in (".ours.onnx", ".static.onnx", ".native.xml"))
    comparison.make(FP32, both, original, lambda: None)
    comparison.make(OURS, both, ours, lambda: quantize_int8(original, ours, {"images": images}))
    comparison.make(STATIC, ("onnxruntime",), static, lambda: by_onnxruntime(original, static, images))
    comparison.make(NATIVE, ("openvino",), native, lambda: by_nncf_for_openvino(original, native, images))
    for engine in both:
        share = kernels(ours, engine)
        print(f"  {OURS}, in {TITLES[engine]}: {share.low_precision_macs:.1%} in 8 bits, in float {share.in_float}")
    return comparison


def turns(comparison: Comparison, batch: int, *, threads: int, seconds: float) -> dict[str, list[float]]:
    """Per title, the median milliseconds of each round, for one batch of images."""
    images = np.array(comparison.calibration[:batch])
    runs = {}
    for title, (path, engine) in comparison.files.items():
        fixed = batch if path.suffix == ".onnx" else None
        for again in range(1 + (REPEATS if title.startswith(OURS) else 0)):
            session = open_session(path, engine, threads=threads, batch=fixed)
            (name,) = session.input_names
            runs[title + AGAIN * again] = partial(session.run, {name: images})
    if not pt2e_is_missing():
        started = time.perf_counter()
        runs[PT2E] = partial(by_pt2e(comparison.network, comparison.calibration[:64], batch), images)
        comparison.seconds[PT2E] = time.perf_counter() - started
    timings = time_in_rounds(
        list(runs.values()),
        seconds=seconds * len(runs),
        rng=np.random.default_rng(0),
        clock=time.perf_counter_ns,
        on_progress=lambda _: None,
    )
    return {title: timing.medians_ms() for title, timing in zip(runs, timings, strict=True)}


def accuracies(comparison: Comparison, threads: int) -> Iterator[tuple[str, float]]:
    """Per file, the share of the first validation images of Fashion-MNIST that it answers right."""
    examples = load_images(FASHION_MNIST).validation
    tenths = np.array_split(np.arange(VALIDATION_IMAGES), 10)
    for title, (path, engine) in comparison.files.items():
        session = open_session(path, engine, threads=threads)
        found = np.concatenate([session.run(examples.inputs(rows)) for rows in tenths]).argmax(1)
        yield title, float((found == examples.labels[:VALIDATION_IMAGES]).mean())


def compare(found: dict[str, list[float]]) -> tuple[dict[str, tuple[float, float, float]], list[str]]:
    """Our file in its best engine against the others: ratios of the turns of each round, and who is faster than it."""
    medians = {title: median_with_interval(each) for title, each in found.items()}
    for title, (median, low, high) in medians.items():
        print(f"    {title:42} {median:9.3f} ms  ({low:.3f} to {high:.3f})")
    best = min(NAMES_OF_OURS, key=lambda title: medians[title][0])
    same = [median for title, (median, _, _) in medians.items() if title.startswith(best)]
    noise = max(same) / min(same)
    print(f"    {best}: the same file, loaded {len(same)} times, differs from itself by a factor of {noise:.3f}")
    rivals = [best.replace(OURS, FP32), *(title for title in (STATIC, NATIVE, PT2E) if title in found)]
    ratios, faster = {}, []
    for rival in rivals:
        each = [ours / theirs for ours, theirs in zip(found[best], found[rival], strict=True)]
        ratios[f"{best} / {rival}"] = median, low, high = median_with_interval(each)
        print(f"    {best} / {rival}: {median:.3f}  ({low:.3f} to {high:.3f})")
        if low > 1.0 and median > noise:
            faster.append(rival)
    return ratios, faster


NAMES = ("resnet18 at 28", "mobilenet_v2 at 28", "resnet18 at 224", "mobilenet_v2 at 224")


def main() -> None:
    """Compare, print, and write the numbers to ``--json`` if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=NAMES, action="append", help="this one only; may be given several times")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=4.0, help="per way and batch (default: 4)")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    forbid_telemetry()
    torch.set_num_threads(asked.threads)
    if pt2e_is_missing():
        print(f"without {PT2E}: {pt2e_is_missing()}")
    written: dict[str, Any] = {"machine": fingerprint().model_dump(), "threads": asked.threads, "networks": {}}
    beaten = []
    for name in asked.network or NAMES:
        print(name, flush=True)
        with TemporaryDirectory() as folder:
            comparison = comparison_of(name, Path(folder))
            kept = written["networks"][name] = {"batches": {}, "quantizing_seconds": comparison.seconds}
            if name.endswith("at 28"):
                kept["validation_accuracy"] = dict(accuracies(comparison, asked.threads))
                for title, share in kept["validation_accuracy"].items():
                    print(f"  {title:42} {share:.1%} of {VALIDATION_IMAGES} validation images")
            for batch in BATCHES:
                print(f"  {batch} images at once" if batch > 1 else "  one image")
                found = turns(comparison, batch, threads=asked.threads, seconds=asked.seconds)
                ratios, faster = compare(found)
                kept["batches"][batch] = {"medians_of_rounds_ms": found, "ratios": ratios}
                beaten += [f"{rival} ({name}, batch {batch})" for rival in faster]
            for title, seconds in comparison.seconds.items():
                print(f"  {title:42} {seconds:.1f} s to make")
        sys.stdout.flush()
    if asked.json:
        asked.json.write_text(json.dumps(written, indent=2), encoding="utf-8")
    if beaten:
        sys.exit(f"faster than ours: {'; '.join(beaten)}")


if __name__ == "__main__":
    main()
