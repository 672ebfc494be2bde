"""Which files of a folder are examples of what: folders named after classes, or a table of paths and labels.

Understood are, whatever the examples are: a folder for each class; the same within ``train``, ``val`` and ``test``; and
a table of paths and labels, alone or within those.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from compression.catalog.own.listing import PARTS, Found, LeftOut, Listing, Part
from compression.catalog.own.tables import TABLES, read_table
from compression.errors import UsageError

# Made by systems beside what people put there.
NOT_THEIRS = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
LAYOUTS = (
    "expected is a folder for each class, the same within 'train', 'val' and 'test', or a table with the columns "
    "'file_name' and 'label'"
)


def find_examples(source: Path) -> Listing:
    """List a folder, or what a table names, in the order of names. Raises UsageError where no example is found."""
    listing = Listing()
    if source.is_file():
        read_table(source, None, listing)
    else:
        _list_folder(_innermost(source), listing)
    if not listing.found:
        raise UsageError(f"No examples were found in {source.name}; {LAYOUTS}.")
    return listing


def _list_folder(top: Path, listing: Listing) -> None:
    folders = _folders(top)
    # A class may be called 'test': only where all folders are parts do the classes lie within them.
    parts = [PARTS.get(each.name.lower()) for each in folders]
    within = list(zip(folders, parts, strict=True)) if folders and all(parts) else []
    tables = _tables(top)
    if tables:
        read_table(tables[0], None, listing)
        return
    for folder, part in within or [(top, None)]:
        tables = _tables(folder)
        if tables:
            read_table(tables[0], part, listing)
        else:
            _list_classes(folder, part, top, listing)


def _list_classes(folder: Path, part: Part | None, top: Path, listing: Listing) -> None:
    for file in sorted(each for each in folder.iterdir() if each.is_file()):
        because = "it is the system's" if _is_systems(file.relative_to(top)) else "it lies in no class's folder"
        listing.left_out.append(LeftOut(name=str(file.relative_to(top)), because=because))
    for label in _folders(folder):
        for file in _files_below(label):
            name = file.relative_to(top)
            if _is_systems(name):
                listing.left_out.append(LeftOut(name=str(name), because="it is the system's"))
            else:
                listing.found.append(Found(path=file, name=str(name), label=label.name, part=part))


def _innermost(folder: Path) -> Path:
    """An archive often holds one folder that holds everything."""
    folders = _folders(folder)
    alone = len(folders) == 1 and folders[0].name.lower() not in PARTS
    if alone and not _tables(folder) and _folders(folders[0]):
        return _innermost(folders[0])
    return folder


def _folders(folder: Path) -> list[Path]:
    """In the order of their names, by which torchvision's loader of such folders numbers classes as well."""
    return sorted(each for each in folder.iterdir() if each.is_dir() and not _is_systems(Path(each.name)))


def _tables(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if each.is_file() and each.suffix.lower() in TABLES)


def _files_below(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(root, name) for name in sorted(files))


def _is_systems(name: Path) -> bool:
    return any(each.startswith(".") or each in NOT_THEIRS for each in name.parts)
