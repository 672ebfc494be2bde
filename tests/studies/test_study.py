"""A whole study, with real processes: it ends with everything measured, or says why it did not."""

import shutil
import time
from itertools import combinations
from pathlib import Path

import numpy as np
import psutil
import pytest

from compression.modalities.choose import CATALOG
from compression.modalities.image.sizes import STUDENTS
from compression.records.study import ALIVE, Study
from compression.store.library import Library, document_of
from compression.store.studies import Store
from compression.studies.estimate import estimate
from compression.studies.launchers.local import start
from compression.studies.layer_findings import LOOKING
from compression.studies.measure_study import measure_answers
from compression.studies.presets import preset_named
from compression.studies.supervisor import Supervisor
from tests.conftest import PREVIEW, FinishedRun

SMALL = STUDENTS["small"]
# One of these is on the command line of each of a study's processes.
OURS = {"compression", "work", "lane"}


@pytest.fixture(scope="module")
def store(finished_run: FinishedRun) -> Store:
    return Store(finished_run.home)


def drive(store: Store, supervisor: Supervisor, study: Study, seconds: float = 240.0) -> Study:
    """Let the supervisor work until the study has ended."""
    patience = time.monotonic() + seconds
    while store.study(study.id).state in ALIVE:
        assert time.monotonic() < patience, store.progress(study.id)[-1]
        supervisor.step()
        time.sleep(0.2)
    supervisor.wait()
    return store.study(study.id)


def wait_for(condition: object, seconds: float = 120.0) -> None:
    patience = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < patience
        time.sleep(0.1)


def children() -> list[psutil.Process]:
    """All processes that come from this one, dead ones that nobody has waited for left out."""
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if child.is_running() and child.status() != psutil.STATUS_ZOMBIE and OURS & set(child.cmdline())
    ]


@pytest.fixture(scope="module")
def completed(store: Store) -> Study:
    return store.studies()[-1]


