"""What is known of a study's files before they are made comes from cards, and is close to what is made."""

from pathlib import Path

from compression.catalog.rows import pretrained_card
from compression.records.naming import id_of
from compression.records.study import Request
from compression.store.library import recorded_studies
from compression.store.studies import Store
from compression.studies.beforehand import known_beforehand

QUICK = Request(model="resnet18", dataset="fashion-mnist", preset="quick")


def test_the_original_is_as_accurate_as_its_card_says_and_all_sizes_are_about_those_of_the_files() -> None:
    recorded = next(
        entry.document
        for entry in recorded_studies()
        if (entry.study.model, entry.study.preset) == (QUICK.model, QUICK.preset)
    )
    made = {id_of(candidate.recipe): candidate for candidate in recorded.candidates}
    known = {each.candidate: each for each in known_beforehand(QUICK)}

    assert known.keys() == {
        "original",
        *(name for name, each in made.items() if each.family in {"distillation", "control"}),
    }
    for name, each in known.items():
        assert 0.85 < made[name].size_bytes / each.size_bytes < 1.01
    assert known["original"].test_accuracy == pretrained_card("resnet18", "fashion-mnist").test_accuracy
    assert made["original"].accuracy is not None
    assert known["original"].test_accuracy is not None
    assert made["original"].accuracy.value == known["original"].test_accuracy.value


def test_of_a_model_without_a_card_only_the_students_are_known(tmp_path: Path) -> None:
    known = known_beforehand(QUICK.model_copy(update={"model": "their-net"}))
    assert "original" not in {each.candidate for each in known}
    assert len(known) == 6
    store = Store(tmp_path)
    study = store.add(QUICK)
    assert store.results.beforehand(study.id) == ()
    store.results.set_beforehand(study.id, known)
    assert store.results.beforehand(study.id) == known
