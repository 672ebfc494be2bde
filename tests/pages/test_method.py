import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

from compression.catalog.rows import FASHION_MNIST
from compression.records.naming import id_of
from compression.records.objectives import Dist
from compression.records.recipes import Distill
from compression.records.study import Request
from compression.report.glossary import TERMS, alphabetical
from compression.store.studies import Store
from pages.ui.method import machine
from pages.ui.method import words as method_words
from pages.ui.method.costs import ENERGY_ABSENT
from pages.ui.shared.words import HOW_PAGE, RESULT_PAGE
from tests.constructed import MEDIUM, ORIGINAL, candidate, distilled
from tests.pages.measured_study import SERVER, add_measured_study
from tests.pages.method_page import everything_said, method_page, table_with

ROOT = Path(__file__).resolve().parents[2]
QUESTION = Request(model="resnet18", dataset="fashion-mnist", preset="quick")


def test_the_page_is_about_the_study_in_the_address(store: Store) -> None:
    asked = add_measured_study(store, machine=SERVER.model_copy(update={"cpu": "Asked for"}))
    add_measured_study(store)

    assert "**Processor:** Asked for" in everything_said(method_page(study=asked))
    assert "**Processor:** Test processor" in everything_said(method_page())


def test_the_front_page_leads_to_the_method_of_the_same_study_and_back(store: Store) -> None:
    study = add_measured_study(store)
    add_measured_study(store)
    front = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    front.query_params["study"] = study
    links = [*front.run().get("page_link"), *method_page(study=study).get("page_link")]
    leading = {link.proto.label for link in links if link.proto.query_string == f"study={study}"}

    assert leading == {HOW_PAGE, RESULT_PAGE}


def test_the_machine_says_which_of_the_instructions_for_it_are_there(store: Store) -> None:
    add_measured_study(store)
    said = everything_said(method_page())

    assert "**AVX-512 VNNI**, present" in said
    assert "**AMX int8**, absent" in said
    assert "NEON dotprod**, " not in said
    assert machine.HAS_THEM.format("AVX-512 VNNI and AVX-VNNI") in said
    assert "1,000,000 of them for one image with this study's original" in said
    assert "ONNX Runtime 1.32.0, OpenVINO 2026.4.1, PyTorch 2.14.1, Python 3.11.7" in said


def test_accuracy_tells_how_far_the_engines_agree_with_this_studys_numbers(store: Store) -> None:
    add_measured_study(store)
    page = method_page()
    said, table = everything_said(page), table_with(page, "apart")

    assert "loaded again in ONNX Runtime and OpenVINO and had to answer the same 10,000 test images" in said
    assert "at most 7 of 10,000, with Original in int8" in said
    assert list(table.name)[:2] == ["Original", "Original in int8"]
    assert list(table.apart)[:2] == ["0 of 10,000", "7 of 10,000"]
    assert list(table[["confidence", "calibration"]].iloc[0]) == [
        "95.7% (95.5 to 95.9)",
        "1.6% (1.1 to 2.1)",
    ]
    assert table["accuracy in openvino"][0] == "95.0% (94.5 to 95.5)"


def test_a_paired_comparison_is_explained_with_int8_against_the_original(store: Store) -> None:
    add_measured_study(store)
    said = everything_said(method_page())

    assert "Of 10,000 test images, **Original in int8** alone got 31 right, and **Original** alone 40; with the" in said
    assert "the other 9,929 either both were right or both were wrong" in said
    assert "\N{MINUS SIGN}0.1\N{NO-BREAK SPACE}points for Original in int8 against Original" in said
    assert "\N{MINUS SIGN}0.3 to +0.1: 0 lies in it, so they are not told apart" in said
    assert "chance would split these 71 images at least this unevenly in 34.3% of all cases" in said


def test_time_names_samples_noise_and_load_for_the_condition_in_the_address(store: Store) -> None:
    add_measured_study(store)
    page = method_page()
    said, times = everything_said(page), table_with(page, "p95")

    assert "Under this condition 200 raw timings are kept for each file" in said
    assert "7 of 8 of the medians settled within 2%" in said
    assert "the original was timed 3 times over" in said
    assert "took the time of 0.04 of 2 cores meanwhile, on average over all conditions; the table has it" in said
    assert times["p95"][0] == "1.10\N{NO-BREAK SPACE}ms (1.08 to 1.16)"
    assert times["median"][0] == "1.00\N{NO-BREAK SPACE}ms (0.99 to 1.01)"
    noise = table_with(page, "smallest")
    assert list(zip(noise.engine, noise.batch, noise.smallest, strict=True)) == [
        ("ONNX Runtime", 1, "3.0%"),
        ("ONNX Runtime", 32, "0.3%"),
        ("OpenVINO", 1, "1.2%"),
    ]
    assert list(noise.others) == ["0.02", "0.07", method_words.NOT_ASKED]
    assert "precision" not in noise.columns


