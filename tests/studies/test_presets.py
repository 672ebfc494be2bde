"""What a question comes to: the preset's recipes, with its own options in the place of the preset's."""

import pytest

from compression.errors import UnknownName, UsageError
from compression.modalities.image.sizes import STUDENTS
from compression.records.naming import id_of, name_of
from compression.records.objectives import Dkd, FitNets, SoftTargets
from compression.records.recipes import Distill, Quantize, Recipe, Train, builds_on, distilled_in, family_of, student_of
from compression.records.schemes import SCHEME_NAMES, HalfPrecision, Int8, Qat, WeightsOnly, name_of_scheme
from compression.records.students import Student
from compression.records.study import Options, Request
from compression.studies.presets import PRESETS, Preset, description_of, preset_named
from compression.studies.request import check, recipes_of, student_budget_of

QUESTION = Request(model="resnet18", dataset="fashion-mnist", preset="quick")


def asked(preset: str = "quick", **options: object) -> Request:
    return QUESTION.model_copy(update={"preset": preset, "options": Options.model_validate(options)})


def distillations(recipes: tuple[Recipe, ...]) -> list[Distill]:
    return [recipe for recipe in recipes if isinstance(recipe, Distill)]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_recipe_has_an_id_of_its_own_and_comes_after_what_it_builds_on(preset: Preset) -> None:
    recipes = recipes_of(asked(preset.name))
    assert len({id_of(recipe) for recipe in recipes}) == len(recipes)
    for number, recipe in enumerate(recipes):
        parent = builds_on(recipe)
        assert parent is None or parent in recipes[:number]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_student_is_taught_towards_every_objective_and_has_a_control_but_in_a_preview(preset: Preset) -> None:
    recipes = recipes_of(asked(preset.name))
    controls = {recipe.student for recipe in recipes if isinstance(recipe, Train)}
    assert controls == (set() if preset.name == "preview" else {STUDENTS[size] for size in preset.students})
    for student in (STUDENTS[size] for size in preset.students):
        objectives = {recipe.objective for recipe in distillations(recipes) if recipe.student == student}
        assert objectives >= set(preset.objectives)


def test_the_presets_try_more_and_more() -> None:
    quick, standard, thorough = (preset_named(name) for name in ("quick", "standard", "thorough"))
    assert [len(each.students) for each in (quick, standard, thorough)] == [3, 5, 6]
    assert [len(each.objectives) for each in (quick, standard, thorough)] == [1, 2, 3]
    assert [each.student_budget.seeds for each in (quick, standard, thorough)] == [1, 1, 3]


def test_an_objective_is_for_every_distilled_student_and_for_nothing_else() -> None:
    objective = Dkd(temperature=2.0)
    usual, own = recipes_of(QUESTION), recipes_of(asked(objective=objective))
    assert len(own) == len(usual)
    for before, after in zip(usual, own, strict=True):
        match before, after:
            case (Distill(student=student), Distill()) | (
                Quantize(source=Distill(student=student)),
                Quantize(),
            ):
                assert distilled_in(after) == Distill(student=student, objective=objective)
            case _:
                assert after == before


def standard(**options: object) -> list[str]:
    return [id_of(recipe) for recipe in recipes_of(asked("standard", **options))]


def test_the_controls_of_quantized_students_are_quantized_where_there_is_time_for_it() -> None:
    assert not [recipe for recipe in recipes_of(QUESTION) if family_of(recipe) == "control" and builds_on(recipe)]
    ids = standard()
    controls = [name for name in ids if name.startswith("control-") and name.endswith("-int8-ptq")]
    assert controls == [f"control-{size}-int8-ptq" for size in ("medium", "large", "extra-large")]
    for name in controls:
        assert ids.index(name) == 1 + ids.index(name.replace("control", "distilled").replace("-int8", "-dist-int8"))
    own = standard(students=(Student(size="10 KB", width=4),))
    assert "control-10-kb-int8-ptq" in own


def test_a_student_without_labels_does_without_them_towards_another_objective_too() -> None:
    assert "distilled-medium-no-labels" in standard()
    assert "distilled-medium-fitnets-no-labels" in standard(objective=FitNets())
    # DKD cannot do without.
    assert "distilled-medium-no-labels" in standard(objective=Dkd())


def test_where_no_student_has_labels_each_is_made_once() -> None:
    ids = standard(objective=SoftTargets(temperature=2.0, labels_share=0.0))
    assert ids.count("distilled-medium-no-labels") == 1
    assert len(ids) == len(set(ids))


