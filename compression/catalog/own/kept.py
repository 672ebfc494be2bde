"""The datasets that people brought, in the home folder: one folder each, with its card and its arrays. Torch-free."""

import csv
import io
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path

from pydantic import ValidationError

from compression.catalog.cards import ANY_DATASET_CARD, DatasetCard, FileCard
from compression.catalog.own.listing import LeftOut
from compression.errors import DamagedFile, UnknownName, UsageError
from compression.store.files import home_path, write_atomically

# What stands in addresses, on command lines and in the names of folders.
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
CARD, LEFT_OUT = "card.json", "left-out.csv"
ADD_AGAIN = "remove the dataset, and add it again."


def own_folder(name: str) -> Path:
    """Where a dataset of that name lies, or would lie. Raises UsageError for what can be no name."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"A dataset cannot be called '{name}'; use at most 40 small letters, digits and hyphens, such as my-data."
        )
    return home_path() / "datasets" / name


def own_cards() -> tuple[DatasetCard, ...]:
    """The cards of all of them, by name. A damaged one is told of when it is asked for, and is no other's trouble."""
    cards: list[DatasetCard] = []
    for path in sorted((home_path() / "datasets").glob(f"*/{CARD}")):
        with suppress(DamagedFile):
            cards.append(_read(path))
    return tuple(cards)


def own_card(name: str) -> DatasetCard | None:
    """The card of that name; None where there is none. Raises DamagedFile."""
    if not NAME.fullmatch(name):
        return None
    path = own_folder(name) / CARD
    return _read(path) if path.is_file() else None


def keep(card: DatasetCard, left_out: Iterable[LeftOut]) -> None:
    """Put a dataset whose arrays lie in its folder into the catalog: from now on it is there."""
    lines = io.StringIO()
    table = csv.writer(lines)
    table.writerow(("name", "because"))
    table.writerows((each.name, each.because) for each in left_out)
    folder = own_folder(card.name)
    write_atomically(folder / LEFT_OUT, lines.getvalue().encode())
    write_atomically(folder / CARD, card.model_dump_json(indent=1).encode() + b"\n")


def remove(name: str) -> None:
    """Delete a dataset of one's own, and what was taught on it. Raises UnknownName."""
    if not NAME.fullmatch(name) or not own_folder(name).is_dir():
        raise UnknownName("dataset of your own", name, [card.name for card in own_cards()])
    shutil.rmtree(own_folder(name))
    for taught in (home_path() / "models").glob(f"*--{name}"):
        shutil.rmtree(taught)


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file of any size."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def verified(folder: Path, card: FileCard, remedy: str = ADD_AGAIN) -> Path:
    """Where a file of one's own lies. Raises DamagedFile when it is not as recorded."""
    path = folder / card.name
    if not path.is_file() or sha256_of_file(path) != card.sha256:
        raise DamagedFile(path, remedy)
    return path


def _read(path: Path) -> DatasetCard:
    try:
        return ANY_DATASET_CARD.validate_json(path.read_bytes())
    except ValidationError as error:
        raise DamagedFile(
            path, "remove the dataset, and add it again.", because="it is no card of a dataset"
        ) from error
