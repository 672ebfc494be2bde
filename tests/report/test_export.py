"""A study that is written to a folder can be played again from there."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from compression.records.progress import Progress
from compression.records.study import Request
from compression.report.export import write_study
from compression.store.library import Library, recorded_studies
from compression.store.studies import Store
from tests.constructed import MACHINE, usual_candidates


def test_the_end_of_each_stage_is_kept_with_a_study_and_read_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="quick"))
    store.results.set_machine(study.id, MACHINE)
    for candidate in usual_candidates():
        store.results.put_candidate(study.id, candidate)
    start = datetime(2026, 11, 30, tzinfo=UTC)
    told = [
        Progress(at=start + timedelta(seconds=second), lane="distillation", stage="training", done=done, candidate=name)
        for second, (name, done) in enumerate([("one", 0.5), ("one", 1.0), ("two", 0.1), ("two", 1.0)])
    ]
    for step in told:
        store.add_progress(study.id, step)
    write_study(Library(store).get(study.id), tmp_path / "out" / "a-study")
    [entry] = recorded_studies(tmp_path / "out")

    assert entry.progress() == (told[1], told[3])


def test_a_recorded_study_from_before_that_has_no_progress(tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="quick"))
    write_study(Library(store).get(study.id), tmp_path / "out" / "a-study")
    (tmp_path / "out" / "a-study" / "progress.json").unlink()
    [entry] = recorded_studies(tmp_path / "out")

    assert entry.progress() == ()
