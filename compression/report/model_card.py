"""A model card for one file of a study, as Markdown: what it is, how it was made, what was measured, and its limits."""

from collections.abc import Iterator

from compression.decision.numbers import accuracy_in_percent, in_bytes, in_ms_with_range, in_seconds
from compression.decision.table import Spread
from compression.decision.wording import listed
from compression.records.measurements import ENGINE_TITLES
from compression.records.naming import id_of
from compression.records.recipes import Original
from compression.records.study import Candidate, Document
from compression.report.provenance import date_of, machine_line, remake_command


def model_card(document: Document, candidate: Candidate) -> str:
    """All of it comes from the study. Not for a file that was not measured."""
    return "\n".join(
        [
            f"# {candidate.name}: {document.subject.title}",
            "",
            f"Made and measured by Weigh-In on {date_of(document.study)}.",
            "",
            *("## What it is", "", *_what(document, candidate), ""),
            *("## How it was made", "", *_how(document, candidate), ""),
            *("## What was measured", "", *_measured(document, candidate), ""),
            *("## Limits", "", *_limits(document, candidate), ""),
        ]
    )


def _what(document: Document, candidate: Candidate) -> Iterator[str]:
    subject = document.subject
    yield f"- `model.onnx`: {in_bytes(candidate.size_bytes)}, {candidate.parameters:,} parameters"
    yield f"- SHA-256: `{candidate.sha256}`"
    for spec in subject.inputs:
        axes = " x ".join(("batch", *(f"{size} {axis}" for size, axis in zip(spec.shape, spec.axes, strict=True))))
        yield f"- takes {spec.element}, {axes}"
    yield f"- tells {len(subject.classes)} classes apart; `labels.txt` has them in the order of its scores"


def _how(document: Document, candidate: Candidate) -> Iterator[str]:
    study = document.study
    yield f"- made in {in_seconds(candidate.build_seconds)}, with the preset {study.preset} and the seed {study.seed}"
    needs = candidate.needs
    if needs.examples:
        labels = "with" if needs.labels else "without"
        yield f"- from {needs.examples:,} training {document.subject.nouns}, {labels} their labels"
    check = candidate.check
    if check is not None and check.repaired:
        yield f"- rounded less than usual, since otherwise {listed(list(check.repaired))}"
    yield f"- again: `{remake_command(study)}`"


def _measured(document: Document, candidate: Candidate) -> Iterator[str]:
    original = next((each for each in document.candidates if each.id == id_of(Original())), None)
    for each in candidate.answers:
        yield (
            f"- accuracy in {ENGINE_TITLES[each.engine]}: {accuracy_in_percent(each.accuracy)} of "
            f"{each.accuracy.total:,} test {document.subject.nouns} (95% interval)"
        )
    if original is not None and original.accuracy is not None and original.id != candidate.id:
        yield f"- the original: {accuracy_in_percent(original.accuracy)}, {in_bytes(original.size_bytes)}"
    for latency in candidate.latency:
        condition = latency.condition
        threads = "1 thread" if condition.threads == 1 else f"{condition.threads} threads"
        time = in_ms_with_range(Spread(value=latency.median_ms, low=latency.low_ms, high=latency.high_ms))
        yield f"- {ENGINE_TITLES[condition.engine]}, batch of {condition.batch}, {threads}: {time} (95% interval)"
    if document.machine is not None:
        yield f"- on {machine_line(document.machine)}"


def _limits(document: Document, candidate: Candidate) -> Iterator[str]:
    nouns = document.subject.nouns
    yield f"- Accuracy holds for {nouns} like those of {document.subject.dataset_title}, and says nothing of others."
    yield "- Times hold for the machine above. On another processor even their order may be another one."
    check = candidate.check
    for wrong in check.wrong if check is not None else ():
        yield f"- It is not as it should be: {wrong}."
