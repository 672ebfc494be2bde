"""Building the candidate of one recipe: progress on the way, and at last one ONNX file."""

from collections.abc import Generator, Iterator
from pathlib import Path
from time import monotonic
from typing import assert_never

import torch
from torch import nn

from compression.methods.build_context import BuildContext
from compression.methods.built import BuildProgress, Built
from compression.methods.export import export_network
from compression.methods.exported import keep, kept_export, take_kept
from compression.methods.model_file import write_model
from compression.methods.quantization import chooses_by_accuracy, needs_of, quantize_file
from compression.methods.quantization.check import Checked
from compression.methods.quantization.scorer import Scorer
from compression.methods.student import make_student
from compression.methods.training.checkpoint import load_weights
from compression.records.objectives import LogitObjective
from compression.records.recipes import Distill, Original, Quantize, Recipe, Train
from compression.records.schemes import Qat, Scheme
from compression.records.study import Needs


def build(recipe: Recipe, context: BuildContext, scorer: Scorer | None = None) -> Iterator[BuildProgress | Built]:
    """Yield steps, then what was made. The files of the recipes that this one builds on must be there already.

    ``scorer`` holds quantized files against what they are made from: who makes several gives one for all.
    """
    artefact = context.artefact(recipe)
    scorer = scorer or Scorer(context.dataset.validation, threads=torch.get_num_threads)
    match recipe:
        case Original():
            yield from make_original(context)
        case Distill() | Train():
            yield from make_student(recipe, context)
        case Quantize(source=source, scheme=scheme):
            if isinstance(scheme, Qat):
                yield from _retrained(source, scheme.objective, artefact, context, scorer)
            else:
                yield from make_quantized(scheme, context.file_of(source), artefact, context, scorer)
        case _:
            assert_never(recipe)


def make_original(context: BuildContext) -> Iterator[BuildProgress | Built]:
    """Export the pretrained network, or take what is kept of doing so before, and what that took; a person's own file
    is there."""
    if isinstance(context.model, Path):
        yield Built(artefact=context.original, seconds=0.0, needs=Needs(labels=False, examples=0))
        return
    started, kept = monotonic(), kept_export(context)
    yield BuildProgress(stage="exporting", done=0.0)
    seconds = take_kept(kept, context.original) if kept else None
    if seconds is None:
        write_model(export_network(context.network(), context.dataset.card.inputs), context.original)
        seconds = monotonic() - started
        if kept:
            keep(context.original, kept, seconds)
    yield Built(artefact=context.original, seconds=seconds, needs=Needs(labels=False, examples=0))


def make_quantized(
    scheme: Scheme, source: Path, artefact: Path, context: BuildContext, scorer: Scorer
) -> Iterator[BuildProgress | Built]:
    """Quantize ``source`` by a scheme."""
    started = monotonic()
    yield BuildProgress(stage="quantizing", done=0.0)
    steps = quantize_file(scheme, source, artefact, calibration=context.calibration, scorer=scorer)
    checked = yield from _quantizing(steps)
    yield Built(
        artefact=artefact,
        seconds=monotonic() - started,
        needs=needs_of(scheme, scorer),
        validation_accuracy=scorer.accuracy(artefact) if chooses_by_accuracy(scheme) else None,
        first_look=checked.accuracies.get("onnxruntime"),
        check=checked.in_words(context.dataset.card.nouns),
    )


def _quantizing(steps: Generator[float, None, Checked]) -> Generator[BuildProgress, None, Checked]:
    while True:
        try:
            done = next(steps)
        except StopIteration as end:
            checked: Checked = end.value
            return checked
        yield BuildProgress(stage="quantizing", done=done)


def _network_of(source: Original | Distill | Train, context: BuildContext) -> nn.Module:
    """The trained network of a recipe that was carried out."""
    if isinstance(source, Original):
        return context.network()
    network = context.modality.student(source.student, context.dataset.card)
    load_weights(network, context.weights(source))
    return network


def _retrained(
    source: Original | Distill | Train,
    objective: LogitObjective,
    artefact: Path,
    context: BuildContext,
    scorer: Scorer,
) -> Iterator[BuildProgress | Built]:
    # Importing torchao takes a second or two, and only these recipes need it.
    from compression.methods.quantization.aware.retraining import make_retrained

    network = _network_of(source, context)
    return make_retrained(network, objective, artefact, context, scorer.checker_of(context.file_of(source)))
