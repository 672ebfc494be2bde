"""Vectors: their card, examples, views, networks, and the answers that methods ask of a modality."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from compression.catalog.cards import DatasetCard, FileCard
from compression.catalog.examples import Dataset, Examples, Inputs, Rows, split_off
from compression.catalog.own.listing import Found, LeftOut
from compression.errors import DatasetNotUsable, ExampleNotUsable, UnknownName
from compression.methods.modality import Asked, Pretrained, Shown, TensorInputs
from compression.methods.training.loop import TrainingProgress
from compression.modalities.choose import Catalog
from compression.modalities.image.sizes import STUDENTS
from compression.records.inputs import InputSpec
from compression.records.students import Student, StudentSize

NUMBERS, KINDS, CLASSES = 10, 3, 4
TRAIN, TEST, VALIDATION = 1200, 400, 200


class VectorCard(DatasetCard):
    """Labelled readings of ten sensors each."""

    modality: Literal["vector"] = "vector"
    noun: str = "reading"
    nouns: str = "readings"

    @property
    def inputs(self) -> tuple[InputSpec, ...]:
        """The numbers, and the kind of place."""
        numbers = InputSpec(name="numbers", shape=(NUMBERS,), axes=("sensors",))
        return numbers, InputSpec(name="kind", shape=(1,), axes=("place",), element="int64")

    @property
    def preparation(self) -> str:
        """Nothing is done to them."""
        return "as they were measured"

    @property
    def files(self) -> tuple[FileCard, ...]:
        """They are drawn, and read from no file."""
        return ()


READINGS = VectorCard(
    name="readings",
    title="Readings",
    about="Ten sensors at three kinds of places.",
    classes=("calm", "windy", "wet", "dark"),
    train_examples=TRAIN + VALIDATION,
    test_examples=TEST,
    validation_examples=VALIDATION,
    split_seed=0,
    licence="MIT",
    source="drawn at random",
)


@dataclass(frozen=True, kw_only=True)
class VectorExamples:
    """``numbers`` float32 [N, 10], ``kinds`` int64 [N, 1] and ``labels`` int64 [N]."""

    numbers: NDArray[np.float32]
    kinds: NDArray[np.int64]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, rows: NDArray[np.intp]) -> "VectorExamples":
        """Those at ``rows``."""
        return VectorExamples(numbers=self.numbers[rows], kinds=self.kinds[rows], labels=self.labels[rows])

    def inputs(self, rows: Rows) -> Inputs:
        """Both inputs."""
        return {"numbers": self.numbers[rows], "kind": self.kinds[rows]}

    def fingerprint(self) -> str:
        """SHA-256 of everything."""
        return sha256(self.numbers.tobytes() + self.kinds.tobytes() + self.labels.tobytes()).hexdigest()


class VectorViews:
    """Views in which a little noise is added; view 0 is the reading itself."""

    def __init__(self, examples: VectorExamples, *, count: int, seed: int, device: torch.device) -> None:
        self.count, self.size, self.classes, self.device = count, len(examples), CLASSES, device
        self.labels = torch.from_numpy(examples.labels).to(device)
        self._numbers, self._kinds = torch.from_numpy(examples.numbers), torch.from_numpy(examples.kinds)
        noise = np.random.default_rng(seed).normal(0, 0.05, (count, *examples.numbers.shape)).astype(np.float32)
        noise[0] = 0
        self._noise, self._examples = torch.from_numpy(noise), examples

    def render(self, rows: Tensor, view: int) -> TensorInputs:
        """Both inputs of the readings at ``rows``."""
        return {"numbers": self._numbers[rows] + self._noise[view, rows], "kind": self._kinds[rows]}

    def fingerprint(self) -> str:
        """SHA-256 of readings and noise."""
        return sha256(self._examples.fingerprint().encode() + self._noise.numpy().tobytes()).hexdigest()


class VectorNetwork(nn.Module):
    """An embedding of the kind beside the numbers, then two linear layers of ``width``."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.kind = nn.Embedding(KINDS, 6)
        self.first, self.second = nn.Linear(NUMBERS + 6, width), nn.Linear(width, width)
        self.classifier = nn.Linear(width, CLASSES)

    def forward(self, numbers: Tensor, kind: Tensor) -> Tensor:
        """Numbers [N, 10] and kinds [N, 1] to logits [N, classes]."""
        both = torch.cat([numbers, self.kind(kind[:, 0])], dim=1)
        hidden = torch.relu(self.second(torch.relu(self.first(both))))
        logits: Tensor = self.classifier(hidden)
        return logits