def test_students_that_were_asked_for_take_the_place_of_the_presets_and_are_quantized_too() -> None:
    tiny, wide = Student(size="10 KB", architecture="separable", width=4), Student(size="1 MB", width=28)
    recipes = recipes_of(asked(students=(tiny, wide)))
    assert {student for recipe in recipes if (student := student_of(recipe))} == {tiny, wide}
    assert {student_of(recipe) for recipe in recipes if isinstance(recipe, Quantize)} == {None, tiny, wide}
    assert {id_of(recipe) for recipe in recipes} >= {"distilled-10-kb-separable", "control-1-mb"}


def test_two_students_of_one_size_cannot_be_told_apart_and_are_refused() -> None:
    with pytest.raises(ValueError, match="two students go by the same size"):
        asked(students=(Student(size="small", width=4), Student(size="small", width=8)))


def test_own_schemes_are_tried_in_place_of_the_presets_and_the_students_stay() -> None:
    usual, own = recipes_of(QUESTION), recipes_of(asked(schemes=("int4-weights", "fp16")))
    assert own[0] == usual[0]
    assert own[1:3] == (Quantize(scheme=HalfPrecision()), Quantize(scheme=WeightsOnly(bits=4)))
    assert own[3:] == tuple(recipe for recipe in usual[1:] if family_of(recipe) != "quantization")


def test_a_number_of_calibration_examples_is_for_everything_that_is_calibrated() -> None:
    own = recipes_of(asked(calibration_examples=77))
    schemes = [recipe.scheme for recipe in own if isinstance(recipe, Quantize)]
    assert [scheme for scheme in schemes if isinstance(scheme, Int8)] == [Int8(calibration_examples=77)] * 2
    assert [id_of(recipe) for recipe in own] == [id_of(recipe) for recipe in recipes_of(QUESTION)]


def test_a_number_that_nothing_in_the_study_has_is_refused_with_what_to_do() -> None:
    with pytest.raises(UsageError, match="largest accepted drop is for the scheme int8-accuracy-aware"):
        check(asked(largest_drop=0.01))
    check(asked(largest_drop=0.01, schemes=("int8-accuracy-aware",)))
    preview = asked(schemes=("fp16",), calibration_examples=50).model_copy(update={"preset": "preview"})
    with pytest.raises(UsageError, match="calibration examples is for the schemes int8-ptq and int8-accuracy-aware"):
        check(preview)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_what_is_quickest_to_make_comes_first(preset: Preset) -> None:
    schemes = [recipe.scheme for recipe in recipes_of(asked(preset.name)) if family_of(recipe) == "quantization"]
    names = [name_of_scheme(scheme) for scheme in schemes if not isinstance(scheme, Qat)]
    assert names == sorted(names, key=SCHEME_NAMES.index)


def test_another_length_of_training_changes_nothing_else() -> None:
    assert student_budget_of(asked(epochs=12)) == student_budget_of(QUESTION).model_copy(update={"epochs": 12})


def test_candidates_of_another_objective_have_names_of_their_own() -> None:
    student = distillations(recipes_of(QUESTION))[0].student
    others = (SoftTargets(), SoftTargets(labels_share=0.0), Dkd(), Dkd(labels_share=0.0))
    recipes = [Distill(student=student, objective=each) for each in others]
    size = student.size
    assert [id_of(recipe) for recipe in recipes] == [
        f"distilled-{size}",
        f"distilled-{size}-no-labels",
        f"distilled-{size}-dkd",
        f"distilled-{size}-dkd",
    ]
    assert [name_of(recipe) for recipe in recipes[1:3]] == [
        f"Distilled {size} student, no labels",
        f"Distilled {size} student (DKD)",
    ]
    rounded = Quantize(source=recipes[1], scheme=Int8())
    assert name_of(rounded) == f"Distilled {size} student in int8, no labels"


def test_a_preset_that_does_not_exist_is_unknown() -> None:
    with pytest.raises(UnknownName, match="no preset called 'nonsense'"):
        recipes_of(QUESTION.model_copy(update={"preset": "nonsense"}))


@pytest.mark.parametrize(
    ("preset", "nouns", "training_examples", "said"),
    [
        ("preview", "images", 55_000, "one small student, taught with 6,000 of the images."),
        ("quick", "images", 55_000, "taught with 24,000 of the images."),
        ("quick", "recordings", 900, "taught with all the recordings."),
        (
            "standard",
            "texts",
            55_000,
            "for longer and with all the texts. Students without a teacher are quantized too.",
        ),
    ],
)
def test_a_preset_says_how_many_of_a_datasets_examples_it_teaches_with(
    preset: str, nouns: str, training_examples: int, said: str
) -> None:
    assert said in description_of(preset_named(preset), nouns, training_examples)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_what_is_said_of_a_preset_has_no_gap(preset: Preset) -> None:
    assert "{" not in description_of(preset, "recordings", 900)
