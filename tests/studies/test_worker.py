"""The worker looks at what it was given before it spends time on it."""

from pathlib import Path

import pytest
import torch

from compression.catalog.examples import Dataset
from compression.catalog.rows import FASHION_MNIST
from compression.errors import ModelNotUsable
from compression.methods.build_context import BuildContext
from compression.methods.export import export_network
from compression.methods.model_file import write_model
from compression.records.budgets import StudentBudget
from compression.studies.worker import check_teacher
from tests import tiny


@pytest.mark.parametrize(
    ("side", "classes", "because"),
    [
        (28, 7, "it tells 7 classes apart, and the dataset has 10"),
        (
            32,
            10,
            "those of the dataset are 1 x 28 x 28",
        ),
    ],
)
def test_a_teacher_that_does_not_fit_the_dataset_is_refused_in_a_sentence(
    side: int, classes: int, because: str, tmp_path: Path
) -> None:
    nobody = tiny.images(0, seed=0, shape=FASHION_MNIST.image_shape)
    context = BuildContext(
        model="resnet18",
        dataset=Dataset(card=FASHION_MNIST, train=nobody, validation=nobody, test=nobody),
        modality=tiny.TinyModality(),
        student_budget=StudentBudget(epochs=1, batch_size=1, peak_learning_rate=0.1, weight_decay=0.0),
        seed=0,
        artefacts=tmp_path,
        cache=tmp_path,
    )
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(side * side, classes))
    card = FASHION_MNIST.model_copy(update={"image_shape": (1, side, side)})
    write_model(export_network(network, card.inputs), context.original)
    with pytest.raises(ModelNotUsable) as refused:
        check_teacher(context)
    assert because in str(refused.value)
