"""Two files' answers to the same test examples: what both, one or none got right, which answers flipped, and which
classes that hurt. Knows labels and answers, and no example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from compression.store.predictions import Predictions

Labels = NDArray[np.int64]
Rows = NDArray[np.intp]
# Of a difference that is called clear: the chance, over all classes together, that luck alone shows one as large.
CHANCE = 0.05


@dataclass(frozen=True, kw_only=True)
class RightAnswers:
    """How many of the test examples both files, one alone, and neither got right."""

    both: int
    only_first: int
    only_second: int
    neither: int


@dataclass(frozen=True, kw_only=True)
class ClassChange:
    """Of the ``total`` test examples of class ``number``: how many ``lost`` (right before, wrong after) and ``won``. It
    is ``clear`` that the class suffers or gains where luck would hardly ever show so much in any of the classes."""

    number: int
    total: int
    lost: int
    won: int
    clear: bool


def right(labels: Labels, answered: Predictions) -> NDArray[np.bool_]:
    """Whether each answer is right, [N]."""
    found: NDArray[np.bool_] = answered.classes == labels
    return found


def right_answers(labels: Labels, first: Predictions, second: Predictions) -> RightAnswers:
    """The four counts, which add up to the number of examples."""
    one, other = right(labels, first), right(labels, second)
    return RightAnswers(
        both=int((one & other).sum()),
        only_first=int((one & ~other).sum()),
        only_second=int((~one & other).sum()),
        neither=int((~one & ~other).sum()),
    )


def flipped(labels: Labels, before: Predictions, after: Predictions) -> Rows:
    """The examples that were right before and are wrong after, the surest wrong answer first."""
    rows = np.flatnonzero(right(labels, before) & ~right(labels, after))
    return rows[np.argsort(-after.confidences[rows], kind="stable")]


def class_changes(labels: Labels, before: Predictions, after: Predictions) -> tuple[ClassChange, ...]:
    """One entry for each class that the test has, those first that suffer most."""
    numbers = np.unique(labels)
    one, other = right(labels, before), right(labels, after)
    changes = []
    for number in numbers:
        of_class = labels == number
        lost, won = int((of_class & one & ~other).sum()), int((of_class & ~one & other).sum())
        clear = _chance_of(lost, won) * len(numbers) < CHANCE
        changes.append(ClassChange(number=int(number), total=int(of_class.sum()), lost=lost, won=won, clear=clear))
    return tuple(sorted(changes, key=lambda change: change.won - change.lost))


def examples_to_try(labels: Labels, answers: Mapping[str, Predictions], original: str) -> dict[int, Rows]:
    """The test examples of each class: first those on which most files part from the original, and of these the ones
    that it alone got right; last those on which all agree with it."""
    before = right(labels, answers[original])
    wrong = np.zeros(len(labels), dtype=np.int64)
    for name, answered in answers.items():
        if name != original:
            wrong += right(labels, answered) != before
    # Lost ones before won ones, and in the order of the dataset among equals.
    order = np.lexsort((np.arange(len(labels)), ~before, -wrong))
    return {int(number): order[labels[order] == number] for number in np.unique(labels)}


def _chance_of(lost: int, won: int) -> float:
    """How often fair tosses of a coin would part as unevenly: McNemar's exact test."""
    tosses, fewer = lost + won, min(lost, won)
    return min(1.0, float(2 * sum(comb(tosses, heads) for heads in range(fewer + 1)) / 2**tosses))


def fits_the_study(labels: Labels, answers: Mapping[str, Predictions], correct: Mapping[str, int]) -> bool:
    """Whether these are the labels that the study was tested on: each file gets as many right as was counted then."""
    counted: Sequence[bool] = [
        len(answered.classes) == len(labels) and int(right(labels, answered).sum()) == correct.get(name)
        for name, answered in answers.items()
    ]
    return all(counted)
