import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from compression.catalog.bundled import FASHION_MNIST
from compression.measurement.accuracy.answers import answers_of
from compression.measurement.machine.processor import LINUX_FLAGS, WINDOWS_FEATURES
from compression.measurement.timing import rounds
from compression.report.glossary import TERMS, alphabetical, explain, explain_measured
from compression.store.measurements import Pair
from compression.store.naming import id_of
from compression.store.objectives import (
    AttentionTransfer,
    DecoupledTargets,
    DistancesAndAngles,
    DistillationObjective,
    Hints,
    Relations,
    SoftTargets,
    StandardizedTargets,
)
from compression.store.predictions import Predictions
from compression.store.recipes import Distill, Recipe, Train
from compression.store.records import Candidate, Document, Question
from compression.store.shelf import RECORDED, recorded_studies
from compression.store.store import Store
from compression.studies import measuring
from pages.ui import class_words, cost_words, machine_words, making_words, method_words, time_words
from pages.ui.words import HOW_MEASURED, STATES
from tests.constructed import INT8, MACHINE, MEDIUM, MEDIUM_INT8, ORIGINAL, candidate, distilled, document
from tests.pages.measured_study import PAIR, SERVER, TIMING, add_measured_study

ROOT = Path(__file__).resolve().parents[2]
QUESTION = Question(model="resnet18", dataset="fashion-mnist", preset="quick")


def method_page(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for name, value in parameters.items():
        page.query_params[name] = value
    page.switch_page("pages/method.py").run()
    assert not page.exception
    return page


def everything_said(page: AppTest) -> str:
    return "\n".join(element.value for kind in ("title", "markdown", "caption", "info") for element in page.get(kind))


def table_with(page: AppTest, column: str) -> pd.DataFrame:
    """The one table of the page that has this column."""
    found: list[pd.DataFrame] = [element.value for element in page.dataframe if column in element.value.columns]
    assert len(found) == 1
    return found[0]


# One study, with its own figures


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

    assert leading == {HOW_MEASURED, method_words.TO_VERDICT}


def test_an_unknown_study_is_one_sentence_in_an_error_box(store: Store) -> None:
    add_measured_study(store)
    page = method_page(study="nonsense")

    assert page.error[0].value.startswith("There is no study called 'nonsense'")


def test_the_machine_says_which_of_the_instructions_for_it_are_there(store: Store) -> None:
    add_measured_study(store)
    said = everything_said(method_page())

    assert "**AVX-512 VNNI**, present" in said
    assert "**AMX int8**, absent" in said
    assert "NEON dotprod**, " not in said
    assert machine_words.HAS_THEM.format("AVX-512 VNNI and AVX-VNNI") in said
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
        "95.7% (95.5\N{EN DASH}95.9)",
        "1.6% (1.1\N{EN DASH}2.1)",
    ]
    assert table["accuracy in openvino"][0] == "95.0% (94.5\N{EN DASH}95.5)"


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
    assert times["p95"][0] == "1.10\N{NO-BREAK SPACE}ms (1.08\N{EN DASH}1.16)"
    assert times["median"][0] == "1.00\N{NO-BREAK SPACE}ms (0.99\N{EN DASH}1.01)"
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
    assert costs.memory[0] == "40\N{NO-BREAK SPACE}MB (39.7\N{EN DASH}40.3)"
    said = everything_said(page)
    assert "takes 61.3\N{NO-BREAK SPACE}MB (61.2\N{EN DASH}61.5), which is subtracted" in said
    assert "weighed in 3 fresh processes" in said
    assert cost_words.ENERGY_ABSENT in everything_said(page)
    assert "energy" not in costs.columns


def test_energy_is_shown_where_it_was_measured(store: Store) -> None:
    add_measured_study(store, energy_joules=0.0123)
    page = method_page()

    assert table_with(page, "energy").energy[0] == "12.3\N{NO-BREAK SPACE}mJ (11.1\N{EN DASH}14.8)"
    assert "The middle of 3 readings" in everything_said(page)
    assert "Others took up to 0.31 cores meanwhile" in everything_said(page)
    assert cost_words.ENERGY_ABSENT not in everything_said(page)


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


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        (StandardizedTargets(labels_share=0.0), "(logit standardization, Sun et al. 2024). The labels have no weight."),
        (SoftTargets(labels_share=0.0), "the labels of the validation images are used to watch the training only."),
        (DecoupledTargets(labels_share=0.0), "The labels have no weight, but say which class is the right one."),
        (Hints(), "(FitNets hints, Romero et al. 2015). The projection is thrown away"),
        (AttentionTransfer(), "(attention transfer, Zagoruyko and Komodakis 2017). Of the weight on the answers, 10%"),
        (DistancesAndAngles(), "(RKD, Park et al. 2019). Of the weight on the answers, 10% is on the labels."),
        (DecoupledTargets(labels_share=0.5), "(decoupled distillation, DKD, Zhao et al. 2022). 50% of the weight is"),
        (Relations(labels_share=0.1), "(DIST, Huang et al. 2022). 10% of the weight is on the labels"),
    ],
)
def test_each_objective_says_what_it_asks_for_and_who_proposed_it(
    objective: DistillationObjective, expected: str
) -> None:
    study = document(candidate(ORIGINAL), candidate(Distill(student=MEDIUM, objective=objective)))

    assert expected in " ".join(making_words.choices(study))