class TestACompletedStudy:
    def test_has_a_measured_file_for_each_recipe(self, store: Store, completed: Study) -> None:
        assert completed.state == "completed", store.log_file(completed.id).read_text()
        candidates = store.results.candidates(completed.id)
        assert {candidate.id for candidate in candidates} == {
            "original",
            "int8-ptq",
            "distilled-small",
        }
        for candidate in candidates:
            artefact = store.folder(completed.id) / candidate.artefact
            assert artefact.stat().st_size == candidate.size_bytes
            assert candidate.accuracy is not None
            assert candidate.accuracy.total == 10_000
            assert {(latency.engine, latency.batch) for latency in candidate.latency} == {
                ("onnxruntime", 1),
                ("onnxruntime", 32),
                ("openvino", 1),
                ("openvino", 32),
            }
            assert {answers.engine for answers in candidate.answers} == {"onnxruntime", "openvino"}
            assert [pair.total for pair in candidate.between_engines] == [10_000]
            assert candidate.answers[0].accuracy == candidate.accuracy
            assert candidate.peak_memory_bytes is not None
            assert candidate.baseline_memory_bytes
            assert 0 < candidate.download_bytes < 1.1 * candidate.size_bytes

    def test_compares_every_two_candidates_image_by_image(self, store: Store, completed: Study) -> None:
        names = [candidate.id for candidate in store.results.candidates(completed.id)]
        pairs = store.results.pairs(completed.id)
        assert [(pair.first, pair.second) for pair in pairs] == list(combinations(names, 2))
        accuracy = {candidate.id: candidate.accuracy for candidate in store.results.candidates(completed.id)}
        for pair in pairs:
            assert pair.difference == pytest.approx(accuracy[pair.first].value - accuracy[pair.second].value)

    def test_keeps_what_the_engines_showed_of_a_quantized_file(self, store: Store, completed: Study) -> None:
        checks = {candidate.id: candidate.check for candidate in store.results.candidates(completed.id)}
        assert checks["int8-ptq"] is not None
        assert checks["original"] is checks["distilled-small"] is None

    def test_runs_its_int8_file_in_8_bits(self, store: Store, completed: Study) -> None:
        kernels = {candidate.id: candidate.kernels for candidate in store.results.candidates(completed.id)}
        assert all(each.low_precision_macs > 0.5 for each in kernels["int8-ptq"])
        assert all(each.low_precision_macs == 0 for each in kernels["original"])

    def test_says_how_well_the_machine_tells_files_apart(self, store: Store, completed: Study) -> None:
        timing = store.results.timing(completed.id)
        assert timing is not None
        original = next(candidate for candidate in store.results.candidates(completed.id) if candidate.id == "original")
        assert [(noise.engine, noise.batch) for noise in timing.noise] == [
            (latency.engine, latency.batch) for latency in original.latency
        ]
        assert all(len(noise.ratios) == 3 for noise in timing.noise)
        assert {noise.candidate for noise in timing.files} == {"int8-ptq", "distilled-small"}
        assert all(len(noise.ratios) == 3 for noise in timing.files)
        assert timing.other_cores is not None

    def test_keeps_what_it_was_about(self, store: Store, completed: Study) -> None:
        subject = store.results.subject(completed.id)
        assert subject is not None
        assert subject.title == "MobileNetV2 on Fashion-MNIST"
        assert subject.validation_examples == 5_000

    def test_has_a_verdict_and_a_machine(self, store: Store, completed: Study) -> None:
        document = document_of(store, completed.id)
        assert document.verdict is not None
        assert document.machine is not None
        assert document.machine.cores >= 1
        assert completed.seconds is not None

    def test_worked_in_both_lanes_at_once(self, store: Store, completed: Study) -> None:
        spans = {}
        for lane in ("distillation", "quantization"):
            times = [
                step.at for step in store.progress(completed.id) if step.lane == lane and step.candidate != "original"
            ]
            spans[lane] = (min(times), max(times))
        assert max(span[0] for span in spans.values()) < max(span[1] for span in spans.values())

    def test_tests_every_file_in_its_lane_so_that_only_timing_is_left(self, store: Store, completed: Study) -> None:
        told = store.progress(completed.id)
        made = {candidate.id for candidate in store.results.candidates(completed.id)}
        assert {step.candidate for step in told if step.stage == "checking accuracy"} == made
        assert "checking accuracy" not in {step.stage for step in told if step.lane is None}
        # What was quantized got a look at validation examples before; the original's accuracy is on its card.
        seen = {step.candidate for step in told if step.stage == "first look"}
        assert seen == {"int8-ptq"}

    def test_measures_in_its_lanes_what_it_would_measure_at_the_end(
        self, store: Store, completed: Study, tmp_path: Path
    ) -> None:
        own = Store(tmp_path)
        study = own.add(PREVIEW)
        shutil.copytree(store.folder(completed.id) / "artefacts", own.folder(study.id) / "artefacts")
        in_lanes = store.results.candidates(completed.id)
        for each in in_lanes:
            own.results.put_candidate(study.id, each.model_copy(update={"accuracy": None, "answers": ()}))
        card = CATALOG.dataset_card(PREVIEW.dataset)
        dataset = CATALOG.modality_of(card).load(card)
        measure_answers(own, study, dataset, preset_named("preview"), threads=2, tell=lambda _stage, _done: None)

        assert [(each.accuracy, each.answers) for each in own.results.candidates(study.id)] == [
            (each.accuracy, each.answers) for each in in_lanes
        ]
        assert own.results.pairs(study.id) == store.results.pairs(completed.id)

    def test_left_no_process_behind(self, completed: Study) -> None:
        assert completed.state == "completed"
        wait_for(lambda: not children(), seconds=10)

    def test_gives_the_estimate_for_the_next_one(self, store: Store, completed: Study, tmp_path: Path) -> None:
        found = estimate(Library(store, recorded=tmp_path), PREVIEW)
        assert found is not None
        assert found.measured_here
        assert found.seconds == completed.seconds


