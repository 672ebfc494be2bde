from compression.catalog.rows import ARCHITECTURES, dataset_card
from compression.modalities.choose import modality_of
from compression.records.study import Request
from compression.store.library import older_subject
from compression.studies.worker import subject_of


def test_a_new_study_keeps_what_its_cards_and_its_dataset_say() -> None:
    card = dataset_card("fashion-mnist")
    dataset = modality_of(card).load(card)
    for model in ARCHITECTURES:
        subject = subject_of(Request(model=model.name, dataset="fashion-mnist", preset="quick"), dataset)
        assert subject.title == f"{model.title} on Fashion-MNIST"
        assert (subject.noun, subject.nouns, subject.classes) == ("image", "images", dataset.card.classes)
        assert (subject.training_examples, subject.validation_examples) == (len(dataset.train), len(dataset.validation))
        assert subject.inputs == dataset.card.inputs


def test_what_older_studies_were_about_is_what_a_new_one_on_the_same_is_about() -> None:
    card = dataset_card("fashion-mnist")
    dataset = modality_of(card).load(card)
    for model in ARCHITECTURES:
        request = Request(model=model.name, dataset="fashion-mnist", preset="quick")
        assert older_subject(model.name, "fashion-mnist") == subject_of(request, dataset)


def test_a_model_without_a_card_goes_by_its_name() -> None:
    card = dataset_card("fashion-mnist")
    request = Request(model="their-net", dataset="fashion-mnist", preset="quick")
    assert subject_of(request, modality_of(card).load(card)).title == "their-net on Fashion-MNIST"
