"""Whether a question can be answered at all, told before any work is begun. Torch-free."""

from compression.catalog.bundled import dataset_card, dataset_folder, pretrained_card, pretrained_folder
from compression.catalog.files import read_verified
from compression.store.records import Question
from compression.studies.asked import recipes_of
from compression.studies.scheme_options import check_scheme_numbers


def check(question: Question) -> None:
    """Raise UnknownName for a name that is not in the catalog, UsageError for a number that no scheme of the question
    has, DamagedFile for a file that is not as recorded."""
    check_scheme_numbers(recipes_of(question), question.options)
    dataset = dataset_card(question.dataset)
    pretrained = pretrained_card(question.model, question.dataset)
    for file in (dataset.train_images, dataset.train_labels, dataset.test_images, dataset.test_labels):
        read_verified(dataset_folder(dataset), file)
    read_verified(pretrained_folder(question.model, question.dataset), pretrained.weights)