class TestTheLayersOfTheOriginal:
    def test_are_looked_into_when_the_lanes_are_done_and_not_again_when_the_study_is_resumed(
        self, store: Store, completed: Study, tmp_path: Path
    ) -> None:
        # The finished preview as part of a longer study, which only has a student in int8 to make.
        own = Store(tmp_path)
        options = PREVIEW.options.model_copy(update={"students": (SMALL,), "schemes": ("int8-ptq",)})
        study = own.add(PREVIEW.model_copy(update={"preset": "quick", "options": options}))
        shutil.copytree(store.folder(completed.id), own.folder(study.id))
        for candidate in store.results.candidates(completed.id):
            own.results.put_candidate(study.id, candidate)
        supervisor = Supervisor(own)

        def told_until(stage: str) -> list[str]:
            """The worker's stages since it was started."""
            before = len(own.progress(study.id))
            supervisor.step()
            wait_for(lambda: any(step.stage == stage for step in own.progress(study.id)[before:]))
            return [step.stage for step in own.progress(study.id)[before:] if step.lane is None]

        try:
            stages = told_until("timing")
            assert list(dict.fromkeys(stages)) == ["preparing", LOOKING, "timing"]
            layers = document_of(own, study.id).layers
            assert len(layers) == 53
            assert all([each.candidate for each in layer.roundings] == ["int8-ptq"] for layer in layers)
            assert "goes on without" not in own.log_file(study.id).read_text()
            supervisor.stop_study(study.id, "test over")
            own.requeue(study.id)
            assert list(dict.fromkeys(told_until("timing"))) == ["preparing", "timing"]
            assert own.results.layers(study.id) == layers
        finally:
            supervisor.stop_study(study.id, "test over")


class TestAStudyInTrouble:
    def test_ends_soon_when_it_is_cancelled(self, store: Store) -> None:
        supervisor, study = Supervisor(store), store.add(PREVIEW)
        supervisor.step()
        wait_for(lambda: store.progress(study.id))
        store.request_cancel(study.id)
        started = time.monotonic()
        assert drive(store, supervisor, study, seconds=15).state == "cancelled"
        assert time.monotonic() - started < 15
        assert not children()

    def test_goes_on_without_a_student_whose_training_breaks_down(
        self, store: Store, completed: Study, tmp_path: Path
    ) -> None:
        # A teacher whose answers are no numbers, such as one that overflows.
        own = Store(tmp_path)
        study = own.add(PREVIEW)
        assert own.claim_next() is not None
        shutil.copytree(store.folder(completed.id) / "artefacts", own.folder(study.id) / "artefacts")
        own.results.put_candidate(study.id, store.results.candidates(completed.id)[0])
        (logits,) = (store.home / "cache").glob("teacher-logits-*.npy")
        (own.home / "cache").mkdir()
        np.save(own.home / "cache" / logits.name, np.full_like(np.load(logits), np.nan))

        lane = start(["lane", study.id, "distillation"], home=own.home, log=own.log_file(study.id), threads=1)
        assert lane.wait(120) == 0, own.log_file(study.id).read_text()
        assert [candidate.id for candidate in own.results.candidates(study.id)] == ["original"]
        (failure,) = own.results.failures(study.id)
        assert failure.candidate == "distilled-small"
        assert failure.message.startswith("The training broke down in epoch 1")
        assert own.study(study.id).state == "running"

    def test_fails_with_the_sentence_of_its_error(self, store: Store) -> None:
        supervisor = Supervisor(store)
        study = store.add(PREVIEW.model_copy(update={"model": "resnet81"}))
        assert drive(store, supervisor, study).state == "failed"
        message = store.study(study.id).message
        assert message is not None
        assert "no model called 'resnet81'" in message

    def test_is_cancelled_at_once_while_it_waits(self, store: Store) -> None:
        study = store.add(PREVIEW)
        store.request_cancel(study.id)
        Supervisor(store).step()
        assert store.study(study.id).state == "cancelled"