def drawn(count: int, seed: int) -> VectorExamples:
    """Readings whose class follows from the numbers and the kind, and from chance for one in twenty."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(count, NUMBERS)).astype(np.float32)
    kinds = rng.integers(0, KINDS, (count, 1))
    rule = np.random.default_rng(7).normal(size=(KINDS, NUMBERS, CLASSES))
    labels = np.einsum("ni,nik->nk", numbers, rule[kinds[:, 0]]).argmax(1)
    lucky = rng.random(count) < 0.05
    labels[lucky] = rng.integers(0, CLASSES, int(lucky.sum()))
    return VectorExamples(numbers=numbers, kinds=kinds, labels=labels.astype(np.int64))


class VectorModality:
    """What the methods ask of readings."""

    def load(self, card: DatasetCard) -> Dataset:
        """Draw them."""
        train, validation = split_off(drawn(TRAIN + VALIDATION, 0), VALIDATION, seed=card.split_seed)
        return Dataset(card=card, train=train, validation=validation, test=drawn(TEST, 1))

    def read_one(self, path: Path, card: DatasetCard) -> VectorExamples:
        """Ten numbers and a kind, with blanks between."""
        try:
            *numbers, kind = (float(each) for each in path.read_text().split())
        except ValueError as error:
            raise ExampleNotUsable("it holds something else than numbers") from error
        if len(numbers) != NUMBERS or kind not in range(KINDS):
            raise ExampleNotUsable(f"it does not hold {NUMBERS} numbers and a kind")
        return VectorExamples(
            numbers=np.array([numbers], np.float32),
            kinds=np.array([[kind]], np.int64),
            labels=np.zeros(1, np.int64),
        )

    def recorder(self) -> None:
        """No browser measures the weather."""

    def read(self, found: Sequence[Found], asked: Asked, folder: Path) -> tuple[DatasetCard, tuple[LeftOut, ...]]:
        """Nobody brings files of readings."""
        raise DatasetNotUsable(asked.title, f"{len(found)} files of readings cannot be kept in {folder}")

    def shown(self, examples: Examples, row: int) -> Shown:
        """Its numbers, one after the other."""
        assert isinstance(examples, VectorExamples)
        return Shown(
            media_type="text/plain", content=" ".join(f"{each:.2f}" for each in examples.numbers[row]).encode()
        )

    def otherwise_prepared(self, card: DatasetCard) -> dict[str, DatasetCard]:
        """There is no other way."""
        return {}

    def prepared(self, examples: Examples, card: DatasetCard) -> Examples:
        """As they are."""
        return examples

    def run_script(self, card: DatasetCard) -> str:
        """Nobody carries off what the tests make."""
        return ""

    def views(
        self, examples: Examples, card: DatasetCard, *, count: int, seed: int, device: torch.device
    ) -> VectorViews:
        """So many views of each."""
        assert isinstance(examples, VectorExamples)
        return VectorViews(examples, count=count, seed=seed, device=device)

    def network(self, model: str, card: DatasetCard) -> nn.Module:
        """The one network there is, trained in a second."""
        if model != "weather":
            raise UnknownName("model", model, ["weather"])
        torch.manual_seed(0)
        network, data = VectorNetwork(64), drawn(TRAIN, 0)
        optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
        inputs = [torch.from_numpy(each) for each in (data.numbers, data.kinds)]
        for _ in range(150):
            loss = nn.functional.cross_entropy(network(*inputs), torch.from_numpy(data.labels))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return network.eval()

    def students(self) -> dict[StudentSize, Student]:
        """As wide as images' are."""
        return dict(STUDENTS)

    def student(self, student: Student, card: DatasetCard) -> nn.Module:
        """The same network, narrower."""
        return VectorNetwork(student.width)

    def file_bytes(self, student: Student, card: DatasetCard) -> int:
        """The weights, and some room for the graph."""
        width = student.width
        numbers = KINDS * 6 + (NUMBERS + 6 + 1) * width + (width + 1) * width + (width + 1) * CLASSES
        return 4 * numbers + 2_500

    def pretrain(
        self, model: str, dataset: Dataset, *, seed: int, checkpoint: Path
    ) -> Iterator[TrainingProgress | Pretrained]:
        """Nobody asks for it."""
        raise UnknownName("model", model, [])


def reading_card(name: str) -> DatasetCard:
    """The one dataset there is. Raises UnknownName."""
    if name != READINGS.name:
        raise UnknownName("dataset", name, [READINGS.name])
    return READINGS


CATALOG = Catalog(dataset_card=reading_card, modality_of=lambda _: VectorModality())
