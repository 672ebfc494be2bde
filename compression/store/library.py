"""Every study there is to read: the store's own, and the recorded ones that come with Weigh-In.

Reading only; knows nothing of what a study means.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from compression.records.progress import Progress
from compression.records.study import ALIVE, Candidate, Document, Study
from compression.records.subject import Subject
from compression.store.studies import Store

RECORDED = Path(__file__).resolve().parents[2] / "assets" / "studies"
# What studies were about from before they kept it: the only models and datasets that there were.
OLDER_SUBJECTS = RECORDED / "subjects-of-format-1.json"
# Beside a ``study.json``: when each part of the work was done, so that it can be played again.
PROGRESS_FILE = "progress.json"
PROGRESS: TypeAdapter[tuple[Progress, ...]] = TypeAdapter(tuple[Progress, ...])
# So many documents stay in memory, of a few megabytes each.
DOCUMENTS_KEPT = 32


@dataclass(frozen=True, kw_only=True)
class LibraryEntry:
    """A study, its document, and the folder in which its artefacts lie.

    The document is read when it is first asked for: whoever lists many studies needs few of them.
    """

    study: Study
    folder: Path
    recorded: bool
    read: Callable[[], Document]
    # Of recorded studies, what was kept with them.
    progress: Callable[[], tuple[Progress, ...]]

    @cached_property
    def document(self) -> Document:
        """All that is known of the study."""
        return self.read()

    def artefact(self, candidate: Candidate) -> Path | None:
        """The candidate's file; None when it was left out of a recorded study."""
        path = self.folder / candidate.artefact
        return path if path.is_file() else None


class Library:
    """The store's studies and the recorded ones, under one roof."""

    def __init__(self, store: Store, recorded: Path = RECORDED) -> None:
        self.store = store
        self._recorded = recorded
        self._read_once = lru_cache(maxsize=DOCUMENTS_KEPT)(self._read)

    def all(self) -> tuple[LibraryEntry, ...]:
        """The store's studies, newest first, then the recorded ones, newest first."""
        own = tuple(self._own(study) for study in self.store.studies())
        return own + recorded_studies(self._recorded)

    def get(self, study: str) -> LibraryEntry:
        """One study. Raises UnknownName."""
        for entry in recorded_studies(self._recorded):
            if entry.study.id == study:
                return entry
        return self._own(self.store.study(study))

    def _own(self, study: Study) -> LibraryEntry:
        return LibraryEntry(
            study=study,
            folder=self.store.folder(study.id),
            recorded=False,
            read=partial(self._read if study.state in ALIVE else self._read_once, study),
            progress=partial(self.store.progress, study.id),
        )

    def _read(self, study: Study) -> Document:
        """What is known of a study by now; nothing is added to one that has ended, unless it becomes another record."""
        return document_of(self.store, study.id)


def document_of(store: Store, study: str) -> Document:
    """All that is known of a study by now. Raises UnknownName."""
    found = store.study(study)
    return Document(
        study=found,
        subject=store.results.subject(study) or older_subject(found.model, found.dataset),
        machine=store.results.machine(study),
        recipes=store.results.plan(study),
        candidates=store.results.candidates(study),
        failures=store.results.failures(study),
        pairs=store.results.pairs(study),
        timing=store.results.timing(study),
        layers=store.results.layers(study),
        verdict=store.results.verdict(study),
    )


@cache
def recorded_studies(folder: Path = RECORDED) -> tuple[LibraryEntry, ...]:
    """The studies recorded in a folder, newest first. They never change while Weigh-In runs."""
    found = [_recorded(read_document(path), path.parent) for path in folder.glob("*/study.json")]
    return tuple(sorted(found, key=lambda entry: entry.study.created, reverse=True))


def _recorded(document: Document, folder: Path) -> LibraryEntry:
    return LibraryEntry(
        study=document.study,
        folder=folder,
        recorded=True,
        read=lambda: document,
        progress=partial(_recorded_progress, folder / PROGRESS_FILE),
    )


def _recorded_progress(path: Path) -> tuple[Progress, ...]:
    return PROGRESS.validate_json(path.read_bytes()) if path.is_file() else ()


def read_document(path: Path) -> Document:
    """A ``study.json``, validated. Raises ValueError for anything else."""
    return Document.model_validate_json(to_json(_with_subject(from_json(path.read_bytes()))))


def _with_subject(found: object) -> object:
    """What was read from a ``study.json``, with a subject if it is of before there were any."""
    match found:
        case {"subject": _}:
            return found
        case {"study": {"model": str(model), "dataset": str(dataset)} as study, **rest}:
            return {**rest, "study": study, "subject": older_subject(model, dataset)}
        case _:
            return found


def older_subject(model: str, dataset: str) -> Subject:
    """What a study was about that did not keep it: by its names, or the bare names where they say nothing more."""
    known = _older_subjects()
    about = known["datasets"].get(dataset, {"dataset_title": dataset})
    return Subject.model_validate({"model_title": known["models"].get(model, model)} | about)


@cache
def _older_subjects() -> dict[str, dict[str, Any]]:
    """The titles of models and the facts about datasets, by their names."""
    found: dict[str, dict[str, Any]] = from_json(OLDER_SUBJECTS.read_bytes())
    return found
