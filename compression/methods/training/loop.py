"""The one training loop. It yields progress once an epoch or more often; it prints nothing, saves nothing, and does
not know which method it serves.

Everything random is drawn from (seed, epoch), so a run that is resumed after any epoch ends exactly where an
uninterrupted one does (same machine, same number of threads; a GPU may differ in the last digits).

Most of a step goes into convolutions and norms; what would have saved some of it cost accuracy or gained too little:
docs/lab-notes.md, "Where a step's time goes" and "Steps: tried and left out".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, isfinite, pi
from time import monotonic
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from compression.errors import CandidateFailed
from compression.methods.device import CPU, training_precision
from compression.methods.distillation.objective import Batch, Objective
from compression.methods.modality import TensorInputs, Views

# A page that is watched wants news about twice a second; more would only fill the store.
SECONDS_BETWEEN_UPDATES = 0.5


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How long and how hard to train: SGD with Nesterov momentum on a one-cycle schedule.

    The learning rate rises linearly over ``warmup_share`` of all steps and falls to zero along a cosine
    (Smith and Topin 2018, "Super-Convergence"; the cosine is Loshchilov and Hutter 2017). Without ``annealed`` it stays
    at its peak, for weights that are to be averaged.
    """

    epochs: int
    batch_size: int
    peak_learning_rate: float
    weight_decay: float
    momentum: float = 0.9
    warmup_share: float = 0.2
    annealed: bool = True

    def learning_rate(self, done: float) -> float:
        """The rate when ``done`` (0..1) of the training is over."""
        if done < self.warmup_share:
            return self.peak_learning_rate * done / self.warmup_share
        if not self.annealed:
            return self.peak_learning_rate
        falling = (done - self.warmup_share) / (1.0 - self.warmup_share)
        return self.peak_learning_rate * 0.5 * (1.0 + cos(pi * falling))


@dataclass(frozen=True, kw_only=True)
class TrainingProgress:
    """News from a training: ``validation_accuracy`` (0..1) is set at the end of an epoch, None in between."""

    epoch: int
    epochs: int
    done: float
    loss: float
    examples_per_second: float
    validation_accuracy: float | None = None


class Mixing(Protocol):
    """Mixes the examples of a batch with each other."""

    def __call__(self, inputs: TensorInputs, labels: Tensor, classes: int) -> tuple[TensorInputs, Tensor]:
        """Inputs and labels int64 [B] to mixed inputs and targets float32 [B, classes], each row 1 in sum."""
        ...


