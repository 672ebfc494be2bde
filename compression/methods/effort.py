"""How much work a study puts into its students: what a preset turns into. Torch-free."""

from pydantic import BaseModel, ConfigDict


class StudentBudget(BaseModel):
    """The training of every student of a study, distilled and control alike.

    ``train_examples`` bounds how many training images are used (None: all); ``views`` is the number of augmented
    views of each, the first of which is the image itself. With several ``seeds`` each student is trained as often, to
    see what chance is worth.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int
    batch_size: int
    peak_learning_rate: float
    weight_decay: float
    views: int = 1
    train_examples: int | None = None
    seeds: int = 1
