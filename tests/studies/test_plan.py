from collections.abc import Iterator
from pathlib import Path

from compression.modalities.image.sizes import STUDENTS
from compression.records.naming import id_of
from compression.records.recipes import Distill, Recipe, builds_on, family_of, lane_of
from compression.records.study import Request, Study
from compression.store.studies import Store
from compression.studies.plan import claim_next, claim_next_test, free_to_make, give_up, still_to_make, withdraw
from compression.studies.request import recipes_of
from tests.constructed import FP16, INT8, ORIGINAL, candidate

QUESTION = Request(model="mobilenet_v2", dataset="fashion-mnist", preset="quick")


def claims(store: Store, study: Study) -> Iterator[str]:
    """What a process of the distillation lane takes, one after another, before any of it is made."""
    while (recipe := claim_next(store, study, "distillation")) is not None:
        yield id_of(recipe)


def test_nothing_is_taken_before_what_it_builds_on_is_there(tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(QUESTION)
    recipes = recipes_of(QUESTION)
    both = next(recipe for recipe in recipes if family_of(recipe) == "both")
    original = next(recipe for recipe in recipes if id_of(recipe) == "original")

    assert free_to_make(store, study, "quantization") == (original,)
    store.results.put_candidate(study.id, candidate(original))
    taken = list(claims(store, study))
    own = [id_of(recipe) for recipe in recipes if lane_of(recipe) == "distillation"]
    assert taken == [name for name in own if name != id_of(both)]

    store.results.put_candidate(study.id, candidate(both.source))
    assert list(claims(store, study)) == [id_of(both)]


def test_with_a_student_that_fails_falls_what_would_be_made_from_it_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(QUESTION)
    both = next(recipe for recipe in recipes_of(QUESTION) if family_of(recipe) == "both")
    before = still_to_make(store, study, "distillation")
    give_up(store, study, both.source, "It went astray.")

    left = still_to_make(store, study, "distillation")
    assert left == tuple(recipe for recipe in before if recipe not in (both, both.source))
    assert {failure.candidate: failure.message for failure in store.results.failures(study.id)} == {
        id_of(both.source): "It went astray.",
        id_of(both): "It is made from the distilled medium student, which could not be made.",
    }
    store.finish(study.id, "interrupted")
    store.requeue(study.id)
    assert still_to_make(store, study, "distillation") == before


def test_a_file_is_tested_next_the_newest_first_and_the_original_when_nothing_else_is_left(tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(QUESTION)
    for recipe in (ORIGINAL, FP16, INT8):
        store.results.put_candidate(study.id, candidate(recipe, accuracy=None))

    taken = [claim_next_test(store, study, with_original=False) for _ in range(3)]
    assert [each.id if each else None for each in taken] == ["int8-ptq", "fp16", None]
    last = claim_next_test(store, study)
    assert last is not None
    assert last.id == "original"
    assert claim_next_test(store, study) is None


def test_what_may_be_set_aside_is_not_tested_before_that_is_decided_on_validation_examples(tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(QUESTION.model_copy(update={"preset": "standard"}))
    soft, dist = (each for each in recipes_of(study) if isinstance(each, Distill) and each.student == STUDENTS["large"])

    def made(recipe: Recipe, validation_accuracy: float) -> None:
        one = candidate(recipe, accuracy=None).model_copy(update={"validation_accuracy": validation_accuracy})
        store.results.put_candidate(study.id, one)

    made(soft, 0.8)
    assert claim_next_test(store, study) is None
    made(dist, 0.9)
    better = claim_next_test(store, study)
    assert better is not None
    assert better.recipe == dist
    assert claim_next_test(store, study) is None


def test_with_a_file_that_turns_out_to_be_no_use_goes_what_would_be_made_from_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(QUESTION)
    both = next(recipe for recipe in recipes_of(QUESTION) if family_of(recipe) == "both")
    parent = builds_on(both)
    assert parent is not None
    store.results.put_candidate(study.id, candidate(parent, accuracy=None))
    withdraw(store, study, candidate(parent), "It answers nothing.")

    assert store.results.candidates(study.id) == ()
    failures = {failure.candidate: failure.message for failure in store.results.failures(study.id)}
    assert failures.keys() == {id_of(parent), id_of(both)}
    assert failures[id_of(parent)] == "It answers nothing."
