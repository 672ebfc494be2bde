"""Writing files whole, and naming bytes by their hash."""

from hashlib import sha256
from pathlib import Path


def sha256_of(content: bytes) -> str:
    """SHA-256 of some bytes, as 64 hexadecimal digits."""
    return sha256(content).hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees either all of it or none of it; folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(content)
    unfinished.replace(path)
