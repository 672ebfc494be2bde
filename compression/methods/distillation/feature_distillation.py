"""Distillation from features: soft targets and labels and, beside them, what the student's feature maps are to have in
common with its teacher's. Knows of no objective what it compares.

What is read from the teacher is always the same for a view of an example, so it is read once and kept where there is
room; where there is none the teacher runs at each step, as slow as that is.
"""

from collections.abc import Iterator, Sequence
from math import ceil

import torch
from torch import Tensor, nn

from compression.errors import CandidateFailed
from compression.methods.device import CPU, training_precision
from compression.methods.distillation.comparison import compared, feature_terms, projections, readings
from compression.methods.distillation.feature_maps import HidesFeatures, Tap, pair_stages, stages_of
from compression.methods.distillation.objective import Batch, Distillation
from compression.methods.modality import TensorInputs, Views
from compression.records.inputs import InputSpec
from compression.records.objectives import FeatureObjective, soft_targets_of

# Room for those of the bundled models: docs/lab-notes.md, "What the answers take on disk". The teacher is asked for
# more at every step anew.
KEPT_BYTES = 500_000_000
READING_BATCH = 128


class FeatureDistillation:
    """An objective for one student and one teacher, whose features it taps until it is closed. Both are on the CPU; the
    teacher is put on ``device``, where whoever trains puts the student.

    ``companion`` are the projections, which are trained with the student and are no part of it. Raises CandidateFailed
    when one of the two has no stages.
    """

    def __init__(
        self,
        objective: FeatureObjective,
        student: nn.Module,
        teacher: nn.Module,
        inputs: Sequence[InputSpec],
        device: torch.device = CPU,
    ) -> None:
        pairs = pair_stages(stages_of(student, inputs), stages_of(teacher, inputs))
        if not pairs:
            raise CandidateFailed(
                "Student and teacher have no feature maps to compare; choose an objective that needs the teacher's "
                "answers only."
            )
        self._objective = objective
        self._answers = Distillation(objective=soft_targets_of(objective))
        self._pairs = compared(objective, pairs)
        self.companion = projections(objective, self._pairs)
        self._teacher = teacher.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._precision = training_precision(teacher, device)
        self._student = student
        self._showed_features = _show_features(student, True)
        self._student_tap = Tap(student, [pair[0] for pair in self._pairs])
        self._teacher_tap = Tap(teacher, [pair[1] for pair in self._pairs])
        # For each pair float16 [views, N, ...]: what was read from the teacher.
        self._kept: list[Tensor] | None = None

    def __call__(self, logits: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The terms of the student's answers, then those of its features.

        Raises ValueError for a batch that does not say which examples it is of.
        """
        if batch.inputs is None or batch.indices is None:
            raise ValueError("features are compared on examples that are known by their view and place")
        terms = self._answers(logits, batch)
        found = readings(self._objective, self._student_tap.take(), self._pairs)
        wanted = (
            self._ask(batch.inputs)
            if self._kept is None
            else [kept[batch.view, batch.indices].float() for kept in self._kept]
        )
        return terms | feature_terms(self._objective, found, wanted, self.companion)

    def read_teacher(self, views: Views) -> Iterator[float]:
        """Run the teacher on every view and keep what is compared, yielding the share done; nothing if it is too much.

        Always in the same batches, so that a training that is resumed goes on with the very same numbers.
        """
        room = [torch.empty(0)]
        for view in range(views.count):
            everything = torch.arange(views.size, device=views.device)
            for number, part in enumerate(torch.split(everything, READING_BATCH)):
                read = self._ask(views.render(part, view))
                if view == number == 0:
                    elements = views.count * views.size * sum(reading[0].numel() for reading in read)
                    if elements * torch.float16.itemsize > KEPT_BYTES:
                        return
                    room = [
                        torch.empty(
                            views.count, views.size, *reading.shape[1:], dtype=torch.float16, device=views.device
                        )
                        for reading in read
                    ]
                for place, reading in zip(room, read, strict=True):
                    place[view, part] = reading.half()
                yield (view + (number + 1) / ceil(views.size / READING_BATCH)) / views.count
        self._kept = room

    def close(self) -> None:
        """Leave both networks as they were, and forget what was read."""
        _show_features(self._student, self._showed_features)
        self._student_tap.close()
        self._teacher_tap.close()
        self._kept = None

    @torch.no_grad()
    def _ask(self, inputs: TensorInputs) -> list[Tensor]:
        self._teacher.eval()
        device = next(iter(inputs.values())).device
        with torch.autocast(device.type, self._precision, enabled=self._precision != torch.float32):
            self._teacher(*inputs.values())
        return readings(self._objective, self._teacher_tap.take(), self._pairs)


def _show_features(student: nn.Module, shown: bool) -> bool:
    """Whether it showed them before."""
    if not isinstance(student, HidesFeatures):
        return False
    before, student.shows_features = student.shows_features, shown
    return before
