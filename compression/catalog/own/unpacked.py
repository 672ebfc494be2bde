"""A zip or tar that somebody sends, unpacked into a folder of its own: nothing beside it, and not without end."""

import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from compression.errors import UsageError

MOST_FILES = 1_000_000
MOST_BYTES = 50_000_000_000
DAMAGED = (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, RuntimeError, ValueError, NotImplementedError)


@contextmanager
def unpacked(source: Path) -> Iterator[Path]:
    """The folder of an archive, for as long as it is needed; whatever else ``source`` is stays as it is. Raises
    UsageError for an archive that is damaged, locked, larger than is unpacked here, or made to write elsewhere."""
    if not source.is_file() or not (zipfile.is_zipfile(source) or tarfile.is_tarfile(source)):
        yield source
        return
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / source.name.split(".", maxsplit=1)[0]
        folder.mkdir()
        try:
            if zipfile.is_zipfile(source):
                _unzip(source, folder)
            else:
                _untar(source, folder)
        except DAMAGED as error:
            raise UsageError(
                f"The archive {source.name} cannot be unpacked: it is damaged, has a password, or writes "
                "elsewhere than into its own folder."
            ) from error
        yield folder


def _unzip(source: Path, folder: Path) -> None:
    with zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
        _check(source, len(entries), sum(entry.file_size for entry in entries))
        # Takes drive letters, leading slashes and '..' off every name, and writes no link.
        archive.extractall(folder)


def _untar(source: Path, folder: Path) -> None:
    with tarfile.open(source) as archive:
        entries = archive.getmembers()
        _check(source, len(entries), sum(entry.size for entry in entries))
        # https://peps.python.org/pep-0706/: nothing outside the folder, no device, no link to elsewhere.
        archive.extractall(folder, filter="data")


def _check(source: Path, files: int, size_bytes: int) -> None:
    if files > MOST_FILES or size_bytes > MOST_BYTES:
        raise UsageError(
            f"The archive {source.name} holds {files:,} files of {size_bytes / 1e9:.1f} GB in all, and at most "
            f"{MOST_FILES:,} files of {MOST_BYTES / 1e9:.0f} GB are unpacked; unpack it yourself, and name the folder."
        )