class Training:
    """A training under way: the network, its optimizer, and how many epochs are behind it.

    The weights of a ``companion`` are trained along, as an objective may need that has weights of its own.
    """

    def __init__(
        self,
        network: nn.Module,
        budget: Budget,
        *,
        seed: int,
        device: torch.device = CPU,
        companion: nn.Module | None = None,
    ) -> None:
        self.device = device
        self.network = network.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.companion = nn.Module() if companion is None else companion.to(self.device)
        self.budget = budget
        self.seed = seed
        self.epochs_done = 0
        # Weight decay is for weights; on norms and biases it costs accuracy (He et al. 2019, "Bag of Tricks", 3.1).
        trained = [*self.network.parameters(), *self.companion.parameters()]
        weights = [p for p in trained if p.ndim > 1]
        others = [p for p in trained if p.ndim <= 1]
        self.optimizer = torch.optim.SGD(
            [{"params": weights, "weight_decay": budget.weight_decay}, {"params": others, "weight_decay": 0.0}],
            lr=budget.peak_learning_rate,
            momentum=budget.momentum,
            nesterov=True,
            fused=True,
        )

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on later."""
        return {
            "network": self.network.state_dict(),
            "companion": self.companion.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "epochs_done": self.epochs_done,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a ``state_dict`` of an equal training."""
        self.network.load_state_dict(state["network"])
        # A checkpoint of a training that has none may say nothing of it.
        self.companion.load_state_dict(state.get("companion", {}))
        self.optimizer.load_state_dict(state["optimizer"])
        self.epochs_done = state["epochs_done"]

    def epochs(
        self,
        views: Views,
        objective: Objective,
        validation: "Validation",
        teacher_logits: Tensor | None = None,
        mixing: Mixing | None = None,
    ) -> Iterator[TrainingProgress]:
        """Train the epochs that are left. Epoch e sees view e, going round; ``teacher_logits`` is [views, N, K].

        Raises ValueError for ``mixing`` with teacher's logits: they are of whole examples. Raises CandidateFailed when
        the loss is no longer a finite number: from there, nothing more is learnt.
        """
        if mixing is not None and teacher_logits is not None:
            raise ValueError("a teacher's logits of whole examples say nothing of mixed ones")
        precision = training_precision(self.network, self.device)
        steps_per_epoch = max(1, views.size // self.budget.batch_size)
        started, last_news, examples_seen = monotonic(), monotonic(), 0
        while self.epochs_done < self.budget.epochs:
            epoch = self.epochs_done
            view = epoch % views.count
            order = self._shuffled(views.size, epoch)
            running_loss = torch.zeros((), device=self.device)
            self.network.train()
            for step in range(steps_per_epoch):
                indices = order[step * self.budget.batch_size : (step + 1) * self.budget.batch_size]
                done = (epoch * steps_per_epoch + step) / (self.budget.epochs * steps_per_epoch)
                inputs, labels = views.render(indices, view), views.labels[indices]
                if mixing is not None:
                    inputs, labels = mixing(inputs, labels, views.classes)
                batch = Batch(
                    labels=labels,
                    teacher_logits=None if teacher_logits is None else teacher_logits[view, indices].float(),
                    inputs=inputs,
                    indices=indices,
                    view=view,
                )
                running_loss += self._step(inputs, batch, objective, done, precision)
                examples_seen += len(indices)
                if monotonic() - last_news >= SECONDS_BETWEEN_UPDATES:
                    last_news = monotonic()
                    loss = _finite(float(running_loss) / (step + 1), epoch)
                    yield self._progress(epoch, done, loss, examples_seen / (monotonic() - started))
            loss = _finite(float(running_loss) / steps_per_epoch, epoch)
            self.epochs_done = epoch + 1
            accuracy = validation.accuracy(self.network, precision)
            rate = examples_seen / (monotonic() - started)
            yield self._progress(epoch, self.epochs_done / self.budget.epochs, loss, rate, accuracy)

    def _step(
        self, inputs: TensorInputs, batch: Batch, objective: Objective, done: float, precision: torch.dtype
    ) -> Tensor:
        for group in self.optimizer.param_groups:
            group["lr"] = self.budget.learning_rate(done)
        with torch.autocast(self.device.type, precision, enabled=precision != torch.float32):
            logits = self.network(*inputs.values())
        loss = torch.stack(list(objective(logits.float(), batch).values())).sum()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        return loss.detach()

    def _shuffled(self, size: int, epoch: int) -> Tensor:
        seeds = np.random.SeedSequence((self.seed, epoch)).generate_state(2)
        # Dropout and mixing draw from torch's own generator.
        torch.manual_seed(int(seeds[0]))
        return torch.from_numpy(np.random.default_rng(seeds[1]).permutation(size)).to(self.device)

    def _progress(
        self, epoch: int, done: float, loss: float, rate: float, validation_accuracy: float | None = None
    ) -> TrainingProgress:
        return TrainingProgress(
            epoch=epoch + 1,
            epochs=self.budget.epochs,
            done=done,
            loss=loss,
            examples_per_second=rate,
            validation_accuracy=validation_accuracy,
        )


def _finite(loss: float, epoch: int) -> float:
    if not isfinite(loss):
        raise CandidateFailed(
            f"The training broke down in epoch {epoch + 1}, where its loss was no longer a finite number; try another "
            "seed or, for a distilled student, another temperature."
        )
    return loss


class Validation:
    """The validation split, rendered once: what training is judged on. Never the test set."""

    def __init__(self, views: Views, batch_size: int = 500) -> None:
        everything = torch.arange(views.size, device=views.device)
        self._batches = [(views.render(part, 0), views.labels[part]) for part in torch.split(everything, batch_size)]
        self.size = views.size

    @torch.inference_mode()
    def accuracy(self, network: nn.Module, precision: torch.dtype = torch.float32) -> float:
        """Share of examples whose largest logit is the label's, 0..1; the network is left in evaluation mode."""
        network.eval()
        correct = 0
        for inputs, labels in self._batches:
            with torch.autocast(labels.device.type, precision, enabled=precision != torch.float32):
                correct += int((network(*inputs.values()).argmax(1) == labels).sum())
        return correct / self.size
