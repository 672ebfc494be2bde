"""The errors a person may meet. Every message is one sentence: what happened, and what to do about it.

::

    WeighInError                 safe to show as it is; the command line exits with ``exit_code``
    ├── UsageError               what was asked for cannot be done; exit 2
    │   ├── UnknownName          no model, dataset, preset or study of that name
    │   ├── FolderNotUsable      an output folder that cannot be written to, or holds a study already
    │   ├── DatasetNotUsable     a dataset with too little of something (catalog.sufficient)
    │   ├── ExampleNotUsable     a file that holds no example which can be read
    │   ├── ModelNotUsable       a file that no engine can use as a classifier
    │   ├── NeedsNetwork         the inside of a model of which there is only a file (methods.distillation)
    │   └── PrecisionNotThere    a precision that an engine does not have on this processor (measurement.engines)
    ├── DamagedFile              a file's content is not what was recorded; exit 1
    ├── OtherVersion             studies that were kept by another version of Weigh-In; exit 1
    ├── MemoryNotMeasured        the process whose memory was to be measured has failed (measurement.memory); exit 1
    ├── CandidateFailed          one candidate cannot be made, while the others can; exit 1
    ├── StudyFailed              a study ended without a result; exit 1
    └── Cancelled                a person asked for the work to stop; exit 130

Anything else that is raised is a bug and is meant to look like one.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class WeighInError(Exception):
    """The base of every error that is safe to show to a person."""

    exit_code = 1


class UsageError(WeighInError):
    """What was asked for cannot be done as asked."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that the catalog does not hold."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        choices = sorted(known)
        near = get_close_matches(name, choices, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"choose one of: {', '.join(choices) or 'none yet'}."
        super().__init__(f"There is no {kind} called '{name}'; {hint}")


class FolderNotUsable(UsageError):
    """An output folder that cannot take a study."""


class DatasetNotUsable(UsageError):
    """A dataset that cannot be studied as it is. ``because``: why, and what to do about it."""

    def __init__(self, title: str, because: str) -> None:
        super().__init__(f"The dataset {title} cannot be studied: {because}.")


class ExampleNotUsable(UsageError):
    """A file that holds no example which can be read. ``because``: why, to stand behind its name or alone."""

    def __init__(self, because: str) -> None:
        self.because = because
        super().__init__(f"This file cannot be used: {because}.")


class ModelNotUsable(UsageError):
    """A file that the engines cannot be used on as a classifier. ``because``: why, and what to do about it."""

    purpose = "measured"

    def __init__(self, path: Path, because: str) -> None:
        self.because = because
        super().__init__(f"The model {path.name} cannot be {self.purpose}: {because}.")


class DamagedFile(WeighInError):
    """A file whose content is not what was recorded for it."""

    def __init__(
        self, path: Path, remedy: str, *, because: str = "its SHA-256 does not match the recorded one"
    ) -> None:
        super().__init__(f"The file {path} is missing or damaged ({because}); {remedy}")


class OtherVersion(WeighInError):
    """Studies whose records this version of Weigh-In cannot read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The studies in {path} were kept by another version of Weigh-In; move that file away, or name another "
            "folder in WEIGHIN_HOME, and start again."
        )


class CandidateFailed(WeighInError):
    """A recipe that cannot be carried out; the rest of the study goes on without it."""


class StudyFailed(WeighInError):
    """A study that ended without a result."""


class Cancelled(WeighInError):
    """A person asked for the work to stop."""

    exit_code = 130
