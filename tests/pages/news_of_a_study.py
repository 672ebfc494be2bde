"""What a study tells while it is under way."""

from datetime import UTC, datetime

from compression.store.naming import id_of
from compression.store.objectives import SoftTargets
from compression.store.recipes import Distill, LaneName
from compression.store.records import News
from compression.studies.presets import SMALL

NOW = datetime.now(UTC)
DISTILLED = Distill(student=SMALL, objective=SoftTargets())


def news(stage: str, done: float, lane: LaneName | None = None, **about: object) -> News:
    return News.model_validate({"at": NOW, "lane": lane, "stage": stage, "done": done} | about)


def under_way() -> tuple[News, ...]:
    """Preparation is over, the student is half taught, int8 is being made."""
    return (
        news("preparing", 0.0),
        news("exporting", 0.0, "quantization", candidate="original"),
        news("asking the teacher", 0.9),
        news("quantizing", 0.0, "quantization", candidate="int8-ptq"),
        news("training", 0.5, "distillation", candidate=id_of(DISTILLED), validation_accuracy=0.7),
        news("training", 0.75, "distillation", candidate=id_of(DISTILLED)),
    )
