"""Schemes are records with numbers; those of earlier studies are names, and are still read."""

import pytest
from pydantic import TypeAdapter, ValidationError

from compression.records.naming import id_of, id_today, name_of
from compression.records.recipes import Quantize, Recipe
from compression.records.schemes import (
    SCHEME_NAMES,
    SCHEME_TITLES,
    SCHEMES,
    HalfPrecision,
    Int8,
    Int8AccuracyAware,
    WeightsOnly,
    name_of_scheme,
    with_numbers,
)
from compression.store.library import recorded_studies
from tests.constructed import MEDIUM, distilled

RECIPE: TypeAdapter[Recipe] = TypeAdapter(Recipe)


@pytest.mark.parametrize(("name", "scheme"), [("int8-ptq", Int8()), ("fp16", HalfPrecision())])
def test_a_recipe_that_names_its_scheme_is_read_and_keeps_its_id(name: str, scheme: Int8 | HalfPrecision) -> None:
    quantize = RECIPE.validate_python({"kind": "quantize", "scheme": name})
    assert quantize == Quantize(scheme=scheme)
    assert id_of(quantize) == name
    student = distilled(MEDIUM).model_dump()
    both = RECIPE.validate_json(
        RECIPE.dump_json(RECIPE.validate_python({"kind": "distill-then-quantize", "distill": student, "scheme": name}))
    )
    assert id_of(both) == f"distilled-medium-{name}"


def test_recorded_candidates_have_the_ids_of_their_recipes() -> None:
    for recorded in recorded_studies():
        assert [(id_today(made.id), made.name) for made in recorded.document.candidates] == [
            (id_of(made.recipe), name_of(made.recipe)) for made in recorded.document.candidates
        ]


def test_every_scheme_has_an_id_a_title_and_a_name_of_its_own() -> None:
    assert [name_of_scheme(SCHEMES[name]) for name in SCHEME_NAMES] == list(SCHEME_NAMES)
    for words in (SCHEME_TITLES.values(), [name_of(Quantize(scheme=scheme)) for scheme in SCHEMES.values()]):
        assert len(set(words)) == len(SCHEME_NAMES)
    assert name_of(Quantize(scheme=WeightsOnly(bits=8))) == "Original with int8 weights"


def test_a_scheme_takes_the_numbers_that_it_has() -> None:
    asked = {"calibration_examples": 50, "largest_drop": 0.01}
    assert with_numbers(Int8(), **asked) == Int8(calibration_examples=50)
    assert with_numbers(Int8AccuracyAware(), **asked) == Int8AccuracyAware(calibration_examples=50, largest_drop=0.01)
    assert with_numbers(HalfPrecision(), **asked) == HalfPrecision()


def test_a_name_that_no_scheme_has_is_refused() -> None:
    with pytest.raises(ValidationError, match="int5"):
        Quantize(scheme="int5")  # type: ignore[arg-type]
