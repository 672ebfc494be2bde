"""A study whose model and dataset have gone from the catalog shows whole, in the words of what it was about."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from compression.records.inputs import InputSpec
from compression.records.naming import id_of
from compression.records.objectives import OBJECTIVE_TITLES, SoftTargets, objective_of_kind
from compression.records.recipes import Distill, Quantize, Recipe, Train
from compression.records.schemes import CLOSE_ANSWERS, EVEN_ANSWERS, SCHEMES, Qat
from compression.records.study import Candidate, Needs, Options, Request, Study
from compression.records.subject import Subject
from compression.report.html_report import default_report_html
from compression.report.markdown import markdown_table
from compression.store.library import document_of
from compression.store.studies import Store
from pages.ui.front.words import TABS
from tests.constructed import LARGE, MEDIUM, MEDIUM_INT8, ORIGINAL, SMALL, candidate
from tests.layers import usual_layers
from tests.pages.measured_study import PAIR, SERVER, TIMING, everything_measured
from tests.pages.progress_of_a_study import step
from tests.report.test_html_report import without_plotly

ROOT = Path(__file__).resolve().parents[2]
RECORDINGS = Subject(
    model_title="Their net",
    dataset_title="Bird song",
    modality="audio",
    noun="recording",
    nouns="recordings",
    classes=("Robin", "Wren", "Thrush", "Finch", "Lark", "Crow", "Rook", "Swift", "Tit", "Owl"),
    training_examples=55_000,
    validation_examples=5_000,
    test_examples=10_000,
    inputs=(InputSpec(name="frames", shape=(64, 100), axes=("bands", "moments")),),
)
REQUEST = Request(
    model="their-net",
    dataset="bird-song",
    preset="standard",
    options=Options(objective=SoftTargets(temperature=3.0, labels_share=0.2), epochs=12),
)
RECIPES: tuple[Recipe, ...] = (
    ORIGINAL,
    *(Quantize(scheme=scheme) for scheme in SCHEMES.values()),
    Quantize(scheme=Qat(objective=CLOSE_ANSWERS)),
    Quantize(scheme=Qat(objective=EVEN_ANSWERS)),
    *(Distill(student=MEDIUM, objective=objective_of_kind(kind)) for kind in OBJECTIVE_TITLES),
    *(Train(student=student) for student in (SMALL, MEDIUM, LARGE)),
    MEDIUM_INT8,
    Quantize(source=MEDIUM_INT8.source, scheme=Qat(objective=CLOSE_ANSWERS)),
)
# What no word of a study on recordings may come from: another modality, and the catalog of today.
OF_OTHERS = re.compile(r"image|picture|photo|pixels?\b|fashion|resnet|mobilenet", re.IGNORECASE)


def measured(recipe: Recipe, number: int) -> Candidate:
    found = candidate(
        recipe,
        size_bytes=40_000_000 // (number + 1),
        accuracy=0.95 - 0.002 * number,
        ms=1.0 / (1 + number % 5),
        conditions=(("onnxruntime", 1), ("onnxruntime", 32), ("openvino", 1)),
        needs=Needs(labels=number % 2 == 0, examples=(0, 300, 55_000)[number % 3]),
    )
    found = everything_measured(found, energy_joules=0.01)
    apart = found.between_engines[0].model_copy(
        update={"total": 3000, "low": -0.01, "high": -0.001, "difference": -0.005}
    )
    return found.model_copy(
        update={
            "validation_accuracy": 0.9,
            "validation_repeats": (0.89, 0.91),
            "between_engines": (apart,),
            "answers": found.answers[: 1 + number % 2],
        }
    )


@pytest.fixture
def gone(store: Store) -> Study:
    study = store.add(REQUEST)
    assert store.claim_next() is not None
    store.results.set_subject(study.id, RECORDINGS)
    store.results.set_machine(study.id, SERVER)
    for number, recipe in enumerate(RECIPES):
        store.results.put_candidate(study.id, measured(recipe, number))
    students = [id_of(recipe) for recipe in RECIPES if isinstance(recipe, Distill)]
    lost = next(each for each in store.results.candidates(study.id) if each.id == students[1])
    store.results.put_candidate(
        study.id, lost.model_copy(update={"accuracy": None, "latency": (), "answers": (), "between_engines": ()})
    )
    store.results.set_aside(study.id, students[1], students[0])
    store.results.set_pairs(study.id, (PAIR,))
    store.results.set_timing(study.id, TIMING)
    store.results.set_layers(study.id, usual_layers())
    store.finish(study.id, "completed")
    return store.study(study.id)


def shown(script: str, **parameters: str) -> str:
    """All that a page sends to the browser: words, tooltips, headings of columns, charts and their descriptions."""
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in parameters.items():
        page.query_params[name] = value
    page.run()
    if script != "app.py":
        return _said(page.switch_page(script).run())
    said = [_said(page)]
    for tab in TABS[1:]:
        page.session_state["tabs"] = tab
        said.append(_said(page.run()))
    return "\n".join(said)


def _said(page: AppTest) -> str:
    assert not page.exception
    assert not page.error
    return "\n".join(_texts(page))


def _texts(page: AppTest) -> Iterator[str]:
    for element in page.main:
        proto = getattr(element, "proto", None)
        # The header has the titles of all studies to choose from.
        if proto is not None and getattr(element, "key", None) != "study":
            yield str(proto)


@pytest.mark.parametrize(
    ("script", "parameters", "expected"),
    [
        ("app.py", {}, ("Time per recording", "Recordings per second", "labelled recordings")),
        (
            "app.py",
            {"target": "server"},
            ("Time for 32 recordings", "32 recordings at once", "most answers per second"),
        ),
        (
            "pages/how.py",
            {"tab": "inside"},
            ("2,000 of the validation recordings", "10,000 test recordings", "original recording by recording"),
        ),
        (
            "pages/how.py",
            {},
            (
                "Of the 60,000 training recordings of Bird song, 5,000 are kept apart as validation recordings",
                "from recording to recording (DIST",
                "where in each recording the teacher has them",
                "no recording is needed",
                "calibration recordings",
                "MACs for one recording",
                "Recordings at once",
                "on the validation recordings",
                "Owl",
            ),
        ),
    ],
)
def test_every_page_of_it_is_made_in_its_own_words(
    gone: Study, script: str, parameters: dict[str, str], expected: tuple[str, ...]
) -> None:
    said = shown(script, study=gone.id, **parameters)
    assert "Their net on Bird song" in said
    assert [each for each in expected if each not in said] == []
    assert OF_OTHERS.findall(said) == []


@pytest.mark.usefixtures("gone")
def test_the_library_has_it_with_its_titles() -> None:
    said = shown("pages/library.py")
    assert "**Their net on Bird song**" in said
    assert "each recording 12 times" in said


def test_its_report_is_made_in_its_own_words(store: Store, gone: Study) -> None:
    document = document_of(store, gone.id)
    report = default_report_html(document)
    assert report is not None
    said = unescape(without_plotly(report))
    for words in (
        "Time for 1 recording",
        "Recordings per second",
        "Energy for one recording",
        "10,000 test recordings",
    ):
        assert words in said
    assert "<dt>Test examples</dt>" in said, "which the text calls recordings"
    assert OF_OTHERS.findall(said) == []
    assert OF_OTHERS.findall(markdown_table(document)) == []


def test_while_it_is_at_work_its_page_speaks_of_recordings(store: Store, running: Study) -> None:
    store.results.set_subject(running.id, RECORDINGS)
    store.add_progress(running.id, step("checking accuracy", 0.4))
    said = shown("pages/run.py", study=running.id)
    assert "Weighing Their net on Bird song" in said
    assert "every file answers the test recordings" in said
    assert OF_OTHERS.findall(said) == []
