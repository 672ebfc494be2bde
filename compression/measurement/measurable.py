"""Whether what is asked for can be measured on this machine, said before anything is loaded: each reason against it is
one sentence. Knows files, engines, a dataset's card and the number of processors.
"""

from collections.abc import Sequence
from pathlib import Path

from compression.catalog.cards import DatasetCard
from compression.errors import UsageError
from compression.measurement.checks import check_classifier, fixed_batch
from compression.measurement.engines import ModelNotUsable
from compression.measurement.machine.processor import hardware_threads
from compression.store.measurements import EngineName


def check_measurable(
    paths: Sequence[Path],
    card: DatasetCard,
    *,
    engines: Sequence[EngineName],
    batches: Sequence[int],
    threads: Sequence[int],
    precision: str,
) -> None:
    """Raise ModelNotUsable for a file that cannot be measured like this, PrecisionNotThere for a precision that an
    engine does not have here, and UsageError for more images or threads at once than there are."""
    if max(batches) > card.validation_examples:
        raise UsageError(
            f"A batch of {max(batches)} cannot be made of the {card.validation_examples} validation images; choose a "
            "smaller --batch."
        )
    if max(threads) > (most := hardware_threads()):
        raise UsageError(f"{max(threads)} threads cannot be had: this machine lets Weigh-In run {most}; use fewer.")
    for path in paths:
        check_classifier(
            path, image_shape=card.image_shape, classes=len(card.classes), engines=engines, precision=precision
        )
        if fixed_batch(path) == 1 and max(batches) > 1:
            raise ModelNotUsable(
                path, "it takes one image at a time only; leave out --batch, or export it with a free axis"
            )
