"""The models that people brought, in the home folder: one for each dataset that it is studied on, with its card and its
file. Torch-free."""

import re
import shutil
from pathlib import Path

from pydantic import ValidationError

from compression.catalog.cards import OwnModelCard
from compression.catalog.own.kept import verified
from compression.errors import DamagedFile, UnknownName, UsageError
from compression.store.files import home_path, write_atomically

# Hyphens stand alone: two of them part a model from its dataset.
NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
LONGEST_NAME = 40
CARD, FILE = "own-model.json", "model.onnx"
ADD_AGAIN = "remove the model, and add it again."


def check_model_name(name: str) -> None:
    """Raise UsageError for what can be no name."""
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        raise UsageError(
            f"A model cannot be called '{name}'; use at most {LONGEST_NAME} small letters, digits and single hyphens, "
            "such as my-model."
        )


def name_from(path: Path) -> str:
    """A name for what lies in a file or a folder, made of what that is called."""
    parts = re.findall(r"[a-z0-9]+", path.name.removesuffix(path.suffix).lower())
    return "-".join(parts)[:LONGEST_NAME].strip("-") or "mine"


def own_model_folder(name: str, dataset: str) -> Path:
    """Where a model lies, or would lie, as it is studied on a dataset."""
    return home_path() / "models" / f"{name}--{dataset}"


def own_model(name: str, dataset: str) -> OwnModelCard | None:
    """The card of a model of that name on that dataset; None where there is none. Raises DamagedFile."""
    path = own_model_folder(name, dataset) / CARD
    return _read(path) if NAME.fullmatch(name) and path.is_file() else None


def own_models(dataset: str | None = None) -> tuple[OwnModelCard, ...]:
    """The cards of all of them, or of those on one dataset, by name. Raises DamagedFile."""
    return tuple(_read(path) for path in sorted((home_path() / "models").glob(f"*--{dataset or '*'}/{CARD}")))


def own_model_file(card: OwnModelCard) -> Path:
    """The file that is studied. Raises DamagedFile when it is not as recorded."""
    return verified(own_model_folder(card.name, card.takes.name), card.file, ADD_AGAIN)


def keep_model(card: OwnModelCard) -> None:
    """Put a model whose file lies in its folder into the catalog: from now on it is there."""
    folder = own_model_folder(card.name, card.takes.name)
    write_atomically(folder / CARD, card.model_dump_json(indent=1).encode() + b"\n")


def remove_model(name: str) -> None:
    """Delete a model of one's own from all datasets. Raises UnknownName."""
    found = [card for card in own_models() if card.name == name]
    if not found:
        raise UnknownName("model of your own", name, sorted({card.name for card in own_models()}))
    for card in found:
        shutil.rmtree(own_model_folder(name, card.takes.name))


def _read(path: Path) -> OwnModelCard:
    try:
        return OwnModelCard.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise DamagedFile(path, ADD_AGAIN, because="it is no card of a model") from error