# What was not measured is said in a sentence


@pytest.mark.usefixtures("store")
@pytest.mark.skipif(bool(recorded_studies(RECORDED)), reason="a first visit shows a recorded study")
def test_without_any_study_there_is_still_the_glossary() -> None:
    said = everything_said(method_page())

    assert method_words.ONLY_GLOSSARY in said
    assert "**Student:** " in said


def test_a_study_that_waits_says_of_each_part_that_it_is_not_there_yet(store: Store) -> None:
    study = store.add(QUESTION)
    said = everything_said(method_page(study=study.id))

    assert method_words.SO_FAR.format(STATES["queued"]) in said
    for sentence in (
        machine_words.NO_MACHINE,
        method_words.NO_ACCURACY,
        method_words.NO_PAIRS,
        time_words.NO_TIMES,
        time_words.NO_NOISE,
        cost_words.NO_FILES,
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
    assert cost_words.NO_MEMORY in said
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

    assert list(table_with(page, "accuracy").accuracy) == ["90.0% (89.5\N{EN DASH}90.5)"]
    assert said.count("Not measured here: Original in int8.") == 2
    for sentence in (method_words.NO_ENGINES, method_words.NO_PAIRS, time_words.NO_NOISE, cost_words.NO_KERNELS):
        assert sentence in said


def test_load_that_a_system_does_not_show_is_said_to_be_unknown() -> None:
    timed = document(candidate(ORIGINAL)).model_copy(update={"timing": TIMING.model_copy(update={"other_cores": None})})

    assert (
        time_words.noise(timed)[1] == "How much of the processor others used meanwhile cannot be told on this system."
    )


# Sentences


@pytest.mark.parametrize(
    ("p_value", "only_first", "only_second", "expected"),
    [
        (0.00001, 90, 10, "these 100 images at least this unevenly in less than 0.1% of all cases"),
        (1.0, 0, 0, "As no image tells them apart"),
    ],
)
def test_chance_is_told_in_words_at_both_ends(p_value: float, only_first: int, only_second: int, expected: str) -> None:
    pair = PAIR.model_copy(update={"p_value": p_value, "only_first": only_first, "only_second": only_second})

    assert expected in " ".join(method_words.paired(_with_pair(pair)))


def test_a_difference_whose_interval_leaves_0_out_is_told_apart() -> None:
    pair = PAIR.model_copy(update={"difference": 0.02, "low": 0.01, "high": 0.03})

    assert "0 lies outside, so they are told apart" in " ".join(method_words.paired(_with_pair(pair)))


def test_a_class_that_was_hurt_is_named_with_its_figures() -> None:
    def answered(recipe: Recipe, *right_of_1000: int) -> Candidate:
        labels = np.repeat(np.arange(10), 1000)
        wrong = np.arange(10_000) % 1000 >= np.repeat((*right_of_1000, *(990,) * 8), 1000)
        said = ((labels + wrong) % 10).astype(np.uint8)
        found = Predictions(classes=said, confidences=np.full(10_000, 0.9, dtype=np.float32))
        return candidate(recipe).model_copy(update={"answers": (answers_of("onnxruntime", found, labels, 10),)})

    study = document(
        answered(ORIGINAL, 950, 820),
        answered(INT8, 940, 800),
        answered(distilled(MEDIUM), 800, 810),
        answered(Train(student=MEDIUM), 200, 200),
    )
    hardest, fall = class_words.hurt(study)

    assert hardest.startswith("Hardest for the original is Trouser: 82.0% (79.5")
    assert "Distilled medium student with T-shirt/top: to 80.0% (77.4" in fall
    assert "having looked at 20 such differences" in fall
    level = document(answered(ORIGINAL, 950, 820), answered(INT8, 940, 800))
    assert class_words.hurt(level)[1] == class_words.NO_FALL


def test_every_file_is_shown_class_by_class(store: Store) -> None:
    add_measured_study(store)
    table = table_with(method_page(), "Ankle boot")

    assert list(table.columns) == ["name", *FASHION_MNIST.classes]
    assert table["Ankle boot"][0] == "95.0% (94.5\N{EN DASH}95.5)"


def test_engines_that_agree_on_every_image_are_said_to() -> None:
    agreeing = PAIR.model_copy(update={"only_first": 0, "only_second": 0})
    study = document(candidate(ORIGINAL).model_copy(update={"between_engines": (agreeing,)}))

    assert method_words._between_engines(study).startswith("Both engines got the same of the 10,000 images right")


def test_a_machine_without_instructions_for_8_bits_is_said_to_need_several_steps() -> None:
    assert machine_words.eight_bits(document(candidate(ORIGINAL)))[1] == machine_words.SEVERAL_STEPS


def test_what_keeps_a_study_from_using_the_whole_machine_is_said() -> None:
    whole, part = MACHINE, MACHINE.model_copy(update={"physical_cores": 8, "cpu_quota": 2.5, "governor": "powersave"})

    assert dict(machine_words.parts(whole))["Cores"] == "2 physical cores that a study may use"
    assert "Clock rate" not in dict(machine_words.parts(whole))
    said = dict(machine_words.parts(part))
    assert said["Cores"] == "2 physical cores that a study may use, of 8; its container is allowed the time of 2.5"
    assert said["Clock rate"] == 'set by the system\'s "powersave" governor'


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("Debian GNU/Linux 12 (bookworm), Linux 6.1.0 aarch64", machine_words.ARM),
        ("Windows 10 AMD64", machine_words.X86),
        ("Linux", machine_words.X86 + machine_words.ARM),
    ],
)
def test_only_instructions_of_that_kind_of_processor_are_asked_for(system: str, expected: tuple[str, ...]) -> None:
    machine = MACHINE.model_copy(update={"os": system})

    assert tuple(each.name for each in machine_words.instructions(machine)) == expected


