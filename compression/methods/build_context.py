"""What recipes are made from: the model, the data, the budget, and the folders that files come from and go to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from compression.catalog.examples import Dataset, Examples, Inputs
from compression.methods.device import CPU, training_device
from compression.methods.distillation.needs_network import NeedsNetwork
from compression.methods.distillation.teacher import logits_file
from compression.methods.modality import Modality, Views
from compression.methods.training.loop import Budget, Validation
from compression.records.budgets import RetrainingBudget, StudentBudget
from compression.records.measurements import ScoreKind
from compression.records.naming import id_of
from compression.records.recipes import Distill, Original, Recipe, Train


@dataclass(frozen=True, kw_only=True)
class BuildContext:
    """Everything that carrying out a recipe may need. ``cache`` is for what can be made again; students are trained on
    ``device``.

    ``model`` is a pretrained model of the catalog, by its name, or the file of any other, which then is the original.

    ``trained_on`` are the students that another recipe starts from: their weights are kept beside their files.
    ``written_as`` has the ids that files go by which are there already: older versions gave some recipes another one.
    ``scores`` is what the original's are, where that is known beforehand.
    """

    model: str | Path
    dataset: Dataset
    modality: Modality
    student_budget: StudentBudget
    seed: int
    artefacts: Path
    cache: Path
    device: torch.device = field(default_factory=training_device)
    retraining_budget: RetrainingBudget = field(default_factory=RetrainingBudget)
    trained_on: frozenset[Distill | Train] = frozenset()
    written_as: Mapping[str, str] = field(default_factory=dict)
    scores: ScoreKind | None = None

    def artefact(self, recipe: Recipe) -> Path:
        """The file that a recipe is, or will be, made into."""
        return self.artefacts / f"{self._written(recipe)}.onnx"

    def checkpoint(self, recipe: Distill | Train, seed: int) -> Path:
        """The file that a training goes on from that was interrupted; there is none once the artefact is made."""
        return self.artefacts / f"{self._written(recipe)}.seed-{seed}.checkpoint.pt"

    def training_name(self, recipe: Distill | Train, budget: Budget, seed: int) -> str:
        """A hash of all that a training's result depends on, beside the machine and its number of threads."""
        taught_by = self.teacher_logits.name if isinstance(recipe, Distill) else None
        whole = f"{recipe.model_dump_json()} {budget} {seed} {self.student_views.fingerprint()} {taught_by}"
        return sha256(whole.encode()).hexdigest()

    def weights(self, recipe: Distill | Train) -> Path:
        """Where the weights of a student are kept, if another recipe starts from them."""
        return self.artefacts.with_name("weights") / f"{self._written(recipe)}.safetensors"

    @property
    def original(self) -> Path:
        """The original's file, which the other recipes start from."""
        return self.model if isinstance(self.model, Path) else self.artefact(Original())

    def file_of(self, recipe: Recipe) -> Path:
        """The file of a recipe that another one starts from."""
        return self.original if isinstance(recipe, Original) else self.artefact(recipe)

    def network(self) -> nn.Module:
        """The original's network, pretrained. Raises NeedsNetwork where there is only a file of it."""
        if isinstance(self.model, Path):
            raise NeedsNetwork(self.model)
        return self.modality.network(self.model, self.dataset.card)

    @cached_property
    def learning_examples(self) -> Examples:
        """The training examples that students see."""
        wanted = self.student_budget.train_examples
        if wanted is None or wanted >= len(self.dataset.train):
            return self.dataset.train
        return self.dataset.train.select(self._random_order()[:wanted])

    @cached_property
    def student_views(self) -> Views:
        """The views of the training examples that students and teacher see."""
        return self._views(self.learning_examples, self.device, count=self.student_budget.views)

    @cached_property
    def validation(self) -> Validation:
        """What students are judged on while they are trained."""
        return Validation(self._views(self.dataset.validation, self.device))

    @cached_property
    def retraining_validation(self) -> Validation:
        """The same for networks that compute with rounded numbers, which are trained on the CPU."""
        if self.device == CPU:
            return self.validation
        return Validation(self._views(self.dataset.validation, CPU))

    @cached_property
    def retraining_choice(self) -> NDArray[np.intp]:
        """Which of the learning examples are trained on again, [M]: a seeded choice."""
        order = np.random.default_rng(self.seed).permutation(len(self.learning_examples))
        return order[: self.retraining_budget.train_examples]

    @cached_property
    def retraining_views(self) -> Views:
        """The chosen examples themselves, as in view 0 of ``student_views``: so they go through the finished file."""
        return self._views(self.learning_examples.select(self.retraining_choice), CPU)

    @property
    def teacher_logits(self) -> Path:
        """Where the original's logits on the students' views are kept."""
        return logits_file(self.original, self.student_views, self.cache, self.scores)

    def budget(self) -> Budget:
        """The training of one student."""
        effort = self.student_budget
        return Budget(
            epochs=effort.epochs_on(len(self.dataset.train)),
            batch_size=effort.batch_size,
            peak_learning_rate=effort.peak_learning_rate,
            weight_decay=effort.weight_decay,
        )

    def calibration(self, examples: int) -> Inputs:
        """A seeded choice from the training split, as a network takes them in."""
        return self.dataset.train.inputs(self._random_order()[:examples])

    def _views(self, examples: Examples, device: torch.device, *, count: int = 1) -> Views:
        return self.modality.views(examples, self.dataset.card, count=count, seed=self.seed, device=device)

    def _written(self, recipe: Recipe) -> str:
        return self.written_as.get(id_of(recipe), id_of(recipe))

    def _random_order(self) -> NDArray[np.intp]:
        return np.random.default_rng(self.seed).permutation(len(self.dataset.train))
