"""Reading a file only if it is, byte for byte, the one that was recorded."""

from pathlib import Path

from compression.catalog.cards import FileCard
from compression.errors import DamagedFile
from compression.store.files import sha256_of


def read_verified(folder: Path, card: FileCard) -> bytes:
    """The content of ``folder / card.name``. Raises DamagedFile when it is not as recorded."""
    path = folder / card.name
    remedy = f"restore it with 'git checkout -- {path}'."
    if not path.is_file():
        raise DamagedFile(path, remedy)
    content = path.read_bytes()
    if sha256_of(content) != card.sha256:
        raise DamagedFile(path, remedy)
    return content
