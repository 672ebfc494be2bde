"""The front page, run as a visitor's script: the answer, its controls, its tabs, and what an address may say."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from compression.errors import OtherVersion
from compression.records.study import CONTRACT, Candidate, Request
from compression.store.studies import Store
from pages.ui.front import words as front_words
from pages.ui.shared import words
from pages.ui.shared.limits import logarithmic_steps
from pages.ui.shared.plain import as_it_is
from tests.constructed import MACHINE, ORIGINAL, candidate, usual_candidates

ROOT = Path(__file__).resolve().parents[2]


def completed_study(store: Store, *candidates: Candidate, preset: str = "quick") -> str:
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset=preset))
    assert store.claim_next() is not None
    store.results.set_machine(study.id, MACHINE)
    for one in candidates:
        store.results.put_candidate(study.id, one)
    store.finish(study.id, "completed")
    return study.id


def front_page(tab: str = front_words.WHY, **parameters: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for name, value in parameters.items():
        page.query_params[name] = value
    page.run()
    if tab != front_words.WHY:
        page.session_state["tabs"] = tab
        page.run()
    assert not page.exception
    return page


def told(page: AppTest) -> str:
    """The line below the headline."""
    return next(element.proto.body for element in page.get("html") if 'class="changes"' in element.proto.body)


def test_the_newest_completed_study_is_answered_first(store: Store) -> None:
    completed_study(store, candidate(ORIGINAL))
    completed_study(store, *usual_candidates())
    page = front_page()

    assert page.title[0].value == "Quantize it."
    for fact in ("For a phone app", "4.0\N{MULTIPLICATION SIGN} smaller", "40\N{NO-BREAK SPACE}MB"):
        assert fact in told(page)


def test_another_target_changes_limits_and_verdict(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page(target="iot")

    assert page.title[0].value == "Distil it, then quantize it."
    assert page.select_slider(key="iot-size").value == 256_000
    assert "For an IoT device" in told(page)


def test_a_control_that_a_browser_draws_late_still_knows_what_it_starts_with(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page(target="iot", size="150000", charts="one")
    # Only the first run gives the controls their values: a browser on a slow machine may draw what a later one says.
    page.run()
    where, charts = page.get("button_group")[0].proto, page.get("button_group")[-1].proto
    size, accuracy = page.select_slider(key="iot-size"), page.slider(key="iot-accuracy")

    assert [where.options[number].content for number in where.default] == ["IoT"]
    assert [charts.options[number].content for number in charts.default] == [front_words.ONE_CHART]
    assert [size.proto.options[int(number)] for number in size.proto.default] == ["150 KB"]
    assert list(accuracy.proto.default) == [accuracy.value]
    page = front_page(front_words.COMPARE, first="original", second="int8")
    page.run()
    for name, shown in (("first", "Original"), ("second", "int8")):
        box = page.selectbox(key=name)
        assert shown in box.options[box.proto.default]
    page = front_page(front_words.SURE, target="custom", prefer="size", measured="onnxruntime-32-1")
    page.run()
    box = page.selectbox(key="custom-measured")
    assert box.proto.default == box.options.index(box.format_func(box.value))


def test_moving_a_slider_changes_the_verdict_and_the_address(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page()
    page.slider(key="phone-accuracy").set_value(89.9).run()
    page.select_slider(key="phone-size").set_value(1_000_000).run()

    assert page.title[0].value == "Distil it."
    assert page.query_params["size"] == "1000000"
    assert page.query_params["accuracy"] == "89.9"


def test_an_address_sets_the_limits_and_another_target_forgets_them(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page(target="phone", size="1234567", time="any", accuracy="85")

    assert page.select_slider(key="phone-size").value == 1_234_567
    assert page.slider(key="phone-accuracy").value == 85
    assert page.title[0].value == "Distil it."
    page.button_group(key="target").set_value("custom").run()
    assert set(page.query_params) == {"target"}


@pytest.mark.parametrize(
    ("name", "value"), [("target", "toaster"), ("size", "-3"), ("accuracy", "most"), ("measured", "abacus-1-1")]
)
def test_what_an_address_asks_in_vain_is_said_and_the_usual_is_shown(store: Store, name: str, value: str) -> None:
    completed_study(store, *usual_candidates())
    page = front_page(**{name: value})

    assert page.title[0].value == "Quantize it."
    assert len(page.warning) == 1
    assert as_it_is(f"{name}={value}") in page.warning[0].value


def test_what_an_address_says_is_no_markdown(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page(target="[here](http://elsewhere)")

    assert "[here]" not in page.warning[0].value.replace("\\[", "")


def test_limits_that_nothing_keeps_to_name_the_nearest(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page(size="1000000")

    assert page.title[0].value.startswith("Nothing measured fits these limits")
    assert "comes nearest" in told(page)


def test_the_charts_state_their_takeaway_for_who_cannot_see_them(store: Store) -> None:
    completed_study(store, *usual_candidates())
    charts = front_page().get("plotly_chart")

    assert len(charts) == 2
    assert all("Not beaten on both" in chart.proto.alt for chart in charts)


def test_three_measures_are_in_one_chart_if_asked_for(store: Store) -> None:
    completed_study(store, *usual_candidates())
    [chart] = front_page(charts="one").get("plotly_chart")

    assert chart.proto.alt.endswith("The area of a point is its file's size.")


def test_only_the_open_tab_is_made(store: Store) -> None:
    completed_study(store, *usual_candidates())

    assert not front_page().dataframe
    assert front_page(front_words.FILES).dataframe


def test_a_study_in_the_address_is_the_one_that_is_shown(store: Store) -> None:
    asked = completed_study(store, candidate(ORIGINAL))
    completed_study(store, *usual_candidates())

    assert front_page(study=asked).title[0].value == "Leave it as it is."


def test_the_header_leads_to_every_page_with_study_and_limits(store: Store) -> None:
    study = completed_study(store, *usual_candidates())
    links = {link.proto.label: link.proto.query_string for link in front_page(size="2000000").get("page_link")}

    for page in (words.RUN_PAGE, words.LIBRARY_PAGE, words.HOW_PAGE):
        assert study in links[page]
        assert "size=2000000" in links[page]


def test_another_study_is_chosen_in_the_header_and_keeps_the_limits(store: Store) -> None:
    other = completed_study(store, candidate(ORIGINAL))
    completed_study(store, *usual_candidates())
    page = front_page(target="iot")
    page.selectbox(key="study").set_value(other).run()

    assert page.query_params["study"] == other
    assert page.query_params["target"] == "iot"
    assert page.title[0].value == "Nothing measured fits these limits."


def test_studies_of_another_version_are_one_sentence_in_an_error_box(store: Store) -> None:
    with closing(sqlite3.connect(store.home / "studies.sqlite")) as connection:
        connection.execute(f"PRAGMA user_version={CONTRACT + 1}")
    page = front_page()

    assert page.error[0].value == as_it_is(str(OtherVersion(store.home / "studies.sqlite")))


def test_an_unknown_study_is_said_in_plain_text_with_links_to_those_there_are(store: Store) -> None:
    study = completed_study(store, *usual_candidates())
    page = front_page(study="**nonsense**")

    assert page.text[0].value.startswith("There is no study called “**nonsense**”")
    assert any(study in link.proto.query_string for link in page.get("page_link"))
    assert not page.get("plotly_chart")


@pytest.mark.usefixtures("running")
def test_a_study_with_nothing_measured_says_so_instead_of_a_verdict(store: Store) -> None:
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="quick"))
    page = front_page(study=study.id)

    assert "nothing measured yet" in page.info[0].value
    assert not page.title


def test_a_preview_is_never_shown_unasked_and_says_what_it_is(store: Store) -> None:
    completed_study(store, *usual_candidates())
    rough = completed_study(store, candidate(ORIGINAL), preset="preview")

    assert front_page().title[0].value == "Quantize it."
    said = [each.value for each in front_page(study=rough).markdown]
    assert sum("too rough to decide on" in each for each in said) == 1


def table_of_files(page: AppTest) -> pd.DataFrame:
    found: pd.DataFrame = page.dataframe[0].value
    return found


def test_all_files_are_numbers_in_the_order_of_their_sizes(store: Store) -> None:
    completed_study(store, *usual_candidates())
    table = table_of_files(front_page(front_words.FILES))

    assert list(table.size_bytes) == sorted(table.size_bytes)
    for column in ("size_bytes", "accuracy_percent", "latency_ms", "per_second", "build_seconds", "examples"):
        assert pd.api.types.is_numeric_dtype(table[column]), column


def test_only_the_files_that_fit_are_shown_if_asked_for(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page(front_words.FILES)
    everything = len(table_of_files(page))
    page.toggle(key="only-fitting").set_value(True).run()

    assert 0 < len(table_of_files(page)) < everything
    assert table_of_files(page).fits.all()


def test_every_candidates_file_can_be_downloaded_or_made_again(store: Store) -> None:
    study = completed_study(store, *usual_candidates())
    artefacts = store.folder(study) / "artefacts"
    artefacts.mkdir(parents=True)
    for name in ("int8-ptq", "distilled-small"):
        (artefacts / f"{name}.onnx").write_bytes(b"onnx")
    page = front_page(front_words.DOWNLOAD)
    buttons = {button.proto.label: button.proto.type for button in page.get("download_button")}

    primary = [label for label, kind in buttons.items() if kind == "primary"]
    assert [label.startswith("Download Original in int8") for label in primary] == [True]
    assert any(label.startswith("Distilled small student") for label in buttons)
    assert {front_words.REPORT, front_words.STUDY, front_words.CSV} <= set(buttons)
    assert any("Original in fp16" in caption.value for caption in page.caption)
    assert page.code[-1].value.startswith("python -m compression run --model resnet18 --dataset fashion-mnist")


def test_the_condition_of_the_times_is_changed_where_it_is_told(store: Store) -> None:
    completed_study(store, *usual_candidates())
    page = front_page(front_words.SURE)
    page.selectbox(key="phone-measured").set_value("onnxruntime-32-1").run()

    assert page.query_params["measured"] == "onnxruntime-32-1"
    assert "12.8\N{NO-BREAK SPACE}ms" in told(page)


def test_the_pages_load_no_library_of_the_workers() -> None:
    heavy = ("torch", "nncf", "onnxruntime", "openvino", "statsmodels", "scipy")
    modules = [f"pages.ui.front.{path.stem}" for path in (ROOT / "pages" / "ui" / "front").glob("[a-z]*.py")]
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
