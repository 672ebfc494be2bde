"""Making one candidate: what happens on the way, and what comes of it. A file for each way to make one."""

from dataclasses import dataclass
from pathlib import Path

from compression.records.progress import Stage
from compression.records.study import Check, Needs


@dataclass(frozen=True, kw_only=True)
class BuildProgress:
    """News on the way: ``done`` is the share of the recipe, ``validation_accuracy`` is set where it is known.

    After memory ran out, training goes on in steps of ``batch_size`` examples.
    """

    stage: Stage
    done: float
    validation_accuracy: float | None = None
    batch_size: int | None = None


@dataclass(frozen=True, kw_only=True)
class Built:
    """A recipe carried out. ``seconds`` is the wall time of this recipe's own work, without the trainings from other
    seeds, whose accuracies are ``validation_repeats``.

    ``first_look``: the accuracy (0..1) on some validation examples, where they were asked on the way.
    ``short_of_memory``: memory ran out once, and the student was trained in half the batch instead. ``check``: what
    the engines showed of a quantized file.
    """

    artefact: Path
    seconds: float
    needs: Needs
    validation_accuracy: float | None = None
    validation_repeats: tuple[float, ...] = ()
    first_look: float | None = None
    short_of_memory: bool = False
    check: Check | None = None
