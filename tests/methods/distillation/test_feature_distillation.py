"""A student learns from its teacher's features, whatever the two networks are, and takes nothing of it along."""

import pytest
import torch
from torch import nn

from compression.catalog.examples import Dataset
from compression.errors import CandidateFailed
from compression.methods.distillation import feature_distillation
from compression.methods.distillation.feature_distillation import FeatureDistillation
from compression.methods.distillation.objective import Batch
from compression.methods.training.loop import Budget, Training
from compression.modalities.image.augmentation import Augmentation, ImageViews
from compression.modalities.image.networks import build_network
from compression.modalities.image.students import StudentNetwork, build_student
from compression.records.objectives import AttentionTransfer, FeatureObjective, FitNets, Rkd
from compression.records.students import Student
from tests.tiny import CARD, TinyModality

INPUTS = CARD.inputs
STUDENT = Student(size="small", width=4)
OBJECTIVES: list[FeatureObjective] = [FitNets(), AttentionTransfer(), Rkd()]
each_objective = pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda objective: objective.kind)


def trained() -> nn.Module:
    return TinyModality().network("mobilenet_v2", CARD)


@pytest.fixture(scope="module")
def views(dataset: Dataset) -> ImageViews:
    few = dataset.train.select(torch.arange(64).numpy())
    return ImageViews(few, dataset.card, Augmentation(), count=2, seed=0)


@pytest.fixture(scope="module", params=["mobilenet_v2", "resnet18"])
def teacher(request: pytest.FixtureRequest) -> nn.Module:
    """One that has learnt, and one of random weights."""
    torch.manual_seed(0)
    return trained() if request.param == "mobilenet_v2" else build_network(request.param, CARD).eval()


@pytest.fixture
def student(dataset: Dataset) -> nn.Module:
    torch.manual_seed(0)
    return build_student(STUDENT, dataset.card)


def a_batch(views: ImageViews, view: int = 1, size: int = 16) -> Batch:
    indices = torch.arange(size)
    return Batch(
        labels=views.labels[indices],
        teacher_logits=torch.zeros(size, views.classes),
        inputs=views.render(indices, view),
        indices=indices,
        view=view,
    )


def terms_of(loss: FeatureDistillation, student: nn.Module, batch: Batch) -> dict[str, float]:
    assert batch.inputs is not None
    return {name: float(term.detach()) for name, term in loss(student(*batch.inputs.values()), batch).items()}


@each_objective
def test_what_was_read_beforehand_is_what_the_teacher_says_at_each_step(
    objective: FeatureObjective, student: nn.Module, teacher: nn.Module, views: ImageViews
) -> None:
    loss, batch = FeatureDistillation(objective, student.eval(), teacher, INPUTS), a_batch(views)
    at_each_step = terms_of(loss, student, batch)
    assert list(loss.read_teacher(views))[-1] == 1.0
    # Kept in 16 bits.
    assert terms_of(loss, student, batch) == pytest.approx(at_each_step, rel=0.02)
    loss.close()


