"""Examples in memory: the only data that measurement and methods see.

They come prepared for a network, as arrays by the names of its inputs. What they show, and how they were prepared, is
known to their modality alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from compression.catalog.cards import DatasetCard
from compression.records.inputs import InputSpec

# By the names of a network's inputs, ready for it; the first axis of each is that of the examples.
Inputs = Mapping[str, NDArray[Any]]
Rows = slice | NDArray[np.intp]


class Examples(Protocol):
    """Labelled examples."""

    @property
    def labels(self) -> NDArray[np.int64]:
        """The class of each, [N]."""
        ...

    def __len__(self) -> int:
        """How many there are."""
        ...

    def select(self, rows: NDArray[np.intp]) -> Self:
        """Those at ``rows`` [M], in that order."""
        ...

    def inputs(self, rows: Rows) -> Inputs:
        """Those at ``rows`` as a network takes them in."""
        ...

    def fingerprint(self) -> str:
        """SHA-256 of what they are and how they are prepared: what cached results on them are filed under."""
        ...


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A dataset in memory. ``test`` is for the final measurement only; every choice is made on ``validation``."""

    card: DatasetCard
    train: Examples
    validation: Examples
    test: Examples


SomeExamples = TypeVar("SomeExamples", bound=Examples)


def split_off(examples: SomeExamples, held_out: int, *, seed: int) -> tuple[SomeExamples, SomeExamples]:
    """The examples without ``held_out`` of them, drawn with ``seed``; and these. Both keep their order."""
    order = np.random.default_rng(seed).permutation(len(examples))
    return examples.select(np.sort(order[held_out:])), examples.select(np.sort(order[:held_out]))


def length_of(inputs: Inputs) -> int:
    """How many examples there are in arrays by name."""
    return len(next(iter(inputs.values())))


def rows_of(inputs: Inputs, rows: Rows) -> Inputs:
    """Some of the examples, in arrays of their own: contiguous and writable, so that no engine copies them."""
    return {name: np.array(array[rows], order="C") for name, array in inputs.items()}


def zeros_for(specs: Sequence[InputSpec], examples: int) -> Inputs:
    """Inputs of nothing but zeros, for so many examples."""
    return {spec.name: np.zeros((examples, *spec.shape), spec.element) for spec in specs}
