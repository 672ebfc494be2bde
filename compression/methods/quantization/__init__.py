"""Quantization of an ONNX model, one scheme a file, and the choice between them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import assert_never

from compression.catalog.examples import Inputs
from compression.measurement.engines.telemetry import forbid_telemetry
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

# So many training examples, as a network takes them in.
Calibration = Callable[[int], Inputs]


def quantize_file(
    scheme: Scheme, source: Path, target: Path, *, calibration: Calibration, scorer: Scorer
) -> Iterator[float]:
    """Write ``source`` to ``target``, quantized; yield the share that is done, where it takes long.

    ``scorer`` has the validation examples. Raises CandidateFailed when the scheme cannot do what was asked of it.
    """
    # Each scheme's library is imported only by the recipe that needs it: NNCF alone takes seconds.
    match scheme:
        case HalfPrecision():
            from compression.methods.quantization.half_precision import convert_to_half

            convert_to_half(source, target)
        case Int8(calibration_examples=examples):
            forbid_telemetry()
            from compression.methods.quantization.int8_ptq import quantize_int8

            quantize_int8(source, target, calibration(examples))
        case Int8AccuracyAware(calibration_examples=examples, largest_drop=largest_drop):
            forbid_telemetry()
            from compression.methods.quantization.int8_accuracy_aware import quantize_int8_within

            quantize_int8_within(source, target, calibration(examples), scorer, largest_drop=largest_drop)
        case WeightsOnly(bits=bits):
            from compression.methods.quantization.weights_only import quantize_weights

            quantize_weights(source, target, bits)
        case DynamicInt8():
            from compression.methods.quantization.dynamic_int8 import quantize_dynamically

            quantize_dynamically(source, target)
        case MixedPrecision(times_smaller=times_smaller):
            from compression.methods.quantization.mixed_precision import mix_precision

            yield from mix_precision(source, target, scorer, times_smaller=times_smaller)
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
