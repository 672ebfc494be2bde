"""Each loss on features is what its paper says, checked against the formula in plain NumPy."""

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
import torch
from torch import Tensor

from compression.methods.distillation.feature_losses import (
    angle_loss,
    attention_loss,
    attention_map,
    distance_loss,
    hint_loss,
    normalized_map,
)

RANDOM = np.random.default_rng(0)
STUDENT_MAPS, TEACHER_MAPS = RANDOM.normal(0, 2, (3, 2, 4, 5)), RANDOM.normal(0, 2, (3, 7, 4, 5))
STUDENT, TEACHER = RANDOM.normal(1, 2, (6, 3)), RANDOM.normal(-1, 5, (6, 8))


def tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(array)


def of_maps(student: Tensor, teacher: Tensor) -> Tensor:
    return attention_loss(*(normalized_map(attention_map(maps)) for maps in (student, teacher)))


def huber(difference: float) -> float:
    return 0.5 * difference**2 if abs(difference) <= 1 else abs(difference) - 0.5


def distances(embedding: np.ndarray) -> dict[tuple[int, int], float]:
    """psi_D of equation 4, for all pairs of different examples."""
    found = {(i, j): float(np.linalg.norm(embedding[i] - embedding[j])) for i, j in permutations(range(6), 2)}
    mean = np.mean(list(found.values()))
    return {pair: distance / mean for pair, distance in found.items()}


def cosines(embedding: np.ndarray) -> dict[tuple[int, int, int], float]:
    """psi_A of equation 7, for all triples of different examples; the corner is the middle one."""

    def direction(to: int, corner: int) -> np.ndarray:
        return (embedding[to] - embedding[corner]) / np.linalg.norm(embedding[to] - embedding[corner])

    return {(i, j, k): float(direction(i, j) @ direction(k, j)) for i, j, k in permutations(range(6), 3)}


def test_hints_are_those_of_romero_2015() -> None:
    student = RANDOM.normal(0, 1, TEACHER_MAPS.shape)
    by_equation_3 = 0.5 * np.sum((TEACHER_MAPS - student) ** 2, axis=(1, 2, 3))
    elements_of_an_image = 7 * 4 * 5
    expected = np.mean(2.0 * by_equation_3 / elements_of_an_image)
    assert float(hint_loss(tensor(student), tensor(TEACHER_MAPS))) == pytest.approx(expected)


def test_attention_is_that_of_zagoruyko_2017() -> None:
    squared_distances = []
    for student, teacher in zip(STUDENT_MAPS, TEACHER_MAPS, strict=True):
        q_s, q_t = ((np.abs(maps) ** 2).sum(axis=0).ravel() for maps in (student, teacher))
        squared_distances.append(np.linalg.norm(q_s / np.linalg.norm(q_s) - q_t / np.linalg.norm(q_t)) ** 2)
    assert float(of_maps(tensor(STUDENT_MAPS), tensor(TEACHER_MAPS))) == pytest.approx(np.mean(squared_distances))


def test_attention_does_not_see_how_strong_features_are_in_all() -> None:
    assert float(of_maps(tensor(3.0 * TEACHER_MAPS), tensor(TEACHER_MAPS))) == pytest.approx(0.0, abs=1e-12)


def test_distances_are_those_of_park_2019() -> None:
    mine, theirs = distances(STUDENT), distances(TEACHER)
    expected = np.mean([huber(mine[pair] - theirs[pair]) for pair in mine])
    assert float(distance_loss(tensor(STUDENT), tensor(TEACHER))) == pytest.approx(expected)


def test_angles_are_those_of_park_2019() -> None:
    mine, theirs = cosines(STUDENT), cosines(TEACHER)
    expected = np.mean([huber(mine[triple] - theirs[triple]) for triple in mine])
    assert float(angle_loss(tensor(STUDENT), tensor(TEACHER))) == pytest.approx(expected)


@pytest.mark.parametrize("loss", [distance_loss, angle_loss])
def test_what_lies_alike_has_nothing_to_learn(loss: Callable[[Tensor, Tensor], Tensor]) -> None:
    turned, _ = np.linalg.qr(RANDOM.normal(size=(8, 8)))
    moved = 3.0 * TEACHER @ turned + 10.0
    assert float(loss(tensor(moved), tensor(TEACHER))) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("loss", "features"),
    [(hint_loss, TEACHER_MAPS), (of_maps, TEACHER_MAPS), (distance_loss, TEACHER), (angle_loss, TEACHER)],
)
def test_a_student_that_equals_its_teacher_has_nothing_to_learn(
    loss: Callable[[Tensor, Tensor], Tensor], features: np.ndarray
) -> None:
    assert float(loss(tensor(features), tensor(features))) == 0.0


@pytest.mark.parametrize(
    ("loss", "student", "teacher"),
    [
        (hint_loss, STUDENT_MAPS, STUDENT_MAPS + 1.0),
        (of_maps, STUDENT_MAPS, TEACHER_MAPS),
        (distance_loss, STUDENT, TEACHER),
        (angle_loss, STUDENT, TEACHER),
    ],
)
def test_the_gradient_is_that_of_finite_differences(
    loss: Callable[[Tensor, Tensor], Tensor], student: np.ndarray, teacher: np.ndarray
) -> None:
    assert torch.autograd.gradcheck(
        lambda features: loss(features, tensor(teacher)), (tensor(student).requires_grad_(),)
    )


@pytest.mark.parametrize("loss", [distance_loss, angle_loss])
def test_images_with_the_same_embedding_do_not_break_a_training(loss: Callable[[Tensor, Tensor], Tensor]) -> None:
    student = tensor(np.concatenate([STUDENT[:5], STUDENT[:1]])).requires_grad_()
    loss(student, tensor(TEACHER)).backward()
    assert student.grad is not None
    assert torch.isfinite(student.grad).all()
