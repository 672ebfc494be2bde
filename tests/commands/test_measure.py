"""``measure`` as a person meets it: on files that a study made, and on what is no such file."""

from pathlib import Path

import pytest

from compression.measurement.side_by_side import Measured
from compression.store.shelf import read_document
from tests.conftest import FinishedRun
from tests.terminal import weigh_in

ON_FASHION = ("--dataset", "fashion-mnist")


def test_two_files_are_measured_and_compared_image_by_image(finished_run: FinishedRun, tmp_path: Path) -> None:
    files = [str(finished_run.out / "artefacts" / f"{name}.onnx") for name in ("distilled-small", "control-small")]
    options = ("--batch", "1", "--batch", "8", "--threads", "1", "--seconds", "0.2", "--json", str(tmp_path / "m.json"))
    done = weigh_in("measure", files[0], *ON_FASHION, "--against", files[1], *options, home=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "ONNX Runtime (fp32), 8 images, 1 thread" in done.stdout
    assert "McNemar's exact test" in done.stdout
    assert "energy for one image" in done.stdout
    assert "expects something else says nothing" in " ".join(done.stdout.split())
    measured = Measured.model_validate_json((tmp_path / "m.json").read_bytes())
    # The same files as in the study, so the same answers.
    study = read_document(finished_run.out / "study.json")
    pair = next(each for each in study.pairs if {each.first, each.second} == {"distilled-small", "control-small"})
    assert measured.pair is not None
    assert {measured.pair.only_first, measured.pair.only_second} == {pair.only_first, pair.only_second}
    made = {candidate.sha256: candidate for candidate in study.candidates}
    assert all(len(noise.ratios) == 3 for noise in measured.timing.noise)
    for file in measured.files:
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


def test_one_file_is_measured_in_the_engine_that_was_asked_for(finished_run: FinishedRun, tmp_path: Path) -> None:
    file = finished_run.out / "artefacts" / "control-small.onnx"
    done = weigh_in("measure", str(file), *ON_FASHION, "--engine", "openvino", "--seconds", "0.2", home=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "accuracy in OpenVINO (95 %)" in done.stdout
    assert "ONNX Runtime" not in done.stdout
    assert "McNemar" not in done.stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "The model file.onnx cannot be measured: it is not an ONNX file"),
        (("--engine", "tensorrt"), "There is no engine called 'tensorrt'"),
        (("--batch", "5001"), "A batch of 5001 cannot be made of the 5000 validation images"),
        (("--json", "nowhere/m.json"), "There is no folder nowhere to write m.json to"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence_and_exit_2(
    options: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    file = tmp_path / "file.onnx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    done = weigh_in("measure", str(file), *ON_FASHION, *options, home=tmp_path)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().count("\n") == 0
