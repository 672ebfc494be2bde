"""Distillation as public libraries write it: a DataLoader over per-image transforms, fp32, the teacher's forward pass
in each step. What our own is compared with.
"""

import torch
import torchvision.transforms.v2 as transforms
from torch import nn
from torch.utils.data import DataLoader, Dataset

from compression.catalog.rows import FASHION_MNIST
from compression.methods.distillation.objective import Batch, LabelsOnly, Objective
from compression.methods.training.loop import Budget
from compression.modalities.image.reading import ImageExamples


class PerImage(Dataset[tuple[torch.Tensor, int]]):
    """Images one at a time, each through its transforms."""

    def __init__(self, examples: ImageExamples) -> None:
        self.examples = examples
        self.transform = transforms.Compose(
            [
                transforms.RandomCrop(28, padding=2),
                transforms.RandomHorizontalFlip(),
                transforms.ToDtype(torch.float32, scale=True),
                transforms.Normalize(FASHION_MNIST.mean, FASHION_MNIST.std),
            ]
        )

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.transform(torch.from_numpy(self.examples.pixels[index])), int(self.examples.labels[index])


def train_by_the_book(
    student: nn.Module,
    examples: ImageExamples,
    budget: Budget,
    *,
    distillation: Objective,
    teacher: nn.Module | None,
    workers: int,
    seed: int,
) -> None:
    """Train ``student`` in place, towards ``distillation`` if there is a teacher and towards the labels else."""
    torch.manual_seed(seed)
    loader = DataLoader(
        PerImage(examples), batch_size=budget.batch_size, shuffle=True, drop_last=True, num_workers=workers
    )
    optimizer = torch.optim.SGD(
        student.parameters(),
        lr=budget.peak_learning_rate,
        momentum=budget.momentum,
        nesterov=True,
        weight_decay=budget.weight_decay,
    )
    steps, done = budget.epochs * len(loader), 0
    student.train()
    for _ in range(budget.epochs):
        for images, labels in loader:
            for group in optimizer.param_groups:
                group["lr"] = budget.learning_rate(done / steps)
            with torch.no_grad():
                teacher_logits = None if teacher is None else teacher(images)
            objective = LabelsOnly() if teacher is None else distillation
            terms = objective(student(images), Batch(labels=labels, teacher_logits=teacher_logits))
            optimizer.zero_grad()
            torch.stack(list(terms.values())).sum().backward()
            optimizer.step()
            done += 1
