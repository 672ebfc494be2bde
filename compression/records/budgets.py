"""How much work a study puts into what it trains: what a preset turns into. Torch-free."""

from typing import Self

from pydantic import model_validator

from compression.records.base import Record
from compression.records.bounds import EPOCHS


class StudentBudget(Record):
    """The training of every student of a study, distilled and control alike.

    A training takes its steps on ``examples_seen`` examples in all, so that few of them are seen more often than many;
    ``epochs`` says how often each is seen instead, where that was asked for. ``train_examples`` bounds how many
    different ones are used (None: all); ``views`` is the number of augmented views of each, the first of which is the
    example itself. With several ``seeds`` each student is trained as often, to see what chance is worth.
    """

    examples_seen: int | None = None
    epochs: int | None = None
    batch_size: int
    peak_learning_rate: float
    weight_decay: float
    views: int = 1
    train_examples: int | None = None
    seeds: int = 1

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.examples_seen is None and self.epochs is None:
            raise ValueError("a training sees so many examples, or each of them so often")
        return self

    def used_of(self, examples: int) -> int:
        """How many different ones are used, of so many training examples."""
        return examples if self.train_examples is None else min(self.train_examples, examples)

    def epochs_on(self, examples: int) -> int:
        """How often each is seen, of so many training examples."""
        if self.epochs is not None:
            return self.epochs
        return _times(self.examples_seen or 0, self.used_of(examples))


class RetrainingBudget(Record):
    """How long a trained network is trained on while its numbers are rounded: the original and students alike.

    It takes its steps on ``examples_seen`` examples in all, of which at most ``train_examples`` are different ones. For
    ``settling_share`` (0..1) of the training, the ranges of activations follow the examples; then they stay.

    Higher rates cost accuracy, and more examples gained none: docs/lab-notes.md, "Retraining rates".
    """

    examples_seen: int = 5_000
    batch_size: int = 64
    peak_learning_rate: float = 0.002
    settling_share: float = 0.5
    train_examples: int = 5_000

    def epochs_on(self, examples: int) -> int:
        """How often each is seen, of so many different ones."""
        return _times(self.examples_seen, examples)


def _times(seen: int, examples: int) -> int:
    # Each ends with a look at the validation examples and a checkpoint, which shall not take longer than the training.
    return max(1, min(EPOCHS.most, round(seen / max(1, examples))))
