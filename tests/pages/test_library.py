from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from compression.records.study import Document, Request, State, Study, Verdict
from compression.store.library import RECORDED, recorded_studies
from compression.store.studies import Store
from pages.ui.run import words
from pages.ui.shared.words import STATES
from tests.constructed import MACHINE, usual_candidates

ROOT = Path(__file__).resolve().parents[2]
QUESTION = Request(model="mobilenet_v2", dataset="fashion-mnist", preset="preview")


def library() -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    page.switch_page("pages/library.py").run()
    assert not page.exception
    return page


def completed(store: Store, headline: str = "Quantize it.") -> Study:
    study = store.add(QUESTION)
    assert store.claim_next() is not None
    store.results.set_machine(study.id, MACHINE)
    for one in usual_candidates():
        store.results.put_candidate(study.id, one)
    store.results.set_verdict(study.id, Verdict(target="phone", choice=None, sure=True, headline=headline, reasons=()))
    store.finish(study.id, "completed")
    return store.study(study.id)


def shown(page: AppTest) -> list[str]:
    return [element.value for element in page.markdown]


@pytest.mark.usefixtures("store")
@pytest.mark.skipif(bool(recorded_studies(RECORDED)), reason="the recorded studies are always in the library")
def test_an_empty_library_says_what_to_do() -> None:
    page = library()

    assert page.title[0].value == words.LIBRARY_EMPTY_TITLE
    assert words.LIBRARY_EMPTY in shown(page)


def test_studies_are_listed_newest_first_with_their_verdicts(store: Store) -> None:
    completed(store, "The older verdict.")
    completed(store, "The newer verdict.")
    said = shown(library())

    assert said.index("**Phone app:** The newer verdict.") < said.index("**Phone app:** The older verdict.")


def test_each_study_says_how_when_and_where_it_was_made(store: Store) -> None:
    study = completed(store)
    captions = [caption.value for caption in library().caption]

    assert captions[0].startswith("Preset preview, seed 0 · ")
    assert words.when(study.created, None) in captions[0]
    assert captions[0].endswith("Test processor")


@pytest.mark.parametrize("state", ["failed", "cancelled", "interrupted"])
def test_a_study_without_a_verdict_says_why(store: Store, state: State) -> None:
    study = store.add(QUESTION)
    store.claim_next()
    store.finish(study.id, state)
    said = shown(library())

    assert words.NO_VERDICT_YET[state] in said
    assert any(STATES[state] in badge for badge in said)


def test_a_study_at_work_cannot_be_deleted(running: Study) -> None:
    page = library()

    assert page.button(key=f"delete-{running.id}").disabled
    assert words.NO_VERDICT_YET["running"] in shown(page)


def test_the_study_can_be_taken_away_as_it_is_kept(store: Store) -> None:
    study = completed(store)
    button = next(b for b in library().get("download_button") if b.proto.id.endswith(f"download-{study.id}"))

    assert button.proto.label == words.DOWNLOAD
    assert not button.proto.disabled


def test_many_studies_come_twenty_at_a_time(store: Store) -> None:
    for number in range(22):
        completed(store, f"Verdict {number}.")
    page = library()

    def verdicts() -> list[str]:
        return [text for text in shown(page) if "Verdict " in text]

    assert verdicts() == [f"**Phone app:** Verdict {number}." for number in range(21, 1, -1)]
    page.button(key="more").click().run()
    assert len(verdicts()) == 22


@pytest.mark.skipif(not recorded_studies(RECORDED), reason="no recorded study in this checkout")
@pytest.mark.usefixtures("store")
def test_recorded_studies_are_marked_and_cannot_be_deleted() -> None:
    page = library()
    recorded: Document = recorded_studies(RECORDED)[0].document

    assert any(words.RECORDED in text for text in shown(page))
    assert not [button for button in page.button if button.key == f"delete-{recorded.study.id}"]
