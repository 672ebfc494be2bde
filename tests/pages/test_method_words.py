import numpy as np
import pytest

from compression.measurement.accuracy.answers import answers_of
from compression.measurement.machine.processor import LINUX_FLAGS, WINDOWS_FEATURES
from compression.measurement.timing import rounds
from compression.records.measurements import Pair
from compression.records.objectives import (
    AttentionTransfer,
    Dist,
    DistillationObjective,
    Dkd,
    FitNets,
    LogitStandardization,
    Rkd,
    SoftTargets,
)
from compression.records.recipes import Distill, Quantize, Recipe, Train
from compression.records.schemes import CLOSE_ANSWERS, EVEN_ANSWERS, Qat
from compression.records.study import Candidate, Document
from compression.store.predictions import Predictions
from compression.studies import measure_study
from pages.ui.method import machine, making
from pages.ui.method import words as method_words
from pages.ui.method.classes import NO_FALL, hurt
from pages.ui.method.costs import MEMORY_ENGINE
from pages.ui.method.time import MOST_RUNS, TOLERANCE_PERCENT, TURN_MS, UNCOUNTED_MS, UNCOUNTED_RUNS, noise
from tests.constructed import INT8, MACHINE, MEDIUM, MEDIUM_INT8, ORIGINAL, candidate, distilled, document
from tests.pages.measured_study import PAIR, TIMING


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        (
            LogitStandardization(labels_share=0.0),
            "(logit standardization, Sun et al. 2024). The labels have no weight.",
        ),
        (SoftTargets(labels_share=0.0), "the labels of the validation images are used to watch the training only."),
        (Dkd(labels_share=0.0), "The labels have no weight, but say which class is the right one."),
        (FitNets(), "(FitNets, Romero et al. 2015). The projection is thrown away"),
        (AttentionTransfer(), "(attention transfer, Zagoruyko and Komodakis 2017). Of the weight on the answers, 10%"),
        (Rkd(), "(RKD, Park et al. 2019). Of the weight on the answers, 10% is on the labels."),
        (Dkd(labels_share=0.5), "(decoupled distillation, DKD, Zhao et al. 2022). 50% of the weight is"),
        (Dist(labels_share=0.1), "(DIST, Huang et al. 2022). 10% of the weight is on the labels"),
    ],
)
def test_each_objective_says_what_it_asks_for_and_who_proposed_it(
    objective: DistillationObjective, expected: str
) -> None:
    study = document(candidate(ORIGINAL), candidate(Distill(student=MEDIUM, objective=objective)))

    assert expected in " ".join(making.choices(study))


def test_load_that_a_system_does_not_show_is_said_to_be_unknown() -> None:
    timed = document(candidate(ORIGINAL)).model_copy(update={"timing": TIMING.model_copy(update={"other_cores": None})})

    assert noise(timed)[1] == "How much of the processor others used meanwhile cannot be told on this system."


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
    hardest, fall = hurt(study)

    assert hardest.startswith("Hardest for the original is Trouser: 82.0% (79.5")
    assert "Distilled medium student with T-shirt/top: to 80.0% (77.4" in fall
    assert "having looked at 20 such differences" in fall
    level = document(answered(ORIGINAL, 950, 820), answered(INT8, 940, 800))
    assert hurt(level)[1] == NO_FALL


def test_engines_that_agree_on_every_image_are_said_to() -> None:
    agreeing = PAIR.model_copy(update={"only_first": 0, "only_second": 0})
    study = document(candidate(ORIGINAL).model_copy(update={"between_engines": (agreeing,)}))

    assert method_words._between_engines(study).startswith("Both engines got the same of all images right")


