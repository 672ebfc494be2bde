"""Timing again what a verdict rests on: the smallest file of each kind, and the choice. Small files differ more from
themselves than the original does."""

from collections.abc import Callable

from compression.catalog.examples import Dataset
from compression.decision.verdict import default_verdict
from compression.measurement.timing.apart import noise_apart
from compression.records.progress import Stage
from compression.records.study import Candidate, Document, Study
from compression.store.library import document_of
from compression.store.studies import Store
from compression.studies.request import latency_seconds_of

# Of the time that a file has under each condition in the rounds: its median only has to show which mode it is in.
SHARE_OF_SECONDS = 0.25


def measure_noise(store: Store, study: Study, dataset: Dataset, *, tell: Callable[[Stage, float], None]) -> None:
    """Time them in processes of their own, when all else is measured, and keep by what they differ from themselves."""
    document = document_of(store, study.id)
    again, timing = timed_again(document), document.timing
    if timing is None or not again:
        return
    latencies = {candidate.id: candidate.latency for candidate in again}
    largest = max(latency.batch for candidate in again for latency in candidate.latency)
    files = noise_apart(
        [(candidate.id, store.folder(study.id) / candidate.artefact) for candidate in again],
        latencies,
        dataset.validation.inputs(slice(largest)),
        seconds=SHARE_OF_SECONDS * latency_seconds_of(study),
        seed=study.seed,
        on_progress=lambda done: tell("timing again", done),
    )
    store.results.set_timing(study.id, timing.model_copy(update={"files": files}))


def timed_again(document: Document) -> tuple[Candidate, ...]:
    """The smallest measured file of each family that is up for choice, and the choice under the default limits. Not the
    original, which is timed against itself in the rounds."""
    measured = [each for each in document.candidates if each.latency and each.family not in {"original", "control"}]
    smallest: dict[str, Candidate] = {}
    for candidate in sorted(measured, key=lambda each: each.size_bytes):
        smallest.setdefault(candidate.family, candidate)
    wanted = {candidate.id for candidate in smallest.values()} | {default_verdict(document).choice}
    return tuple(candidate for candidate in measured if candidate.id in wanted)
