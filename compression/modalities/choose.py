"""Which modality answers for a card: the one place where the kinds of card are told apart. Torch-free."""

from collections.abc import Callable
from dataclasses import dataclass

from compression.catalog.cards import DatasetCard, ImageDatasetCard, OwnModelCard
from compression.catalog.own.listing import Listing
from compression.catalog.own.models import own_model
from compression.catalog.rows import dataset_card
from compression.methods.modality import Modality
from compression.modalities.image.modality import ImageModality


def modality_of(card: DatasetCard) -> Modality:
    """The modality of a dataset's examples."""
    match card:
        case ImageDatasetCard():
            return ImageModality()
        case _:
            raise AssertionError(f"there is a card for {card.name}, and this function has no case for its kind")


def modality_for(listing: Listing) -> Modality:  # noqa: ARG001  # there is one modality that reads people's own files
    """The modality of what somebody brings, by what was found."""
    return ImageModality()


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """The cards of datasets by their names, those of people's own models by theirs and a dataset's, and the modality
    that answers for each. Tests have one of their own."""

    dataset_card: Callable[[str], DatasetCard] = dataset_card
    own_model: Callable[[str, str], OwnModelCard | None] = own_model
    modality_of: Callable[[DatasetCard], Modality] = modality_of

    def card_for(self, model: str, dataset: str) -> DatasetCard:
        """A dataset as a model takes it in. Raises UnknownName, DamagedFile."""
        own = self.own_model(model, dataset)
        return self.dataset_card(dataset) if own is None else own.takes


CATALOG = Catalog()
