import re

import pytest

from compression.records.study import Request, Study
from compression.store.library import Library
from compression.store.studies import Store
from compression.studies.beforehand import known_beforehand
from compression.studies.plan import give_up
from pages.ui.run import words
from pages.ui.run.form import start_study
from tests.constructed import INT8, ORIGINAL, candidate
from tests.pages.progress_of_a_study import DISTILLED, step, under_way
from tests.pages.run_page import end, everything_said, run_page, tell, wait_until

QUESTION = Request(model="mobilenet_v2", dataset="fashion-mnist", preset="preview")


def test_both_lanes_say_in_a_line_what_they_do_and_how_far_they_are(store: Store, running: Study) -> None:
    tell(store, running)
    said = everything_said(run_page(study=running.id))

    assert "Weighing MobileNetV2 on Fashion-MNIST" in said
    assert "Teaching the small student with the original's answers · 0 of 2 made" in said
    assert "Rounding the original's numbers to 8 bits · 1 of 2 made" in said
    assert "Original: **9\N{NO-BREAK SPACE}MB**" in said
    assert "**Distilled small student** · 75%" in said


def test_one_bar_says_how_much_of_the_whole_is_over_and_how_long_it_takes(store: Store, running: Study) -> None:
    tell(store, running)
    (bar,) = run_page(study=running.id).get("progress")

    # The original is made, one student three quarters: of eight parts of work, two of them a file.
    assert bar.proto.value == round(100 * (0.1 + 0.6 * (1 + 0.75) / 8))
    assert re.fullmatch(r"\d+:\d\d of about \d+\s(s|min)", bar.proto.text)


def test_while_the_teacher_is_asked_the_other_lane_is_at_work(store: Store, running: Study) -> None:
    store.results.put_candidate(running.id, candidate(ORIGINAL))
    for item in under_way()[:4]:
        store.add_progress(running.id, item)
    said = everything_said(run_page(study=running.id))

    assert "Asking the original for its answer to every training image, 90%" in said
    assert "Rounding the original's numbers to 8 bits" in said


def test_a_candidate_that_failed_stands_in_its_lane_with_the_reason(store: Store, running: Study) -> None:
    tell(store, running)
    give_up(store, running, DISTILLED, "Its training went astray.")

    assert ":red[:material/error:] Distilled small student: Its training went astray." in everything_said(
        run_page(study=running.id)
    )


def test_the_original_is_on_the_chart_before_anything_is_done(store: Store, running: Study) -> None:
    start_study(Library(store), QUESTION, "0123456789ab")
    assert store.study("0123456789ab").state == "queued"
    assert store.study(running.id).state == "running"
    page = run_page(study="0123456789ab")

    assert page.get("vega_lite_chart")[0].proto.alt == words.CHART_ALT.format(
        "Original: 8.9\N{NO-BREAK SPACE}MB, 94.2%"
    )
    assert words.NOTHING_TO_COMPARE in everything_said(page)


def test_what_learns_is_on_the_chart_and_what_is_made_is_compared(store: Store, running: Study) -> None:
    store.results.set_beforehand(running.id, known_beforehand(QUESTION))
    tell(store, running)
    store.results.put_candidate(running.id, candidate(INT8, size_bytes=2_250_000, accuracy=0.94))
    page = run_page(study=running.id)

    alt = page.get("vega_lite_chart")[0].proto.alt
    for told in (
        "Original in int8: 2.2\N{NO-BREAK SPACE}MB, 94.0%",
        "Distilled small student: 25.4\N{NO-BREAK SPACE}KB, 70.0%",
    ):
        assert told in alt
    assert (
        "**Quantize it: 4.0\N{MULTIPLICATION SIGN} smaller, 0.2\N{NO-BREAK SPACE}points less accurate.**"
        in everything_said(page)
    )
    assert words.PRELIMINARY in everything_said(page)


def test_a_second_visitor_sees_the_same_running_study(store: Store, running: Study) -> None:
    tell(store, running)
    first, second = run_page(study=running.id), run_page(study=running.id)

    assert [item.value for item in first.markdown] == [item.value for item in second.markdown]
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

    assert f"{words.STAGES['timing']}, 40%" in said


def test_when_the_study_is_completed_the_page_becomes_the_result(store: Store, running: Study) -> None:
    tell(store, running)
    page = run_page(study=running.id)
    end(store, running, candidate(ORIGINAL), candidate(INT8, ms=0.2), headline="Quantize it.")
    page.run()

    assert not page.exception
    assert page.title[0].value == "Quantize it."
    assert page.query_params["study"] == running.id


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
