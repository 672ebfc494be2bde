"""What a study is about, from the cards of its model and dataset and from the dataset itself."""

from compression.catalog.examples import Dataset
from compression.catalog.rows import ARCHITECTURES
from compression.records.study import Request
from compression.records.subject import Subject


def subject_of(request: Request, dataset: Dataset) -> Subject:
    """As the catalog has it now; ``dataset`` is the request's. A model without a card goes by its name."""
    card = dataset.card
    return Subject(
        model_title=next((each.title for each in ARCHITECTURES if each.name == request.model), request.model),
        dataset_title=card.title,
        modality=card.modality,
        noun=card.noun,
        nouns=card.nouns,
        classes=card.classes,
        training_examples=len(dataset.train),
        validation_examples=len(dataset.validation),
        test_examples=len(dataset.test),
        inputs=card.inputs,
    )
