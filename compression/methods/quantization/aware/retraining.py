"""Training a trained network on while its numbers are rounded, to one int8 ONNX model. Knows nothing of recipes, and
leaves the training itself to the one loop.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from compression.catalog.cards import DatasetCard
from compression.methods.effort import RetrainingBudget
from compression.methods.export import export_graph
from compression.methods.objectives.objective import Objective
from compression.methods.quantization.aware.fake_quantized import FakeQuantized, fake_quantized
from compression.methods.training import Budget, Progress, Training, Validation
from compression.methods.views import Views


@dataclass(frozen=True, kw_only=True)
class Retrained:
    """What came of it: the network as it was trained, and the file's content."""

    network: FakeQuantized
    model: onnx.ModelProto


def retrain(
    network: nn.Module,
    views: Views,
    objective: Objective,
    validation: Validation,
    *,
    card: DatasetCard,
    calibration: NDArray[np.float32],
    budget: RetrainingBudget,
    seed: int,
    teacher_logits: Tensor | None = None,
) -> Iterator[Progress | Retrained]:
    """Yield progress, then the result; ``network`` is left as it was.

    ``calibration``: normalized training images, float32 [N, C, H, W]; ``teacher_logits``: [views, N, classes]. Raises
    CandidateFailed when the training breaks down.
    """
    steps = budget.epochs * max(1, views.size // budget.batch_size)
    rounded = fake_quantized(
        network, torch.from_numpy(calibration), settling_steps=round(budget.settling_share * steps)
    )
    schedule = Budget(
        epochs=budget.epochs,
        batch_size=budget.batch_size,
        peak_learning_rate=budget.peak_learning_rate,
        # The network has found its weights; they are only to find the nearest that bear rounding.
        weight_decay=0.0,
    )
    yield from Training(rounded, schedule, seed=seed).epochs(views, objective, validation, teacher_logits)
    yield Retrained(network=rounded, model=export_graph(rounded.integers(), card))
