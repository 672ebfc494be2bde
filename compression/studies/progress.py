"""A study's progress, written into the store one step at a time. Torch-free."""

from dataclasses import dataclass
from datetime import UTC, datetime

from compression.records.recipes import LaneName
from compression.records.study import Progress
from compression.store.studies import Store


@dataclass(frozen=True, kw_only=True)
class ProgressWriter:
    """Writes for one lane, or for the worker itself when ``lane`` is None."""

    store: Store
    study: str
    lane: LaneName | None = None

    def write(
        self,
        stage: str,
        done: float,
        *,
        candidate: str | None = None,
        validation_accuracy: float | None = None,
    ) -> None:
        """Add one step: ``done`` is the share (0..1) of this stage."""
        step = Progress(
            at=datetime.now(UTC),
            lane=self.lane,
            stage=stage,
            done=min(max(done, 0.0), 1.0),
            candidate=candidate,
            validation_accuracy=validation_accuracy,
        )
        self.store.add_progress(self.study, step)
