"""Whether a file may be written where a person wants it, said before any work."""

import os
from pathlib import Path

from compression.errors import FolderNotUsable, UsageError


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
