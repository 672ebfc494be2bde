"""In what two studies differ: what each weighed, how it was asked for, and on which machine. Reads the two alone."""

from dataclasses import dataclass
from typing import Literal

from compression.records.study import Document
from compression.report.provenance import date_of, machine_line, own_choices

What = Literal["model", "dataset", "preset", "seed", "options", "machine", "date"]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What differs, and what it was in either study, in a few words."""

    what: What
    first: str
    second: str


def differences(first: Document, second: Document) -> tuple[Difference, ...]:
    """All that differs, the weightiest first; the date of two studies nearly always does."""
    one, other = _facts(first), _facts(second)
    return tuple(Difference(what=what, first=one[what], second=other[what]) for what in one if one[what] != other[what])


def what_not_to_compare(first: Document, second: Document) -> tuple[str, ...]:
    """Sentences on the numbers of two studies that do not stand beside each other."""
    told: list[str] = []
    if first.subject.dataset_title != second.subject.dataset_title:
        told.append("Their test examples differ: compare each accuracy with its own original's.")
    if first.machine != second.machine:
        told.append("Their times are from two computers, or two states of one: compare each with its own original's.")
    return tuple(told)


def _facts(document: Document) -> dict[What, str]:
    study, subject, machine = document.study, document.subject, document.machine
    return {
        "model": subject.model_title,
        "dataset": subject.dataset_title,
        "preset": study.preset.capitalize(),
        "seed": str(study.seed),
        "options": _options(document),
        "machine": "not known" if machine is None else machine_line(machine),
        "date": date_of(study),
    }


def _options(document: Document) -> str:
    options = document.study.options
    threads, seconds = options.threads_per_lane, options.latency_seconds
    parts = [
        own_choices(document),
        f"{threads} {'thread' if threads == 1 else 'threads'} for each lane" if threads else "",
        f"at most {seconds:g} s to time a file" if seconds else "",
    ]
    return ", ".join(filter(None, parts)) or "the preset's own"
