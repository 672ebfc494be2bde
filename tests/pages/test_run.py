import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from compression.catalog.bundled import architecture_card, dataset_card, pretrained_models
from compression.catalog.student_sizes import students_asked_for
from compression.store.objectives import OBJECTIVE_TITLES, Relations
from compression.store.records import Candidate, Options, Question, Study, Verdict
from compression.store.shelf import Shelf
from compression.store.store import Store
from compression.studies.plan import give_up
from pages.ui import scheme_words, teaching_words
from pages.ui import study_words as words
from pages.ui.question import start
from tests.constructed import INT8, MACHINE, ORIGINAL, candidate
from tests.pages.news_of_a_study import DISTILLED, news, under_way

ROOT = Path(__file__).resolve().parents[2]
QUESTION = Question(model="mobilenet_v2", dataset="fashion-mnist", preset="preview")


def run_page(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for name, value in parameters.items():
        page.query_params[name] = value
    page.switch_page("pages/run.py").run()
    assert not page.exception
    return page


def everything_said(page: AppTest) -> str:
    kinds = ("title", "subheader", "markdown", "caption", "info", "warning", "error", "badge")
    said = [str(element.value) for kind in kinds for element in page.get(kind) if hasattr(element, "value")]
    return "\n".join([*said, *(element.proto.text for element in page.get("progress"))])


def tell(store: Store, study: Study) -> None:
    store.results.put_candidate(study.id, candidate(ORIGINAL, size_bytes=9_000_000, accuracy=None))
    for item in under_way():
        store.add_news(study.id, item)


def end(store: Store, study: Study, *candidates: Candidate, headline: str) -> None:
    store.results.set_machine(study.id, MACHINE)
    for one in candidates:
        store.results.put_candidate(study.id, one)
    store.results.set_verdict(
        study.id, Verdict(target="phone", choice="int8-ptq", sure=True, headline=headline, reasons=("It fits.",))
    )
    store.finish(study.id, "completed")


# The form


@pytest.mark.usefixtures("store")
def test_the_form_offers_the_models_trained_on_the_dataset_with_accuracy_and_size() -> None:
    page = run_page()
    model = page.radio(key="model-for-fashion-mnist")

    trained = pretrained_models("fashion-mnist")
    assert model.options == [architecture_card(name).title for name in trained]
    assert all("of the test pictures right (95%: " in caption for caption in model.proto.captions)
    assert "8.9\N{NO-BREAK SPACE}MB as a file" in model.proto.captions[trained.index("mobilenet_v2")]
    assert page.radio(key="preset").options == ["Preview", "Quick", "Standard", "Thorough"]
    assert page.radio(key="preset").value == "quick"


@pytest.mark.usefixtures("store")
def test_a_question_never_asked_before_has_no_made_up_time() -> None:
    page = run_page()
    page.radio(key="model-for-fashion-mnist").set_value("mobilenet_v2").run()
    page.radio(key="preset").set_value("preview").run()

    assert words.NEVER_ASKED in everything_said(page)


def test_the_time_is_told_from_the_last_such_study(store: Store) -> None:
    earlier = store.add(QUESTION)
    store.claim_next()
    end(store, earlier, candidate(ORIGINAL), headline="Quantize it.")
    page = run_page()
    page.radio(key="model-for-fashion-mnist").set_value("mobilenet_v2").run()
    page.radio(key="preset").set_value("preview").run()

    assert "as the last such study did on this computer" in everything_said(page)


def test_starting_puts_the_question_in_the_queue_and_its_id_in_the_address(store: Store, running: Study) -> None:
    page = run_page()
    page.radio(key="model-for-fashion-mnist").set_value("mobilenet_v2").run()
    page.radio(key="preset").set_value("preview").run()
    page.number_input(key="seed").set_value(7).run()
    page.toggle(key="fixed-threads").set_value(True).run()
    page.button(key="start").click().run()
    started = store.studies()[0]

    assert started.id != running.id
    assert (started.model, started.preset, started.seed) == ("mobilenet_v2", "preview", 7)
    assert started.options.threads_per_lane == 1
    assert page.query_params["study"] == started.id
    assert words.QUEUED_BEHIND in everything_said(page)


def test_students_are_taught_as_the_preset_says_unless_that_is_asked_for(store: Store, running: Study) -> None:
    page = run_page()
    assert page.selectbox(key="objective").disabled
    page.button(key="start").click().run()
    untouched = store.studies()[0]

    page = run_page()
    page.toggle(key="own-teaching").set_value(True).run()
    page.selectbox(key="objective").set_value("relations").run()
    page.slider(key="temperature-of-relations").set_value(2.5).run()
    page.slider(key="labels-share-of-relations").set_value(0).run()
    page.number_input(key="epochs-of-quick").set_value(12).run()
    page.text_input(key="students").set_value("20 KB separable, 1 MB").run()
    page.button(key="start").click().run()
    own = store.studies()[0]

    assert running.id not in (untouched.id, own.id)
    assert untouched.options == Options()
    students = students_asked_for(["20 KB separable", "1 MB"], dataset_card("fashion-mnist"))
    objective = Relations(temperature=2.5, labels_share=0.0)
    assert own.options == Options(students=students, objective=objective, epochs=12)
    told = "students of 20 KB separable and 1 MB, DIST at a temperature of 2.5 with 0% on the labels"
    assert f"seed 0, {told}, each image 12 times" in everything_said(page)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("20 KB, 12 apples", "'12 apples' is no size of a student; write how large its file may be"),
        ("1 KB", "No residual student of 1 block a stage fits into 1 KB; the smallest takes"),
        ("20 KB, 20 kb", "Two of the students have the same size; leave one out."),
    ],
)
def test_a_student_that_cannot_be_is_explained_and_nothing_can_be_started(text: str, sentence: str) -> None:
    page = run_page()
    page.toggle(key="own-teaching").set_value(True).run()
    page.text_input(key="students").set_value(text).run()
    assert sentence in page.error[0].value
    assert not [button for button in page.button if button.key == "start"]


