"""Writing files whole, and naming bytes by their hash."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from secrets import token_hex


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
