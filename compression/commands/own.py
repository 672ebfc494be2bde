"""``add-dataset``, ``datasets`` and ``remove-dataset``: what people bring, in the catalog under a name."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.table import Table

from compression.catalog.own.found import find_examples
from compression.catalog.own.kept import LEFT_OUT, keep, own_folder
from compression.catalog.own.listing import LeftOut
from compression.catalog.own.unpacked import unpacked
from compression.catalog.rows import DATASETS, datasets, pretrained_models
from compression.catalog.sufficient import check_dataset
from compression.commands.console import console
from compression.errors import UsageError
from compression.methods.modality import Asked
from compression.modalities.choose import modality_for
from compression.studies.concerns import concerns

# Of each reason, so many names are printed; a file has them all.
NAMES_TOLD = 3


def add_dataset(source: Path, asked: Asked) -> None:
    """Read a folder, an archive or a table into the catalog, and say what was left out and what to be careful of.

    Raises UsageError, and leaves nothing, for what cannot be studied.
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
            raise UsageError(f"These {card.nouns} are in the catalog already, as '{same.name}'.")
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
        trained = ", ".join(pretrained_models(card.name)) or f"none yet: teach --model ... --dataset {card.name}"
        table.add_row(card.name, card.title, f"{count:,} {card.nouns}", str(len(card.classes)), trained)
    console().print(table)


def _left_out_in_words(left_out: Sequence[LeftOut], folder: Path) -> Iterator[str]:
    """'Left out: 3 files, since it is empty: a.jpg, b.jpg ...', most first."""
    for because, count in Counter(each.because for each in left_out).most_common():
        names = [each.name for each in left_out if each.because == because]
        more = " ..." if count > NAMES_TOLD else ""
        yield f"Left out, {count:,}: {because}: {', '.join(names[:NAMES_TOLD])}{more}"
    if left_out:
        yield f"All that was left out stands in {folder / LEFT_OUT}."
