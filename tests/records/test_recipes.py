"""Recipes know their names, where they belong and what they are made from, and are read back as they were kept."""

import json

import pytest
from pydantic import TypeAdapter, ValidationError

from compression.records.naming import id_of, name_of
from compression.records.objectives import Dist, Dkd, SoftTargets
from compression.records.recipes import (
    Distill,
    Family,
    LaneName,
    Original,
    Quantize,
    Recipe,
    Train,
    builds_on,
    control_of,
    family_of,
    lane_of,
    objective_of,
    student_of,
)
from compression.records.schemes import EVEN_ANSWERS, Int8, Qat, WeightsOnly
from compression.records.students import Student
from compression.store.library import RECORDED, LibraryEntry, recorded_studies

STUDENT = Student(size="medium", width=12)
DISTILL, TRAIN = Distill(student=STUDENT, objective=SoftTargets()), Train(student=STUDENT)
RECIPE: TypeAdapter[Recipe] = TypeAdapter(Recipe)


@pytest.mark.parametrize(
    ("recipe", "name", "lane", "family", "parent"),
    [
        (Quantize(scheme=Qat()), "Original in int8, retrained (QAT)", "quantization", "quantization", "original"),
        (
            Quantize(source=Distill(student=STUDENT, objective=SoftTargets()), scheme=Qat()),
            "Distilled medium student in int8, retrained (QAT)",
            "distillation",
            "both",
            "distilled-medium",
        ),
        (
            Quantize(source=TRAIN, scheme=Int8()),
            "Medium student, no teacher, in int8",
            "distillation",
            "control",
            "control-medium",
        ),
    ],
)
def test_a_quantized_file_has_a_place_of_its_own_and_is_read_back(
    recipe: Recipe, name: str, lane: LaneName, family: Family, parent: str
) -> None:
    built_on = builds_on(recipe)
    assert built_on is not None
    assert (name_of(recipe), lane_of(recipe), family_of(recipe), id_of(built_on)) == (name, lane, family, parent)
    scheme = "int8-ptq" if family == "control" else "int8-qat"
    assert id_of(recipe) == f"{parent}-{scheme}".removeprefix("original-")
    assert RECIPE.validate_json(recipe.model_dump_json()) == recipe


def test_networks_retrained_at_another_temperature_are_told_apart_by_id_and_name() -> None:
    even = Quantize(scheme=Qat(objective=EVEN_ANSWERS))
    assert (id_of(even), name_of(even)) == ("int8-qat-t4", "Original in int8, retrained (QAT, temperature 4)")
    student = Quantize(source=Distill(student=STUDENT, objective=SoftTargets()), scheme=Qat(objective=Dkd()))
    assert id_of(student) == "distilled-medium-int8-qat-dkd"


def test_a_student_is_retrained_with_an_objective_of_its_own() -> None:
    retrained = Quantize(source=Distill(student=STUDENT, objective=Dkd(temperature=2.0)), scheme=Qat())
    assert objective_of(retrained) == SoftTargets(temperature=1.0)
    assert student_of(retrained) == STUDENT


def test_a_control_is_quantized_and_is_not_trained_on_with_a_teacher() -> None:
    assert (
        name_of(Quantize(source=TRAIN, scheme=WeightsOnly(bits=4))) == "Medium student, no teacher, with int4 weights"
    )
    with pytest.raises(ValidationError, match="a control is not trained on with a teacher"):
        Quantize(source=TRAIN, scheme=Qat())


def test_the_control_of_a_quantized_student_is_quantized_alike() -> None:
    assert control_of(DISTILL) == TRAIN
    assert control_of(Quantize(source=DISTILL, scheme=Int8())) == Quantize(source=TRAIN, scheme=Int8())
    others = (Original(), TRAIN, Quantize(scheme=Int8()), Quantize(source=DISTILL, scheme=Qat()))
    assert [control_of(recipe) for recipe in others] == [None] * len(others)


OLDER: list[tuple[dict[str, object], Recipe]] = [
    ({"kind": "quantize", "scheme": "int8-ptq"}, Quantize(scheme=Int8())),
    ({"kind": "quantize-aware"}, Quantize(scheme=Qat())),
    ({"kind": "quantize-aware", "objective": EVEN_ANSWERS.model_dump()}, Quantize(scheme=Qat(objective=EVEN_ANSWERS))),
    (
        {"kind": "distill-then-quantize", "distill": DISTILL.model_dump(), "scheme": {"kind": "int8-ptq"}},
        Quantize(source=DISTILL, scheme=Int8()),
    ),
    (
        {"kind": "distill-then-quantize-aware", "distill": DISTILL.model_dump(), "objective": {"kind": "relations"}},
        Quantize(source=DISTILL, scheme=Qat(objective=Dist())),
    ),
]


@pytest.mark.parametrize(("older", "recipe"), OLDER)
def test_a_kind_of_recipe_that_is_no_more_is_read_as_what_it_was(older: dict[str, object], recipe: Recipe) -> None:
    assert RECIPE.validate_python(older) == RECIPE.validate_json(json.dumps(older)) == recipe


@pytest.mark.parametrize("entry", recorded_studies(RECORDED), ids=lambda entry: entry.folder.name)
def test_every_recipe_of_a_recorded_study_says_what_it_said(entry: LibraryEntry) -> None:
    written = json.loads((entry.folder / "study.json").read_bytes())["candidates"]
    for before, candidate in zip(written, entry.document.candidates, strict=True):
        recipe, said = candidate.recipe, before["recipe"]
        assert (name_of(recipe), family_of(recipe)) == (before["name"], before["family"])
        student = said.get("student") or said.get("distill", {}).get("student")
        assert student == ((made := student_of(recipe)) and made.model_dump())
        scheme = said.get("scheme", {"kind": "int8-qat"} if said["kind"].endswith("aware") else None)
        assert (scheme is not None) == isinstance(recipe, Quantize)
        if isinstance(recipe, Quantize):
            assert recipe.scheme.model_dump() | scheme == recipe.scheme.model_dump()
        objective = objective_of(recipe)
        assert ("objective" in said) == (objective is not None)
        if objective is not None:
            numbers = objective.model_dump(exclude={"kind"})
            assert said["objective"] | numbers == said["objective"]
