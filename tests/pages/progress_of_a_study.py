"""What a study tells while it is under way."""

from datetime import UTC, datetime

from compression.modalities.image.sizes import STUDENTS
from compression.records.naming import id_of
from compression.records.objectives import SoftTargets
from compression.records.progress import Progress
from compression.records.recipes import Distill, LaneName, Recipe, Train
from tests.constructed import INT8, ORIGINAL

SMALL = STUDENTS["small"]

NOW = datetime.now(UTC)
DISTILLED = Distill(student=SMALL, objective=SoftTargets())
CONTROL = Train(student=SMALL)
RECIPES: tuple[Recipe, ...] = (ORIGINAL, INT8, DISTILLED, CONTROL)


def step(stage: str, done: float, lane: LaneName | None = None, **about: object) -> Progress:
    return Progress.model_validate({"at": NOW, "lane": lane, "stage": stage, "done": done} | about)


def under_way() -> tuple[Progress, ...]:
    """Preparation is over, the student is half taught, int8 is being made."""
    return (
        step("preparing", 0.0),
        step("exporting", 0.0, "quantization", candidate="original"),
        step("asking the teacher", 0.9),
        step("quantizing", 0.0, "quantization", candidate="int8-ptq"),
        step("training", 0.5, "distillation", candidate=id_of(DISTILLED), validation_accuracy=0.7),
        step("training", 0.75, "distillation", candidate=id_of(DISTILLED)),
    )