def test_files_that_were_asked_fewer_images_in_the_second_engine_are_named() -> None:
    in_part = PAIR.model_copy(update={"only_first": 0, "only_second": 0, "total": 3_000})
    study = document(
        candidate(ORIGINAL).model_copy(update={"between_engines": (in_part,)}),
        candidate(INT8).model_copy(update={"between_engines": (PAIR,)}),
    )
    assert method_words._asked_in_part(study) == [
        "Original answered the first 3,000 in the other engine too: enough to see whether the engines agree. All of "
        "them would take too long for this preset."
    ]


def test_a_machine_without_instructions_for_8_bits_is_said_to_need_several_steps() -> None:
    assert machine.eight_bits(document(candidate(ORIGINAL)))[1] == machine.SEVERAL_STEPS


def test_what_keeps_a_study_from_using_the_whole_machine_is_said() -> None:
    whole, part = MACHINE, MACHINE.model_copy(update={"physical_cores": 8, "cpu_quota": 2.5, "governor": "powersave"})

    assert dict(machine.parts(whole))["Cores"] == "2 physical cores that a study may use"
    assert "Clock rate" not in dict(machine.parts(whole))
    said = dict(machine.parts(part))
    assert said["Cores"] == "2 physical cores that a study may use, of 8; its container is allowed the time of 2.5"
    assert said["Clock rate"] == 'set by the system\'s "powersave" governor'


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("Debian GNU/Linux 12 (bookworm), Linux 6.1.0 aarch64", machine.ARM),
        ("Windows 10 AMD64", machine.X86),
        ("Linux", machine.X86 + machine.ARM),
    ],
)
def test_only_instructions_of_that_kind_of_processor_are_asked_for(system: str, expected: tuple[str, ...]) -> None:
    built = MACHINE.model_copy(update={"os": system})

    assert tuple(each.name for each in machine.instructions(built)) == expected


def test_what_windows_does_not_tell_is_not_called_absent() -> None:
    built = MACHINE.model_copy(update={"os": "Windows 10 AMD64"})
    study = document(candidate(ORIGINAL), machine=built)

    not_told = [each for each in machine.instructions(built) if each.name not in machine.TOLD_BY_WINDOWS]
    assert {each.presence for each in not_told} == {"not known"}
    assert machine.eight_bits(study)[1] == machine.NOT_TOLD


def test_a_student_that_was_quantized_does_not_pass_its_training_images_off_as_calibration() -> None:
    made = making.choices(document(candidate(ORIGINAL), candidate(MEDIUM_INT8)))

    assert not [sentence for sentence in made if "calibration" in sentence]


def test_temperatures_are_only_said_to_be_chosen_where_there_were_several() -> None:
    close, even = (candidate(Quantize(scheme=Qat(objective=aim))) for aim in (CLOSE_ANSWERS, EVEN_ANSWERS))
    chosen = "each is trained on at 1 and 4, and the one goes on"

    assert chosen in " ".join(making.choices(document(candidate(ORIGINAL), close, even)))
    assert "trained on at" not in " ".join(making.choices(document(candidate(ORIGINAL), close)))


def test_figures_that_are_part_of_the_measuring_are_those_of_its_code() -> None:
    assert TURN_MS == rounds.TURN_MS
    assert MOST_RUNS == rounds.MOST_RUNS_PER_TURN
    assert UNCOUNTED_RUNS == rounds.UNCOUNTED_RUNS
    assert UNCOUNTED_MS == rounds.UNCOUNTED_MS
    assert TOLERANCE_PERCENT / 100 == rounds.TOLERANCE
    assert method_words.ENGINE_TITLES[measure_study.DEFAULT_ENGINE] == MEMORY_ENGINE


def test_the_instructions_are_those_that_a_fingerprint_can_hold() -> None:
    assert set(machine.X86 + machine.ARM) <= set(LINUX_FLAGS.values())
    told = set(WINDOWS_FEATURES.values()) & set(machine.X86 + machine.ARM)
    assert told == set(machine.TOLD_BY_WINDOWS)


def _with_pair(pair: Pair) -> Document:
    return document(candidate(ORIGINAL), candidate(INT8), pairs=(pair,))
