"""The test examples of a study with every file's answer to each: from what was kept with the study, and its dataset.

Computes nothing and loads no network. Torch-free.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from compression.catalog.examples import Examples
from compression.decision.two_answers import fits_the_study
from compression.errors import UnknownName, UsageError
from compression.methods.modality import Shown
from compression.modalities.choose import CATALOG, Catalog
from compression.records.study import Document
from compression.store.library import LibraryEntry
from compression.store.predictions import Predictions, read_predictions


@dataclass(frozen=True, kw_only=True)
class Tested:
    """``labels`` [N]; ``answers`` to each example by the candidates' ids, in the study's order; the names of the
    ``classes``; and ``show``, which makes one example fit to be looked at."""

    labels: NDArray[np.int64]
    answers: Mapping[str, Predictions]
    classes: tuple[str, ...]
    show: Callable[[int], Shown]


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """The test examples of one dataset, and how to look at one."""

    examples: Examples
    classes: tuple[str, ...]
    show: Callable[[Examples, int], Shown]


def held_out(dataset: str, catalog: Catalog = CATALOG) -> HeldOut:
    """The test examples of a dataset that is here. Raises UnknownName, DamagedFile."""
    card = catalog.dataset_card(dataset)
    modality = catalog.modality_of(card)
    return HeldOut(examples=modality.load(card).test, classes=card.classes, show=modality.shown)


def tested(entry: LibraryEntry, load: Callable[[str], HeldOut] = held_out) -> Tested:
    """All of it. Raises UsageError with what is missing: the dataset, the answers, or that the two fit together."""
    document = entry.document
    answers = {
        candidate.id: read_predictions(entry.folder / candidate.predictions)
        for candidate in document.candidates
        if candidate.predictions is not None and (entry.folder / candidate.predictions).is_file()
    }
    if not answers:
        raise UsageError(
            f"The files' answers were not kept with this study, so no {document.subject.noun} can be shown."
        )
    try:
        found = load(document.study.dataset)
    except UnknownName as error:
        raise UsageError(
            f"The dataset {document.subject.dataset_title} is not on this computer, so its {document.subject.nouns} "
            "cannot be shown; all numbers are still those of the study."
        ) from error
    labels = found.examples.labels
    if not fits_the_study(labels, answers, _correct(document)):
        raise UsageError(
            f"The dataset {document.subject.dataset_title} on this computer is not the one that the study was tested "
            f"on, so its {document.subject.nouns} cannot be shown."
        )
    return Tested(labels=labels, answers=answers, classes=found.classes, show=partial(found.show, found.examples))


def _correct(document: Document) -> dict[str, int]:
    return {each.id: each.accuracy.correct for each in document.candidates if each.accuracy is not None}
