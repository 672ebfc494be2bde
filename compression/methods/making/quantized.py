"""A finished file in fewer bits."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import torch

from compression.methods.making import Made, Step
from compression.methods.materials import Materials
from compression.methods.quantization import judges, needs_of, quantize_file
from compression.methods.quantization.judge import Judge
from compression.store.schemes import Scheme


def make_quantized(scheme: Scheme, source: Path, artefact: Path, materials: Materials) -> Iterator[Step | Made]:
    """Quantize ``source`` by a scheme."""
    started = monotonic()
    yield Step(stage="quantizing", done=0.0)
    judge = Judge(materials.dataset.validation, materials.dataset.normalize, threads=torch.get_num_threads())
    for done in quantize_file(scheme, source, artefact, calibration=materials.calibration, judge=judge):
        yield Step(stage="quantizing", done=done)
    yield Made(
        artefact=artefact,
        seconds=monotonic() - started,
        needs=needs_of(scheme, judge),
        validation_accuracy=judge.accuracy(artefact) if judges(scheme) else None,
    )
