"""Recipes know their names, where they belong and what they are made from, and are read back as they were kept."""

import pytest
from pydantic import TypeAdapter

from compression.records.naming import id_of, name_of
from compression.records.objectives import Dkd, SoftTargets
from compression.records.recipes import (
    EVEN_ANSWERS,
    Distill,
    DistillThenQuantizeAware,
    Family,
    LaneName,
    QuantizeAware,
    Recipe,
    builds_on,
    family_of,
    lane_of,
    objective_of,
    student_of,
)
from compression.records.students import Student

STUDENT = Student(size="medium", width=12)


@pytest.mark.parametrize(
    ("recipe", "name", "lane", "family", "parent"),
    [
        (QuantizeAware(), "Original in int8, retrained (QAT)", "quantization", "quantization", "original"),
        (
            DistillThenQuantizeAware(distill=Distill(student=STUDENT, objective=SoftTargets())),
            "Distilled medium student in int8, retrained (QAT)",
            "distillation",
            "both",
            "distilled-medium",
        ),
    ],
)
def test_a_retrained_file_has_a_place_of_its_own_and_is_read_back(
    recipe: Recipe, name: str, lane: LaneName, family: Family, parent: str
) -> None:
    built_on = builds_on(recipe)
    assert built_on is not None
    assert (name_of(recipe), lane_of(recipe), family_of(recipe), id_of(built_on)) == (name, lane, family, parent)
    assert id_of(recipe) == f"{parent}-int8-qat".removeprefix("original-")
    assert TypeAdapter(Recipe).validate_json(recipe.model_dump_json()) == recipe


def test_networks_retrained_at_another_temperature_are_told_apart_by_id_and_name() -> None:
    even = QuantizeAware(objective=EVEN_ANSWERS)
    assert (id_of(even), name_of(even)) == ("int8-qat-t4", "Original in int8, retrained (QAT, temperature 4)")
    student = DistillThenQuantizeAware(distill=Distill(student=STUDENT, objective=SoftTargets()), objective=Dkd())
    assert id_of(student) == "distilled-medium-int8-qat-dkd"


def test_a_student_is_retrained_with_an_objective_of_its_own() -> None:
    retrained = DistillThenQuantizeAware(distill=Distill(student=STUDENT, objective=Dkd(temperature=2.0)))
    assert objective_of(retrained) == SoftTargets(temperature=1.0)
    assert student_of(retrained) == STUDENT
