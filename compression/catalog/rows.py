"""The rows of the catalog, finding one by name, and reading its files. Imports no torch.

A dataset or an architecture is a row here; a pretrained model is the card that ``teach`` wrote beside its weights.
"""

from functools import cache
from pathlib import Path

from compression.catalog.cards import (
    ArchitectureCard,
    AugmentationCard,
    DatasetCard,
    FileCard,
    IdxFiles,
    ImageDatasetCard,
    OwnModelCard,
    PretrainedCard,
)
from compression.catalog.own.kept import own_card, own_cards, own_folder
from compression.catalog.own.models import own_model, own_models
from compression.errors import DamagedFile, UnknownName
from compression.store.files import home_path, sha256_of

ASSETS = Path(__file__).resolve().parents[2] / "assets"

FASHION_MNIST = ImageDatasetCard(
    name="fashion-mnist",
    title="Fashion-MNIST",
    about="70,000 small grey images of clothes, shoes and bags, in ten kinds.",
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    image_shape=(1, 28, 28),
    # Mean and standard deviation of the training pixels, computed once from the original files.
    mean=(0.2860,),
    std=(0.3530,),
    # Clothes look the same from either side, and are not always centred.
    augmentation=AugmentationCard(flip=True, shift_pixels=2),
    train_examples=60_000,
    test_examples=10_000,
    validation_examples=5_000,
    split_seed=0,
    stored=IdxFiles(
        train_images=FileCard(
            name="train-images-idx3-ubyte.gz",
            sha256="b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7",
        ),
        train_labels=FileCard(
            name="train-labels-idx1-ubyte.gz",
            sha256="0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056",
        ),
        test_images=FileCard(
            name="t10k-images-idx3-ubyte.gz",
            sha256="cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa",
        ),
        test_labels=FileCard(
            name="t10k-labels-idx1-ubyte.gz",
            sha256="8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05",
        ),
    ),
    licence="MIT",
    source="Xiao, Rasul and Vollgraf, 'Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning "
    "Algorithms', arXiv:1708.07747; Debian package dataset-fashion-mnist",
)

DATASETS: tuple[DatasetCard, ...] = (FASHION_MNIST,)

ARCHITECTURES: tuple[ArchitectureCard, ...] = (
    ArchitectureCard(
        name="resnet18",
        title="ResNet-18",
        about="The classic workhorse: accurate, and large for what it does.",
        source="torchvision's ResNet-18 (He et al. 2016) with a 3x3 stride-1 first convolution for small images",
    ),
    ArchitectureCard(
        name="mobilenet_v2",
        title="MobileNetV2",
        about="Designed for phones: already small, so harder to shrink further.",
        source="torchvision's MobileNetV2 (Sandler et al. 2018) with a stride-1 first convolution for small images",
    ),
)


def datasets() -> tuple[DatasetCard, ...]:
    """The bundled ones, then people's own."""
    return *DATASETS, *own_cards()


def dataset_card(name: str) -> DatasetCard:
    """The dataset of that name. Raises UnknownName, DamagedFile."""
    for card in DATASETS:
        if card.name == name:
            return card
    own = own_card(name)
    if own is None:
        raise UnknownName("dataset", name, [card.name for card in datasets()])
    return own


def architecture_card(name: str) -> ArchitectureCard:
    """The architecture of that name. Raises UnknownName."""
    for card in ARCHITECTURES:
        if card.name == name:
            return card
    raise UnknownName("model", name, [card.name for card in ARCHITECTURES])


def dataset_folder(card: DatasetCard) -> Path:
    """Where the files of a dataset lie."""
    return ASSETS / "datasets" / card.name if _is_bundled(card.name) else own_folder(card.name)


def _is_bundled(dataset: str) -> bool:
    return any(card.name == dataset for card in DATASETS)


def pretrained_folder(model: str, dataset: str) -> Path:
    """Where the weights and the card of a pretrained model lie: with the checkout, or in the home folder."""
    top = ASSETS if _is_bundled(dataset) else home_path()
    return top / "models" / f"{model}--{dataset}"


@cache
def pretrained_card(model: str, dataset: str) -> PretrainedCard:
    """The card of a pretrained model. Raises UnknownName for a model, a dataset or a pair that is not there."""
    architecture_card(model)
    dataset_card(dataset)
    path = pretrained_folder(model, dataset) / "card.json"
    if not path.is_file():
        raise UnknownName(f"model trained on {dataset}", model, pretrained_models(dataset))
    return PretrainedCard.model_validate_json(path.read_bytes())


def pretrained_models(dataset: str) -> tuple[str, ...]:
    """Names of the models that come trained on a dataset, in the catalog's order."""
    return tuple(card.name for card in ARCHITECTURES if (pretrained_folder(card.name, dataset) / "card.json").is_file())


def models_on(dataset: str) -> tuple[str, ...]:
    """Names of all models that can be studied on a dataset: those that come trained on it, then people's own."""
    return *pretrained_models(dataset), *(card.name for card in own_models(dataset))


def model_card(model: str, dataset: str) -> PretrainedCard | OwnModelCard:
    """The card of a model on a dataset. Raises UnknownName for a model, a dataset or a pair that is not there."""
    own = own_model(model, dataset)
    if own is not None:
        return own
    if all(card.name != model for card in ARCHITECTURES):
        known = [*(card.name for card in ARCHITECTURES), *(card.name for card in own_models(dataset))]
        raise UnknownName("model", model, known)
    return pretrained_card(model, dataset)


def model_title(model: str, dataset: str) -> str:
    """What people call a model; its name, where the catalog does not have it."""
    own = own_model(model, dataset)
    if own is not None:
        return own.title
    return next((each.title for each in ARCHITECTURES if each.name == model), model)


def read_verified(folder: Path, card: FileCard) -> bytes:
    """The content of ``folder / card.name``. Raises DamagedFile when it is not as recorded."""
    path = folder / card.name
    remedy = f"restore it with 'git checkout -- {path}'."
    if not path.is_file():
        raise DamagedFile(path, remedy)
    content = path.read_bytes()
    if sha256_of(content) != card.sha256:
        raise DamagedFile(path, remedy)
    return content
