"""``add-dataset``, ``add-model`` and their siblings: what people bring, in the catalog under a name."""

import shutil
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from itertools import count as counted
from pathlib import Path

from rich.table import Table

from compression.catalog.cards import DatasetCard, OwnModelCard
from compression.catalog.own.found import find_examples
from compression.catalog.own.kept import LEFT_OUT, keep, own_folder
from compression.catalog.own.listing import LeftOut
from compression.catalog.own.models import FILE, check_model_name, keep_model, name_from, own_model_folder, own_models
from compression.catalog.own.unpacked import unpacked
from compression.catalog.rows import ARCHITECTURES, DATASETS, datasets, model_card, model_title, models_on
from compression.catalog.sufficient import check_dataset
from compression.commands.console import console
from compression.decision.numbers import accuracy_in_percent, in_percent
from compression.errors import UsageError
from compression.measurement.machine.processor import usable_cores
from compression.methods.modality import Asked
from compression.modalities.choose import CATALOG, modality_for
from compression.studies.concerns import concerns

# Of each reason, so many names are printed; a file has them all.
NAMES_TOLD = 3


class InCatalog(UsageError):
    """The same examples are there already, under ``name``."""

    def __init__(self, card: DatasetCard) -> None:
        self.name = card.name
        super().__init__(f"These {card.nouns} are in the catalog already, as '{card.name}'.")


def add_dataset(source: Path, asked: Asked) -> None:
    """Read a folder, an archive or a table into the catalog, and say what was left out and what to be careful of.

    Raises UsageError, and leaves nothing, for what cannot be studied: InCatalog for what is there already.
    """
    if not source.exists():
        raise UsageError(f"{source} is not there; name a folder, a zip or tar of it, or a table of paths and labels.")
    folder = own_folder(asked.name)
    taken = next((card for card in datasets() if card.name == asked.name), None)
    if taken is not None:
        other = "choose another name" if taken in DATASETS else f"choose another name, or remove-dataset {asked.name}"
        raise UsageError(f"There is a dataset called '{asked.name}' already; {other}.")
    try:
        with unpacked(source) as unpacked_source:
            listing = find_examples(unpacked_source)
            print(f"reading {len(listing.found):,} files", file=sys.stderr, flush=True)
            modality = modality_for(listing)
            card, unread = modality.read(listing.found, asked, folder)
        same = next((each for each in datasets() if set(each.files) == set(card.files)), None)
        if same is not None:
            raise InCatalog(same)
        left_out = (*listing.left_out, *unread)
        keep(card, left_out)
        dataset = modality.load(card)
        check_dataset(dataset)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    print(
        f"{card.title}: {len(dataset.train):,} {card.nouns} to learn from, {len(dataset.validation):,} to choose by "
        f"and {len(dataset.test):,} to test with, in {len(card.classes)} classes: {', '.join(card.classes)}."
    )
    for sentence in (*_left_out_in_words(left_out, folder), *concerns(dataset)):
        print(sentence)


def print_datasets() -> None:
    """Print a row for each dataset, with the models that are trained on it."""
    table = Table("name", "title", "examples", "classes", "trained on it")
    for card in datasets():
        count = card.train_examples + card.test_examples
        trained = ", ".join(models_on(card.name)) or f"none yet: add-model ... --dataset {card.name}, or teach"
        table.add_row(card.name, card.title, f"{count:,} {card.nouns}", str(len(card.classes)), trained)
    console().print(table)


def add_model(path: Path, dataset: str, *, name: str | None = None, title: str | None = None) -> OwnModelCard:
    """Put a model of one's own into the catalog, as it is studied on a dataset, and say what was found out.

    The same file twice is one row. Raises UsageError, and leaves nothing, for what cannot be studied.
    """
    # With it comes all that runs a model.
    from compression.studies.own_model import get_ready, sha256_of_model

    card = CATALOG.dataset_card(dataset)
    brought, here = sha256_of_model(path), own_models(dataset)
    same = next((each for each in here if each.brought.sha256 == brought and name in {None, each.name}), None)
    if same is not None:
        return same
    chosen = name or _free_among(name_from(path), _taken(dataset))
    check_model_name(chosen)
    if chosen in _taken(dataset):
        raise UsageError(
            f"There is a model called '{chosen}' for {card.title} already; choose another name, or remove-model "
            f"{chosen}."
        )
    modality, folder = CATALOG.modality_of(card), own_model_folder(chosen, dataset)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        made = get_ready(
            path,
            modality.load(card),
            modality,
            folder / FILE,
            name=chosen,
            title=title or (name or path.stem),
            threads=usable_cores(),
        )
        keep_model(made)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for sentence in _found_in_words(made):
        print(sentence)
    return made


def print_models() -> None:
    """Print a row for each model and the dataset that it can be studied on."""
    table = Table("name", "title", "dataset", "validation accuracy")
    for card in datasets():
        for name in models_on(card.name):
            accuracy = model_card(name, card.name).validation_accuracy
            table.add_row(name, model_title(name, card.name), card.name, accuracy_in_percent(accuracy))
    console().print(table)


def bring(model: str, dataset: str) -> tuple[str, str]:
    """The names of a model and a dataset in the catalog; either may be the path of what is then put into it."""
    if _is_path(dataset):
        from compression.studies.own_model import side_taken

        source = Path(dataset)
        side = side_taken(Path(model)) if _is_path(model) else None
        try:
            # Content decides: the same under another name is found when it is read.
            name = _free_among(name_from(source), [card.name for card in datasets()])
            add_dataset(source, Asked(name=name, title=source.stem, side=side))
        except InCatalog as known:
            name = known.name
        dataset = name
    if _is_path(model):
        model = add_model(Path(model), dataset).name
    return model, dataset


def _is_path(text: str) -> bool:
    """A name has neither a folder nor an ending."""
    return "." in text or "/" in text or "\\" in text or Path(text).is_dir()


def _taken(dataset: str) -> set[str]:
    return {*models_on(dataset), *(card.name for card in ARCHITECTURES)}


def _free_among(name: str, taken: Collection[str]) -> str:
    """The name or, where something else has it, one with a number behind it."""
    numbered = (f"{name[:36]}-{number}" for number in counted(2))
    return next(each for each in chain([name], numbered) if each not in taken)


def _found_in_words(card: OwnModelCard) -> Iterator[str]:
    """What was found out about a model, the preparation first."""
    chosen, *others = card.tried
    next_best = f", with the next {in_percent(others[0].accuracy)}" if others else ""
    yield (
        f"{card.title}: {len(card.tried)} preparations were tried; of {chosen.words} it answers "
        f"{in_percent(chosen.accuracy)} of the validation {card.takes.nouns} right{next_best}."
    )
    yield from card.remarks


def _left_out_in_words(left_out: Sequence[LeftOut], folder: Path) -> Iterator[str]:
    """'Left out: 3 files, since it is empty: a.jpg, b.jpg ...', most first."""
    for because, count in Counter(each.because for each in left_out).most_common():
        names = [each.name for each in left_out if each.because == because]
        more = " ..." if count > NAMES_TOLD else ""
        yield f"Left out, {count:,}: {because}: {', '.join(names[:NAMES_TOLD])}{more}"
    if left_out:
        yield f"All that was left out stands in {folder / LEFT_OUT}."
