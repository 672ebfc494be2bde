"""Carrying out one recipe: progress on the way, and at last one ONNX file. Knows nothing of studies or lanes."""

from collections.abc import Iterator
from typing import assert_never

from compression.methods.kept_weights import restore_weights
from compression.methods.making import Made, Step
from compression.methods.making.original import make_original
from compression.methods.making.quantized import make_quantized
from compression.methods.making.retrained import make_retrained
from compression.methods.making.student import make_student
from compression.methods.materials import Materials
from compression.methods.students import build_student
from compression.store.recipes import (
    Distill,
    DistillThenQuantize,
    DistillThenQuantizeAware,
    Original,
    Quantize,
    QuantizeAware,
    Recipe,
    Train,
)


def carry_out(recipe: Recipe, materials: Materials) -> Iterator[Step | Made]:
    """Yield steps, then what was made. The files of the recipes that this one builds on must be there already."""
    artefact = materials.artefact(recipe)
    match recipe:
        case Original():
            yield from make_original(materials)
        case Quantize(scheme=scheme):
            yield from make_quantized(scheme, materials.original, artefact, materials)
        case QuantizeAware(objective=objective):
            yield from make_retrained(materials.network(), objective, artefact, materials)
        case Distill() | Train():
            yield from make_student(recipe, materials)
        case DistillThenQuantize(distill=distill, scheme=scheme):
            yield from make_quantized(scheme, materials.artefact(distill), artefact, materials)
        case DistillThenQuantizeAware(distill=distill, objective=objective):
            network = build_student(distill.student, materials.dataset.card)
            restore_weights(network, materials.weights(distill))
            yield from make_retrained(network, objective, artefact, materials)
        case _:
            assert_never(recipe)
