"""Reading a file only if it is, byte for byte, the one that was recorded."""

from pathlib import Path

from compression.catalog.cards import FileCard
from compression.errors import DamagedFile
from compression.store.files import sha256_of


def read_verified(folder: Path, card: FileCard, remedy: str) -> bytes:
    """The content of ``folder / card.name``. Raises DamagedFile, ending in ``remedy``, when it is not as recorded."""
    path = folder / card.name
    if not path.is_file():
        raise DamagedFile(path, remedy)
    content = path.read_bytes()
    if sha256_of(content) != card.sha256:
        raise DamagedFile(path, remedy)
    return content
