"""What the cards of a model and a dataset say of a study's files before any is made. Torch-free."""

from collections.abc import Iterator

from compression.catalog.cards import PretrainedCard
from compression.catalog.rows import model_card
from compression.errors import UnknownName
from compression.modalities.choose import CATALOG, Catalog
from compression.records.beforehand import Beforehand
from compression.records.naming import id_of
from compression.records.recipes import Distill, Original, Train
from compression.records.study import Request
from compression.studies.request import recipes_of

# Of a weight in fp32, beside which little else is in a file.
BYTES_PER_WEIGHT = 4


def known_beforehand(request: Request, catalog: Catalog = CATALOG) -> tuple[Beforehand, ...]:
    """The original, if it comes with a card, and the students, which are as large as their shape says. Raises
    UnknownName for a dataset or a preset that is not there."""
    return (*_original(request), *_students(request, catalog))


def _original(request: Request) -> Iterator[Beforehand]:
    try:
        card = model_card(request.model, request.dataset)
    except UnknownName:
        return
    yield Beforehand(
        candidate=id_of(Original()),
        size_bytes=BYTES_PER_WEIGHT * card.parameters,
        validation_accuracy=card.validation_accuracy,
        test_accuracy=card.test_accuracy if isinstance(card, PretrainedCard) else None,
    )


def _students(request: Request, catalog: Catalog) -> Iterator[Beforehand]:
    card = catalog.dataset_card(request.dataset)
    modality = catalog.modality_of(card)
    for recipe in recipes_of(request, catalog):
        if isinstance(recipe, Distill | Train):
            yield Beforehand(candidate=id_of(recipe), size_bytes=modality.file_bytes(recipe.student, card))
