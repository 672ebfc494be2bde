"""Every study there is to read: the store's own, and the recorded ones that come with Weigh-In.

Reading only; knows nothing of what a study means.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path

from compression.records.study import Candidate, Document, Study
from compression.store.studies import Store

RECORDED = Path(__file__).resolve().parents[2] / "assets" / "studies"


@dataclass(frozen=True, kw_only=True)
class LibraryEntry:
    """A study, its document, and the folder in which its artefacts lie.

    The document is read when it is first asked for: whoever lists many studies needs few of them.
    """

    study: Study
    folder: Path
    recorded: bool
    read: Callable[[], Document]

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
            read=partial(document_of, self.store, study.id),
        )


def document_of(store: Store, study: str) -> Document:
    """All that is known of a study by now. Raises UnknownName."""
    return Document(
        study=store.study(study),
        machine=store.results.machine(study),
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
    return LibraryEntry(study=document.study, folder=folder, recorded=True, read=lambda: document)


def read_document(path: Path) -> Document:
    """A ``study.json``, validated. Raises pydantic.ValidationError for anything else."""
    return Document.model_validate_json(path.read_bytes())
