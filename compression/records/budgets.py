"""How much work a study puts into what it trains: what a preset turns into. Torch-free."""

from compression.records.base import Record


class StudentBudget(Record):
    """The training of every student of a study, distilled and control alike.

    ``train_examples`` bounds how many training examples are used (None: all); ``views`` is the number of augmented
    views of each, the first of which is the image itself. With several ``seeds`` each student is trained as often, to
    see what chance is worth.
    """

    epochs: int
    batch_size: int
    peak_learning_rate: float
    weight_decay: float
    views: int = 1
    train_examples: int | None = None
    seeds: int = 1


class RetrainingBudget(Record):
    """How long a trained network is trained on while its numbers are rounded: the original and students alike.

    ``train_examples`` bounds how many training examples are used (None: all). For ``settling_share`` (0..1) of the
    training, the ranges of activations follow the images; then they stay.

    The numbers were tried on the validation examples. At peaks of 0.0005 and 0.002, ResNet-18, MobileNetV2 and a
    student of width 12 came within 0.1 points of their fp32 accuracies or above; at 0.01 the student was 0.1 points
    worse than at 0.002, and at 0.03 one point, or lost for good. 20,000 images were no better than 5,000.
    """

    epochs: int = 1
    batch_size: int = 64
    peak_learning_rate: float = 0.002
    settling_share: float = 0.5
    train_examples: int | None = 5_000
