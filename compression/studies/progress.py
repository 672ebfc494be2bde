"""A study's progress, written into the store one step at a time. Torch-free."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from compression.records.progress import Progress, Stage
from compression.records.recipes import LaneName
from compression.store.studies import Store

SECONDS_BETWEEN_UPDATES = 0.2


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


def at_most_every(seconds: float, tell: Callable[[float], None]) -> Callable[[float], None]:
    """Tells no more often than that, and leaves out what comes between."""
    told = time.monotonic()

    def tell_in_time(done: float) -> None:
        nonlocal told
        if time.monotonic() - told >= seconds:
            tell(done)
            told = time.monotonic()

    return tell_in_time
