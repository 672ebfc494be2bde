"""Holding a place for one process at a time. Knows nothing of what is done there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from compression.errors import UsageError


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
