"""Of several objectives, the one goes on that taught a student best, as the validation images show."""

from pathlib import Path

from compression.records.naming import id_of
from compression.records.objectives import Dist, SoftTargets, needs_labels
from compression.records.recipes import (
    Distill,
    Original,
    Quantize,
    Recipe,
    family_of,
)
from compression.records.schemes import CLOSE_ANSWERS, EVEN_ANSWERS, Int8, Qat
from compression.records.students import Student
from compression.records.study import Request
from compression.store.studies import Store
from compression.studies.plan import free_to_make, give_up, set_aside, still_to_make
from compression.studies.request import recipes_of
from compression.studies.selection import beaten, undecided
from tests.constructed import candidate

SMALL, LARGE = Student(size="small", width=4), Student(size="large", width=20)
SOFT, RELATIONS = SoftTargets(), Dist()


def distill(student: Student, objective: SoftTargets | Dist) -> Distill:
    return Distill(student=student, objective=objective)


def rivals_of(one: Distill, recipes: tuple[Recipe, ...]) -> list[Distill]:
    same = [each for each in recipes if isinstance(each, Distill) and each.student == one.student]
    return [each for each in same if needs_labels(each.objective)]


RIVALS = tuple(distill(student, objective) for student in (SMALL, LARGE) for objective in (SOFT, RELATIONS))
FIRST, SECOND, *_ = map(id_of, RIVALS)


def test_the_one_with_the_higher_validation_accuracy_beats_the_others_of_its_student() -> None:
    assert beaten(RIVALS, {FIRST: 0.87, SECOND: 0.88}, failed=()) == {FIRST: SECOND}


def test_nothing_is_decided_before_all_of_a_student_are_made() -> None:
    assert beaten(RIVALS, {FIRST: 0.87}, failed=()) == {}
    assert undecided(RIVALS, {FIRST: 0.87, SECOND: 0.88}, failed=()) == set(map(id_of, RIVALS[2:]))


def test_the_first_goes_on_in_a_tie() -> None:
    assert beaten(RIVALS, {FIRST: 0.87, SECOND: 0.87}, failed=()) == {SECOND: FIRST}


def test_one_that_failed_is_not_waited_for() -> None:
    assert beaten(RIVALS, {FIRST: 0.87}, failed={SECOND}) == {}
    assert FIRST not in undecided(RIVALS, {FIRST: 0.87}, failed={SECOND})


def test_one_that_needs_no_labels_does_not_compete_with_those_that_do() -> None:
    unlabelled = distill(SMALL, SoftTargets(labels_share=0.0))
    alone = (RIVALS[1], unlabelled)
    assert undecided(alone, {id_of(RIVALS[1]): 0.9}, failed=()) == set()


def test_a_network_trained_on_at_two_temperatures_competes_with_itself_alone() -> None:
    close, even = (Quantize(scheme=Qat(objective=aim)) for aim in (CLOSE_ANSWERS, EVEN_ANSWERS))
    students = [
        Quantize(source=each, scheme=Qat(objective=aim)) for each in RIVALS[:2] for aim in (CLOSE_ANSWERS, EVEN_ANSWERS)
    ]
    recipes = (*RIVALS, close, even, *students)
    validated = {id_of(close): 0.9, id_of(even): 0.91, id_of(students[0]): 0.88, id_of(students[1]): 0.87}
    assert beaten(recipes, validated, failed=()) == {
        id_of(close): id_of(even),
        id_of(students[1]): id_of(students[0]),
    }


def test_only_the_winner_is_built_on_and_only_once_it_is_known(tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="standard"))
    recipes = recipes_of(study)
    both = next(recipe for recipe in recipes if family_of(recipe) == "both")
    rivals = rivals_of(both.source, recipes)
    quantized = [
        each for each in recipes if isinstance(each, Quantize) and each.scheme == Int8() and each.source in rivals
    ]

    store.results.put_candidate(study.id, candidate(Original()))
    for number, rival in enumerate(rivals):
        assert not set(quantized) & set(free_to_make(store, study, "distillation"))
        made = candidate(rival, accuracy=None).model_copy(update={"validation_accuracy": 0.9 + 0.01 * number})
        store.results.put_candidate(study.id, made)

    free, left = (ask(store, study, "distillation") for ask in (free_to_make, still_to_make))
    assert [each.source for each in quantized if each in free] == [rivals[-1]]
    assert [each.source for each in quantized if each in left] == [rivals[-1]]
    assert set_aside(store, study) == {id_of(rival): id_of(rivals[-1]) for rival in rivals[:-1]}


def test_when_the_rival_fails_the_other_one_is_built_on(tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="standard"))
    recipes = recipes_of(study)
    both = next(recipe for recipe in recipes if family_of(recipe) == "both")
    first, *others = rivals_of(both.source, recipes)
    made = candidate(first, accuracy=None).model_copy(update={"validation_accuracy": 0.9})
    store.results.put_candidate(study.id, made)
    for other in others:
        give_up(store, study, other, "It went astray.")
    assert both in free_to_make(store, study, "distillation")
    assert set_aside(store, study) == {}
