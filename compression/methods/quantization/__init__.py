"""Quantization of an ONNX model, one scheme a file, and the choice between them."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Literal, assert_never

import onnx

from compression.catalog.examples import Inputs
from compression.measurement.engines.telemetry import forbid_telemetry
from compression.methods.quantization.check import Checked
from compression.methods.quantization.repair import repaired
from compression.methods.quantization.scorer import Scorer
from compression.methods.quantization.sensitivity import RANKING_EXAMPLES
from compression.records.schemes import (
    DynamicInt8,
    HalfPrecision,
    Int8,
    Int8AccuracyAware,
    MixedPrecision,
    Scheme,
    WeightsOnly,
)
from compression.records.study import Needs

# Of dynamic int8: the second is for processors that cut off large sums.
WEIGHT_BITS: tuple[Literal[7, 8], ...] = (8, 7)
# So many training examples, as a network takes them in.
Calibration = Callable[[int], Inputs]


def quantize_file(
    scheme: Scheme, source: Path, target: Path, *, calibration: Calibration, scorer: Scorer
) -> Generator[float, None, Checked]:
    """Write ``source`` to ``target``, quantized; yield the share that is done, where it takes long; return what the
    engines answer with it.

    ``scorer`` has the validation examples. Raises CandidateFailed when the scheme cannot do what was asked of it, or
    makes a file that an engine cannot use.
    """
    checker = scorer.checker_of(source)
    explained = explained_loss(scheme)
    # Each scheme's library is imported only by the recipe that needs it: NNCF alone takes seconds.
    match scheme:
        case HalfPrecision():
            from compression.methods.quantization.half_precision import convert_to_half

            return repaired([source], convert_to_half, target, checker, explained=explained)
        case Int8(calibration_examples=examples):
            forbid_telemetry()
            from compression.methods.quantization.int8_ptq import quantize_int8
            from compression.methods.quantization.settings import settings_for

            inputs = calibration(examples)
            return repaired(
                settings_for(onnx.load(source)),
                lambda setting, file: quantize_int8(source, file, inputs, setting),
                target,
                checker,
                explained=explained,
            )
        case Int8AccuracyAware(calibration_examples=examples, largest_drop=largest_drop):
            forbid_telemetry()
            from compression.methods.quantization.int8_accuracy_aware import quantize_int8_within
            from compression.methods.quantization.settings import settings_for

            inputs = calibration(examples)
            return repaired(
                # Each takes as long as all of int8 several times over.
                settings_for(onnx.load(source))[:2],
                lambda setting, file: quantize_int8_within(
                    source, file, inputs, scorer, largest_drop=largest_drop, setting=setting
                ),
                target,
                checker,
                explained=explained,
            )
        case WeightsOnly(bits=bits):
            from compression.methods.quantization.weights_only import quantize_weights

            return repaired(
                [bits], lambda few, file: quantize_weights(source, file, few), target, checker, explained=explained
            )
        case DynamicInt8():
            from compression.methods.quantization.dynamic_int8 import quantize_dynamically

            return repaired(
                WEIGHT_BITS,
                lambda bits, file: quantize_dynamically(source, file, weight_bits=bits),
                target,
                checker,
                explained=explained,
            )
        case MixedPrecision(times_smaller=times_smaller):
            from compression.methods.quantization.mixed_precision import mix_precision

            yield from mix_precision(source, target, scorer, times_smaller=times_smaller)
            return repaired([target], _made_already, target, checker, explained=explained)
        case _:
            assert_never(scheme)


def _made_already(made: Path, file: Path) -> None:
    file.write_bytes(made.read_bytes())


def explained_loss(scheme: Scheme) -> float:
    """The loss of accuracy (a share) beyond which a scheme is no explanation: docs/lab-notes.md, "Files that are
    checked"."""
    match scheme:
        case HalfPrecision():
            return 0.005
        case WeightsOnly(bits=8):
            return 0.01
        case Int8() | DynamicInt8():
            return 0.02
        case Int8AccuracyAware(largest_drop=largest_drop):
            return largest_drop
        case WeightsOnly() | MixedPrecision():
            return 0.1
        case _:
            assert_never(scheme)


def needs_of(scheme: Scheme, scorer: Scorer) -> Needs:
    """What a scheme looks at of the training examples, the validation examples among them."""
    match scheme:
        case Int8(calibration_examples=examples):
            return Needs(labels=False, examples=examples)
        case Int8AccuracyAware(calibration_examples=examples):
            return Needs(labels=True, examples=examples + len(scorer))
        case MixedPrecision():
            return Needs(labels=False, examples=min(RANKING_EXAMPLES, len(scorer)))
        case HalfPrecision() | WeightsOnly() | DynamicInt8():
            return Needs(labels=False, examples=0)
        case _:
            assert_never(scheme)


def needs_examples(scheme: Scheme) -> bool:
    """Whether a scheme cannot do without examples of what the network will see."""
    return isinstance(scheme, Int8 | Int8AccuracyAware | MixedPrecision)


def chooses_by_accuracy(scheme: Scheme) -> bool:
    """Whether a scheme chooses by the accuracy on the validation examples, which is then worth telling."""
    return isinstance(scheme, Int8AccuracyAware | MixedPrecision)
