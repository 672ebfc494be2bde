"""A study's progress, written into the store one step at a time. Torch-free."""

from dataclasses import dataclass
from datetime import UTC, datetime

from compression.records.progress import Progress, Stage
from compression.records.recipes import LaneName
from compression.store.studies import Store


@dataclass(frozen=True, kw_only=True)
class ProgressWriter:
    """Writes for one lane, or for the worker itself when ``lane`` is None."""

    store: Store
    study: str
    lane: LaneName | None = None

    def write(
        self,
        stage: Stage,
        done: float,
        *,
        candidate: str | None = None,
        validation_accuracy: float | None = None,
        batch_size: int | None = None,
    ) -> None:
        """Add one step: ``done`` is the share (0..1) of this stage."""
        step = Progress(
            at=datetime.now(UTC),
            lane=self.lane,
            stage=stage,
            done=min(max(done, 0.0), 1.0),
            candidate=candidate,
            validation_accuracy=validation_accuracy,
            batch_size=batch_size,
        )
        self.store.add_progress(self.study, step)
