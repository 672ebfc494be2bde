"""Whether a question can be answered at all, told before any work is begun. Torch-free."""

from compression.catalog.bundled import dataset_card, dataset_folder, pretrained_card, pretrained_folder
from compression.catalog.files import read_verified
from compression.store.records import Question
from compression.studies.presets import preset_named


def check(question: Question) -> None:
    """Raise UnknownName for a name that is not in the catalog, DamagedFile for a file that is not as recorded."""
    preset_named(question.preset)
    dataset = dataset_card(question.dataset)
    pretrained = pretrained_card(question.model, question.dataset)
    for file in (dataset.train_images, dataset.train_labels, dataset.test_images, dataset.test_labels):
        read_verified(dataset_folder(dataset), file)
    read_verified(pretrained_folder(question.model, question.dataset), pretrained.weights)