def test_what_windows_does_not_tell_is_not_called_absent() -> None:
    machine = MACHINE.model_copy(update={"os": "Windows 10 AMD64"})
    study = document(candidate(ORIGINAL), machine=machine)

    not_told = [each for each in machine_words.instructions(machine) if each.name not in machine_words.TOLD_BY_WINDOWS]
    assert {each.presence for each in not_told} == {"not known"}
    assert machine_words.eight_bits(study)[1] == machine_words.NOT_TOLD


def test_a_student_that_was_quantized_does_not_pass_its_training_images_off_as_calibration() -> None:
    made = making_words.choices(document(candidate(ORIGINAL), candidate(MEDIUM_INT8)))

    assert not [sentence for sentence in made if "calibration" in sentence]


def test_figures_that_are_part_of_the_measuring_are_those_of_its_code() -> None:
    assert time_words.TURN_MS == rounds.TURN_MS
    assert time_words.MOST_RUNS == rounds.MOST_RUNS_PER_TURN
    assert time_words.TOLERANCE_PERCENT / 100 == rounds.TOLERANCE
    assert method_words.ENGINE_TITLES[measuring.DEFAULT_ENGINE] == cost_words.MEMORY_ENGINE


def test_the_instructions_are_those_that_a_fingerprint_can_hold() -> None:
    assert set(machine_words.X86 + machine_words.ARM) <= set(LINUX_FLAGS.values())
    told = set(WINDOWS_FEATURES.values()) & set(machine_words.X86 + machine_words.ARM)
    assert told == set(machine_words.TOLD_BY_WINDOWS)


# The glossary


def test_every_term_is_explained_on_the_page_in_the_order_of_the_alphabet(store: Store) -> None:
    add_measured_study(store)
    said = everything_said(method_page())
    places = [said.index(f"**{term}:** {meaning}") for term, meaning in alphabetical()]

    assert places == sorted(places)
    assert len(places) == len(TERMS)


def test_the_front_pages_numbers_have_the_glossarys_words(store: Store) -> None:
    add_measured_study(store)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    assert [metric.proto.help for metric in page.metric] == [
        explain_measured("Accuracy"),
        explain("File size"),
        explain_measured("Latency"),
    ]


def _with_pair(pair: Pair) -> Document:
    return document(candidate(ORIGINAL), candidate(INT8), pairs=(pair,))


# What others report


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


# What was chosen on the validation images


def test_the_validation_accuracies_of_all_seeds_are_shown_and_who_goes_on(store: Store) -> None:
    study = store.add(QUESTION)
    store.claim_next()
    store.results.put_candidate(study.id, candidate(ORIGINAL))
    better, worse = distilled(MEDIUM), Distill(student=MEDIUM, objective=Relations())
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
