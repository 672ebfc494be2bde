"""What a reader should know before trusting the numbers of a study: which files are missing or were made otherwise, how
noisy the machine was, who else used it, which times did not settle, and which files answer differently from engine to
engine; and which students were set aside before the test. Names troubles; decides nothing."""

from compression.decision.numbers import in_percent
from compression.decision.table import Table
from compression.decision.trust import (
    NOISY,
    OTHER_CORES_WORTH_TELLING,
    noise_in_words,
    other_load,
    other_programs,
    unsettled,
)
from compression.decision.wording import at_start, listed
from compression.records.measurements import ENGINE_TITLES, Pair
from compression.records.study import Candidate, Document
from compression.records.subject import Subject


def caveats(document: Document, table: Table) -> tuple[str, ...]:
    """Whole sentences, the weightiest first; none when there is nothing to be said."""
    return (
        *_failures(document),
        *_checks(document),
        *_memory(document),
        *_noise(table),
        *_other_load(table),
        *_load_at_energy(document),
        *_unsettled(table),
        *_engines(document),
    )


def _failures(document: Document) -> list[str]:
    return [f"{at_start(failure.name)} is missing here. {failure.message}" for failure in document.failures]


def _checks(document: Document) -> list[str]:
    """What the engines showed of quantized files when these were made: what is wrong comes before what was."""
    checks = [(candidate.name, candidate.check) for candidate in document.candidates if candidate.check is not None]
    wrong = [f"{at_start(name)} is not as it should be: {clause}." for name, check in checks for clause in check.wrong]
    return wrong + [
        f"{at_start(name)} rounds less than usual, since otherwise {clause}."
        for name, check in checks
        for clause in check.repaired
    ]


def _memory(document: Document) -> list[str]:
    names = [candidate.name for candidate in document.candidates if candidate.short_of_memory]
    if not names:
        return []
    return [f"Memory ran out: {listed(names)} trained in half the batch, so compare with care."]


def _noise(table: Table) -> list[str]:
    noise = table.original.smallest_difference
    if noise < NOISY:
        return []
    return [noise_in_words(noise)]


def _other_load(table: Table) -> list[str]:
    return [f"{other_programs(table)} Run again with other programs closed."] if other_load(table) else []


def _load_at_energy(document: Document) -> list[str]:
    readings = [candidate.energy_readings for candidate in document.candidates if candidate.energy_readings]
    most = max((read.other_cores for read in readings if read.other_cores is not None), default=0.0)
    if most < OTHER_CORES_WORTH_TELLING:
        return []
    return [f"While energy was read, other programs kept up to {most:.1f} cores busy, and their energy is in it."]


def _unsettled(table: Table) -> list[str]:
    told = unsettled(table)
    return [] if told is None else [told]


def _engines(document: Document) -> list[str]:
    return [sentence for candidate in document.candidates for sentence in _disagreement(candidate, document.subject)]


def _disagreement(candidate: Candidate, subject: Subject) -> list[str]:
    accuracies = {answers.engine: answers.accuracy.value for answers in candidate.answers}
    disagree = [pair for pair in candidate.between_engines if pair.tells_apart]
    if not disagree:
        return []
    told = listed([f"{in_percent(value)} in {ENGINE_TITLES[engine]}" for engine, value in accuracies.items()])
    if len(accuracies) == 1:
        told += _of_some_examples(disagree[0], subject)
    return [f"{at_start(candidate.name)} is not equally accurate in each engine: {told}. Check it where it will run."]


def _of_some_examples(pair: Pair, subject: Subject) -> str:
    """The second engine was asked some of the examples only, and has no accuracy of its own."""
    apart, fewer = abs(pair.only_first - pair.only_second), "fewer" if pair.difference > 0 else "more"
    return f", and of {subject.counted(pair.total)} {apart:,} {fewer} right in the other engine"


def set_aside_sentences(document: Document) -> tuple[str, ...]:
    """One sentence for each candidate that was set aside."""
    by_id = {candidate.id: candidate for candidate in document.candidates}
    return tuple(
        _sentence(candidate, by_id.get(candidate.set_aside_for), document.subject)
        for candidate in document.candidates
        if candidate.set_aside_for is not None
    )


def _sentence(candidate: Candidate, better: Candidate | None, subject: Subject) -> str:
    """``better`` is None where its file turned out to be no use when it was measured."""
    own = f"{at_start(candidate.name)} was set aside before the test"
    if better is None:
        return f"{own}, for one that was better on the validation {subject.nouns} and could not be measured."
    name = f"{better.name[0].lower()}{better.name[1:]}"
    return f"{own}: on the validation {subject.nouns} it got {_validated(candidate)}, the {name} {_validated(better)}."


def _validated(candidate: Candidate) -> str:
    accuracies = [each for each in (candidate.validation_accuracy, *candidate.validation_repeats) if each is not None]
    mean = in_percent(sum(accuracies) / len(accuracies))
    return mean if len(accuracies) == 1 else f"{mean} (mean of {len(accuracies)} seeds)"
