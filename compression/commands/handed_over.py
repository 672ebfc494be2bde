"""Whether a file was trained on examples that were prepared otherwise: a file that is handed what it does not expect
answers worse, and nothing else shows it.
"""

from pathlib import Path

import numpy as np

from compression.catalog.examples import Dataset
from compression.decision.numbers import in_percent
from compression.measurement.accuracy.paired import pair_of
from compression.measurement.accuracy.predictions import predictions_of_file
from compression.methods.modality import Modality
from compression.records.measurements import EngineName, Pair

# Enough to tell a few points of accuracy apart, and far fewer than the test has.
TRIED_ON = 500


def better_prepared(path: Path, dataset: Dataset, modality: Modality, *, engine: EngineName, threads: int) -> list[str]:
    """A sentence when the file answers clearly more validation examples right that were prepared in another way that
    people use; none otherwise. The file has passed ``check_classifier``."""
    examples, nouns = dataset.validation.select(np.arange(min(TRIED_ON, len(dataset.validation)))), dataset.card.nouns
    as_usual = predictions_of_file(path, engine, examples, threads=threads)
    better: dict[str, Pair] = {}
    for words, card in modality.otherwise_prepared(dataset.card).items():
        otherwise = predictions_of_file(path, engine, modality.prepared(examples, card), threads=threads)
        pair = pair_of("otherwise", otherwise, "as usual", as_usual, examples.labels)
        if pair.low > 0:
            better[words] = pair
    if not better:
        return []
    words, pair = max(better.items(), key=lambda each: each[1].difference)
    right = float((as_usual.classes == examples.labels).mean())
    return [
        f"Of {words} {path.name} answers {in_percent(right + pair.difference)} of {len(examples)} validation {nouns} "
        f"right, and {in_percent(right)} of the same as they are handed over: it was probably trained on such. Export "
        "it with a step in front that makes them of what is handed over."
    ]
