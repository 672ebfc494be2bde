"""An example of one's own is answered by a process apart, which leaves nothing behind."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from compression.errors import UsageError
from compression.store.library import RECORDED, recorded_studies
from compression.studies.ask_files import ask_files

STUDY = recorded_studies(RECORDED)[0].study.id


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process makes its temporary folders."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


class Starter:
    """Starts a script of Python in place of the command, and remembers the process."""

    def __init__(self, script: str) -> None:
        self._script = script
        self.started: list[subprocess.Popen[bytes]] = []

    def __call__(
        self,
        arguments: Sequence[str],
        *,
        home: Path,
        log: Path,
        threads: int,
        detached: bool = False,
        large_pages: bool = False,
    ) -> "subprocess.Popen[bytes]":
        del arguments, home, threads, detached, large_pages
        with log.open("wb") as output:
            self.started.append(subprocess.Popen([sys.executable, "-c", self._script], stderr=output))
        return self.started[-1]


def test_what_cannot_be_read_is_one_sentence_and_leaves_nothing(temporary: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^This file cannot be used: it is empty\.$"):
        ask_files(STUDY, b"", tmp_path / "home")
    assert list(temporary.iterdir()) == []


def test_a_process_that_takes_too_long_is_ended_and_leaves_nothing(temporary: Path, tmp_path: Path) -> None:
    sleeping, begun = Starter("import time; time.sleep(600)"), time.monotonic()
    with pytest.raises(UsageError, match="had not answered after 1 seconds"):
        ask_files(STUDY, b"", tmp_path / "home", patience_seconds=1.0, start_process=sleeping)

    assert time.monotonic() - begun < 60
    assert [process.poll() is None for process in sleeping.started] == [False]
    assert list(temporary.iterdir()) == []


def test_a_bug_looks_like_one(temporary: Path, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ValueError: wrong"):
        ask_files(STUDY, b"", tmp_path / "home", start_process=Starter("raise ValueError('wrong')"))
    assert list(temporary.iterdir()) == []
