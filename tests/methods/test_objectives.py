"""Each objective is what its paper says, checked against the formula in plain NumPy."""

import numpy as np
import pytest
import torch

from compression.methods.objectives import Batch, LabelsOnly, SoftTargets, soft_target_divergence

RANDOM = np.random.default_rng(0)
STUDENT, TEACHER = RANDOM.normal(0, 2, (6, 5)), RANDOM.normal(0, 2, (6, 5))
LABELS = np.array([0, 1, 2, 3, 4, 0])


def softmax(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def batch(teacher: np.ndarray | None = TEACHER) -> Batch:
    return Batch(
        labels=torch.from_numpy(LABELS),
        teacher_logits=None if teacher is None else torch.from_numpy(teacher),
    )


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_the_divergence_is_that_of_hinton_2015(temperature: float) -> None:
    p, q = softmax(TEACHER / temperature), softmax(STUDENT / temperature)
    expected = temperature**2 * np.mean(np.sum(p * np.log(p / q), axis=1))
    found = soft_target_divergence(torch.from_numpy(STUDENT), torch.from_numpy(TEACHER), temperature)
    assert float(found) == pytest.approx(expected)


def test_a_student_that_equals_its_teacher_has_no_divergence() -> None:
    logits = torch.from_numpy(STUDENT)
    assert float(soft_target_divergence(logits, logits, 4.0)) == pytest.approx(0.0, abs=1e-12)


def test_labels_alone_are_plain_cross_entropy() -> None:
    expected = -np.mean(np.log(softmax(STUDENT)[np.arange(6), LABELS]))
    found = LabelsOnly()(torch.from_numpy(STUDENT), batch(teacher=None))
    assert float(found["labels"]) == pytest.approx(expected)


def test_the_labels_share_divides_the_loss_between_teacher_and_labels() -> None:
    logits = torch.from_numpy(STUDENT)
    terms = SoftTargets(temperature=4.0, labels_share=0.25)(logits, batch())
    assert float(terms["teacher"]) == pytest.approx(
        0.75 * float(soft_target_divergence(logits, torch.from_numpy(TEACHER), 4.0))
    )
    assert float(terms["labels"]) == pytest.approx(0.25 * float(LabelsOnly()(logits, batch())["labels"]))


def test_with_no_share_the_labels_are_not_looked_at() -> None:
    terms = SoftTargets(temperature=4.0, labels_share=0.0)(torch.from_numpy(STUDENT), batch())
    assert set(terms) == {"teacher"}


def test_soft_gradients_keep_their_size_at_high_temperature() -> None:
    # Hinton et al. 2015, equation 4: at high T the gradient tends to (z_s - z_t) / K for centred logits, whatever T is.
    sizes = []
    for temperature in (20.0, 80.0):
        logits = torch.from_numpy(STUDENT).requires_grad_()
        soft_target_divergence(logits, torch.from_numpy(TEACHER), temperature).backward()
        sizes.append(float(logits.grad.norm()))
    assert sizes[0] == pytest.approx(sizes[1], rel=0.1)


def test_the_gradient_is_that_of_finite_differences() -> None:
    logits = torch.from_numpy(STUDENT).requires_grad_()
    objective = SoftTargets(temperature=3.0, labels_share=0.3)
    assert torch.autograd.gradcheck(lambda z: torch.stack(list(objective(z, batch()).values())).sum(), (logits,))


def test_soft_targets_without_a_teacher_are_refused() -> None:
    with pytest.raises(ValueError, match="need a teacher's logits"):
        SoftTargets(temperature=4.0, labels_share=0.1)(torch.from_numpy(STUDENT), batch(teacher=None))
