"""A cache that grows too large loses what was used longest ago, and never what was just made."""

import os
from pathlib import Path

from compression.store.files import mark_used, prune


def file_used_at(folder: Path, name: str, moment: float, size_bytes: int = 100) -> Path:
    file = folder / name
    file.write_bytes(bytes(size_bytes))
    os.utime(file, (moment, moment))
    return file


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_what_was_used_longest_ago_goes_first_and_no_more_than_needed(tmp_path: Path) -> None:
    files = [file_used_at(tmp_path, name, moment) for moment, name in enumerate("abcd")]
    mark_used(files[0])
    prune(tmp_path, limit_bytes=250, keep=files[3])

    assert names(tmp_path) == {"a", "d"}


def test_within_the_limit_nothing_goes(tmp_path: Path) -> None:
    file_used_at(tmp_path, "a", 0)
    prune(tmp_path, limit_bytes=200, keep=file_used_at(tmp_path, "b", 1))

    assert names(tmp_path) == {"a", "b"}


def test_what_was_just_made_stays_however_large_it_is(tmp_path: Path) -> None:
    file_used_at(tmp_path, "later", 5)
    kept = file_used_at(tmp_path, "just made", 0, size_bytes=1000)
    prune(tmp_path, limit_bytes=10, keep=kept)

    assert names(tmp_path) == {"just made"}
