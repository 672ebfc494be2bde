"""How long a study takes is told from one that had as much to do, whatever its candidates are called."""

from pathlib import Path

import pytest

from compression.store.naming import id_of
from compression.store.objectives import DistillationObjective, Hints, Relations, SoftTargets
from compression.store.records import Options, Question
from compression.store.shelf import Shelf
from compression.store.store import Store
from compression.studies.asked import recipes_of
from compression.studies.estimate import estimate, reference_seconds
from tests.constructed import candidate


def asked(objective: DistillationObjective | None = None) -> Question:
    return Question(model="resnet18", dataset="fashion-mnist", preset="standard", options=Options(objective=objective))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """One standard study, which took 20 s for the first candidate, 21 s for the next, and so on."""
    store = Store(tmp_path)
    store.add(asked())
    study = store.claim_next()
    assert study is not None
    for number, recipe in enumerate(recipes_of(study)):
        store.results.put_candidate(study.id, candidate(recipe, build_seconds=20.0 + number))
    store.finish(study.id, "completed")
    return Shelf(store, recorded=tmp_path / "none")


@pytest.mark.parametrize("objective", [None, Relations(), SoftTargets(labels_share=0.0)])
def test_the_same_students_take_as_long_towards_another_objective(
    shelf: Shelf, objective: DistillationObjective | None
) -> None:
    question = asked(objective)
    usual, found = reference_seconds(shelf, asked()), reference_seconds(shelf, question)
    assert set(found) == {id_of(recipe) for recipe in recipes_of(question)}
    assert usual["distilled-medium"] in {seconds for name, seconds in found.items() if "distilled-medium" in name}
    assert found["control-large"] == usual["control-large"]
    assert estimate(shelf, question) is not None


def test_looking_into_the_teacher_takes_longer_than_any_study_that_did_not(shelf: Shelf) -> None:
    assert estimate(shelf, asked(Hints())) is None
    assert reference_seconds(shelf, asked(Hints())) == {}
