"""The store keeps studies, hands them out one at a time, and survives being looked at from several sides."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import ValidationError

from compression.errors import OtherVersion, UnknownName, UsageError
from compression.records.layers import Histogram, LayerFindings, Rounding, Sensitivity
from compression.records.measurements import Timing
from compression.records.naming import id_of
from compression.records.objectives import Dist, SoftTargets
from compression.records.progress import Progress
from compression.records.recipes import Distill, Quantize, family_of, lane_of
from compression.records.schemes import HalfPrecision, Int8, Scheme
from compression.records.students import Student
from compression.records.study import CONTRACT, FORMAT, Candidate, Document, Options, Request, Study
from compression.store.files import home_folder
from compression.store.library import document_of
from compression.store.studies import Store
from tests import constructed
from tests.pages.measured_study import TIMING, everything_measured

QUESTION = Request(model="resnet18", dataset="fashion-mnist", preset="quick", options=Options(threads_per_lane=1))


class Ticks:
    """A clock that moves on by one second each time it is read."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, clock=Ticks())


def candidate(scheme: Scheme = Int8(), size_bytes: int = 10) -> Candidate:  # noqa: B008  # frozen
    return constructed.candidate(Quantize(scheme=scheme), size_bytes=size_bytes)


def test_a_study_is_read_back_as_it_was_asked(store: Store) -> None:
    study = store.add(QUESTION)
    assert study.state == "queued"
    assert store.study(study.id) == study
    assert study.options.threads_per_lane == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("For the  board\nof June", "For the board of June"),
        ("\u202eevil", "evil"),
        ("**bold**", "**bold**"),
        (" ", None),
    ],
)
def test_a_study_is_called_what_a_person_calls_it(store: Store, given: str, kept: str | None) -> None:
    study = store.add(QUESTION)
    store.rename(study.id, "Another name")
    store.rename(study.id, given)

    assert store.study(study.id).name == store.studies()[0].name == document_of(store, study.id).study.name == kept


def test_a_name_is_at_most_sixty_characters_long(store: Store) -> None:
    study = store.add(QUESTION)
    store.rename(study.id, "x" * 60)

    with pytest.raises(UsageError, match="at most 60 characters"):
        store.rename(study.id, "y" * 61)
    assert store.study(study.id).name == "x" * 60
    with pytest.raises(UnknownName):
        store.rename("nonsense", "a name")


def test_a_name_goes_with_its_study(store: Store) -> None:
    study = store.add(QUESTION)
    store.rename(study.id, "The first")
    store.delete(study.id)

    assert store.add(QUESTION, study.id).name is None


def test_a_candidate_from_before_there_were_ranges_can_still_be_read() -> None:
    measured = everything_measured(constructed.candidate(Quantize(scheme="int8-ptq")), energy_joules=0.01)
    before = measured.model_dump(
        exclude={
            "memory_readings": True,
            "energy_readings": True,
            "latency": {"__all__": {"p95_interval_ms"}},
            "answers": {"__all__": {"mean_confidence_interval", "calibration_error_interval"}},
        }
    )

    assert Candidate.model_validate(before) == everything_measured(
        constructed.candidate(Quantize(scheme="int8-ptq")), energy_joules=0.01, ranges=False
    )
    timing = TIMING.model_dump(exclude={"loads": True, "noise": {"__all__": {"precision"}}})
    assert Timing.model_validate(timing) == TIMING.model_copy(update={"loads": ()})


def test_studies_are_listed_newest_first(store: Store) -> None:
    first, second = store.add(QUESTION), store.add(QUESTION)
    assert [study.id for study in store.studies()] == [second.id, first.id]


def test_only_one_study_runs_at_a_time_and_the_oldest_is_next(store: Store) -> None:
    first, second = store.add(QUESTION), store.add(QUESTION)
    claimed = store.claim_next()
    assert claimed is not None
    assert claimed.id == first.id
    assert store.claim_next() is None
    store.finish(first.id, "completed")
    following = store.claim_next()
    assert following is not None
    assert following.id == second.id


def test_a_second_handle_on_the_same_home_sees_the_same_studies(store: Store) -> None:
    study = store.add(QUESTION)
    other = Store(store.home)
    assert other.study(study.id) == study
    assert other.claim_next() is not None
    assert store.claim_next() is None


