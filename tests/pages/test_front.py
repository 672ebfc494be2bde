import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from streamlit.testing.v1 import AppTest

from compression.errors import OtherVersion
from compression.records.study import CONTRACT, Candidate, Request
from compression.store.studies import Store
from pages.ui.shared.limits import logarithmic_steps
from tests.constructed import MACHINE, ORIGINAL, candidate, usual_candidates

ROOT = Path(__file__).resolve().parents[2]


def completed_study(store: Store, *candidates: Candidate) -> str:
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="quick"))
    assert store.claim_next() is not None
    store.results.set_machine(study.id, MACHINE)
    for one in candidates:
        store.results.put_candidate(study.id, one)
    store.finish(study.id, "completed")
    return study.id


def front_page(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for name, value in parameters.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def test_the_newest_completed_study_is_answered_first(store: Store) -> None:
    completed_study(store, candidate(ORIGINAL))
    completed_study(store, *usual_candidates())
    page = front_page()

    assert page.title[0].value.startswith("Quantize it: 4.0")
    assert [metric.value for metric in page.metric] == ["94.9%", "10\N{NO-BREAK SPACE}MB", "0.400\N{NO-BREAK SPACE}ms"]


def test_another_target_changes_limits_and_verdict(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page(target="IoT device")

    assert page.title[0].value.startswith("Distil it, then quantize it")
    assert page.select_slider(key="iot-size").value == 256_000


def test_moving_a_slider_changes_the_verdict_at_once(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page()
    page.slider(key="phone-accuracy").set_value(89.9).run()
    page.select_slider(key="phone-size").set_value(1_000_000).run()

    assert page.title[0].value.startswith("Probably distil it: 200")


def test_limits_that_nothing_keeps_to_name_the_nearest(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page()
    page.select_slider(key="phone-size").set_value(1_000_000).run()

    assert page.title[0].value.startswith("Nothing measured fits these limits")


def test_the_charts_state_their_takeaway_for_who_cannot_see_them(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page()
    charts = page.get("plotly_chart")

    size, latency, gains = charts
    assert all(chart.proto.alt.startswith(page.title[0].value) for chart in (size, latency))
    assert gains.proto.alt.startswith("Of 2 students, the teacher ")


def test_a_study_in_the_address_is_the_one_that_is_shown(store: Store) -> None:
    asked = completed_study(store, candidate(ORIGINAL))
    completed_study(store, *usual_candidates())

    assert front_page(study=asked).title[0].value.startswith("Leave it as it is")


def test_studies_of_another_version_are_one_sentence_in_an_error_box(store: Store) -> None:
    with closing(sqlite3.connect(store.home / "studies.sqlite")) as connection:
        connection.execute(f"PRAGMA user_version={CONTRACT + 1}")
    page = front_page()

    assert [error.value for error in page.error] == [str(OtherVersion(store.home / "studies.sqlite"))]


def test_an_unknown_study_is_one_sentence_in_an_error_box(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page(study="nonsense")

    assert len(page.error) == 1
    assert page.error[0].value.startswith("There is no study called 'nonsense'")
    assert not page.title


def test_a_study_with_nothing_measured_says_so_instead_of_a_verdict(store: Store) -> None:
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="quick"))
    page = front_page(study=study.id)

    assert "nothing measured yet" in page.info[0].value
    assert not page.title


def test_every_candidates_file_can_be_downloaded_or_made_again(store: Store) -> None:
    study = completed_study(store, *usual_candidates())
    artefacts = store.folder(study) / "artefacts"
    artefacts.mkdir(parents=True)
    (artefacts / "int8-ptq.onnx").write_bytes(b"onnx")
    page = front_page()
    labels = [button.proto.label for button in page.get("download_button")]

    assert "Original in int8" in labels
    assert "Original in fp16" not in labels
    assert any("Original in fp16" in caption.value for caption in page.caption)
    assert page.code[0].value.startswith("python -m compression run --model resnet18 --dataset fashion-mnist")


def test_the_pages_load_no_library_of_the_workers() -> None:
    heavy = ("torch", "nncf", "onnxruntime", "openvino", "statsmodels", "scipy")
    modules = [f"pages.ui.{path.stem}" for path in (ROOT / "pages" / "ui").glob("*.py")]
    script = (
        f"import sys, importlib; [importlib.import_module(name) for name in {modules!r}]; "
        "import compression.report.charts, compression.report.html_report; "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_slider_steps_are_round_and_reach_around_what_was_measured() -> None:
    steps = logarithmic_steps([25_000, 40_000_000], [256_000, None])

    assert steps[0] == 20_000
    assert steps[-1] == 50_000_000
    assert 256_000 in steps
    assert steps == sorted(set(steps))


def test_a_preview_is_never_shown_unasked(store: Store) -> None:
    completed_study(store, *usual_candidates())
    newest = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="preview"))
    assert store.claim_next() is not None
    store.results.put_candidate(newest.id, candidate(ORIGINAL))
    store.finish(newest.id, "completed")

    assert front_page().title[0].value.startswith("Quantize it: 4.0")
    assert front_page(study=newest.id).title[0].value.startswith("Only a preview")
