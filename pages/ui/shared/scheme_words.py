"""Words for people about the ways to quantize: on the form, while a file is made, and on how it was made."""

from collections.abc import Mapping
from typing import assert_never

from compression.records.schemes import (
    DynamicInt8,
    HalfPrecision,
    Int8,
    Int8AccuracyAware,
    MixedPrecision,
    Scheme,
    SchemeName,
    WeightsOnly,
)
from compression.records.study import Needs
from compression.records.subject import Subject

OWN = "Choose how the original is quantized"
OWN_HELP = "The preset's own choices are usually good. Each way makes one more file, which is measured like any other."
SCHEMES = "Ways to quantize"
SCHEME_CHOICES: dict[SchemeName, str] = {
    "fp16": "fp16: half the size",
    "int8-weights": "int8 weights: a quarter of the size, computed as before",
    "int8-dynamic": "dynamic int8: linear layers only, no calibration",
    "int4-weights": "int4 weights: a seventh of the size, computed as before",
    "int8-ptq": "int8: a quarter of the size, computed in 8 bits",
    "int8-accuracy-aware": "int8, accuracy kept: in 8 bits as far as the drop below allows",
    "mixed-precision": "int4 and int8 weights: 4 bits where a layer stands it best (takes minutes)",
}
SCHEMES_HELP = (
    "What is computed in 8 bits can be faster; what is only stored in fewer bits is smaller to download, and takes as "
    "long as before."
)
NO_SCHEME = "No way to quantize is chosen; pick at least one, or switch off “Choose how the original is quantized”."
CALIBRATION = "Calibration {}"
CALIBRATION_HELP = (
    "How many training {} int8 chooses its ranges by. More than a few hundred seldom change anything; labels are "
    "not needed."
)
LARGEST_DROP = "Largest accepted drop (points)"
LARGEST_DROP_HELP = (
    "For “int8, accuracy kept”: as many steps of the network go back to floating point as it takes to lose no more "
    "than this on the validation {}. 0.5 points are one more wrong answer in 200. If nothing keeps to it, the "
    "study says so and goes on without that file."
)
WEIGHTS_ONLY = {
    8: "For int8 weights, each output channel's weights are rounded to whole numbers of one step. The engines widen "
    "them when they load the file, and compute as before; no {} is needed.",
    4: "For int4 weights, groups of up to 64 weights share a step, chosen so that the squared error is least; the "
    "first and the last layer stay in 8 bits. The engines widen them and compute as before; no {} is needed.",
}


def quantizing(whose: str, scheme: Scheme) -> str:
    """What is done while a file is made, to "the original's" numbers or another's."""
    match scheme:
        case HalfPrecision():
            return f"Storing {whose} numbers in 16 bits"
        case Int8():
            return f"Rounding {whose} numbers to 8 bits"
        case Int8AccuracyAware():
            return f"Rounding {whose} numbers to 8 bits, as far as its accuracy allows"
        case WeightsOnly(bits=bits):
            return f"Storing {whose} weights in {bits} bits"
        case DynamicInt8():
            return f"Rounding {whose} linear layers to 8 bits"
        case MixedPrecision():
            return f"Trying which of {whose} layers can be stored in 4 bits"
        case _:
            assert_never(scheme)


def how_quantized(needs: Mapping[Scheme, Needs], subject: Subject) -> list[str]:
    """How each of these schemes went about it, with what it needed in this study."""
    return [_how(scheme, needed, subject) for scheme, needed in needs.items()]


def _how(scheme: Scheme, needed: Needs, subject: Subject) -> str:
    match scheme:
        case HalfPrecision():
            return (
                f"For fp16, ONNX Runtime's converter stores every number in half the bits; no {subject.noun} is needed."
            )
        case Int8():
            return (
                f"For int8, NNCF chooses the scales after {needed.examples:,} training {subject.nouns} have gone "
                "through the network (calibration). Nothing is trained for it."
            )
        case Int8AccuracyAware(largest_drop=drop, calibration_examples=calibrated):
            return (
                f"For int8 with the accuracy kept, NNCF starts from int8 with {calibrated:,} calibration "
                f"{subject.nouns}. If that answers over {100 * drop:g}% fewer of the validation {subject.nouns} right, "
                "it puts operators back into floating point, the one that matters most first, until it does not. The "
                "finished file is checked once more."
            )
        case WeightsOnly(bits=bits):
            return WEIGHTS_ONLY[bits].format(subject.noun)
        case DynamicInt8():
            return (
                "For dynamic int8, ONNX Runtime's tool rounds the weights of linear layers, and the engine chooses the "
                "range of their inputs batch by batch. Convolutions stay as they are: in 8 bits without fixed ranges "
                "they are slower on processors."
            )
        case MixedPrecision(times_smaller=times):
            return (
                "For int4 and int8 weights, each layer alone is rounded to 4 bits, and the answers to "
                f"{needed.examples:,} validation {subject.nouns} show how much that moves them. The layers that move "
                f"them least get 4 bits until the file is {times:g} times smaller; the others get 8."
            )
        case _:
            assert_never(scheme)