def test_every_objective_there_is_can_be_chosen_on_the_page() -> None:
    assert set(teaching_words.OBJECTIVES) == set(OBJECTIVE_TITLES)


def test_the_original_is_quantized_as_the_preset_says_unless_that_is_asked_for(store: Store, running: Study) -> None:
    page = run_page()
    assert page.multiselect(key="schemes-of-quick").disabled
    page.button(key="start").click().run()
    untouched = store.studies()[0]

    page = run_page()
    page.toggle(key="own-schemes").set_value(True).run()
    assert page.number_input(key="largest-drop").disabled
    page.multiselect(key="schemes-of-quick").set_value(["int8-accuracy-aware", "fp16"])
    page.number_input(key="calibration-images").set_value(100).run()
    page.number_input(key="largest-drop").set_value(1.0).run()
    page.button(key="start").click().run()
    own = store.studies()[0]
    assert running.id not in (untouched.id, own.id)
    assert untouched.options == Options()
    assert own.options == Options(schemes=("fp16", "int8-accuracy-aware"), calibration_images=100, largest_drop=0.01)
    assert (
        "seed 0, quantized in these ways (fp16; int8, accuracy kept), 100 calibration images, at most 1 point lost"
        in everything_said(page)
    )


def test_without_any_way_to_quantize_nothing_can_be_started() -> None:
    page = run_page()
    page.toggle(key="own-schemes").set_value(True).run()
    page.multiselect(key="schemes-of-quick").set_value([]).run()
    assert [error.value for error in page.error] == [scheme_words.NO_SCHEME]
    assert not [button for button in page.button if button.key == "start"]
    page.multiselect(key="schemes-of-quick").set_value(["fp16"]).run()
    assert not page.error


def test_pressing_start_twice_starts_one_study(store: Store) -> None:
    shelf = Shelf(store)
    start(shelf, QUESTION, "0123456789ab")
    start(shelf, QUESTION, "0123456789ab")

    assert [study.id for study in store.studies()] == ["0123456789ab"]


def test_a_question_that_cannot_be_answered_is_not_queued(store: Store) -> None:
    start(Shelf(store), QUESTION.model_copy(update={"preset": "nonsense"}), "0123456789ab")

    assert store.studies() == ()


@pytest.mark.usefixtures("running")
def test_the_next_study_that_is_started_is_another_one(store: Store) -> None:
    page = run_page()
    page.button(key="start").click().run()
    page.button(key="cancel").click().run()
    wait_until(lambda: store.studies()[0].state == "cancelled")
    page.run()
    page.button(key="another").click().run()
    page.button(key="start").click().run()

    assert len(store.studies()) == 3


def test_the_form_says_when_another_study_is_running(running: Study) -> None:
    page = run_page()
    page.button(key="watch").click().run()

    assert page.query_params["study"] == running.id


@pytest.mark.usefixtures("store")
def test_an_unknown_study_is_one_sentence_above_the_form() -> None:
    page = run_page(study="nonsense")

    assert len(page.error) == 1
    assert page.error[0].value.startswith("There is no study called 'nonsense'")
    assert page.button(key="start")


# A study under way


def test_both_lanes_say_in_plain_words_what_they_do(store: Store, running: Study) -> None:
    tell(store, running)
    said = everything_said(run_page(study=running.id))

    assert "Weighing MobileNetV2 on Fashion-MNIST" in said
    assert "Teaching the small student with the original's answers" in said
    assert "Rounding the original's numbers to 8 bits" in said
    assert "Original: **9\N{NO-BREAK SPACE}MB**" in said
    assert "**Distilled small student** · 75%" in said


