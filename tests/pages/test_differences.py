"""The page on what changed inside: from records of a study that looked, and what it says of one that did not."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from compression.decision.numbers import MINUS, TIMES
from compression.records.layers import Histogram, LayerFindings, Rounding
from compression.records.recipes import Quantize
from compression.records.schemes import HalfPrecision, WeightsOnly
from compression.records.study import Study
from compression.store.library import RECORDED, LibraryEntry, recorded_studies
from compression.store.studies import Store
from pages.ui.inside import words
from pages.ui.shared.words import START
from tests.constructed import INT8, candidate
from tests.layers import INT4_WEIGHTS, layer, rounding, usual_layers
from tests.pages.measured_study import add_measured_study, everything_measured

ROOT = Path(__file__).resolve().parents[2]


def inside_page(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in parameters.items():
        page.query_params[name] = value
    page.query_params["tab"] = "inside"
    page.switch_page("pages/how.py").run()
    assert not page.exception
    return page


def everything_said(page: AppTest) -> str:
    return "\n".join(element.value for kind in ("title", "header", "markdown", "caption") for element in page.get(kind))


def add_study_that_looked(store: Store, layers: tuple[LayerFindings, ...] = usual_layers()) -> str:
    study = add_measured_study(store)
    store.results.set_layers(study, layers)
    return study


# A study that did not look


def test_a_study_that_did_not_look_shows_its_bits_and_says_how_to_look_further(store: Store) -> None:
    study = store.study(add_measured_study(store))
    page = inside_page(study=study.id)
    said = everything_said(page)

    assert "for each weight are enough to lose nothing that" in said
    assert words.NOT_INSIDE_TITLE in said
    assert f"--model {study.model} --dataset {study.dataset} --preset standard" in page.code[0].value
    assert START in [link.proto.label for link in page.get("page_link")]
    assert words.BEFORE_AFTER not in said


def test_a_study_at_work_has_not_looked_so_far(running: Study) -> None:
    said = everything_said(inside_page(study=running.id))

    assert words.NOT_MEASURED in said
    assert words.NOT_YET in said


# One that did


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("entry", recorded_studies(RECORDED), ids=lambda entry: entry.folder.name)
def test_every_recorded_study_shows_its_bits_and_a_layer_before_and_after(entry: LibraryEntry) -> None:
    page = inside_page(study=entry.study.id)

    assert "bits for each weight are enough to lose nothing that 10,000 test images can show." in everything_said(page)
    assert words.BEFORE_AFTER in [header.value for header in page.header]


def test_the_fewest_bits_come_first(store: Store) -> None:
    add_study_that_looked(store)
    said = everything_said(inside_page())

    assert "**8 bits for each weight are enough to lose nothing that 10,000 test images can show.**" in said
    assert f"{MINUS}0.1\N{NO-BREAK SPACE}points ({MINUS}0.3 to +0.1) for int8." in said


def test_it_starts_with_the_bits_in_which_there_is_something_to_see_and_shows_others_when_asked(store: Store) -> None:
    add_study_that_looked(store)
    page = inside_page()
    assert "**1 of 3 layers is fragile: it costs accuracy that 2,000 validation images can show" in everything_said(
        page
    )
    assert "2 bits are a stress test" in everything_said(page)

    page.button_group(key="layer-bits").set_value(4).run()
    assert "**No layer is fragile in 4 bits: none of the 3" in everything_said(page)
    assert "2 bits are a stress test" not in everything_said(page)


def test_what_was_chosen_is_in_the_address_so_that_a_link_shows_it(store: Store) -> None:
    add_study_that_looked(store)
    page = inside_page(**{"layer-bits": "4 bits", "layer-order": "Most sensitive first"})

    assert "**No layer is fragile in 4 bits" in everything_said(page)
    assert page.button_group(key="layer-order").value == "fragile"


def test_all_layers_are_there_in_numbers(store: Store) -> None:
    add_study_that_looked(store)
    (table,) = (element.value for element in inside_page().dataframe)

    assert list(table.name) == ["conv1", "layer1.0.conv1", "fc"]
    assert list(table.weights) == [576, 36_864, 5_120]
    assert table["loss in 2"][0] == "+14.0\N{NO-BREAK SPACE}points (+13.5 to +14.5)"
    assert list(table["divergence in 4"]) == pytest.approx([0.003, 0.0001, 0.00005])


def test_a_layer_is_shown_in_no_file_that_the_study_has_not(store: Store) -> None:
    add_study_that_looked(store)
    page = inside_page()

    named = f"layer1.0.conv1 \N{MIDDLE DOT} convolution, 64 filters of 3{TIMES}3{TIMES}64"
    assert page.selectbox(key="layer").options[1] == named
    assert page.selectbox(key="layer-file").options == ["Original in int8"], "int4 weights are no file of this study"
    assert "**100 weights take 98 different values before and 7 after.**" in everything_said(page)


def test_at_first_it_shows_the_most_sensitive_layer_in_the_file_that_leaves_it_the_fewest_values(store: Store) -> None:
    study = add_study_that_looked(store, usual_layers()[::-1])
    store.results.put_candidate(study, everything_measured(candidate(INT4_WEIGHTS)))
    page = inside_page()

    assert page.selectbox(key="layer").value == "conv1"
    assert page.selectbox(key="layer-file").options == ["Original with int4 weights", "Original in int8"]
    assert page.selectbox(key="layer-file").value == "int8-ptq"


def test_another_layer_can_be_chosen(store: Store) -> None:
    fewer = rounding("int8-ptq").model_copy(update={"weights": WIDE})
    other = layer("fc.weight", shape=(10, 512), operator="Gemm").model_copy(update={"roundings": (fewer,)})
    add_study_that_looked(store, (layer("conv1.weight"), other))
    page = inside_page()
    page.selectbox(key="layer").select_index(1).run()

    assert "**4 weights take 4 different values before and 2 after.**" in everything_said(page)
    assert words.NO_SENSITIVITY in everything_said(page)


def test_a_study_that_kept_no_numbers_of_its_layers_says_so(store: Store) -> None:
    bare = tuple(each.model_copy(update={"roundings": ()}) for each in usual_layers())
    add_study_that_looked(store, bare)

    assert words.NO_ROUNDING in everything_said(inside_page())


# Numbers before and after, in words

WIDE = Histogram(low=-1, high=1, before=(1, 1, 1, 1), after=(1, 1, 1, 1), values_before=4, values_after=2)


def test_numbers_that_were_cut_off_are_counted() -> None:
    told = words.inputs_told(rounding("int8-ptq"), INT8)
    assert told.startswith("**1,000 inputs take 950 different values before and 200 after.**")
    assert "They reached from 0 to 8, and now reach from 0 to 6. 1% of them lay outside that range." in told


def test_numbers_that_reach_as_far_as_before_are_not_called_cut() -> None:
    told = words.weights_told(Rounding(candidate="int8-ptq", weights=WIDE, inputs=WIDE), INT8)
    assert f"They reach from {MINUS}1 to 1, as before." in told
    assert "outside" not in told


def test_what_a_file_leaves_in_floating_point_is_not_called_rounded() -> None:
    given = rounding("int4-weights")
    assert "leaves them in floating point" in words.inputs_told(given, INT4_WEIGHTS)
    assert "256 steps" not in words.inputs_told(given, INT8), "there are more different values than that"
    assert "256 steps" in words.inputs_told(rounding("int8-ptq"), INT8)
    assert "256 steps" not in words.inputs_told(rounding("int8-ptq"), Quantize(scheme=HalfPrecision()))
    assert "each group of its weights" in words.weights_told(given, Quantize(scheme=WeightsOnly(bits=8)))
