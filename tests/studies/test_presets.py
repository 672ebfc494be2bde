"""A question's own options take the place of the preset's, for all students alike."""

import pytest

from compression.errors import UnknownName
from compression.store.naming import id_of
from compression.store.objectives import DecoupledTargets, SoftTargets
from compression.store.recipes import Distill, DistillThenQuantize
from compression.store.records import Options, Question
from compression.studies.presets import PRESETS, Preset, recipes_of, student_budget_of

QUESTION = Question(model="resnet18", dataset="fashion-mnist", preset="quick")


def asked(**options: object) -> Question:
    return QUESTION.model_copy(update={"options": Options.model_validate(options)})


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_without_options_the_recipes_and_the_training_are_the_presets(preset: Preset) -> None:
    question = QUESTION.model_copy(update={"preset": preset.name})
    assert recipes_of(question) == preset.recipes
    assert student_budget_of(question) == preset.student_budget
    assert len({id_of(recipe) for recipe in preset.recipes}) == len(preset.recipes)


def test_an_objective_is_for_every_distilled_student_and_for_nothing_else() -> None:
    objective = DecoupledTargets(temperature=2.0)
    usual, own = recipes_of(QUESTION), recipes_of(asked(objective=objective))
    assert len(own) == len(usual)
    for before, after in zip(usual, own, strict=True):
        match before, after:
            case (Distill(student=student), Distill()) | (
                DistillThenQuantize(distill=Distill(student=student)),
                DistillThenQuantize(),
            ):
                distill = after if isinstance(after, Distill) else after.distill
                assert distill == Distill(student=student, objective=objective)
            case _:
                assert after == before


def test_another_length_of_training_changes_nothing_else() -> None:
    assert student_budget_of(asked(epochs=12)) == student_budget_of(QUESTION).model_copy(update={"epochs": 12})


def test_candidates_of_another_objective_have_names_of_their_own() -> None:
    student = next(recipe.student for recipe in recipes_of(QUESTION) if isinstance(recipe, Distill))
    names = {id_of(Distill(student=student, objective=each)) for each in (SoftTargets(), DecoupledTargets())}
    assert len(names) == 2


def test_a_preset_that_does_not_exist_is_unknown() -> None:
    with pytest.raises(UnknownName, match="no preset called 'nonsense'"):
        recipes_of(QUESTION.model_copy(update={"preset": "nonsense"}))
