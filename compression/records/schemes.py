"""Schemes: the ways to store a network's numbers in fewer bits, and to compute with them. Closed unions of frozen
records; code that acts on one ends its ``match`` with ``assert_never``. Says which, with which numbers, and nothing of
how.

A ``Scheme`` needs a file only. Quantization-aware training needs the network and a teacher too, so that only a recipe
can ask for it: ``RecipeScheme``.
"""

from collections.abc import Iterable
from typing import Annotated, Literal, assert_never, get_args

from pydantic import BeforeValidator, Field

from compression.errors import UnknownName
from compression.records.base import CALIBRATION_NAMES, Record
from compression.records.bounds import CALIBRATION_EXAMPLES, LARGEST_DROP
from compression.records.objectives import LogitAim, SoftTargets

CalibrationExamples = Annotated[int, CALIBRATION_EXAMPLES.field]
LargestDrop = Annotated[float, LARGEST_DROP.field]


class HalfPrecision(Record):
    """Weights and arithmetic in 16-bit floats."""

    kind: Literal["fp16"] = "fp16"


class Int8(Record):
    """Static post-training quantization (PTQ): weights and activations in 8 bits, with ranges seen on as many
    calibration examples."""

    kind: Literal["int8-ptq"] = "int8-ptq"
    calibration_examples: Annotated[CalibrationExamples, Field(validation_alias=CALIBRATION_NAMES)] = 300


class Int8AccuracyAware(Record):
    """The same, with as many operators back in floating point as it takes to lose no more than ``largest_drop`` of the
    accuracy (a share, 0..1) on the validation examples."""

    kind: Literal["int8-accuracy-aware"] = "int8-accuracy-aware"
    largest_drop: LargestDrop = 0.005
    calibration_examples: Annotated[CalibrationExamples, Field(validation_alias=CALIBRATION_NAMES)] = 300


class WeightsOnly(Record):
    """Weights stored in ``bits``, arithmetic in floating point."""

    kind: Literal["weights-only"] = "weights-only"
    bits: Literal[8, 4]


class DynamicInt8(Record):
    """Linear layers in 8 bits, with ranges of their inputs taken anew for each batch; no calibration."""

    kind: Literal["int8-dynamic"] = "int8-dynamic"


class MixedPrecision(Record):
    """Weights only: in 4 bits in the layers that stand it best, in 8 in the others, so that the file is
    ``times_smaller`` than the one it is made from."""

    kind: Literal["mixed-precision"] = "mixed-precision"
    times_smaller: Annotated[float, Field(gt=1.0, le=8.0)] = 6.0


# In the order of what they take to make.
SchemeName = Literal[
    "fp16", "int8-weights", "int8-dynamic", "int4-weights", "int8-ptq", "int8-accuracy-aware", "mixed-precision"
]
SCHEME_NAMES: tuple[SchemeName, ...] = get_args(SchemeName)
# Short names, for people.
SCHEME_TITLES: dict[SchemeName, str] = {
    "fp16": "fp16",
    "int8-weights": "int8 weights",
    "int8-dynamic": "int8 dynamic",
    "int4-weights": "int4 weights",
    "int8-ptq": "int8",
    "int8-accuracy-aware": "int8, accuracy kept",
    "mixed-precision": "int4/int8 weights",
}


def _by_name(given: object) -> object:
    """Studies from before schemes had numbers hold a name: "int8-ptq" or "fp16"."""
    return {"kind": given} if isinstance(given, str) else given


Scheme = Annotated[
    HalfPrecision | Int8 | Int8AccuracyAware | WeightsOnly | DynamicInt8 | MixedPrecision,
    Field(discriminator="kind"),
    BeforeValidator(_by_name),
]


# The aim of a short training on, from the answers that a network nearly gives already: docs/lab-notes.md, "Retraining
# temperatures".
CLOSE_ANSWERS = SoftTargets(temperature=1.0, labels_share=0.1)
# The other aim that is tried where the validation examples are to choose: a temperature that is good in fp32 can ruin a
# network of few bits, and need not.
EVEN_ANSWERS = SoftTargets(temperature=4.0, labels_share=0.1)


class Qat(Record):
    """Weights and activations in 8 bits, trained on while it computes with rounded numbers (quantization-aware
    training, QAT).

    The original's teacher is itself, as it was before; a student's is the one that it had. The objective is not the one
    that a student was trained on with: others scale the loss tenfold, which a rate that was chosen for soft targets
    does not bear.
    """

    kind: Literal["int8-qat"] = "int8-qat"
    objective: LogitAim = CLOSE_ANSWERS


RecipeScheme = Annotated[
    HalfPrecision | Int8 | Int8AccuracyAware | WeightsOnly | DynamicInt8 | MixedPrecision | Qat,
    Field(discriminator="kind"),
    BeforeValidator(_by_name),
]


def name_of_scheme(scheme: Scheme) -> SchemeName:
    """What a scheme is called in ids and options, whatever its numbers."""
    match scheme:
        case WeightsOnly(bits=8):
            return "int8-weights"
        case WeightsOnly():
            return "int4-weights"
        case HalfPrecision() | Int8() | Int8AccuracyAware() | DynamicInt8() | MixedPrecision():
            return scheme.kind
        case _:
            assert_never(scheme)


# Each with its usual numbers.
SCHEMES: dict[SchemeName, Scheme] = {
    name_of_scheme(scheme): scheme
    for scheme in (
        HalfPrecision(),
        WeightsOnly(bits=8),
        DynamicInt8(),
        WeightsOnly(bits=4),
        Int8(),
        Int8AccuracyAware(),
        MixedPrecision(),
    )
}


def known_schemes(names: Iterable[str]) -> tuple[SchemeName, ...]:
    """The schemes of these names, each once, in their usual order. Raises UnknownName."""
    asked = set(names)
    for unknown in sorted(asked.difference(SCHEME_NAMES)):
        raise UnknownName("scheme", unknown, SCHEME_NAMES)
    return tuple(name for name in SCHEME_NAMES if name in asked)


def with_numbers(scheme: Scheme, *, calibration_examples: int | None, largest_drop: float | None) -> Scheme:
    """The scheme with those of the given numbers that it has; None leaves its own."""
    asked = {"calibration_examples": calibration_examples, "largest_drop": largest_drop}
    own = {name: number for name, number in asked.items() if number is not None and name in type(scheme).model_fields}
    return scheme.model_copy(update=own)


def calibration_of(scheme: Scheme | Qat) -> int:
    """How many training examples it is calibrated by."""
    return scheme.calibration_examples if isinstance(scheme, Int8 | Int8AccuracyAware) else 0
