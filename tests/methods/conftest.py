"""Images that are made in a moment, and a context to build candidates from."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import torch

from compression.catalog.examples import Dataset
from compression.methods.build_context import BuildContext
from compression.records.budgets import StudentBudget
from tests import tiny
from tests.classifiers import Exported


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    return tiny.dataset()


@pytest.fixture(scope="session")
def context(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., BuildContext]:
    """Makes a context in a folder of their own."""

    def make(**budget: object) -> BuildContext:
        effort = {"epochs": 2, "batch_size": 32, "peak_learning_rate": 0.1, "weight_decay": 5e-4} | budget
        folder = tmp_path_factory.mktemp("context")
        return BuildContext(
            model="mobilenet_v2",
            dataset=dataset,
            modality=tiny.TinyModality(),
            student_budget=StudentBudget(**effort),
            seed=0,
            artefacts=folder / "artefacts",
            cache=folder / "cache",
        )

    return make


@pytest.fixture(scope="session")
def classifier_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Exported], Path]:
    """Exports a network of torchvision's; each way of doing so once."""
    folder = tmp_path_factory.mktemp("classifiers")
    return cache(lambda exported: exported.write(folder))
