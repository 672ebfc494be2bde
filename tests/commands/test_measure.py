"""``measure`` as a person meets it: on files that a study made, and on what is no such file."""

from pathlib import Path

from compression.catalog.rows import FASHION_MNIST
from compression.measurement.measured import Measured
from compression.store.library import read_document
from tests.conftest import FinishedRun
from tests.measurement.uncounted import uncounted
from tests.terminal import weigh_in

ON_FASHION = ("--dataset", "fashion-mnist")


def test_two_files_are_measured_and_compared_image_by_image(finished_run: FinishedRun, tmp_path: Path) -> None:
    files = [str(finished_run.out / "artefacts" / f"{name}.onnx") for name in ("distilled-small", "int8-ptq")]
    options = ("--batch", "1", "--batch", "8", "--threads", "1", "--seconds", "0.2", "--json", str(tmp_path / "m.json"))
    done = weigh_in("measure", files[0], *ON_FASHION, "--against", files[1], *options, home=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "ONNX Runtime (fp32), 8 images, 1 thread" in done.stdout
    assert "95 of 100 runs within" in done.stdout
    assert "McNemar's exact test" in done.stdout
    assert "energy for one image" in done.stdout
    assert "expects something else says nothing" in " ".join(done.stdout.split())
    measured = Measured.model_validate_json((tmp_path / "m.json").read_bytes())
    # The same files as in the study, so the same answers.
    study = read_document(finished_run.out / "study.json")
    pair = next(each for each in study.pairs if {each.first, each.second} == {"distilled-small", "int8-ptq"})
    assert measured.pair is not None
    assert {measured.pair.only_first, measured.pair.only_second} == {pair.only_first, pair.only_second}
    made = {candidate.sha256: candidate for candidate in study.candidates}
    assert all(len(noise.ratios) == 3 for noise in measured.timing.noise)
    assert [(load.engine, load.batch) for load in measured.timing.loads] == [
        (latency.engine, latency.batch) for latency in measured.files[0].latency
    ]
    for file in measured.files:
        assert file.peak_memory_bytes == file.memory_readings.added_bytes
        assert len(file.memory_readings.with_file_bytes) == 3
        assert [(pair.first, pair.second) for pair in file.between_engines] == [("onnxruntime", "openvino")]
        assert [answers.engine for answers in file.answers] == ["onnxruntime", "openvino"]
        assert file.answers[0] == made[file.sha256].answers[0]
        assert file.size_bytes == made[file.sha256].size_bytes
        assert [(each.engine, each.batch) for each in file.latency] == [
            ("onnxruntime", 1),
            ("onnxruntime", 8),
            ("openvino", 1),
            ("openvino", 8),
        ]


def test_one_file_is_measured_in_the_engine_and_the_precision_that_were_asked_for(
    finished_run: FinishedRun, tmp_path: Path
) -> None:
    file = finished_run.out / "artefacts" / "distilled-small.onnx"
    options = ("--engine", "openvino", "--precision", "bf16", "--seconds", "0.2", "--json", str(tmp_path / "m.json"))
    done = weigh_in("measure", str(file), *ON_FASHION, *options, home=tmp_path)

    if done.returncode == 2:
        assert "OpenVINO does not compute in bf16 on this processor" in done.stderr
        return
    assert done.returncode == 0, done.stderr
    measured = Measured.model_validate_json((tmp_path / "m.json").read_bytes())
    assert measured.precision == "bf16"
    assert {latency.precision for latency in measured.files[0].latency} == {"bf16"}
    assert {noise.precision for noise in measured.timing.noise} == {"bf16"}
    assert "OpenVINO (bf16), 1 image" in done.stdout
    assert "accuracy in OpenVINO (95 %)" in done.stdout
    assert "ONNX Runtime" not in done.stdout
    assert "McNemar" not in done.stdout


def test_a_file_whose_operations_nobody_can_count_is_measured_and_the_counts_are_called_not_known(
    tmp_path: Path,
) -> None:
    file = uncounted(tmp_path / "uncounted.onnx", image=FASHION_MNIST.image_shape, classes=10)
    options = ("--engine", "onnxruntime", "--batch", "1", "--threads", "1", "--seconds", "0.2")
    done = weigh_in("measure", str(file), *ON_FASHION, *options, home=tmp_path)

    assert done.returncode == 0, done.stderr
    rows = [line.split("│")[1:3] for line in done.stdout.splitlines() if line.startswith("│")]
    told = {title.strip(): cell.strip() for title, cell in rows}
    for title in ("multiply-accumulates", "moved for one image (computed)", "arithmetic in 8 bits in ONNX Runtime"):
        assert told[title] == "not known"
    assert "ONNX Runtime (fp32), 1 image, 1 thread" in done.stdout
