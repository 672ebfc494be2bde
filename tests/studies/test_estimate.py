"""How long a study takes is told from one that had as much to do, whatever its candidates are called."""

from pathlib import Path

import pytest

from compression.records.naming import id_of
from compression.records.objectives import Dist, DistillationObjective, FitNets, SoftTargets
from compression.records.study import Options, Request
from compression.store.library import Library
from compression.store.studies import Store
from compression.studies.estimate import estimate, expected_costs, reference_costs
from compression.studies.presets import preset_named
from compression.studies.request import recipes_of, student_budget_of
from tests.constructed import candidate


def asked(objective: DistillationObjective | None = None) -> Request:
    return Request(model="resnet18", dataset="fashion-mnist", preset="standard", options=Options(objective=objective))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """One standard study, which took 20 s for the first candidate, 21 s for the next, and so on."""
    store = Store(tmp_path)
    store.add(asked())
    study = store.claim_next()
    assert study is not None
    for number, recipe in enumerate(recipes_of(study)):
        store.results.put_candidate(study.id, candidate(recipe, build_seconds=20.0 + number))
    store.finish(study.id, "completed")
    return Library(store, recorded=tmp_path / "none")


@pytest.mark.parametrize("objective", [None, Dist(), SoftTargets(labels_share=0.0)])
def test_the_same_students_take_as_long_towards_another_objective(
    library: Library, objective: DistillationObjective | None
) -> None:
    request = asked(objective)
    usual = expected_costs(recipes_of(asked()), reference_costs(library, asked()))
    found = expected_costs(recipes_of(request), reference_costs(library, request))
    assert set(found) == {id_of(recipe) for recipe in recipes_of(request)}
    assert usual["distilled-medium"] in {cost for name, cost in found.items() if "distilled-medium" in name}
    assert found["control-large"] == usual["control-large"]
    assert estimate(library, request).seconds == estimate(library, asked()).seconds


def test_looking_into_the_teacher_takes_longer_than_any_study_that_did_not(library: Library) -> None:
    assert not estimate(library, asked(FitNets())).measured_here
    assert reference_costs(library, asked(FitNets())) == {}


def test_a_model_that_was_never_studied_is_told_of_one_that_was(library: Library) -> None:
    found = estimate(library, asked().model_copy(update={"model": "mobilenet_v2"}))
    assert found.measured_here
    assert found.other_subject is not None


def test_where_nothing_is_known_it_is_what_the_preset_usually_takes_by_how_long_students_are_trained(
    library: Library,
) -> None:
    quick = asked().model_copy(update={"preset": "quick"})
    usual = estimate(library, quick)
    assert (usual.seconds, usual.measured_here, usual.machine) == (preset_named("quick").usual_seconds, False, None)
    epochs = student_budget_of(quick).epochs_on(50_000)
    longer = estimate(library, quick.model_copy(update={"options": Options(epochs=3 * epochs)}))
    assert longer.seconds == pytest.approx(2 * usual.seconds)
