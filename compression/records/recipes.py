"""Recipes: how one candidate is made. A closed union of frozen records; code that acts on one ends its ``match`` with
``assert_never``. Says what is to be made, and nothing of how.

What is quantized is a recipe too, so that every scheme goes with the original, a distilled student and a control.
"""

from typing import Annotated, Literal, Self, assert_never

from pydantic import BeforeValidator, Field, model_validator

from compression.records.base import Record
from compression.records.objectives import DistillationObjective, SoftTargets
from compression.records.schemes import Qat, RecipeScheme
from compression.records.students import Student

Family = Literal["original", "distillation", "quantization", "both", "control"]
LaneName = Literal["distillation", "quantization"]


class Original(Record):
    """The model as it came, exported."""

    kind: Literal["original"] = "original"


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


class Quantize(Record):
    """A network of the same study, with its numbers stored and, where the engine can, computed in fewer bits."""

    kind: Literal["quantize"] = "quantize"
    source: Annotated[Original | Distill | Train, Field(discriminator="kind")] = Original()
    scheme: RecipeScheme

    @model_validator(mode="after")
    def _a_control_has_no_teacher(self) -> Self:
        if isinstance(self.source, Train) and isinstance(self.scheme, Qat):
            raise ValueError("a control is not trained on with a teacher; choose another scheme")
        return self


def _as_a_product(given: object) -> object:
    """Studies of format 1 have a kind of recipe for each pair of a source and a way to quantize it."""
    match given:
        case {"kind": "quantize-aware", **rest}:
            return {"kind": "quantize", "scheme": rest | {"kind": "int8-qat"}}
        case {"kind": "distill-then-quantize", "distill": distill, **rest}:
            return {"kind": "quantize", "source": _with_kind(distill), **rest}
        case {"kind": "distill-then-quantize-aware", "distill": distill, **rest}:
            return {"kind": "quantize", "source": _with_kind(distill), "scheme": rest | {"kind": "int8-qat"}}
        case _:
            return given


def _with_kind(distill: object) -> object:
    return {"kind": "distill"} | distill if isinstance(distill, dict) else distill


Recipe = Annotated[Original | Distill | Train | Quantize, Field(discriminator="kind"), BeforeValidator(_as_a_product)]


def family_of(recipe: Recipe) -> Family:
    """What a person compares it as. A control stays one in fewer bits: it is there to be compared with."""
    match recipe:
        case Original():
            return "original"
        case Distill():
            return "distillation"
        case Train():
            return "control"
        case Quantize(source=source):
            return _quantized_family(source)
        case _:
            assert_never(recipe)


def _quantized_family(source: Original | Distill | Train) -> Family:
    match source:
        case Original():
            return "quantization"
        case Distill():
            return "both"
        case Train():
            return "control"
        case _:
            assert_never(source)


def lane_of(recipe: Recipe) -> LaneName:
    """The lane that carries a recipe out: whatever needs a student waits for it in the distillation lane."""
    return "quantization" if student_of(recipe) is None else "distillation"


def builds_on(recipe: Recipe) -> Recipe | None:
    """The recipe whose file must be there before this one is carried out."""
    match recipe:
        case Original() | Train():
            return None
        case Distill():
            return Original()
        case Quantize(source=source):
            return source
        case _:
            assert_never(recipe)


def student_of(recipe: Recipe) -> Student | None:
    """The network that is trained for it, if one is."""
    match recipe:
        case Original():
            return None
        case Distill(student=student) | Train(student=student):
            return student
        case Quantize(source=source):
            return student_of(source)
        case _:
            assert_never(recipe)


def distilled_in(recipe: Recipe) -> Distill | None:
    """The distilled student that it is, or that it is made from."""
    network = recipe.source if isinstance(recipe, Quantize) else recipe
    return network if isinstance(network, Distill) else None


def control_of(recipe: Recipe) -> Recipe | None:
    """What shows the teacher's part in it: the same student without one, quantized alike; None for what had no teacher,
    or had one while it was quantized too."""
    match recipe:
        case Distill(student=student):
            return Train(student=student)
        case Quantize(source=Distill(student=student), scheme=scheme) if not isinstance(scheme, Qat):
            return Quantize(source=Train(student=student), scheme=scheme)
        case Original() | Train() | Quantize():
            return None
        case _:
            assert_never(recipe)


def objective_of(recipe: Recipe) -> DistillationObjective | None:
    """What it learns from the original's answers, if it does."""
    match recipe:
        case Original() | Train():
            return None
        case Distill(objective=objective):
            return objective
        case Quantize(scheme=scheme):
            return scheme.objective if isinstance(scheme, Qat) else None
        case _:
            assert_never(recipe)
