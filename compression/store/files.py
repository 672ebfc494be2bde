"""The home folder (``WEIGHIN_HOME``, or the platform's folder for user data) and the files in it: written whole, named
by their hash, held by one process at a time, and pruned where they can be made again.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from compression.errors import UsageError


def sha256_of(content: bytes) -> str:
    """SHA-256 of some bytes, as 64 hexadecimal digits."""
    return sha256(content).hexdigest()


@contextmanager
def make_way(path: Path) -> Iterator[Path]:
    """Yield a path to write to, which becomes ``path`` at the end, so that a reader sees all of the file or none of it.

    Nothing is left when the writing fails. Two may write the same file at once: each writes one of its own, and the
    last to end has its way. Folders are made as needed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{token_hex(4)}.part")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees either all of it or none of it; folders are made as needed."""
    with make_way(path) as unfinished:
        unfinished.write_bytes(content)


@contextmanager
def held_alone(lock: Path, otherwise: str) -> Iterator[None]:
    """Hold the file ``lock``. Raises UsageError with the sentence ``otherwise`` while another process holds it.

    The system lets go of it when a process ends, in whatever way. The empty file stays: were it deleted, one process
    could hold it while the next makes, and holds, another of its name.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    held = FileLock(lock)
    try:
        held.acquire(blocking=False)
    except Timeout as taken:
        raise UsageError(otherwise) from taken
    try:
        yield
    finally:
        held.release()


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


def home_path() -> Path:
    """Where the home folder is, or would be: for who only looks."""
    chosen = os.environ.get("WEIGHIN_HOME")
    return Path(chosen).expanduser() if chosen else user_data_path("weigh-in")


def home_folder() -> Path:
    """The home folder, made if need be. Raises UsageError when it cannot be written to."""
    folder = home_path()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"Weigh-In cannot write to its home folder {folder} ({error.strerror}); "
            "set WEIGHIN_HOME to a folder that you may write to."
        ) from error
    return folder
