from collections.abc import Iterator
from pathlib import Path

from compression.records.naming import id_of
from compression.records.recipes import family_of, lane_of
from compression.records.study import Request, Study
from compression.store.studies import Store
from compression.studies.plan import claim_next, free_to_make, give_up, still_to_make
from compression.studies.request import recipes_of
from tests.constructed import candidate

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
