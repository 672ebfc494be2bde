"""The stages of a network, and what they put out while it runs.

A stage is the part of a convolutional network that works at one resolution; what it hands on is its last feature map
there. Stages are found by running the network once, so that any network will do whose parts are modules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from compression.catalog.examples import zeros_for
from compression.records.inputs import InputSpec

# [B, C, H, W]
MAP_DIMENSIONS = 4


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A module by its name in the network, and the shape of the feature map that it puts out: [B, C, H, W]."""

    module: str
    channels: int
    height: int
    width: int


@dataclass(frozen=True, kw_only=True)
class _Call:
    """A module that was run, with the shapes of the map that went in, if it was one, and of the map that came out."""

    module: str
    given: torch.Size | None
    made: torch.Size | None

    @property
    def is_block(self) -> bool:
        """Whether it is looked at from outside only.

        What is inside a block is on its way to something, such as the wide maps of an inverted residual before they
        are made narrow again. A module that halves the map more than once holds several stages, and is gone into.
        """
        if self.given is None or self.made is None:
            return False
        return all(2 * after >= before for before, after in zip(self.given[2:], self.made[2:], strict=True))


def stages_of(network: nn.Module, inputs: Sequence[InputSpec]) -> tuple[Stage, ...]:
    """The stages from the ``inputs`` on, found with one example of zeros; the network is left as it was.

    Maps of one position are none: they say nothing of where.
    """
    calls = _calls(network, inputs)
    names = [call.module for call in calls]
    blocks = {call.module for call in calls if call.is_block}
    stages: dict[tuple[int, int], Stage] = {}
    for call in calls:
        # What runs several times has put out several maps, of which one would be taken for another.
        if call.made is None or names.count(call.module) > 1 or _is_inside(call.module, blocks):
            continue
        channels, height, width = call.made[1:]
        if height * width > 1:
            stages[height, width] = Stage(module=call.module, channels=channels, height=height, width=width)
    return tuple(stages.values())


def pair_stages(student: Sequence[Stage], teacher: Sequence[Stage]) -> tuple[tuple[Stage, Stage], ...]:
    """The last stage with the last, and so on towards the inputs, as far as both have any; the first pair first."""
    deepest_first = zip(reversed(student), reversed(teacher), strict=False)
    return tuple(reversed(list(deepest_first)))


@runtime_checkable
class HidesFeatures(Protocol):
    """A network that in training has no feature maps to look at between its layers, unless it is told to show them."""

    shows_features: bool


class Tap:
    """Keeps what some stages of a network put out in its latest run, until it is closed."""

    def __init__(self, network: nn.Module, stages: Sequence[Stage]) -> None:
        self._stages = stages
        self._latest: dict[str, Tensor] = {}
        self._hooks = [
            network.get_submodule(stage.module).register_forward_hook(partial(self._keep, stage.module))
            for stage in stages
        ]

    def take(self) -> list[Tensor]:
        """The feature maps of the latest run, float32 [B, C, H, W], in the order of the stages; each run's once."""
        maps = [self._latest.pop(stage.module).float() for stage in self._stages]
        self._latest.clear()
        return maps

    def close(self) -> None:
        """Leave the network as it was."""
        for hook in self._hooks:
            hook.remove()
        self._latest.clear()

    def _keep(self, name: str, _module: nn.Module, _given: tuple[Tensor, ...], made: Tensor) -> None:
        self._latest[name] = made


def _is_inside(module: str, blocks: set[str]) -> bool:
    parts = module.split(".")
    return any(".".join(parts[:depth]) in blocks for depth in range(1, len(parts)))


def _calls(network: nn.Module, inputs: Sequence[InputSpec]) -> list[_Call]:
    """Every module that an example runs through, in the order in which they are done; not the network itself."""
    calls: list[_Call] = []

    def note(name: str, _module: nn.Module, given: tuple[object, ...], made: object) -> None:
        calls.append(_Call(module=name, given=_map_shape(given[0] if given else None), made=_map_shape(made)))

    hooks = [module.register_forward_hook(partial(note, name)) for name, module in network.named_modules() if name]
    was_training = network.training
    # In evaluation mode, so that batch norms do not count the zeros in.
    network.eval()
    try:
        with torch.no_grad():
            network(*(torch.from_numpy(array) for array in zeros_for(inputs, 1).values()))
    finally:
        network.train(was_training)
        for hook in hooks:
            hook.remove()
    return calls


def _map_shape(value: object) -> torch.Size | None:
    return value.shape if isinstance(value, Tensor) and value.ndim == MAP_DIMENSIONS else None
