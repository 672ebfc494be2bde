"""A whole study of examples the product has never heard of: ten numbers and a whole number, in two named inputs.

Its worker is killed on the way, and it is resumed: it has to end as one that was left in peace.
"""

import re
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
import pytest

from compression.decision.table import conditions_of, table_of
from compression.decision.targets import DEFAULT_TARGET
from compression.decision.verdict import decide
from compression.measurement.machine.processor import usable_cores
from compression.records.naming import id_of
from compression.records.objectives import SoftTargets
from compression.records.recipes import Distill, family_of
from compression.records.students import Student
from compression.records.study import Candidate, Document, Options, Request
from compression.report.html_report import report_html
from compression.report.markdown import markdown_table
from compression.store.library import document_of
from compression.store.studies import Store
from compression.studies.build_candidate import CandidateBuilder
from compression.studies.launchers.local import is_alive, start
from compression.studies.progress import ProgressWriter
from compression.studies.request import recipes_of
from compression.studies.supervisor import Supervisor
from compression.studies.worker import ask_teacher, build_context_of_study, export_original
from tests.studies.test_study import children, drive, wait_for
from tests.vectors.__main__ import PROGRAM
from tests.vectors.modality import CATALOG, CLASSES, READINGS, TEST

STOPPED = "The work stopped before it was done; what was finished is kept."

pytestmark = [pytest.mark.study, pytest.mark.timeout(900)]

STUDENT = Student(size="medium", width=12)
DISTILLED = Distill(student=STUDENT, objective=SoftTargets())
# Everything that a study can do: int8 by calibration and by training on, layers one by one, a student without labels.
ASKED = Request(
    model="weather",
    dataset="readings",
    preset="standard",
    options=Options(students=(STUDENT,), objective=SoftTargets(), epochs=4, threads_per_lane=1, latency_seconds=0.05),
)


@dataclass(frozen=True, kw_only=True)
class Studied:
    """A completed study, and what it had made when its worker was killed."""

    store: Store
    document: Document
    before: tuple[Candidate, ...]


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Studied:
    store = Store(tmp_path_factory.mktemp("home"))
    study = store.add(ASKED)
    supervisor = Supervisor(store, partial(start, program=PROGRAM))
    supervisor.step()
    while not any(step.lane == "distillation" for step in store.progress(study.id)):
        time.sleep(0.02)
    worker = store.claims.worker(study.id)
    assert worker is not None
    psutil.Process(worker[0]).kill()
    while is_alive(*worker):
        time.sleep(0.02)
    supervisor.step()
    interrupted = store.study(study.id)
    assert (interrupted.state, interrupted.message) == ("interrupted", STOPPED)
    # The lanes are the killed worker's children, and end with it.
    wait_for(lambda: not children(), seconds=10)
    before = tuple(store.results.candidates(study.id))

    store.requeue(study.id)
    ended = drive(store, supervisor, study, seconds=800)
    assert ended.state == "completed", f"{ended.message}\n{store.log_file(study.id).read_text()[-3000:]}"
    return Studied(store=store, document=document_of(store, study.id), before=before)


def test_what_was_made_before_the_interruption_is_not_made_again(studied: Studied) -> None:
    after = {each.id: each for each in studied.document.candidates}
    assert "original" in {each.id for each in studied.before}
    for each in studied.before:
        assert after[each.id].build_seconds == each.build_seconds


def test_the_interrupted_study_has_the_student_of_one_that_was_left_in_peace(studied: Studied, tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(ASKED)
    store.results.set_plan(study.id, recipes_of(ASKED, CATALOG))
    context = build_context_of_study(store, study, CATALOG)
    cores = usable_cores()
    export_original(store, study, context, threads=cores)
    ask_teacher(store, study, context, ProgressWriter(store=store, study=study.id), threads=cores)
    store.claims.set_threads(study.id, "distillation", 1)
    CandidateBuilder(store, study, "distillation", context).build(DISTILLED)

    in_peace = {each.id: each.sha256 for each in store.results.candidates(study.id)}
    resumed = {each.id: each.sha256 for each in studied.document.candidates}
    assert id_of(DISTILLED) in in_peace
    assert {name: resumed[name] for name in in_peace} == in_peace


def test_both_lanes_make_what_was_asked_for(studied: Studied) -> None:
    document = studied.document
    assert document.failures == ()
    assert {family_of(each.recipe) for each in document.candidates} == {
        "original",
        "quantization",
        "distillation",
        "both",
        "control",
    }


def test_both_engines_answer_every_example_and_compute_in_8_bits(studied: Studied) -> None:
    document = studied.document
    measured = {each.id: each for each in document.candidates if each.set_aside_for is None}
    for candidate in measured.values():
        assert [answers.engine for answers in candidate.answers] == ["onnxruntime", "openvino"]
        assert all(answers.accuracy.total == TEST for answers in candidate.answers)
        assert candidate.latency
        assert candidate.memory_readings is not None
    assert measured["original"].accuracy is not None
    assert measured["original"].accuracy.value > 2 / CLASSES
    assert all(kernels.low_precision_macs > 0.5 for kernels in measured["int8-ptq"].kernels)


def test_its_layers_were_looked_into(studied: Studied) -> None:
    document = studied.document
    assert len(document.layers) >= 3
    assert all({each.bits for each in layer.sensitivities} == {4, 2} for layer in document.layers)
    assert any(layer.roundings for layer in document.layers)


def test_verdict_report_and_table_speak_of_readings(studied: Studied) -> None:
    document = studied.document
    assert document.subject.nouns == READINGS.nouns
    assert document.verdict is not None
    table = table_of(document, conditions_of(document)[0])
    decision = decide(table, DEFAULT_TARGET)
    report = report_html(document, decision, table, recorded=False)
    told = re.sub(r"<(script|style)\b.*?</\1>", "", report, flags=re.DOTALL)
    for text in (told, markdown_table(document), " ".join((decision.headline, *decision.reasons))):
        assert "image" not in text.lower()
        assert "picture" not in text.lower()
    assert "readings" in told
