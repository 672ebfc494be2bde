import shlex

import pytest
from streamlit.testing.v1 import AppTest

from compression.__main__ import app
from compression.catalog.rows import architecture_card, dataset_card, pretrained_models
from compression.modalities.choose import modality_of
from compression.modalities.sizes import students_asked_for
from compression.records.objectives import OBJECTIVE_TITLES, Dist
from compression.records.study import Options, Request, Study
from compression.store.library import Library
from compression.store.studies import Store
from compression.studies.request import recipes_of
from pages.ui.run import form_words, words
from pages.ui.run.form import start_study
from pages.ui.shared import scheme_words
from tests.constructed import ORIGINAL, candidate
from tests.pages.run_page import end, everything_said, run_page, wait_until

QUESTION = Request(model="mobilenet_v2", dataset="fashion-mnist", preset="preview")


def asked_for_preview() -> AppTest:
    """The form with the choices of ``QUESTION``."""
    page = run_page()
    page.segmented_control(key="model-for-fashion-mnist").set_value(QUESTION.model).run()
    page.segmented_control(key="preset").set_value(QUESTION.preset).run()
    return page


@pytest.mark.usefixtures("store")
def test_the_form_offers_the_models_trained_on_the_dataset_with_accuracy_and_size() -> None:
    page = run_page()
    model = page.segmented_control(key="model-for-fashion-mnist")

    assert model.options == [architecture_card(name).title for name in pretrained_models("fashion-mnist")]
    model.set_value("mobilenet_v2").run()
    assert "94.2% of the test images right, 8.9\N{NO-BREAK SPACE}MB." in everything_said(page)
    assert page.segmented_control(key="preset").options == ["Preview", "Quick", "Standard", "Thorough"]
    assert page.segmented_control(key="preset").value == "quick"


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("preset", "usual"), [("preview", "60\N{NO-BREAK SPACE}s"), ("thorough", "8\N{NO-BREAK SPACE}h")]
)
def test_start_says_how_long_it_takes_also_where_nobody_ever_ran_it(preset: str, usual: str) -> None:
    page = run_page()
    page.segmented_control(key="preset").set_value(preset).run()

    assert words.ABOUT.format(usual) in everything_said(page)
    assert words.USUAL in [element.help for element in page.markdown]


def test_the_time_is_told_from_the_last_such_study(store: Store) -> None:
    earlier = store.add(QUESTION)
    store.claim_next()
    end(store, earlier, candidate(ORIGINAL), headline="Quantize it.")
    page = asked_for_preview()

    assert words.HERE in [element.help for element in page.markdown]


@pytest.mark.usefixtures("store")
def test_the_form_says_how_many_points_of_each_kind_there_will_be() -> None:
    said = everything_said(run_page())

    assert words.PLAN.format(11) in said
    for part in ("the original", "3 quantized", "3 distilled", "1 distilled and quantized", "3 without a teacher"):
        assert part in said


def test_starting_puts_the_question_in_the_queue_and_its_id_in_the_address(store: Store, running: Study) -> None:
    page = asked_for_preview()
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
    page.selectbox(key="objective").set_value("dist").run()
    page.slider(key="temperature-of-dist").set_value(2.5).run()
    page.slider(key="labels-share-of-dist").set_value(0).run()
    page.number_input(key="epochs-of-quick").set_value(12).run()
    page.text_input(key="students").set_value("20 KB separable, 1 MB").run()
    page.button(key="start").click().run()
    own = store.studies()[0]

    assert running.id not in (untouched.id, own.id)
    assert untouched.options == Options()
    card = dataset_card("fashion-mnist")
    students = students_asked_for(["20 KB separable", "1 MB"], card, modality_of(card))
    objective = Dist(temperature=2.5, labels_share=0.0)
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
    assert set(form_words.OBJECTIVES) == set(OBJECTIVE_TITLES)


def test_the_original_is_quantized_as_the_preset_says_unless_that_is_asked_for(store: Store, running: Study) -> None:
    page = run_page()
    assert page.multiselect(key="schemes-of-quick").disabled
    page.button(key="start").click().run()
    untouched = store.studies()[0]

    page = run_page()
    page.toggle(key="own-schemes").set_value(True).run()
    assert page.number_input(key="largest-drop").disabled
    page.multiselect(key="schemes-of-quick").set_value(["int8-accuracy-aware", "fp16"])
    page.number_input(key="calibration-examples").set_value(100).run()
    page.number_input(key="largest-drop").set_value(1.0).run()
    page.button(key="start").click().run()
    own = store.studies()[0]
    assert running.id not in (untouched.id, own.id)
    assert untouched.options == Options()
    assert own.options == Options(schemes=("fp16", "int8-accuracy-aware"), calibration_examples=100, largest_drop=0.01)
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


@pytest.mark.usefixtures("running")
def test_the_command_line_on_the_page_asks_for_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    page = asked_for_preview()
    page.number_input(key="seed").set_value(7).run()
    page.toggle(key="fixed-threads").set_value(True).run()
    page.toggle(key="own-teaching").set_value(True).run()
    page.selectbox(key="objective").set_value("dist").run()
    page.text_input(key="students").set_value("20 KB separable, 1 MB").run()
    page.toggle(key="own-schemes").set_value(True).run()
    page.multiselect(key="schemes-of-preview").set_value(["fp16", "int8-accuracy-aware"]).run()
    command = shlex.split(page.code[0].value)
    page.button(key="start").click().run()
    started = store.studies()[0]
    asked: list[Request] = []
    monkeypatch.setattr("compression.commands.run.run_study", lambda request, _out: asked.append(request))

    assert command[:3] == ["python", "-m", "compression"]
    app(command[3:], standalone_mode=False)
    assert asked == [Request.model_validate(started.model_dump(include=set(Request.model_fields)))]


def test_pressing_start_twice_starts_one_study(store: Store) -> None:
    library = Library(store)
    start_study(library, QUESTION, "0123456789ab")
    start_study(library, QUESTION, "0123456789ab")

    assert [study.id for study in store.studies()] == ["0123456789ab"]
    assert store.results.plan("0123456789ab") == recipes_of(QUESTION)
    assert {each.candidate for each in store.results.beforehand("0123456789ab")} > {"original"}


def test_a_question_that_cannot_be_answered_is_not_queued(store: Store) -> None:
    start_study(Library(store), QUESTION.model_copy(update={"preset": "nonsense"}), "0123456789ab")

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
