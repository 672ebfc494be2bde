"""The command line as a person meets it: its exit codes, and what it prints; in real processes where these matter."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from compression.store.library import read_document
from compression.store.predictions import read_predictions
from compression.studies.launchers.local import ROOT
from tests.conftest import FinishedRun
from tests.terminal import weigh_in, weigh_in_here


def run(out: Path, home: Path, checkout: Path | None = None, **changed: str) -> subprocess.CompletedProcess[str]:
    options = {"model": "mobilenet_v2", "dataset": "fashion-mnist", "preset": "preview", "out": str(out)} | changed
    flat = [part for name, value in options.items() for part in (f"--{name}", value)]
    if checkout is None:
        return weigh_in_here("run", *flat, home=home)
    return weigh_in("run", *flat, home=home, checkout=checkout)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"model": "resnet81"}, "There is no model called 'resnet81'; did you mean 'resnet18'?"),
        ({"dataset": "fashion_mnist"}, "There is no dataset called 'fashion_mnist'; did you mean 'fashion-mnist'?"),
        ({"preset": "slow"}, "There is no preset called 'slow'; choose one of: preview, quick, standard, thorough."),
        (
            {"student": "huge"},
            "'huge' is no size of a student; write how large its file may be, such as '100 KB', or '1.5 MB separable' "
            "for one of depthwise-separable convolutions.",
        ),
    ],
)
def test_a_wrong_name_is_one_sentence_and_exit_2(changed: dict[str, str], sentence: str, tmp_path: Path) -> None:
    result = run(tmp_path / "out", tmp_path / "home", **changed)
    assert result.returncode == 2
    assert result.stderr.strip() == sentence
    assert not (tmp_path / "out").exists()


def test_a_missing_option_is_exit_2(tmp_path: Path) -> None:
    result = weigh_in_here("run", "--model", "resnet18", home=tmp_path)
    assert result.returncode == 2
    assert "Missing option '--dataset'" in result.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--calibration-examples", "5"),
            "'--calibration-examples' / '--calibration-images': Input should be greater than or equal to 10",
        ),
        (("--largest-drop", "2"), "'--largest-drop': Input should be less than or equal to 0.5"),
        (("--scheme", "int5"), "There is no scheme called 'int5'; choose one of: fp16, int4-weights,"),
        (("--largest-drop", "0.01"), "for the scheme int8-accuracy-aware, which this study does not try; choose that"),
    ],
)
def test_a_wrong_number_for_a_scheme_is_one_sentence_and_exit_2(
    options: tuple[str, str], sentence: str, tmp_path: Path
) -> None:
    request = ("--model", "mobilenet_v2", "--dataset", "fashion-mnist", "--preset", "preview")
    result = weigh_in_here("run", *request, *options, "--out", str(tmp_path / "out"), home=tmp_path / "home")
    assert result.returncode == 2
    # What typer says stands in a box, which breaks lines.
    assert sentence in " ".join(result.stderr.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_a_study_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text("{}")
    result = run(tmp_path, tmp_path / "home")
    assert result.returncode == 2
    assert "holds a study already; choose another one for --out" in result.stderr
    assert (tmp_path / "study.json").read_text() == "{}"


def test_a_folder_that_cannot_be_made_is_refused_before_any_work(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    result = run(blocked / "out", tmp_path / "home")
    assert result.returncode == 2
    assert "cannot be made" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unknown_study_cannot_be_reported_on(tmp_path: Path) -> None:
    result = weigh_in("report", "nothing", "--out", str(tmp_path / "out"), home=tmp_path / "home")
    assert result.returncode == 2
    assert "There is no study called 'nothing'" in result.stderr


def test_a_run_writes_the_study_the_report_and_the_files(finished_run: FinishedRun, tmp_path: Path) -> None:
    out, home, said = finished_run.out, finished_run.home, finished_run.process.stdout
    document = read_document(out / "study.json")
    assert document.study.state == "completed"
    for candidate in document.candidates:
        assert (out / candidate.artefact).stat().st_size == candidate.size_bytes
        assert candidate.predictions is not None
        assert read_predictions(out / candidate.predictions).classes.size == 10_000
    assert document.verdict is not None
    assert document.verdict.headline in said.replace("\n", " ")
    assert "<html" in (out / "report.html").read_text()
    # Elsewhere than on a terminal: plain lines, one a stage.
    assert said.count("distillation: training distilled-small") == 1
    assert "\x1b" not in said

    listed = weigh_in("list", home=home)
    assert document.study.id in listed.stdout
    again = weigh_in("report", document.study.id, "--out", str(tmp_path / "copy"), home=home)
    assert again.returncode == 0
    assert read_document(tmp_path / "copy" / "study.json") == document


@pytest.mark.study
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_everything_and_keeps_what_was_finished(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "compression",
            "run",
            "--model",
            "mobilenet_v2",
            "--dataset",
            "fashion-mnist",
            "--preset",
            "preview",
            "--out",
            str(tmp_path / "out"),
        ],
        cwd=ROOT,
        env=os.environ | {"WEIGHIN_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background of a script inherit an ignored SIGINT; on a terminal it is not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("distillation:"):
            break
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) >= 2
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "what was finished is kept" in stderr
    patience = time.monotonic() + 10
    while any(child.is_running() for child in family):
        assert time.monotonic() < patience
        time.sleep(0.1)
    listed = weigh_in("list", home=tmp_path / "home")
    assert "interrupted" in listed.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the program whose bundled files may be damaged."""
    shutil.copytree(ROOT / "compression", tmp_path / "checkout" / "compression")
    shutil.copytree(ROOT / "assets" / "datasets", tmp_path / "checkout" / "assets" / "datasets")
    shutil.copytree(ROOT / "assets" / "models", tmp_path / "checkout" / "assets" / "models")
    return tmp_path / "checkout"


@pytest.mark.parametrize(
    "name",
    ["datasets/fashion-mnist/train-images-idx3-ubyte.gz", "models/mobilenet_v2--fashion-mnist/weights.safetensors"],
)
def test_a_damaged_bundled_file_is_found_before_any_work(name: str, checkout: Path, tmp_path: Path) -> None:
    damaged = checkout / "assets" / name
    damaged.write_bytes(damaged.read_bytes()[:-1])
    result = run(tmp_path / "out", tmp_path / "home", checkout=checkout)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"{damaged} is missing or damaged" in result.stderr
    assert f"git checkout -- {damaged}" in result.stderr
    assert not (tmp_path / "home").exists()
