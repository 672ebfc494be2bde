"""Keeping a folder of files that can be made again within bounds. Knows nothing of what they hold."""

import os
from pathlib import Path


def mark_used(file: Path) -> None:
    """Count a file as used now, for ``prune``."""
    os.utime(file)


def prune(folder: Path, *, limit_bytes: int, keep: Path) -> None:
    """Delete what was used longest ago until the files of ``folder`` fit into ``limit_bytes``; ``keep`` stays."""
    found = [(file.stat(), file) for file in folder.iterdir() if file.is_file()]
    total = sum(status.st_size for status, _ in found)
    for status, file in sorted(found, key=lambda entry: entry[0].st_mtime):
        if total <= limit_bytes:
            return
        if file != keep:
            file.unlink(missing_ok=True)
            total -= status.st_size
