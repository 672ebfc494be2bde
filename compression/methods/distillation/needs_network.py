"""The refusal of what needs more of a model than its answers, where there is only a file of it. Torch-free, so that it
can be given at once.
"""

from pathlib import Path

from compression.errors import UsageError
from compression.records.objectives import DistillationObjective, FeatureObjective


class NeedsNetwork(UsageError):
    """The inside of a model was asked for, of which there is only a file."""

    def __init__(self, model: Path) -> None:
        super().__init__(
            f"Of {model.name} only the answers can be had, not what goes on inside it; choose an objective that needs "
            "no more: soft-targets, logit-standardization, dkd or dist."
        )


def require_logits_suffice(objective: DistillationObjective, model: Path) -> None:
    """Raise NeedsNetwork for an objective that compares features."""
    if isinstance(objective, FeatureObjective):
        raise NeedsNetwork(model)
