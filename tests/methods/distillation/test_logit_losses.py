"""Each objective is what its paper says, checked against the formula in plain NumPy."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from compression.methods.distillation.logit_losses import (
    other_classes_divergence,
    relation_between_classes,
    relation_within_classes,
    soft_target_divergence,
    standardized,
    target_class_divergence,
)
from compression.methods.distillation.objective import Batch, Distillation, LabelsOnly
from compression.records.objectives import (
    Dist,
    DistillationObjective,
    Dkd,
    LogitStandardization,
    SoftTargets,
    needs_labels,
)

RANDOM = np.random.default_rng(0)
STUDENT, TEACHER = RANDOM.normal(0, 2, (6, 5)), RANDOM.normal(0, 2, (6, 5))
LABELS = np.array([0, 1, 2, 3, 4, 0])
STUDENTS, TEACHERS, TARGETS = torch.from_numpy(STUDENT), torch.from_numpy(TEACHER), torch.from_numpy(LABELS)


def softmax(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def divergence(p: np.ndarray, q: np.ndarray) -> float:
    """Mean over the rows of KL(p || q)."""
    return float(np.mean(np.sum(p * np.log(p / q), axis=1)))


def batch(teacher: torch.Tensor | None = TEACHERS) -> Batch:
    return Batch(labels=TARGETS, teacher_logits=teacher)


def every_objective(labels_share: float) -> list[DistillationObjective]:
    return [
        SoftTargets(temperature=3.0, labels_share=labels_share),
        LogitStandardization(labels_share=labels_share),
        Dkd(labels_share=labels_share),
        Dist(labels_share=labels_share),
    ]


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_soft_targets_are_those_of_hinton_2015(temperature: float) -> None:
    expected = temperature**2 * divergence(softmax(TEACHER / temperature), softmax(STUDENT / temperature))
    assert float(soft_target_divergence(STUDENTS, TEACHERS, temperature)) == pytest.approx(expected)


def test_standardized_logits_have_no_mean_and_a_spread_of_one() -> None:
    expected = (STUDENT - STUDENT.mean(1, keepdims=True)) / STUDENT.std(1, keepdims=True)
    np.testing.assert_allclose(standardized(STUDENTS).numpy(), expected, rtol=1e-6)
    assert standardized(torch.ones(2, 5)).abs().max() == 0.0


def test_standardized_targets_do_not_ask_for_the_teachers_spread() -> None:
    terms = Distillation(objective=LogitStandardization(labels_share=0.0))(3.0 * TEACHERS + 1.0, batch())
    assert float(terms["teacher"]) == pytest.approx(0.0, abs=1e-10)


def test_standardized_targets_are_soft_targets_of_standardized_logits() -> None:
    p, q = (softmax((z - z.mean(1, keepdims=True)) / z.std(1, keepdims=True) / 2.0) for z in (TEACHER, STUDENT))
    terms = Distillation(objective=LogitStandardization(labels_share=0.0))(STUDENTS, batch())
    assert float(terms["teacher"]) == pytest.approx(10.0 * 4.0 * divergence(p, q), rel=1e-5)


def test_the_decoupled_parts_are_those_of_zhao_2022() -> None:
    p, q = softmax(TEACHER / 4.0), softmax(STUDENT / 4.0)
    rows = np.arange(6)
    binary = [np.stack([x[rows, LABELS], 1 - x[rows, LABELS]], axis=1) for x in (p, q)]
    others = []
    for x in (p, q):
        rest = np.array([np.delete(row, label) for row, label in zip(x, LABELS, strict=True)])
        others.append(rest / rest.sum(axis=1, keepdims=True))
    target, other = (f(STUDENTS, TEACHERS, TARGETS, 4.0) for f in (target_class_divergence, other_classes_divergence))
    assert float(target) == pytest.approx(16.0 * divergence(*binary))
    assert float(other) == pytest.approx(16.0 * divergence(*others))


def test_the_decoupled_parts_make_up_soft_targets_again() -> None:
    # KD = TCKD + (1 - p_t) NCKD, image by image.
    for row in range(6):
        student, teacher, label = STUDENTS[row : row + 1], TEACHERS[row : row + 1], TARGETS[row : row + 1]
        doubt = 1.0 - softmax(TEACHER / 4.0)[row, LABELS[row]]
        parts = [float(f(student, teacher, label, 4.0)) for f in (target_class_divergence, other_classes_divergence)]
        assert parts[0] + doubt * parts[1] == pytest.approx(float(soft_target_divergence(student, teacher, 4.0)))


def test_the_relations_are_those_of_huang_2022() -> None:
    p, q = softmax(TEACHER / 4.0), softmax(STUDENT / 4.0)
    between = np.mean([1.0 - np.corrcoef(a, b)[0, 1] for a, b in zip(p, q, strict=True)])
    within = np.mean([1.0 - np.corrcoef(a, b)[0, 1] for a, b in zip(p.T, q.T, strict=True)])
    assert float(relation_between_classes(STUDENTS, TEACHERS, 4.0)) == pytest.approx(16.0 * between)
    assert float(relation_within_classes(STUDENTS, TEACHERS, 4.0)) == pytest.approx(16.0 * within)


@pytest.mark.parametrize("objective", every_objective(0.0), ids=lambda objective: objective.kind)
def test_a_student_that_equals_its_teacher_has_nothing_to_learn_from_it(objective: DistillationObjective) -> None:
    terms = Distillation(objective=objective)(TEACHERS, batch())
    assert "labels" not in terms
    for term in terms.values():
        assert float(term) == pytest.approx(0.0, abs=1e-10)


@pytest.mark.parametrize("objective", every_objective(0.3), ids=lambda objective: objective.kind)
def test_the_gradient_is_that_of_finite_differences(objective: DistillationObjective) -> None:
    logits = STUDENTS.clone().requires_grad_()
    loss = Distillation(objective=objective)
    assert torch.autograd.gradcheck(lambda z: torch.stack(list(loss(z, batch()).values())).sum(), (logits,))


@pytest.mark.parametrize("number", range(4))
def test_the_labels_share_divides_the_loss_between_teacher_and_labels(number: int) -> None:
    whole, shared = (Distillation(objective=every_objective(share)[number])(STUDENTS, batch()) for share in (0.0, 0.25))
    scale = every_objective(0.0)[number].scale
    assert float(shared.pop("labels")) == pytest.approx(0.25 * scale * float(LabelsOnly()(STUDENTS, batch())["labels"]))
    assert {name: float(term) for name, term in shared.items()} == pytest.approx(
        {name: 0.75 * float(term) for name, term in whole.items()}
    )


def test_the_usual_numbers_are_those_of_the_papers() -> None:
    ce = float(LabelsOnly()(STUDENTS, batch())["labels"])
    tckd, nckd = (
        float(f(STUDENTS, TEACHERS, TARGETS, 4.0)) for f in (target_class_divergence, other_classes_divergence)
    )
    inter, intra = (float(f(STUDENTS, TEACHERS, 4.0)) for f in (relation_between_classes, relation_within_classes))
    soft = float(soft_target_divergence(standardized(STUDENTS), standardized(TEACHERS), 2.0))
    expected = {
        LogitStandardization(): ce + 9.0 * soft,
        Dkd(): ce + tckd + 8.0 * nckd,
        Dist(): ce + 2.0 * inter + 2.0 * intra,
    }
    for objective, loss in expected.items():
        found = sum(float(term) for term in Distillation(objective=objective)(STUDENTS, batch()).values())
        assert found == pytest.approx(loss)


def test_labels_alone_are_plain_cross_entropy() -> None:
    expected = -np.mean(np.log(softmax(STUDENT)[np.arange(6), LABELS]))
    assert float(LabelsOnly()(STUDENTS, batch(teacher=None))["labels"]) == pytest.approx(expected)


def test_soft_gradients_keep_their_size_at_high_temperature() -> None:
    # Hinton et al. 2015, equation 4: at high T the gradient tends to (z_s - z_t) / K for centred logits, whatever T is.
    sizes = []
    for temperature in (20.0, 80.0):
        logits = STUDENTS.clone().requires_grad_()
        soft_target_divergence(logits, TEACHERS, temperature).backward()
        sizes.append(float(logits.grad.norm()))
    assert sizes[0] == pytest.approx(sizes[1], rel=0.1)


def test_without_a_teacher_there_is_no_distillation() -> None:
    with pytest.raises(ValueError, match="needs a teacher's logits"):
        Distillation(objective=every_objective(0.1)[0])(STUDENTS, batch(teacher=None))


def test_labels_are_needed_where_they_have_a_share_or_say_which_class_is_the_target() -> None:
    assert [needs_labels(objective) for objective in every_objective(0.0)] == [False, False, True, False]
    assert all(needs_labels(objective) for objective in every_objective(0.1))


def test_numbers_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValidationError):
        SoftTargets(temperature=0.5, labels_share=0.1)
    with pytest.raises(ValidationError):
        Dist(labels_share=1.5)
