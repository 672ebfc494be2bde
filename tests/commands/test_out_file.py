"""Files that were asked for together are written together, over nobody else's."""

from pathlib import Path

import pytest

from compression.commands.out_file import hand_over
from compression.errors import UsageError


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    (tmp_path / "finished").write_bytes(b"the student")
    return tmp_path / "finished"


def test_finished_files_are_handed_over(finished: Path, tmp_path: Path) -> None:
    hand_over({finished: tmp_path / "student.onnx"})
    assert (tmp_path / "student.onnx").read_bytes() == finished.read_bytes() == b"the student"


def test_when_one_cannot_be_written_none_is(finished: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        hand_over({finished: tmp_path / "student.onnx", tmp_path / "gone": tmp_path / "control.onnx"})
    assert list(tmp_path.iterdir()) == [finished]


def test_a_file_that_was_put_there_meanwhile_stays(finished: Path, tmp_path: Path) -> None:
    (tmp_path / "control.onnx").write_bytes(b"mine")
    with pytest.raises(UsageError, match="left as it is"):
        hand_over({finished: tmp_path / "student.onnx", tmp_path / "gone": tmp_path / "control.onnx"})
    assert not (tmp_path / "student.onnx").exists()
    assert (tmp_path / "control.onnx").read_bytes() == b"mine"
