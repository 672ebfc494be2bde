"""Studies that were written when objectives had other names keep their candidates' ids, and lose nothing by it."""

import re
from pathlib import Path

from compression.decision.table import conditions_of, table_of
from compression.decision.why_fast import why_fast
from compression.records.naming import id_of, id_today
from compression.records.recipes import lane_of
from compression.records.study import Candidate, Failure, Request, Study
from compression.store.library import recorded_studies
from compression.store.studies import Store
from compression.studies.estimate import own_seconds
from compression.studies.plan import note_set_aside, still_to_make
from pages.ui.run.progress import progress_of
from tests.pages.progress_of_a_study import step

RECORDED = next(entry for entry in recorded_studies() if entry.study.preset == "standard").document
MADE = {candidate.id: candidate for candidate in RECORDED.candidates}


def store_with(home: Path, *candidates: Candidate) -> tuple[Store, Study]:
    """A study as an older version left it."""
    store = Store(home)
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="standard"))
    for each in candidates:
        before = {"set_aside_for": None, "accuracy": None, "answers": (), "latency": ()}
        store.results.put_candidate(study.id, each.model_copy(update=before))
    return store, study


def test_the_ids_of_a_recorded_study_stay_as_they_were_written() -> None:
    assert "distilled-large-relations-int8-ptq" in MADE
    assert id_of(MADE["distilled-large-relations-int8-ptq"].recipe) == "distilled-large-dist-int8-ptq"
    assert [id_today(each) for each in MADE] == [id_of(candidate.recipe) for candidate in MADE.values()]


def test_what_was_quantized_is_still_explained_by_what_it_was_made_from() -> None:
    reasons = why_fast(RECORDED, table_of(RECORDED, conditions_of(RECORDED)[0]))
    assert re.search(r"than the distilled large student \(DIST\)", reasons["distilled-large-relations-int8-ptq"][0])


def test_the_run_page_shows_all_of_it_as_made() -> None:
    recipes = tuple(candidate.recipe for candidate in RECORDED.candidates)
    told = [step("training", 0.5, "distillation", candidate="distilled-large-relations", validation_accuracy=0.8)]
    progress = progress_of(recipes, told, RECORDED.candidates)
    for lane in progress.lanes:
        assert set(lane.made) == {id_of(recipe) for recipe in recipes if lane_of(recipe) == lane.lane}
        assert lane.ended
    assert progress.lanes[0].beaten["distilled-large"] == "distilled-large-dist"
    assert progress.seen == {"distilled-large-dist": 0.8}
    failure = Failure(candidate="distilled-large-relations", name="", family="distillation", message="It went astray.")
    failed = progress_of(recipes, (), (), [failure])
    assert failed.lanes[0].failed == {"distilled-large-dist": "It went astray."}


def test_what_a_quantized_student_took_is_told_without_its_student() -> None:
    took = own_seconds(RECORDED.candidates)
    whole, student = MADE["distilled-large-relations-int8-ptq"], MADE["distilled-large-relations"]
    assert took["distilled-large-dist-int8-ptq"] == whole.build_seconds - student.build_seconds


def test_a_study_that_is_resumed_makes_nothing_twice(tmp_path: Path) -> None:
    rivals = MADE["distilled-large"], MADE["distilled-large-relations"]
    store, study = store_with(tmp_path, MADE["original"], *rivals)
    left = still_to_make(store, study, "distillation")
    assert not {candidate.recipe for candidate in rivals} & set(left)
    assert MADE["distilled-large-relations-int8-ptq"].recipe in left
    note_set_aside(store, study)
    aside = {each.id: each.set_aside_for for each in store.results.candidates(study.id)}
    assert aside == {
        "original": None,
        "distilled-large": "distilled-large-relations",
        "distilled-large-relations": None,
    }


def test_what_failed_before_is_known_to_have_failed(tmp_path: Path) -> None:
    store, study = store_with(tmp_path, MADE["original"])
    older = Failure(candidate="distilled-large-relations", name="", family="distillation", message="It went astray.")
    store.results.add_failure(study.id, older)
    left = still_to_make(store, study, "distillation")
    assert MADE["distilled-large-relations"].recipe not in left
    assert MADE["distilled-large"].recipe in left