def test_a_teacher_that_says_too_much_to_keep_is_asked_at_each_step(
    student: nn.Module, teacher: nn.Module, views: ImageViews, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss, batch = FeatureDistillation(FitNets(), student.eval(), teacher, INPUTS), a_batch(views)
    expected = terms_of(loss, student, batch)
    monkeypatch.setattr(feature_distillation, "KEPT_BYTES", 1000)
    assert list(loss.read_teacher(views)) == []
    assert terms_of(loss, student, batch) == expected
    loss.close()


@each_objective
def test_a_student_comes_closer_to_its_teachers_features(
    objective: FeatureObjective, student: nn.Module, teacher: nn.Module, views: ImageViews
) -> None:
    # Judged in training mode: in these few steps the statistics of the batch norms lag behind.
    loss, batch = FeatureDistillation(objective, student.train(), teacher, INPUTS), a_batch(views, size=32)
    own = {"hints", "attention", "distances", "angles"}
    before = sum(term for name, term in terms_of(loss, student, batch).items() if name in own)
    optimizer = torch.optim.SGD([*student.parameters(), *loss.companion.parameters()], lr=1e-2)
    list(loss.read_teacher(views))
    for _ in range(8):
        optimizer.zero_grad()
        terms = loss(student(*batch.inputs.values()), batch)
        torch.stack([term for name, term in terms.items() if name in own]).sum().backward()
        optimizer.step()
    after = sum(term for name, term in terms_of(loss, student, batch).items() if name in own)
    assert 0.0 < after < 0.98 * before
    loss.close()


def test_a_student_that_is_its_teacher_has_no_features_to_learn(views: ImageViews) -> None:
    teacher = trained()
    for objective in OBJECTIVES:
        loss = FeatureDistillation(objective, teacher, teacher, INPUTS)
        assert list(loss.companion.parameters()) == []
        terms = terms_of(loss, teacher, a_batch(views))
        assert sum(term for name, term in terms.items() if name not in {"teacher", "labels"}) == 0.0
        loss.close()


def test_projections_are_trained_with_the_student_and_resumed(
    student: nn.Module, teacher: nn.Module, views: ImageViews
) -> None:
    loss = FeatureDistillation(FitNets(), student, teacher, INPUTS)
    budget = Budget(epochs=1, batch_size=32, peak_learning_rate=0.05, weight_decay=5e-4)
    before = [weights.detach().clone() for weights in loss.companion.parameters()]
    training = Training(student, budget, seed=0, companion=loss.companion)
    logits = torch.zeros(views.count, views.size, views.classes)
    for _ in training.epochs(views, loss, _Nobody(), logits):
        pass
    after = list(loss.companion.parameters())
    assert len(after) == 2
    assert not any(torch.equal(one, other) for one, other in zip(before, after, strict=True))

    again = FeatureDistillation(FitNets(), student, teacher, INPUTS)
    Training(student, budget, seed=0, companion=again.companion).load_state_dict(training.state_dict())
    assert all(torch.equal(one, other) for one, other in zip(after, again.companion.parameters(), strict=True))
    loss.close()
    again.close()


class _Nobody:
    """In place of a validation that takes time."""

    def accuracy(self, _network: nn.Module, _precision: torch.dtype) -> float:
        return 0.0


def test_networks_without_maps_cannot_be_compared(student: nn.Module) -> None:
    flat = nn.Sequential(nn.Flatten(), nn.Linear(256, 10))
    with pytest.raises(CandidateFailed, match="no feature maps to compare; choose an objective"):
        FeatureDistillation(FitNets(), student, flat, INPUTS)


def test_the_features_of_whole_batches_of_logits_are_refused(student: nn.Module, teacher: nn.Module) -> None:
    loss = FeatureDistillation(FitNets(), student, teacher, INPUTS)
    with pytest.raises(ValueError, match="known by their view and place"):
        loss(torch.zeros(2, 10), Batch(labels=torch.zeros(2, dtype=torch.long), teacher_logits=torch.zeros(2, 10)))
    loss.close()


@pytest.mark.parametrize("shown", [False, True])
def test_closing_leaves_the_student_to_be_computed_as_before(
    shown: bool, student: nn.Module, teacher: nn.Module
) -> None:
    assert isinstance(student, StudentNetwork)
    student.shows_features = shown
    loss = FeatureDistillation(AttentionTransfer(), student, teacher, INPUTS)
    assert student.shows_features
    loss.close()
    assert student.shows_features is shown


def test_closing_takes_every_hook_away(student: nn.Module, teacher: nn.Module) -> None:
    loss = FeatureDistillation(AttentionTransfer(), student, teacher, INPUTS)
    assert any(module._forward_hooks for module in teacher.modules())
    loss.close()
    assert not any(module._forward_hooks for network in (student, teacher) for module in network.modules())
