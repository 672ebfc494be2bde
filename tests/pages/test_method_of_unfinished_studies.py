import pytest

from compression.records.study import Request
from compression.store.library import RECORDED, recorded_studies
from compression.store.studies import Store
from pages.ui.method import machine
from pages.ui.method import words as method_words
from pages.ui.method.costs import ENERGY_ABSENT, NO_FILES, NO_KERNELS, NO_MEMORY
from pages.ui.method.time import NO_NOISE, NO_TIMES
from pages.ui.shared.words import STATES
from tests.constructed import INT8, MACHINE, ORIGINAL, candidate
from tests.pages.measured_study import TIMING, add_measured_study
from tests.pages.method_page import everything_said, method_page, table_with

QUESTION = Request(model="resnet18", dataset="fashion-mnist", preset="quick")


def test_an_unknown_study_is_said_with_those_there_are(store: Store) -> None:
    add_measured_study(store)
    page = method_page(study="nonsense")

    assert "There is no study called “nonsense”" in page.text[0].value


def test_energy_is_shown_where_it_was_measured(store: Store) -> None:
    add_measured_study(store, energy_joules=0.0123)
    page = method_page()

    assert table_with(page, "energy").energy[0] == "12.3\N{NO-BREAK SPACE}mJ (11.1 to 14.8)"
    assert "The middle of 3 readings" in everything_said(page)
    assert "Others took up to 0.31 cores meanwhile" in everything_said(page)
    assert ENERGY_ABSENT not in everything_said(page)


def test_a_study_from_before_there_were_ranges_shows_its_values_without_them(store: Store) -> None:
    before = TIMING.model_copy(update={"loads": ()})
    add_measured_study(store, energy_joules=0.0123, timing=before, ranges=False)
    page = method_page()
    said, costs, answers = everything_said(page), table_with(page, "download"), table_with(page, "calibration")

    assert list(answers[["confidence", "calibration"]].iloc[0]) == ["95.7%", "1.6%"]
    assert table_with(page, "p95")["p95"][0] == "1.10\N{NO-BREAK SPACE}ms"
    assert list(costs[["memory", "energy"]].iloc[0]) == ["40\N{NO-BREAK SPACE}MB", "12.3\N{NO-BREAK SPACE}mJ"]
    assert "others" not in table_with(page, "smallest").columns
    assert "takes 61.3\N{NO-BREAK SPACE}MB, which is subtracted" in said
    assert "took the time of 0.04 of 2 cores meanwhile, on average." in said


@pytest.mark.usefixtures("store")
@pytest.mark.skipif(bool(recorded_studies(RECORDED)), reason="a first visit shows a recorded study")
def test_without_any_study_there_is_still_the_glossary() -> None:
    said = everything_said(method_page())

    assert method_words.ONLY_GLOSSARY in said
    assert "**Student:** " in said


@pytest.mark.usefixtures("running")
def test_a_study_that_waits_says_of_each_part_that_it_is_not_there_yet(store: Store) -> None:
    study = store.add(QUESTION)
    said = everything_said(method_page(study=study.id))

    assert method_words.SO_FAR.format(STATES["queued"]) in said
    for sentence in (
        machine.NO_MACHINE,
        method_words.NO_ACCURACY,
        method_words.NO_PAIRS.format("image"),
        NO_TIMES,
        NO_NOISE,
        NO_FILES,
    ):
        assert sentence in said


def test_files_without_measurements_are_named_as_such(store: Store) -> None:
    study = store.add(QUESTION)
    store.claim_next()
    store.results.put_candidate(study.id, candidate(ORIGINAL, accuracy=None))
    store.finish(study.id, "failed", "The power went out.")
    page = method_page(study=study.id)
    said = everything_said(page)

    assert method_words.NO_ACCURACY in said
    assert NO_MEMORY in said
    assert list(table_with(page, "download").name) == ["Original"]


def test_a_study_that_knows_one_accuracy_only_says_that_engines_were_not_compared(store: Store) -> None:
    study = store.add(QUESTION)
    store.claim_next()
    store.results.set_machine(study.id, MACHINE)
    store.results.put_candidate(study.id, candidate(ORIGINAL))
    store.results.put_candidate(study.id, candidate(INT8, accuracy=None))
    store.finish(study.id, "completed")
    page = method_page(study=study.id)
    said = everything_said(page)

    assert list(table_with(page, "accuracy").accuracy) == ["90.0% (89.5 to 90.5)"]
    assert said.count("Not measured here: Original in int8.") == 2
    for sentence in (method_words.NO_ENGINES, method_words.NO_PAIRS.format("image"), NO_NOISE, NO_KERNELS):
        assert sentence in said
