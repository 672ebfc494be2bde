"""What is done about a file that was found wrong: another way, a word, or a refusal."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from compression.errors import CandidateFailed
from compression.methods.quantization.check import Checked, Checker
from compression.methods.quantization.findings import Falls, Finding, NotAsWritten, NotFinite
from compression.methods.quantization.repair import repaired
from compression.methods.quantization.scorer import Scorer
from tests.methods.quantization.conftest import drawn, labelled
from tests.methods.quantization.networks import CLASSES, convolutional, save

WRONG = NotAsWritten(engine="openvino", batch=250, fixed=False, changed=0.8)
FALLEN = Falls(engine="openvino", before=0.8, after=0.6, examples=500)
BROKEN = NotFinite(engine="onnxruntime", broken=3, examples=500)


class Told(Checker):
    """A checker that is told what is wrong with each file, by its content."""

    def __init__(self, findings: Mapping[str, tuple[tuple[Finding, ...], float]]) -> None:
        self._told = findings

    def check(self, file: Path, *, explained: float) -> Checked:  # noqa: ARG002
        found, accuracy = self._told[file.read_text()]
        return Checked(findings=found, examples=500, original=0.8, accuracies={"openvino": accuracy})


def made(ways: Mapping[str, tuple[tuple[Finding, ...], float]], target: Path) -> Checked:
    def make(way: str, file: Path) -> None:
        file.write_text(way)

    return repaired(list(ways), make, target, Told(ways), explained=0.02)


def test_the_usual_file_is_kept_when_nothing_is_wrong(tmp_path: Path) -> None:
    target = tmp_path / "small.onnx"
    checked = made({"usual": ((), 0.8), "other": ((), 0.9)}, target)
    assert target.read_text() == "usual"
    assert checked.repaired == ()


def test_the_first_way_that_is_right_replaces_one_that_is_wrong(tmp_path: Path) -> None:
    target = tmp_path / "small.onnx"
    checked = made({"usual": ((WRONG, FALLEN), 0.2), "worse": ((WRONG,), 0.1), "right": ((), 0.8)}, target)
    assert target.read_text() == "right"
    assert checked.findings == ()
    assert checked.repaired == (WRONG, FALLEN)


def test_of_ways_that_all_fall_the_best_is_kept_and_said(tmp_path: Path) -> None:
    target = tmp_path / "small.onnx"
    checked = made({"usual": ((FALLEN,), 0.6), "best": ((FALLEN,), 0.7), "last": ((FALLEN,), 0.65)}, target)
    assert target.read_text() == "best"
    assert checked.findings == (FALLEN,)
    assert checked.repaired == ()


def test_a_file_whose_scores_are_no_numbers_is_refused_and_not_left(tmp_path: Path) -> None:
    target = tmp_path / "small.onnx"
    with pytest.raises(CandidateFailed, match="not finite numbers for 3 of 500 examples"):
        made({"usual": ((BROKEN,), 0.1)}, target)
    assert not target.exists()


def test_both_engines_are_really_asked(classifier: Path, scorer: Scorer, tmp_path: Path) -> None:
    checked = scorer.checker_of(classifier).check(classifier, explained=0.0)
    assert checked.findings == ()
    assert checked.accuracies == {"onnxruntime": 1.0, "openvino": 1.0}
    other = convolutional(tmp_path / "other.onnx", channels=(4, 8))
    found = scorer.checker_of(classifier).check(other, explained=0.02).findings
    assert {type(each) for each in found} == {Falls}
    assert {each.engine for each in found} == {"onnxruntime", "openvino"}


def test_what_files_are_made_from_is_asked_once_for_all_of_them(classifier: Path) -> None:
    scorer = Scorer(None, threads=lambda: 1)
    assert scorer.checker_of(classifier) is scorer.checker_of(classifier)


def test_without_examples_some_are_made_up(classifier: Path) -> None:
    checked = Scorer(None, threads=lambda: 1).checker_of(classifier).check(classifier, explained=0.0)
    assert (checked.findings, checked.original) == ((), None)


def test_a_file_that_gives_no_numbers_is_found(classifier: Path, tmp_path: Path) -> None:
    from onnx import helper

    nodes = [
        helper.make_node("Flatten", ["pixels"], ["f"]),
        helper.make_node("MatMul", ["f", "w"], ["m"]),
        helper.make_node("Mul", ["m", "huge"], ["scores"]),
    ]
    broken = save(
        tmp_path / "broken.onnx",
        nodes,
        {"w": np.ones((64, CLASSES), np.float32), "huge": np.array(np.inf, np.float32)},
    )
    images = drawn(40, seed=3)
    scorer = Scorer(labelled(images, np.zeros(40, np.int64)), threads=lambda: 1)
    found = scorer.checker_of(classifier).check(broken, explained=0.02).findings
    assert {each.engine for each in found if isinstance(each, NotFinite)} == {"onnxruntime", "openvino"}
