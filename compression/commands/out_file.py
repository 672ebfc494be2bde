"""The files that a person asks for: whether they may be written there, said before any work, and writing them after."""

import os
from collections.abc import Mapping
from pathlib import Path

from compression.errors import FolderNotUsable, UsageError
from compression.store.files import write_atomically


def require_free(out: Path, option: str = "--out") -> None:
    """Raise UsageError when there is an ``out`` already, FolderNotUsable when nothing can be written there.

    ``option`` is the one it was named by.
    """
    if out.exists():
        raise UsageError(f"There is a {out} already, and it is left as it is; choose another name for {option}.")
    if not out.parent.is_dir():
        raise FolderNotUsable(f"There is no folder {out.parent} to write {out.name} to; make it first.")
    if not os.access(out.parent, os.W_OK):
        raise FolderNotUsable(f"The folder {out.parent} cannot be written to; choose another one for {option}.")


def hand_over(finished: Mapping[Path, Path]) -> None:
    """Copy each finished file to the place that it is mapped to: all of them or, whatever happens meanwhile, none.

    Raises UsageError when somebody has put a file there since the first look.
    """
    for place in finished.values():
        require_free(place)
    try:
        for file, place in finished.items():
            write_atomically(place, file.read_bytes())
    except BaseException:
        for place in finished.values():
            place.unlink(missing_ok=True)
        raise
