"""The parts that sentences about candidates are made of. Decides nothing."""

from typing import Literal

from compression.decision.compare import accuracy_difference, known, latency_ratio, tells_apart
from compression.decision.limits import Limits
from compression.decision.numbers import (
    in_bytes,
    in_ms,
    in_ms_with_range,
    in_percent_with_range,
    in_points,
    points_range,
    size_against,
    speed_against,
    speed_against_with_range,
    speed_roughly,
)
from compression.decision.table import Row
from compression.records.recipes import Family
from compression.records.study import Needs
from compression.records.subject import Subject

FAMILY_TITLES: dict[Family, str] = {
    "original": "Original",
    "distillation": "Distillation",
    "quantization": "Quantization",
    "both": "Both",
    "control": "Control",
}

# What a person is told to do when a candidate of the family is chosen.
ADVICE: dict[Family, str] = {
    "original": "Leave it as it is",
    "distillation": "Distil it",
    "quantization": "Quantize it",
    "both": "Distil it, then quantize it",
    "control": "Train a small model without a teacher",
}

DOING: dict[Family, str] = {
    "original": "leaving it as it is",
    "distillation": "distilling",
    "quantization": "quantizing",
    "both": "distilling and then quantizing",
    "control": "training a small model without a teacher",
}

# The same as an answer to "and if ...?".
DO: dict[Family, str] = {
    "original": "leave it as it is",
    "distillation": "distil",
    "quantization": "quantize",
    "both": "distil and quantize",
    "control": "train a small model without a teacher",
}

# From the surest to the least sure.
Certainty = Literal["clear", "probable", "close", "rough"]
CERTAINTY: dict[Certainty, str] = {
    "clear": "Clear",
    "probable": "Likely",
    "close": "Too close to call",
    "rough": "A preview, too rough to decide on",
}


def name_in_sentence(row: Row) -> str:
    """The candidate's name, as it reads in the middle of a sentence: 'int8', 'the original with int8 weights', 'the
    distilled medium student'."""
    if row.family == "quantization" and row.name.startswith("Original in "):
        return row.name.removeprefix("Original in ")
    return f"the {row.name[0].lower()}{row.name[1:]}"


def in_need_of(needs: Needs, subject: Subject) -> str:
    """What making a file takes of the training examples: '30,000 labelled' of them, '300', 'no' with the noun."""
    if not needs.examples:
        return f"no {subject.nouns}"
    return f"{needs.examples:,} {'labelled ' if needs.labels else ''}{subject.nouns}"


def at_start(text: str) -> str:
    """With a capital, unless it is a technical name that is written small."""
    return text if text[:4] in {"int8", "fp16", "int4"} else text[0].upper() + text[1:]


def facts(row: Row) -> str:
    """A candidate's numbers with their ranges: '11.3 MB, 94.8% (94.3 to 95.2), 0.503 ms (0.498 to 0.511)'."""
    batch = "" if row.batch == 1 else f" for {row.batch} at once"
    accuracy, time = in_percent_with_range(row.accuracy), in_ms_with_range(row.latency_ms)
    return f"{in_bytes(row.size_bytes)}, {accuracy}, {time}{batch}"


def against(row: Row, other: Row) -> str:
    """A candidate beside another, with the ranges: '4.0x smaller, 2.3x faster (2.2 to 2.4), -0.1 points of accuracy
    (-0.4 to +0.2)'."""
    change = accuracy_difference(row, other)
    return (
        f"{size_against(row.size_bytes, other.size_bytes)}, {speed_with_range(row, other)}, "
        f"{in_points(change.value)} of accuracy ({points_range(change)})"
    )


def speed_with_range(row: Row, other: Row) -> str:
    """In speed, with the range: '2.3x faster (2.2 to 2.4)', 'about as fast (1.02x slower to 1.03x faster)'."""
    faster = latency_ratio(other, row)
    if tells_apart(faster, 1.0):
        return speed_against_with_range(faster)
    return f"about as fast ({speed_against(faster.low)} to {speed_against(faster.high)})"


def speed_versus(row: Row, other: Row) -> str:
    """'2.3x faster than the original', 'about as fast as the original'."""
    faster = latency_ratio(other, row)
    if not known(faster):
        return f"not surely faster or slower than {name_in_sentence(other)}"
    if tells_apart(faster, 1.0):
        return f"{speed_roughly(faster)} than {name_in_sentence(other)}"
    return f"about as fast as {name_in_sentence(other)}"


def shortfall(row: Row, limits: Limits) -> str:
    """What a row misses, in units: '11.0 MB too large and 0.4 points short of the accuracy'. Empty if it fits."""
    missed = limits.misses(row)
    parts: list[str] = []
    if "size" in missed and limits.max_size_bytes is not None:
        parts.append(f"{in_bytes(row.size_bytes - limits.max_size_bytes)} too large")
    if "latency" in missed and limits.max_latency_ms is not None:
        parts.append(f"{in_ms(row.latency_ms.value - limits.max_latency_ms)} too slow")
    if "accuracy" in missed and limits.min_accuracy is not None:
        points = 100 * (limits.min_accuracy - row.accuracy.value)
        parts.append(f"{points:.{1 if points >= 0.1 else 2}f} points short on accuracy")  # noqa: PLR2004  # never 0.0
    return listed(parts)


def listed(parts: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
