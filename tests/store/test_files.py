"""A file is there whole or not at all, whoever else writes it at the same time."""

from pathlib import Path

import pytest

from compression.store.files import make_way, write_atomically


def test_two_can_write_the_same_file_at_once_and_the_last_to_end_has_its_way(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "file"
    with make_way(file) as first, first.open("wb") as writing:
        writing.write(b"the ")
        with make_way(file) as second:
            second.write_bytes(b"the second")
        assert file.read_bytes() == b"the second"
        writing.write(b"first")
    assert file.read_bytes() == b"the first"
    assert list(file.parent.iterdir()) == [file]


def test_of_a_writing_that_fails_nothing_is_left(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_atomically(file, b"before")
    with pytest.raises(KeyboardInterrupt), make_way(file) as unfinished:
        unfinished.write_bytes(b"aft")
        raise KeyboardInterrupt
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]
