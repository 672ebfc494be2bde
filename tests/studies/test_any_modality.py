"""A whole study of examples the product has never heard of: ten numbers and a whole number, in two named inputs."""

import re
import time
from functools import partial

import pytest

from compression.decision.table import conditions_of, table_of
from compression.decision.targets import DEFAULT_TARGET
from compression.decision.verdict import decide
from compression.records.objectives import SoftTargets
from compression.records.recipes import family_of
from compression.records.students import Student
from compression.records.study import ALIVE, Document, Options, Request
from compression.report.html_report import report_html
from compression.report.markdown import markdown_table
from compression.store.library import document_of
from compression.store.studies import Store
from compression.studies.launchers.local import start
from compression.studies.supervisor import Supervisor
from tests.vectors.__main__ import PROGRAM
from tests.vectors.modality import CLASSES, READINGS, TEST

pytestmark = [pytest.mark.study, pytest.mark.timeout(900)]

# Everything that a study can do: int8 by calibration and by training on, layers one by one, a student without labels.
ASKED = Request(
    model="weather",
    dataset="readings",
    preset="standard",
    options=Options(
        students=(Student(size="medium", width=12),), objective=SoftTargets(), epochs=4, latency_seconds=0.05
    ),
)


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Document]:
    store = Store(tmp_path_factory.mktemp("home"))
    study = store.add(ASKED)
    supervisor = Supervisor(store, partial(start, program=PROGRAM))
    while store.study(study.id).state in ALIVE:
        supervisor.step()
        time.sleep(0.2)
    supervisor.wait()
    ended = store.study(study.id)
    assert ended.state == "completed", f"{ended.message}\n{store.log_file(study.id).read_text()[-3000:]}"
    return store, document_of(store, study.id)


def test_both_lanes_make_what_was_asked_for(studied: tuple[Store, Document]) -> None:
    _, document = studied
    assert document.failures == ()
    assert {family_of(each.recipe) for each in document.candidates} == {
        "original",
        "quantization",
        "distillation",
        "both",
        "control",
    }


def test_both_engines_answer_every_example_and_compute_in_8_bits(studied: tuple[Store, Document]) -> None:
    _, document = studied
    measured = {each.id: each for each in document.candidates if each.set_aside_for is None}
    for candidate in measured.values():
        assert [answers.engine for answers in candidate.answers] == ["onnxruntime", "openvino"]
        assert all(answers.accuracy.total == TEST for answers in candidate.answers)
        assert candidate.latency
        assert candidate.memory_readings is not None
    assert measured["original"].accuracy is not None
    assert measured["original"].accuracy.value > 2 / CLASSES
    assert all(kernels.low_precision_macs > 0.5 for kernels in measured["int8-ptq"].kernels)


def test_its_layers_were_looked_into(studied: tuple[Store, Document]) -> None:
    _, document = studied
    assert len(document.layers) >= 3
    assert all({each.bits for each in layer.sensitivities} == {4, 2} for layer in document.layers)
    assert any(layer.roundings for layer in document.layers)


def test_verdict_report_and_table_speak_of_readings(studied: tuple[Store, Document]) -> None:
    _, document = studied
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
