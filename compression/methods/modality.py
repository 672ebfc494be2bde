"""What differs between kinds of examples, as methods see it: they know this protocol, and no modality."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from compression.catalog.cards import DatasetCard, EpochRecord, PhaseRecord
from compression.catalog.examples import Dataset, Examples
from compression.catalog.own.listing import Found, LeftOut
from compression.records.students import Student, StudentSize

if TYPE_CHECKING:
    # A form asks a modality for sizes, and waits for no torch.
    import torch
    from torch import Tensor, nn

    from compression.methods.training.loop import TrainingProgress

# By the names of a network's inputs, and in the order in which it takes them; the first axis is that of the examples.
TensorInputs = Mapping[str, "Tensor"]


class Views(Protocol):
    """``count`` ways to look at each of ``size`` examples, on one device, drawn beforehand: so that a teacher's answers
    to a view can be kept, and a student sees what its teacher saw. View 0 is the example itself."""

    @property
    def count(self) -> int:
        """How many views there are of each example."""
        ...

    @property
    def size(self) -> int:
        """How many examples there are."""
        ...

    @property
    def classes(self) -> int:
        """How many classes they are of."""
        ...

    @property
    def labels(self) -> "Tensor":
        """The class of each example, int64 [N]."""
        ...

    @property
    def device(self) -> "torch.device":
        """Where everything is."""
        ...

    def render(self, rows: "Tensor", view: int) -> TensorInputs:
        """The examples at ``rows`` [B] in one view, as a network takes them in."""
        ...

    def fingerprint(self) -> str:
        """SHA-256 of the examples and of every choice: equal fingerprints render equal inputs."""
        ...


@dataclass(frozen=True, kw_only=True)
class Pretrained:
    """A network of the catalog that was trained from scratch, in which phases, and the seconds its epochs took."""

    network: "nn.Module"
    phases: tuple[PhaseRecord, ...]
    log: tuple[EpochRecord, ...]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One example as a browser can show it: ``content`` of a ``media_type`` such as 'text/plain'."""

    media_type: str
    content: bytes


# What browsers have to record with.
Recorder = Literal["camera"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a person says of a dataset of their own. ``side``: how wide and high an example becomes, where it is either;
    ``mirrored``: whether a mirrored one shows the same; ``seed`` draws the parts that nobody has split."""

    name: str
    title: str
    side: int | None = None
    mirrored: bool = False
    seed: int = 0


class Modality(Protocol):
    """One kind of examples. ``card`` is always one of its own; torch is imported by those answers that need it."""

    def load(self, card: DatasetCard) -> Dataset:
        """Read a dataset. Raises DamagedFile when a file of it is not the recorded one."""
        ...

    def read_one(self, path: Path, card: DatasetCard) -> Examples:
        """One example from a person's own file, as those of the dataset are; its label says nothing.

        Raises ExampleNotUsable. Imports no torch.
        """
        ...

    def recorder(self) -> Recorder | None:
        """What a browser has to make such an example with, if it has anything."""
        ...

    def read(self, found: Sequence[Found], asked: Asked, folder: Path) -> tuple[DatasetCard, tuple[LeftOut, ...]]:
        """Write what somebody brings into ``folder``, as ``load`` reads it; and what was left out. Imports no torch.
        Raises UsageError."""
        ...

    def shown(self, examples: Examples, row: int) -> Shown:
        """The example at ``row`` as people look at it, before it is prepared for a network. Imports no torch."""
        ...

    def otherwise_prepared(self, card: DatasetCard) -> Mapping[str, DatasetCard]:
        """The same dataset prepared in other ways that people use, by words that fit after 'of'. Imports no torch."""
        ...

    def prepared(self, examples: Examples, card: DatasetCard) -> Examples:
        """The same examples, prepared as ``card`` says. Imports no torch."""
        ...

    def run_script(self, card: DatasetCard) -> str:
        """A Python script that runs ``model.onnx`` beside it on files of examples, with ONNX Runtime and without
        Weigh-In; ``labels.txt`` has the classes. Imports no torch."""
        ...

    def views(self, examples: Examples, card: DatasetCard, *, count: int, seed: int, device: "torch.device") -> Views:
        """So many views of each example."""
        ...

    def network(self, model: str, card: DatasetCard) -> "nn.Module":
        """A network of the catalog with its trained weights, in evaluation mode. Raises UnknownName, DamagedFile."""
        ...

    def students(self) -> Mapping[StudentSize, Student]:
        """The students that presets call by a size, the smallest first. Imports no torch."""
        ...

    def student(self, student: Student, card: DatasetCard) -> "nn.Module":
        """An untrained student."""
        ...

    def file_bytes(self, student: Student, card: DatasetCard) -> int:
        """What the student's fp32 file will have at most. Imports no torch: a form asks before anything is built."""
        ...

    def pretrain(
        self, model: str, dataset: Dataset, *, seed: int, checkpoint: Path
    ) -> "Iterator[TrainingProgress | Pretrained]":
        """Train a network of the catalog from scratch, going on from ``checkpoint``. Raises UnknownName."""
        ...