def test_a_study_that_has_ended_keeps_its_end(store: Store) -> None:
    study = store.add(QUESTION)
    store.claim_next()
    assert store.finish(study.id, "failed", "no room")
    assert not store.finish(study.id, "completed")
    ended = store.study(study.id)
    assert (ended.state, ended.message) == ("failed", "no room")
    assert ended.seconds is not None
    assert ended.seconds > 0


def test_an_unknown_study_is_named_in_the_error(store: Store) -> None:
    with pytest.raises(UnknownName, match="no study called 'abc'"):
        store.study("abc")


def test_a_candidate_put_twice_is_replaced_in_its_place(store: Store) -> None:
    study = store.add(QUESTION)
    store.results.put_candidate(study.id, candidate(Int8()))
    store.results.put_candidate(study.id, candidate(HalfPrecision()))
    store.results.put_candidate(study.id, candidate(Int8(), size_bytes=20))
    assert [(c.id, c.size_bytes) for c in store.results.candidates(study.id)] == [("int8-ptq", 20), ("fp16", 10)]


def test_news_come_back_in_the_order_they_were_told(store: Store) -> None:
    study = store.add(QUESTION)
    for done in (0.1, 0.2, 0.3):
        step = Progress(at=study.created, lane="distillation", stage="training", done=done, candidate="x")
        store.add_progress(study.id, step)
    assert [step.done for step in store.progress(study.id)] == [0.1, 0.2, 0.3]


def test_news_are_read_once_and_those_of_two_studies_stay_apart(store: Store) -> None:
    def tell(study: Study, stage: str) -> None:
        # From another process, which has a handle of its own.
        Store(store.home).add_progress(study.id, Progress(at=study.created, lane=None, stage=stage, done=0.5))

    first, second = store.add(QUESTION), store.add(QUESTION)
    tell(first, "preparing")
    tell(second, "timing")
    before = store.progress(first.id)
    tell(first, "checking accuracy")
    after = store.progress(first.id)
    assert [step.stage for step in after] == ["preparing", "checking accuracy"]
    assert after[0] is before[0]
    assert [step.stage for step in store.progress(second.id)] == ["timing"]
    assert store.progress(first.id) == after


def test_the_layers_of_a_study_are_read_back_as_they_were_found(store: Store) -> None:
    study = store.add(QUESTION)
    assert document_of(store, study.id).layers == ()
    spread = Histogram(low=-1.0, high=1.0, before=(3, 4), after=(2, 5), values_before=7, values_after=2)
    found = LayerFindings(
        weights="conv.weight",
        operator="Conv",
        shape=(16, 3, 3, 3),
        sensitivities=(Sensitivity(bits=4, examples=2000, divergence=0.01, drop=-0.001, low=-0.004, high=0.002),),
        roundings=(Rounding(candidate="int8-ptq", weights=spread, inputs=spread),),
    )
    store.results.set_layers(study.id, ())
    store.results.set_layers(study.id, (found,))
    assert document_of(store, study.id).layers == (found,)


def test_a_histogram_has_the_same_bins_on_both_sides() -> None:
    with pytest.raises(ValidationError, match="same bins"):
        Histogram(low=0.0, high=1.0, before=(1, 2), after=(3,), values_before=3, values_after=1)


def test_deleting_a_study_takes_all_of_it_and_nothing_else(store: Store) -> None:
    gone, kept = store.add(QUESTION), store.add(QUESTION)
    for study in (gone, kept):
        store.results.put_candidate(study.id, candidate())
        store.results.set_layers(study.id, (LayerFindings(weights="conv", operator="Conv", shape=(1, 1)),))
        (store.folder(study.id) / "artefacts").mkdir(parents=True)
    store.delete(gone.id)
    assert [study.id for study in store.studies()] == [kept.id]
    assert store.results.candidates(gone.id) == ()
    assert store.results.layers(gone.id) == ()
    assert not store.folder(gone.id).exists()
    assert len(store.results.candidates(kept.id)) == 1
    assert store.folder(kept.id).is_dir()


