"""A dataset whose networks take two inputs, and a tiny network that does.

``tokens`` [batch, 5] are numbers of words, int64; ``weights`` [batch, 5] say how much each of them counts.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from compression.catalog.cards import DatasetCard, FileCard
from compression.catalog.examples import Dataset, Inputs
from compression.records.inputs import InputSpec
from tests.measurement.conftest import CLASSES, Arrays, save

LENGTH, WORDS, WIDTH = 5, 20, 4
TOKENS = InputSpec(name="tokens", shape=(LENGTH,), axes=("words",), element="int64")
WEIGHTS = InputSpec(name="weights", shape=(LENGTH,), axes=("words",))
KINDS = InputSpec(name="kinds", shape=(LENGTH,), axes=("words",), element="int64")


class ListCard(DatasetCard):
    """A dataset of weighted words."""

    modality: str = "list"
    noun: str = "list"
    nouns: str = "lists"
    taken: tuple[InputSpec, ...]

    @property
    def inputs(self) -> tuple[InputSpec, ...]:
        return self.taken

    @property
    def preparation(self) -> str:
        return "none"

    @property
    def files(self) -> tuple[FileCard, ...]:
        return ()


def list_card(*taken: InputSpec) -> ListCard:
    return ListCard(
        name="lists",
        title="Lists",
        about="Lists of words.",
        classes=tuple(f"class {number}" for number in range(CLASSES)),
        train_examples=0,
        validation_examples=40,
        test_examples=40,
        split_seed=0,
        licence="none",
        source="made up",
        taken=taken or (TOKENS, WEIGHTS),
    )


def some_lists(examples: int = 40, seed: int = 0) -> Inputs:
    rng = np.random.default_rng(seed)
    return {
        "tokens": rng.integers(0, WORDS, size=(examples, LENGTH)),
        "weights": rng.normal(size=(examples, LENGTH)).astype(np.float32),
    }


def constants() -> dict[str, NDArray[np.generic]]:
    rng = np.random.default_rng(11)
    shapes = {"words": (WORDS, WIDTH), "w": (WIDTH, CLASSES), "b": (CLASSES,)}
    numbers: dict[str, NDArray[np.generic]] = {
        name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()
    }
    return numbers | {"last": np.array([-1]), "second": np.array([1])}


def scores_of(inputs: Inputs) -> NDArray[np.float32]:
    """What the network gives, [N, K], as NumPy computes it."""
    known = constants()
    summed = (known["words"][inputs["tokens"]] * inputs["weights"][..., np.newaxis]).sum(axis=1)
    scores: NDArray[np.float32] = summed @ known["w"] + known["b"]
    return scores


def list_file(
    path: Path,
    *,
    names: tuple[str, str] = ("tokens", "weights"),
    batches: tuple[str | int, str | int] = ("batch", "batch"),
    weights_first: bool = False,
) -> Path:
    """The network, with these names of its inputs, and with these names or lengths of their batch axes."""
    tokens, weights = names
    nodes = [
        helper.make_node("Gather", ["words", tokens], ["seen"]),
        helper.make_node("Unsqueeze", [weights, "last"], ["column"]),
        helper.make_node("Mul", ["seen", "column"], ["weighted"]),
        helper.make_node("ReduceSum", ["weighted", "second"], ["summed"], keepdims=0),
        helper.make_node("Gemm", ["summed", "w", "b"], ["logits"]),
    ]
    taken = [
        helper.make_tensor_value_info(tokens, onnx.TensorProto.INT64, [batches[0], LENGTH]),
        helper.make_tensor_value_info(weights, onnx.TensorProto.FLOAT, [batches[1], LENGTH]),
    ]
    return save(path, nodes, constants(), inputs=taken[::-1] if weights_first else taken)


def list_dataset(card: DatasetCard, offered: Sequence[Inputs]) -> Dataset:
    """Whose examples, for validation and for the test, are labelled as the network answers them."""
    validation, test = (Arrays(inputs, scores_of(inputs).argmax(axis=1).astype(np.int64)) for inputs in offered)
    return Dataset(card=card, train=validation.select(np.arange(0)), validation=validation, test=test)
