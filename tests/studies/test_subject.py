from compression.catalog.examples import load_dataset
from compression.catalog.rows import ARCHITECTURES, dataset_card
from compression.records.study import Request
from compression.store.library import older_subject
from compression.studies.subject import subject_of


def test_a_new_study_keeps_what_its_cards_and_its_dataset_say() -> None:
    dataset = load_dataset(dataset_card("fashion-mnist"))
    for card in ARCHITECTURES:
        subject = subject_of(Request(model=card.name, dataset="fashion-mnist", preset="quick"), dataset)
        assert subject.title == f"{card.title} on Fashion-MNIST"
        assert (subject.noun, subject.nouns, subject.classes) == ("image", "images", dataset.card.classes)
        assert (subject.training_examples, subject.validation_examples) == (len(dataset.train), len(dataset.validation))
        assert [taken.shape for taken in subject.inputs] == [dataset.card.image_shape]


def test_what_older_studies_were_about_is_what_a_new_one_on_the_same_is_about() -> None:
    dataset = load_dataset(dataset_card("fashion-mnist"))
    for card in ARCHITECTURES:
        request = Request(model=card.name, dataset="fashion-mnist", preset="quick")
        assert older_subject(card.name, "fashion-mnist") == subject_of(request, dataset)
