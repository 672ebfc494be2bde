"""Recipes: how one candidate is made. A closed union of frozen records; code that acts on one ends its ``match`` with
``assert_never``. Says what is to be made, and nothing of how.
"""

from typing import Annotated, Literal, assert_never

from pydantic import Field, model_validator

from compression.records.base import Record
from compression.records.objectives import DistillationObjective, LogitObjective, SoftTargets
from compression.records.schemes import Scheme
from compression.records.students import Student

Family = Literal["original", "distillation", "quantization", "both", "control"]
LaneName = Literal["distillation", "quantization"]


class Original(Record):
    """The model as it came, exported."""

    kind: Literal["original"] = "original"


class Quantize(Record):
    """The original with its numbers stored, and where the engine can, computed, in fewer bits."""

    kind: Literal["quantize"] = "quantize"
    scheme: Scheme


class Distill(Record):
    """A student that learns from the original's logits."""

    kind: Literal["distill"] = "distill"
    student: Student
    objective: DistillationObjective

    @model_validator(mode="before")
    @classmethod
    def _soft_targets_by_their_numbers(cls, given: object) -> object:
        """Studies from before there was a choice of objectives name the two numbers of soft targets only."""
        if isinstance(given, dict) and "temperature" in given:
            numbers = {name: given[name] for name in ("temperature", "labels_share")}
            rest = {name: value for name, value in given.items() if name not in numbers}
            return rest | {"objective": SoftTargets.model_validate(numbers)}
        return given


class Train(Record):
    """The control: the same student, the same budget and seed, no teacher."""

    kind: Literal["train"] = "train"
    student: Student


class DistillThenQuantize(Record):
    """A distilled student, quantized afterwards. The student is the one that ``distill`` makes in the same study."""

    kind: Literal["distill-then-quantize"] = "distill-then-quantize"
    distill: Distill
    scheme: Scheme


# The aim of a short training on, from the answers that a network nearly gives already. On the validation examples a
# student in int8 became as good at a temperature of 1 as at 4, and only at 1 did it stand fifteen times the usual rate.
CLOSE_ANSWERS = SoftTargets(temperature=1.0, labels_share=0.1)
# The other aim that is tried where the validation examples are to choose: a temperature that is good in fp32 can ruin a
# network of few bits, and need not.
EVEN_ANSWERS = SoftTargets(temperature=4.0, labels_share=0.1)


class QuantizeAware(Record):
    """The original in int8, trained on while it computes with rounded numbers (quantization-aware training, QAT).

    Its teacher is itself, as it was before.
    """

    kind: Literal["quantize-aware"] = "quantize-aware"
    objective: Annotated[LogitObjective, Field(discriminator="kind")] = CLOSE_ANSWERS


class DistillThenQuantizeAware(Record):
    """A distilled student in int8, trained on like that with the teacher that it had before.

    The student is the one that ``distill`` makes in the same study. Its objective is not the one it is trained on
    with: others scale the loss tenfold, which a rate that was chosen for soft targets does not bear.
    """

    kind: Literal["distill-then-quantize-aware"] = "distill-then-quantize-aware"
    distill: Distill
    objective: Annotated[LogitObjective, Field(discriminator="kind")] = CLOSE_ANSWERS


Recipe = Annotated[
    Original | Quantize | QuantizeAware | Distill | Train | DistillThenQuantize | DistillThenQuantizeAware,
    Field(discriminator="kind"),
]
# Made from a distilled student, their ``distill``.
QuantizedStudent = DistillThenQuantize | DistillThenQuantizeAware


def family_of(recipe: Recipe) -> Family:
    """What a person compares it as."""
    match recipe:
        case Original():
            return "original"
        case Quantize() | QuantizeAware():
            return "quantization"
        case Distill():
            return "distillation"
        case Train():
            return "control"
        case DistillThenQuantize() | DistillThenQuantizeAware():
            return "both"
        case _:
            assert_never(recipe)


def lane_of(recipe: Recipe) -> LaneName:
    """The lane that carries a recipe out: whatever needs a student waits for it in the distillation lane."""
    match recipe:
        case Original() | Quantize() | QuantizeAware():
            return "quantization"
        case Distill() | Train() | DistillThenQuantize() | DistillThenQuantizeAware():
            return "distillation"
        case _:
            assert_never(recipe)


def builds_on(recipe: Recipe) -> Recipe | None:
    """The recipe whose file must be there before this one is carried out."""
    match recipe:
        case Original() | Train():
            return None
        case Quantize() | QuantizeAware() | Distill():
            return Original()
        case DistillThenQuantize(distill=distill) | DistillThenQuantizeAware(distill=distill):
            return distill
        case _:
            assert_never(recipe)


def student_of(recipe: Recipe) -> Student | None:
    """The network that is trained for it, if one is."""
    match recipe:
        case Original() | Quantize() | QuantizeAware():
            return None
        case Distill(student=student) | Train(student=student):
            return student
        case DistillThenQuantize(distill=distill) | DistillThenQuantizeAware(distill=distill):
            return distill.student
        case _:
            assert_never(recipe)


def objective_of(recipe: Recipe) -> DistillationObjective | None:
    """What it learns from the original's answers, if it does."""
    match recipe:
        case Original() | Quantize() | Train() | DistillThenQuantize():
            return None
        case (
            Distill(objective=objective)
            | QuantizeAware(objective=objective)
            | DistillThenQuantizeAware(objective=objective)
        ):
            return objective
        case _:
            assert_never(recipe)