def test_progress_time_left_and_validation_accuracy_stand_in_their_lane(store: Store, running: Study) -> None:
    tell(store, running)
    page = run_page(study=running.id)
    shown = [(metric.label, metric.value) for metric in page.metric]

    assert [value for label, value in shown if label == words.MADE] == ["0 of 2", "1 of 2"]
    assert (words.ACCURACY_SO_FAR, "70.0%") in shown
    assert "95%: 68.7\N{EN DASH}71.3%" in [metric.delta for metric in page.metric]
    bars = [bar.proto.value for bar in page.get("progress")]
    assert bars == [37, 50]


def test_a_candidate_that_failed_stands_in_its_lane_with_the_reason(store: Store, running: Study) -> None:
    tell(store, running)
    give_up(store, running, DISTILLED, "Its training went astray.")

    assert ":red[:material/error:] Distilled small student: Its training went astray." in everything_said(
        run_page(study=running.id)
    )


def test_the_curve_states_its_takeaway_for_who_cannot_see_it(store: Store, running: Study) -> None:
    tell(store, running)
    chart = run_page(study=running.id).get("vega_lite_chart")[0]

    assert chart.proto.alt == words.CHART_ALT.format("Distilled small student: 70.0% (68.7\N{EN DASH}71.3).")


def test_a_second_visitor_sees_the_same_running_study(store: Store, running: Study) -> None:
    tell(store, running)
    first, second = run_page(study=running.id), run_page(study=running.id)

    assert [metric.value for metric in first.metric][0::2] == [metric.value for metric in second.metric][0::2]
    assert [item.value for item in first.title] == [item.value for item in second.title]


def test_cancel_asks_the_supervisor_and_says_so_until_it_is_done(store: Store, running: Study) -> None:
    page = run_page(study=running.id)
    page.button(key="cancel").click().run()

    assert store.cancel_requested(running.id)
    wait_until(lambda: store.study(running.id).state == "cancelled")
    page.run()
    assert page.warning[0].proto.title == words.ENDED["cancelled"]


def test_the_measuring_after_the_lanes_is_shown(store: Store, running: Study) -> None:
    tell(store, running)
    store.add_news(running.id, news("timing", 0.4))
    said = everything_said(run_page(study=running.id))

    assert words.MEASURING in said
    assert words.STAGES["timing"] in said


# The end


def test_a_completed_study_says_done_and_its_verdict(store: Store, running: Study) -> None:
    tell(store, running)
    end(store, running, candidate(ORIGINAL), candidate(INT8), headline="Quantize it: int8 keeps 94.9%.")
    page = run_page(study=running.id)

    assert page.header[0].value == "**Phone app:** Quantize it: int8 keeps 94.9%."
    assert page.button(key="verdict").label == words.OPEN_VERDICT
    assert not [button for button in page.button if button.key == "cancel"]


def test_a_completed_study_lists_what_it_made_and_not_what_its_preset_makes_today(store: Store, running: Study) -> None:
    end(store, running, candidate(ORIGINAL), candidate(INT8), headline="Quantize it.")
    said = everything_said(run_page(study=running.id))
    assert "Original in int8: " in said
    assert "Distilled small student" not in said


def test_the_verdict_opens_on_the_front_page(store: Store, running: Study) -> None:
    end(store, running, candidate(ORIGINAL), candidate(INT8, ms=0.2), headline="Quantize it.")
    page = run_page(study=running.id)
    page.button(key="verdict").click().run()

    assert not page.exception
    assert page.title[0].value.startswith("Quantize it: int8")


@pytest.mark.parametrize("state", ["failed", "cancelled", "interrupted"])
def test_a_study_without_a_result_says_why_and_what_is_kept(store: Store, running: Study, state: str) -> None:
    store.results.put_candidate(running.id, candidate(ORIGINAL, accuracy=None))
    store.finish(running.id, state, "The power went out.")  # type: ignore[arg-type]  # a literal, parametrized
    page = run_page(study=running.id)
    said = (page.error if state == "failed" else page.warning)[0]

    assert said.proto.title == words.ENDED[state]  # type: ignore[index]
    assert said.value.startswith("The power went out. Kept: Original.")


def test_resuming_puts_the_study_back_in_the_queue_with_what_it_made(store: Store, running: Study) -> None:
    store.results.put_candidate(running.id, candidate(ORIGINAL, accuracy=None))
    store.finish(running.id, "interrupted", "The power went out.")
    other = store.add(QUESTION)
    assert store.claim_next() is not None, "so that the resumed study waits"
    page = run_page(study=running.id)
    page.button(key="resume").click().run()

    assert store.study(running.id).state == "queued"
    assert [made.id for made in store.results.candidates(running.id)] == ["original"]
    assert store.study(other.id).state == "running"


def test_resuming_a_study_that_somebody_resumed_already_changes_nothing(store: Store, running: Study) -> None:
    worker = store.labour.worker(running.id)
    store.requeue(running.id)

    assert store.study(running.id).state == "running"
    assert store.labour.worker(running.id) == worker


def wait_until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
