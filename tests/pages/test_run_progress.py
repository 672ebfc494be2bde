import pytest

from compression.records.study import Request, Study
from compression.store.studies import Store
from compression.studies.plan import give_up
from pages.ui.run import words
from tests.constructed import INT8, ORIGINAL, candidate
from tests.pages.progress_of_a_study import DISTILLED, step
from tests.pages.run_page import end, everything_said, run_page, tell, wait_until

QUESTION = Request(model="mobilenet_v2", dataset="fashion-mnist", preset="preview")


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
    assert "95%: 68.7 to 71.3%" in [metric.delta for metric in page.metric]
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

    assert chart.proto.alt == words.CHART_ALT.format("Distilled small student: 70.0% (68.7 to 71.3).")


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
    store.add_progress(running.id, step("timing", 0.4))
    said = everything_said(run_page(study=running.id))

    assert words.MEASURING in said
    assert words.STAGES["timing"] in said


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


def test_the_verdict_opens_on_the_front_page(store: Store) -> None:
    study = store.add(QUESTION.model_copy(update={"preset": "quick"}))
    assert store.claim_next() is not None
    end(store, study, candidate(ORIGINAL), candidate(INT8, ms=0.2), headline="Quantize it.")
    page = run_page(study=study.id)
    page.button(key="verdict").click().run()

    assert not page.exception
    assert page.title[0].value.startswith("Quantize it.")


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
    worker = store.claims.worker(running.id)
    store.requeue(running.id)

    assert store.study(running.id).state == "running"
    assert store.claims.worker(running.id) == worker