def test_a_requeued_study_can_be_claimed_again_with_what_it_had_made(store: Store) -> None:
    study = store.add(QUESTION)
    store.claim_next()
    store.results.put_candidate(study.id, candidate())
    store.request_cancel(study.id)
    store.finish(study.id, "cancelled")
    store.requeue(study.id)
    assert not store.cancel_requested(study.id)
    assert store.claim_next() is not None
    assert len(store.results.candidates(study.id)) == 1


def test_a_lane_has_one_thread_until_it_is_given_more(store: Store) -> None:
    study, claims = store.add(QUESTION), store.claims
    assert claims.threads(study.id, "distillation") == 1
    claims.set_threads(study.id, "distillation", 2)
    claims.set_threads(study.id, "distillation", 4)
    assert claims.threads(study.id, "distillation") == 4


def test_of_two_that_want_a_candidate_one_gets_it(store: Store) -> None:
    study, other = store.add(QUESTION), store.add(QUESTION)
    assert store.claims.claim(study.id, "fp16")
    assert not Store(store.home).claims.claim(study.id, "fp16")
    assert store.claims.claim(study.id, "int8-ptq")
    assert store.claims.claim(other.id, "fp16")
    assert store.claims.claimed(study.id) == {"fp16", "int8-ptq"}
    store.claims.release(study.id)
    assert store.claims.claimed(study.id) == frozenset()
    assert store.claims.claimed(other.id) == {"fp16"}


def test_whatever_needs_a_student_is_made_in_the_distillation_lane() -> None:
    distill = Distill(student=Student(size="small", width=4), objective=SoftTargets(temperature=4.0, labels_share=0.1))
    both = Quantize(source=distill, scheme=Int8())
    assert lane_of(both) == "distillation"
    assert lane_of(Quantize(scheme=HalfPrecision())) == "quantization"
    assert id_of(both) == "distilled-small-int8-ptq"
    assert family_of(both) == "both"


def test_a_home_that_cannot_be_written_to_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("WEIGHIN_HOME", str(blocked))
    with pytest.raises(UsageError, match="set WEIGHIN_HOME to a folder"):
        home_folder()


def test_a_store_of_another_version_is_refused_in_one_sentence_and_left_as_it_is(tmp_path: Path) -> None:
    Store(tmp_path)
    database = tmp_path / "studies.sqlite"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA user_version={CONTRACT + 1}")
    with pytest.raises(OtherVersion, match=r"kept by another version of Weigh-In; move that file away.*WEIGHIN_HOME"):
        Store(tmp_path)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (CONTRACT + 1,)


def test_the_contract_has_the_number_of_the_format() -> None:
    assert FORMAT.endswith(f"/{CONTRACT}")


def test_a_store_of_an_older_version_is_opened_and_marked_as_one_of_today(tmp_path: Path) -> None:
    before = Store(tmp_path)
    study = before.add(QUESTION)
    kept = candidate().model_dump(mode="json")
    distill = Distill(student=constructed.MEDIUM, objective=Dist())
    older = {"kind": "distill-then-quantize", "distill": distill.model_dump(), "scheme": "int8-ptq"}
    older["distill"]["objective"]["kind"] = "relations"
    kept |= {"id": "distilled-medium-relations-int8-ptq", "recipe": older}
    database = tmp_path / "studies.sqlite"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "INSERT INTO candidates (study, id, record) VALUES (?, ?, ?)", (study.id, kept["id"], json.dumps(kept))
        )
        connection.execute("DROP TABLE layers")
        connection.execute("PRAGMA user_version=1")
        connection.commit()

    document = document_of(Store(tmp_path), study.id)
    assert document.format == "weigh-in/2"
    (read,) = document.candidates
    assert (read.id, read.recipe) == (kept["id"], Quantize(source=distill, scheme=Int8()))
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_document_of_an_older_format_is_read_and_one_of_a_format_to_come_is_not() -> None:
    whole = constructed.document(candidate()).model_dump(mode="json")
    assert Document.model_validate(whole | {"format": "weigh-in/1"}).format == FORMAT
    with pytest.raises(ValidationError, match="weigh-in/2"):
        Document.model_validate(whole | {"format": "weigh-in/3"})
