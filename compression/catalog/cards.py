"""What is known of a dataset, an architecture and a pretrained model, as frozen records.

Plain data: knows neither torch nor where the files lie.
"""

from abc import ABC, abstractmethod
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SerializeAsAny, TypeAdapter

from compression.records.base import Record, Share
from compression.records.inputs import InputSpec
from compression.records.measurements import Accuracy

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FileCard(Record):
    """One file that must be there, byte for byte."""

    name: str
    sha256: Sha256


class DatasetCard(Record, ABC):
    """A labelled dataset. Each modality has a card of its own, which adds what only it needs to know.

    ``noun`` and ``nouns`` are what people call one example and several. ``validation_examples`` are split off the
    training examples with ``split_seed``; the test examples are never chosen on.
    """

    modality: str
    noun: str
    nouns: str
    name: str
    title: str
    about: str
    classes: tuple[str, ...]
    train_examples: int
    test_examples: int
    validation_examples: int
    split_seed: int
    licence: str
    source: str

    @property
    @abstractmethod
    def inputs(self) -> tuple[InputSpec, ...]:
        """What a network of this dataset takes in."""

    @property
    @abstractmethod
    def preparation(self) -> str:
        """How an example becomes what a network takes in, in words for the end of a sentence in brackets."""

    @property
    @abstractmethod
    def files(self) -> tuple[FileCard, ...]:
        """The files that it is read from."""


class AugmentationCard(Record):
    """How far an image may be changed and still show the same: mirrored, and shifted by so many pixels."""

    flip: bool
    shift_pixels: int


class IdxFiles(Record):
    """Images and labels as MNIST's are kept; validation images are split off those for training."""

    kind: Literal["idx"] = "idx"
    train_images: FileCard
    train_labels: FileCard
    test_images: FileCard
    test_labels: FileCard

    @property
    def files(self) -> tuple[FileCard, ...]:
        """All of them."""
        return self.train_images, self.train_labels, self.test_images, self.test_labels


class ArrayFiles(Record):
    """NumPy arrays: uint8 images [N, C, H, W], all parts one after another, and int64 labels [N]."""

    kind: Literal["arrays"] = "arrays"
    images: FileCard
    labels: FileCard

    @property
    def files(self) -> tuple[FileCard, ...]:
        """Both."""
        return self.images, self.labels


class ImageDatasetCard(DatasetCard):
    """Labelled images. ``image_shape`` is (channels, height, width); ``mean`` and ``std`` are per channel, on pixels
    scaled to 0..1, in the order in which a network takes the channels in: ``blue_first`` or, as they are kept, red
    first."""

    modality: Literal["image"] = "image"
    noun: str = "image"
    nouns: str = "images"
    image_shape: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    blue_first: bool = False
    augmentation: AugmentationCard
    stored: Annotated[IdxFiles | ArrayFiles, Field(discriminator="kind")]

    @property
    def inputs(self) -> tuple[InputSpec, ...]:
        """One: normalized pixels."""
        return (InputSpec(name="images", shape=self.image_shape, axes=("channels", "height", "width")),)

    @property
    def preparation(self) -> str:
        """The normalization of pixels."""
        mean, std = (", ".join(f"{number:g}" for number in numbers) for numbers in (self.mean, self.std))
        order = ", blue first" if self.blue_first else ""
        return f"mean {mean}, standard deviation {std}, of pixels from 0 to 1{order}"

    @property
    def files(self) -> tuple[FileCard, ...]:
        """Those of its images and labels."""
        return self.stored.files


# Reads the card of a dataset whatever its modality; one that is added stands here too.
ANY_DATASET_CARD: TypeAdapter[DatasetCard] = TypeAdapter(ImageDatasetCard)


def _of_its_kind(card: object) -> object:
    return card if isinstance(card, DatasetCard) else ANY_DATASET_CARD.validate_python(card)


AnyDatasetCard = Annotated[SerializeAsAny[DatasetCard], BeforeValidator(_of_its_kind)]


class Prepared(Record):
    """A way to prepare examples that was tried: what it is, in words that fit after 'of', and the share of validation
    examples (0..1) that the model answered right."""

    words: str
    accuracy: Share


class OwnModelCard(Record):
    """A model that a person brought, as it is studied on one dataset.

    ``takes`` is the dataset as the model takes it in. ``brought`` is the person's own file, which ``file`` was made
    from: the same scores, for the dataset's inputs and classes. ``tried`` are the preparations, the chosen one first;
    ``remarks`` say what else was found out, one sentence each.
    """

    name: str
    title: str
    takes: AnyDatasetCard
    brought: FileCard
    file: FileCard
    parameters: int
    validation_accuracy: Accuracy
    tried: tuple[Prepared, ...]
    remarks: tuple[str, ...] = ()


class ArchitectureCard(Record):
    """A network architecture that can be built for any dataset of small images."""

    name: str
    title: str
    about: str
    source: str


class EpochRecord(Record):
    """One line of a training log."""

    epoch: int
    training_loss: float
    validation_accuracy: Share


class PhaseRecord(Record):
    """One cycle of the learning rate in a training. ``mixed_share``: the share of images (0..1) that were mixed with
    another; ``annealed``: whether the rate falls to zero; ``averaged``: whether the phase ended in the average of the
    weights after each epoch."""

    epochs: int
    batch_size: int
    peak_learning_rate: float
    weight_decay: float
    flip: bool
    shift_pixels: int
    cutout_pixels: int
    mixed_share: float = 0.0
    annealed: bool = True
    averaged: bool = False


class TrainingRecord(Record):
    """How a pretrained model came to be: enough to make it again from the checkout."""

    command: str
    date: str
    seed: int
    phases: tuple[PhaseRecord, ...]
    precision: str
    threads: int
    machine: str
    torch: str
    seconds: float
    log: tuple[EpochRecord, ...]


class PretrainedCard(Record):
    """A trained model that comes with Weigh-In. Written by ``teach``, never by hand.

    ``test_accuracy`` was measured on the stored (16-bit) weights, exported to ONNX and run in ONNX Runtime.
    """

    model: str
    dataset: str
    parameters: int
    weights: FileCard
    stored_as: str
    validation_accuracy: Accuracy
    test_accuracy: Accuracy
    training: TrainingRecord
