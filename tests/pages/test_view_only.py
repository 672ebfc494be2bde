"""A view-only link: no button that changes anything, and none that was drawn before does."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from compression.records.study import Request, Study
from compression.store.studies import Store
from pages.ui.present.share import link_to
from pages.ui.run import words
from pages.ui.shared.plain import as_it_is
from pages.ui.shared.words import VIEW_ONLY

ROOT = Path(__file__).resolve().parents[2]


def visit(script: str, **parameters: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in parameters.items():
        page.query_params[name] = value
    page.switch_page(script).run()
    assert not page.exception
    return page


@pytest.mark.usefixtures("store")
def test_the_form_is_not_there() -> None:
    page = visit("pages/run.py", view="1")

    assert page.title[0].value == words.VIEW_ONLY_TITLE
    assert VIEW_ONLY in [each.value for each in page.markdown]
    assert not [button for button in page.button if button.key == "start"]


def test_a_study_at_work_can_be_watched_and_not_cancelled(store: Store, running: Study) -> None:
    assert [button.key for button in visit("pages/run.py", study=running.id).button if button.key == "cancel"]
    page = visit("pages/run.py", study=running.id, view="1")

    assert "Weighing" in page.title[0].value
    assert not [button for button in page.button if button.key == "cancel"]
    assert not store.cancel_requested(running.id)


def test_a_button_that_was_drawn_before_cancels_nothing(store: Store, running: Study) -> None:
    page = visit("pages/run.py", study=running.id)
    page.query_params["view"] = "1"
    page.button(key="cancel").click().run()

    assert VIEW_ONLY in [toast.value for toast in page.toast]
    assert not store.cancel_requested(running.id)


def test_the_library_deletes_and_renames_nothing(store: Store) -> None:
    study = store.add(Request(model="resnet18", dataset="fashion-mnist", preset="quick"))
    store.finish(study.id, "cancelled")
    keys = {f"delete-{study.id}", f"rename-{study.id}"}

    assert keys <= {button.key for button in visit("pages/library.py").button}
    assert not keys & {button.key for button in visit("pages/library.py", view="1").button}


def test_a_link_for_others_says_what_it_is_given_and_nothing_of_its_own_page() -> None:
    assert link_to("http://here/?present=1", {"study": "abc", "view": "1"}) == "http://here/?study=abc&view=1"


@pytest.mark.parametrize("name", ["**bold**", "a_b", "<b>", "$x$", ":red[x]", ":material/delete:", ":smile:"])
def test_what_somebody_wrote_is_no_markup(name: str) -> None:
    shown = as_it_is(name)

    assert shown.replace("\\", "").replace("\N{WORD JOINER}", "") == name
    assert not any(mark in shown for mark in ("**", ":material/", ":smile:", ":red["))