def test_another_condition_shows_its_times(store: Store) -> None:
    add_measured_study(store)
    page = method_page()
    page.selectbox(key="phone-measured").select_index(1).run()

    times = table_with(page, "p95")
    assert times["median"][0].startswith("32.0\N{NO-BREAK SPACE}ms")
    assert times["p95"][0] == "35.2\N{NO-BREAK SPACE}ms", "too few runs for a range"


def test_the_settings_of_the_engines_are_all_named(store: Store) -> None:
    add_measured_study(store)
    options = table_with(method_page(), "option")

    assert list(zip(options.engine, options.option, options.value, strict=True))[:2] == [
        ("ONNX Runtime", "batch", "1 or 32"),
        ("ONNX Runtime", "threads", "1"),
    ]


def test_costs_are_one_row_a_candidate_in_the_studys_order(store: Store) -> None:
    study = add_measured_study(store)
    page = method_page()
    costs = table_with(page, "download")

    assert list(costs.name) == [candidate.name for candidate in store.results.candidates(study)]
    assert costs.activations[0] == 1000
    assert costs.memory[0] == "40\N{NO-BREAK SPACE}MB (39.7 to 40.3)"
    said = everything_said(page)
    assert "takes 61.3\N{NO-BREAK SPACE}MB (61.2 to 61.5), which is subtracted" in said
    assert "weighed in 3 fresh processes" in said
    assert ENERGY_ABSENT in everything_said(page)
    assert "energy" not in costs.columns


def test_what_runs_in_8_bits_is_told_for_each_engine(store: Store) -> None:
    add_measured_study(store)
    kernels = table_with(method_page(), "float")

    assert list(kernels.macs)[:4] == ["0%", "0%", "98%", "98%"]
    assert list(kernels.float)[1:3] == ["10 Add, 52 Conv, 1 Gemm", "none"]


def test_the_making_of_the_files_names_this_studys_own_settings(store: Store) -> None:
    add_measured_study(store)
    said = everything_said(method_page())

    assert "Of the 60,000 training images of Fashion-MNIST, 5,000 are kept apart as validation images" in said
    assert "The small and medium students learn from them, from 55,000 training images." in said
    assert "the teacher's probabilities, at a temperature of 4 (Hinton, Vinyals and Dean 2015)" in said
    assert "10% of the weight is on the labels" in said
    assert "NNCF chooses the scales after 300 training images" in said


def test_every_file_is_shown_class_by_class(store: Store) -> None:
    add_measured_study(store)
    table = table_with(method_page(), "Ankle boot")

    assert list(table.columns) == ["name", *FASHION_MNIST.classes]
    assert table["Ankle boot"][0] == "95.0% (94.5 to 95.5)"


def test_every_term_is_explained_on_the_page_in_the_order_of_the_alphabet(store: Store) -> None:
    add_measured_study(store)
    said = everything_said(method_page())
    places = [said.index(f"**{term}:** {meaning}") for term, meaning in alphabetical()]

    assert places == sorted(places)
    assert len(places) == len(TERMS)


def test_what_others_report_stands_beside_this_studys_own_and_is_called_theirs(store: Store) -> None:
    add_measured_study(store)
    page = method_page()
    table = table_with(page, "by")

    shares = [float(re.match(r"[\d.]+", value)[0]) for value in table["reached"]]  # type: ignore[index]
    assert shares == sorted(shares, reverse=True)
    own = table[table["by"] == "this study"]
    assert "Original" in set(own["name"])
    assert all("(" in value for value in own["reached"])
    assert len(table) > len(own)
    assert "have not verified them" in everything_said(page)


def test_the_validation_accuracies_of_all_seeds_are_shown_and_who_goes_on(store: Store) -> None:
    study = store.add(QUESTION)
    store.claim_next()
    store.results.put_candidate(study.id, candidate(ORIGINAL))
    better, worse = distilled(MEDIUM), Distill(student=MEDIUM, objective=Dist())
    seen = {"validation_accuracy": 0.9, "validation_repeats": (0.91, 0.905)}
    store.results.put_candidate(study.id, candidate(better).model_copy(update=seen))
    beaten = {"validation_accuracy": 0.88, "validation_repeats": (0.89, 0.87), "set_aside_for": id_of(better)}
    store.results.put_candidate(study.id, candidate(worse, accuracy=None).model_copy(update=beaten))
    store.finish(study.id, "completed")

    page = method_page(study=study.id)
    table = table_with(page, "validated")
    assert list(table["validated"]) == ["90.0%, 91.0%, 90.5%", "88.0%, 89.0%, 87.0%"]
    assert list(table["mean"]) == ["90.5%", "88.0%"]
    assert list(table["spread"]) == ["90.0% to 91.0%", "87.0% to 89.0%"]
    assert list(table["goes_on"]) == ["yes", "set aside"]
    assert "was set aside before the test" in everything_said(page)
