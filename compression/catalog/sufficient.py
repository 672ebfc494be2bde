"""Whether a dataset can be studied at all, told before any work: each reason against it is one sentence."""

from collections import Counter

import numpy as np

from compression.catalog.examples import Dataset, Examples
from compression.errors import DatasetNotUsable

# With fewer classes there is nothing to tell apart.
FEWEST_CLASSES = 2


def check_dataset(dataset: Dataset, *, calibration: int = 0, batch: int = 1, training: bool = True) -> None:
    """Raise DatasetNotUsable unless each class has a name of its own and an example to test on.

    There have to be as many training examples as ``calibration`` takes, as many validation examples as the largest
    ``batch`` and, with ``training``, a training example of each class.
    """
    card, nouns = dataset.card, dataset.card.nouns
    if len(card.classes) < FEWEST_CLASSES:
        raise DatasetNotUsable(card.title, f"it has {len(card.classes)} class, and there is nothing to tell apart")
    twice = [name for name, count in Counter(card.classes).items() if count > 1]
    if twice:
        raise DatasetNotUsable(card.title, f"two of its classes are called '{twice[0]}'; give each a name of its own")
    for examples, use in ((dataset.train, "training"), (dataset.test, "test")):
        if use == "training" and not training:
            continue
        missing = _missing(examples, card.classes)
        if missing is not None:
            raise DatasetNotUsable(
                card.title, f"its class '{missing}' has no {use} {card.noun}; add some, or leave the class out"
            )
    if len(dataset.validation) < batch:
        raise DatasetNotUsable(
            card.title,
            f"it has {len(dataset.validation)} validation {nouns}, and files are timed with up to {batch} at once; "
            "hold out more",
        )
    if len(dataset.train) < calibration:
        raise DatasetNotUsable(
            card.title,
            f"it has {len(dataset.train):,} training {nouns}, and calibration takes {calibration:,}; calibrate with "
            "fewer, or add some",
        )


def _missing(examples: Examples, classes: tuple[str, ...]) -> str | None:
    """The first class of which there is no example."""
    counts = np.bincount(examples.labels, minlength=len(classes))
    return None if counts.all() else classes[int(counts.argmin())]
