"""The test examples of a study with all answers; and what is said where they cannot be shown."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from compression.errors import UsageError
from compression.records.study import Document
from compression.store.library import RECORDED, LibraryEntry, recorded_studies
from compression.studies import tested as examples
from compression.studies.tested import HeldOut, held_out


def recorded() -> LibraryEntry:
    return next(entry for entry in recorded_studies(RECORDED) if entry.document.candidates[0].predictions)


def changed(change: Callable[[Document], Document]) -> LibraryEntry:
    """A recorded study as it would be otherwise."""
    entry = recorded()
    return replace(entry, read=lambda: change(entry.document))


def without_its_dataset() -> LibraryEntry:
    return changed(
        lambda document: document.model_copy(
            update={"study": document.study.model_copy(update={"dataset": "long-gone"})}
        )
    )


def test_each_answer_is_that_to_its_example() -> None:
    entry = recorded()
    found = examples.tested(entry)

    for candidate in entry.document.candidates:
        if candidate.id in found.answers and candidate.accuracy is not None:
            right = int((found.answers[candidate.id].classes == found.labels).sum())
            assert right == candidate.accuracy.correct


def test_a_study_whose_dataset_is_gone_says_so_in_one_sentence() -> None:
    with pytest.raises(UsageError, match=r"^The dataset Fashion-MNIST is not on this computer.*\.$"):
        examples.tested(without_its_dataset())


def test_another_dataset_of_the_same_name_is_not_taken_for_it() -> None:
    def reversed_order(dataset: str) -> HeldOut:
        found = held_out(dataset)
        rows = np.arange(len(found.examples))[::-1]
        return replace(found, examples=found.examples.select(rows))

    with pytest.raises(UsageError, match="is not the one that the study was tested on"):
        examples.tested(recorded(), reversed_order)


def test_a_study_without_kept_answers_says_so() -> None:
    def forgetful(document: Document) -> Document:
        forgotten = tuple(each.model_copy(update={"predictions": None}) for each in document.candidates)
        return document.model_copy(update={"candidates": forgotten})

    with pytest.raises(UsageError, match="answers were not kept with this study"):
        examples.tested(changed(forgetful))


def test_the_page_shows_that_sentence() -> None:
    def page() -> None:
        from pages.ui.front.gallery import tested_or_say_why
        from tests.studies.test_tested import without_its_dataset

        assert tested_or_say_why(without_its_dataset()) is None

    shown = AppTest.from_function(page, default_timeout=120).run()

    assert not shown.exception
    assert "Fashion-MNIST is not on this computer" in shown.info[0].value
