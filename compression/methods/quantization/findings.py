"""What is wrong with a file that a quantizer has made, seen from what the engines answered with it.

A scheme rounds numbers, and the file says which. What the file says is what its operators give one by one; an engine
that gives something else has a fault of its own, for which no scheme is to blame. What all engines share is none:
processors without instructions for 8-bit products cut off large sums in every engine. Pure; runs nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compression.measurement.accuracy.paired import difference_interval
from compression.records.measurements import ENGINE_TITLES, EngineName

Scores = NDArray[np.floating]
# An engine may be so many times as far from the original as the file says or the other engine is, and by such a share
# of the scores' spread farther: engines fuse operators, and round fewer or other numbers then. docs/lab-notes.md,
# "Files that are checked".
TIMES_AS_FAR, FARTHER = 2.0, 0.05
# And it may answer so much fewer examples (a share) right than the other engine.
FEWER = 0.01


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What an engine gave for the first examples, ``batch`` at a time.

    ``fixed``: whether the file was fixed to that batch. ``scores`` [N, K]. ``written``: gives what the file says,
    [N, K]; it is called where the scores are far off only, since that takes longer than any engine.
    """

    engine: EngineName
    batch: int
    fixed: bool
    scores: Scores
    written: Callable[[], Scores]


@dataclass(frozen=True, kw_only=True)
class Refused:
    """An engine that runs the original does not run the file; ``because``: why."""

    engine: EngineName
    because: str

    def in_words(self, nouns: str) -> str:
        """A clause."""
        return f"{ENGINE_TITLES[self.engine]} cannot answer {nouns} with it ({self.because})"


@dataclass(frozen=True, kw_only=True)
class NotFinite:
    """An engine gets scores that are no numbers for ``broken`` of ``examples``."""

    engine: EngineName
    broken: int
    examples: int

    def in_words(self, nouns: str) -> str:
        """A clause."""
        return (
            f"{ENGINE_TITLES[self.engine]} gets scores from it that are not finite numbers for {self.broken} of "
            f"{self.examples} {nouns}"
        )


@dataclass(frozen=True, kw_only=True)
class NotAsWritten:
    """An engine computes something else than the file says: ``changed`` is the share of answers that differ."""

    engine: EngineName
    batch: int
    fixed: bool
    changed: float

    def in_words(self, nouns: str) -> str:
        """A clause. It names the processor as one that may be another: who reads a study may be elsewhere."""
        form = "with the batch fixed" if self.fixed else "with a free batch"
        return (
            f"{ENGINE_TITLES[self.engine]} does not compute what the file says on the processor it was checked on, at "
            f"batches of {self.batch} {form}: {100 * self.changed:.1f}% of its answers to {nouns} are other ones"
        )


@dataclass(frozen=True, kw_only=True)
class Falls:
    """An engine answers clearly fewer examples right than the original, by more than the scheme explains."""

    engine: EngineName
    before: float
    after: float
    examples: int

    def in_words(self, nouns: str) -> str:
        """A clause."""
        return (
            f"in {ENGINE_TITLES[self.engine]} it answers {100 * self.after:.1f}% of {self.examples} {nouns} right, "
            f"and the original {100 * self.before:.1f}%"
        )


Finding = Refused | NotFinite | NotAsWritten | Falls


def findings_of(
    original: Scores, answered: Sequence[Answered], labels: NDArray[np.integer] | None, *, explained: float
) -> tuple[Finding, ...]:
    """Everything that is wrong, of each kind and engine once.

    ``original`` [N, K]: the scores of the file that it was made from. ``labels`` [N]: None where nobody knows them; no
    fall is seen then. ``explained``: the loss of accuracy (a share) that the scheme explains.
    """
    whole = _are_numbers(original)
    found: list[Finding] = []
    sound = []
    for each in answered:
        rows = whole[: len(each.scores)]
        broken = int(np.count_nonzero(~_are_numbers(each.scores[rows])))
        if broken:
            found.append(NotFinite(engine=each.engine, broken=broken, examples=int(np.count_nonzero(rows))))
        else:
            sound.append(each)
    found += [
        NotAsWritten(
            engine=each.engine,
            batch=each.batch,
            fixed=each.fixed,
            changed=float(np.mean(each.scores.argmax(axis=1) != each.written().argmax(axis=1))),
        )
        for each in sound
        if not _as_written(each, original, whole, _most_examples(sound), labels)
    ]
    if labels is not None:
        found += [fall for each in _most_examples(answered) if (fall := _fall(each, original, labels, explained))]
    unique: dict[object, Finding] = {}
    for finding in found:
        unique.setdefault((finding.engine, type(finding)), finding)
    return tuple(unique.values())


def accuracies_of(answered: Sequence[Answered], labels: NDArray[np.integer]) -> dict[EngineName, float]:
    """The share (0..1) of the examples that each engine answers right, over the most that it was asked."""
    return {
        each.engine: float(np.mean(each.scores.argmax(axis=1) == labels[: len(each.scores)]))
        for each in _most_examples(answered)
    }


def _most_examples(answered: Sequence[Answered]) -> list[Answered]:
    most: dict[EngineName, Answered] = {}
    for each in answered:
        if each.engine not in most or len(each.scores) > len(most[each.engine].scores):
            most[each.engine] = each
    return list(most.values())


def _as_written(
    each: Answered,
    original: Scores,
    whole: NDArray[np.bool_],
    others: Sequence[Answered],
    labels: NDArray[np.integer] | None,
) -> bool:
    """Whether an engine computes what the file says, or no other than all ``others``, of whom it may be one."""
    rows = np.flatnonzero(whole[: min(len(each.scores), *(len(other.scores) for other in others))])
    reference = original[rows]
    spread = float(np.std(reference))
    if spread == 0.0:
        return True  # there is nothing to hold it against
    nearest = min(_distance(other.scores[rows], reference) for other in others)
    farther = (_distance(each.scores[rows], reference) - FARTHER * spread) / TIMES_AS_FAR
    if farther > nearest:
        written = each.written()[rows]
        if not np.isfinite(written).all():
            return True  # nor here
        if farther > _distance(written, reference):
            return False
    if labels is None:
        return True
    return all(_lost(other.scores[rows], each.scores[rows], labels[rows])[0] <= FEWER for other in others)


def _fall(each: Answered, original: Scores, labels: NDArray[np.integer], explained: float) -> Falls | None:
    rows = len(each.scores)
    low, before, after = _lost(original[:rows], each.scores, labels[:rows])
    if low <= explained:
        return None
    return Falls(engine=each.engine, before=before, after=after, examples=rows)


def _lost(before: Scores, after: Scores, labels: NDArray[np.integer]) -> tuple[float, float, float]:
    """The least accuracy that is lost, by the 95 % interval of paired answers, and both accuracies."""
    first, second = before.argmax(axis=1) == labels, after.argmax(axis=1) == labels
    low, _ = difference_interval(
        int(np.count_nonzero(first & ~second)), int(np.count_nonzero(second & ~first)), len(labels)
    )
    return low, float(first.mean()), float(second.mean())


def _are_numbers(scores: Scores) -> NDArray[np.bool_]:
    """Which rows [N] are finite throughout."""
    return np.asarray(np.isfinite(scores).all(axis=1), np.bool_)


def _distance(first: Scores, second: Scores) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(first.astype(np.float64) - second))))
