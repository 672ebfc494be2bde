"""What a study is about, from the cards of its model and dataset and from the dataset itself."""

from compression.catalog.examples import Dataset
from compression.catalog.rows import architecture_card
from compression.methods.export import INPUT
from compression.records.study import Request
from compression.records.subject import NetworkInput, Subject


def subject_of(request: Request, dataset: Dataset) -> Subject:
    """As the catalog has it now; ``dataset`` is the request's. Raises UnknownName for a model that is not there."""
    card = dataset.card
    return Subject(
        model_title=architecture_card(request.model).title,
        dataset_title=card.title,
        modality=card.modality,
        noun=card.noun,
        nouns=card.nouns,
        classes=card.classes,
        training_examples=len(dataset.train),
        validation_examples=len(dataset.validation),
        test_examples=len(dataset.test),
        inputs=(NetworkInput(name=INPUT, shape=card.image_shape, element_type="float32"),),
    )
