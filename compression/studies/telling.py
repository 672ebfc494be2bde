"""Telling of a study's progress: one step at a time into the store. Torch-free."""

from dataclasses import dataclass
from datetime import UTC, datetime

from compression.store.recipes import LaneName
from compression.store.records import News
from compression.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Teller:
    """Tells for one lane, or for the worker itself when ``lane`` is None."""

    store: Store
    study: str
    lane: LaneName | None = None

    def tell(
        self,
        stage: str,
        done: float,
        *,
        candidate: str | None = None,
        validation_accuracy: float | None = None,
    ) -> None:
        """Add one step: ``done`` is the share (0..1) of this stage."""
        news = News(
            at=datetime.now(UTC),
            lane=self.lane,
            stage=stage,
            done=min(max(done, 0.0), 1.0),
            candidate=candidate,
            validation_accuracy=validation_accuracy,
        )
        self.store.add_news(self.study, news)
