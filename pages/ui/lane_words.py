"""Words for people on the lanes of a study: what is being done in them, and what has come of it."""

from collections.abc import Sequence
from typing import assert_never

from compression.decision.numbers import accuracy_in_percent, in_bytes, in_percent, in_percent_with_range, size_against
from compression.decision.table import Spread
from compression.store.objectives import FeatureObjective, needs_labels
from compression.store.recipes import (
    Distill,
    DistillThenQuantize,
    DistillThenQuantizeAware,
    LaneName,
    Original,
    Quantize,
    QuantizeAware,
    Recipe,
    Train,
)
from compression.store.records import Candidate
from pages.ui.scheme_words import quantizing

LANE_ENDED = "All files of this lane are made"
LANE_ENDED_WITHOUT = "This lane is done; {} could not be made"
SET_ASIDE = "set aside: taught better in another way"
NOT_WANTED = "not needed, since its student was set aside"
AT_ONCE = "Working on {} files at once"

# What the words of a lane mean.
LANE_TERMS: dict[LaneName, tuple[str, ...]] = {
    "distillation": ("Student", "Teacher", "Control"),
    "quantization": ("int8", "fp16", "Calibration"),
}


def doing(recipes: Sequence[Recipe]) -> str:
    """What is being done in a lane; which recipes, if they are several, stands below with their progress."""
    return _doing(recipes[0]) if len(recipes) == 1 else AT_ONCE.format(len(recipes))


def _doing(recipe: Recipe) -> str:
    match recipe:
        case Original():
            return "Writing the original as one file"
        case Quantize(scheme=scheme):
            return quantizing("the original's", scheme)
        case QuantizeAware():
            return "Training the original on while its numbers are rounded to 8 bits"
        case DistillThenQuantizeAware(distill=distill):
            return f"Training the distilled {distill.student.title} student on while its numbers are rounded to 8 bits"
        case Distill(student=student, objective=objective):
            taught_with = "answers and features" if isinstance(objective, FeatureObjective) else "answers"
            without = "" if needs_labels(objective) else ", without labels"
            return f"Teaching the {student.title} student with the original's {taught_with}{without}"
        case Train(student=student):
            return f"Training the {student.title} student without the teacher, for comparison"
        case DistillThenQuantize(distill=distill, scheme=scheme):
            return quantizing(f"the distilled {distill.student.title} student's", scheme)
        case _:
            assert_never(recipe)


def lane_ended(failed: int) -> str:
    """What a lane has come to."""
    return LANE_ENDED_WITHOUT.format(f"{failed} file{'' if failed == 1 else 's'}") if failed else LANE_ENDED


def made(candidate: Candidate, original: Candidate | None, validation: Spread | None, *, beaten: bool = False) -> str:
    """A finished file: its size, how much smaller it is, the accuracy that is known by now, with its interval, and
    whether another one goes on in its place."""
    parts = [f"**{in_bytes(candidate.size_bytes)}**"]
    if original is not None and original.id != candidate.id:
        parts.append(size_against(candidate.size_bytes, original.size_bytes))
    if candidate.accuracy is not None:
        parts.append(f"{accuracy_in_percent(candidate.accuracy)} on the test")
    elif validation is not None:
        parts.append(f"{in_percent_with_range(validation)} in validation")
    elif candidate.validation_accuracy is not None:
        parts.append(f"{in_percent(candidate.validation_accuracy)} in validation")
    if beaten:
        parts.append(SET_ASIDE)
    return " · ".join(parts)
