"""Words of the method page about single classes: an average can hide one that was hurt."""

from compression.catalog.bundled import DATASETS
from compression.decision.numbers import in_percent, in_percent_with_range
from compression.decision.table import Spread
from compression.store.records import Accuracy, Candidate, Document

CLASSES = "Accuracy by class"
WHY = (
    "An average over all images can hide a class that was hurt. Each figure is a share of that class's test images, in "
    "{}; they are few, so that the ranges are wide."
)


def names_of_classes(document: Document, count: int) -> tuple[str, ...]:
    """The dataset's classes in its order; by number where the catalog does not hold the dataset."""
    known = next((card.classes for card in DATASETS if card.name == document.study.dataset), ())
    return known if len(known) == count else tuple(f"Class {number}" for number in range(1, count + 1))


def hurt(document: Document) -> tuple[str, ...]:
    """The original's hardest class, and where a file that could take its place falls furthest behind it."""
    original = next((each for each in document.candidates if each.family == "original" and each.answers), None)
    if original is None:
        return ()
    before = original.answers[0].per_class
    names = names_of_classes(document, len(before))
    hardest = min(range(len(before)), key=lambda number: before[number].value)
    told = [f"Hardest for the original is {names[hardest]}: {with_range(before[hardest])} are right."]
    falls = [
        (before[number].value - share.value, number, share, candidate)
        for candidate in document.candidates
        if candidate.family not in ("original", "control")
        for answers in candidate.answers[:1]
        for number, share in enumerate(answers.per_class)
    ]
    fall, number, share, candidate = max(falls, key=lambda found: found[0], default=(0.0, 0, before[0], original))
    if fall > 0.0:
        told.append(_fell(candidate, names[number], before[number], share))
    return tuple(told)


def _fell(candidate: Candidate, name: str, before: Accuracy, after: Accuracy) -> str:
    return (
        f"The deepest fall is that of {candidate.name} with {name}: from {in_percent(before.value)} to "
        f"{with_range(after)}."
    )


def with_range(accuracy: Accuracy) -> str:
    """'94.8% (94.3-95.2)', with an en dash."""
    return in_percent_with_range(Spread(value=accuracy.value, low=accuracy.low, high=accuracy.high))
