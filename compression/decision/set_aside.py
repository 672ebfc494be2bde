"""Why some of a study's students were not measured: another objective had taught them better, as the validation images
showed before anything was tested."""

from compression.decision.numbers import in_percent
from compression.decision.wording import at_start
from compression.store.records import Candidate, Document


def set_aside_sentences(document: Document) -> tuple[str, ...]:
    """One sentence for each candidate that was set aside."""
    by_id = {candidate.id: candidate for candidate in document.candidates}
    return tuple(
        _sentence(candidate, by_id.get(candidate.set_aside_for))
        for candidate in document.candidates
        if candidate.set_aside_for is not None
    )


def _sentence(candidate: Candidate, better: Candidate | None) -> str:
    """``better`` is None where its file turned out to be no use when it was measured."""
    own = f"{at_start(candidate.name)} was set aside before the test"
    if better is None:
        return f"{own}, for one that was better on the validation images and could not be measured."
    name = f"{better.name[0].lower()}{better.name[1:]}"
    return f"{own}: on the validation images it got {_validated(candidate)}, the {name} {_validated(better)}."


def _validated(candidate: Candidate) -> str:
    accuracies = [each for each in (candidate.validation_accuracy, *candidate.validation_repeats) if each is not None]
    mean = in_percent(sum(accuracies) / len(accuracies))
    return mean if len(accuracies) == 1 else f"{mean} (mean of {len(accuracies)} seeds)"
