"""Stages are a closed list, and what older studies told of is still read."""

from datetime import UTC, datetime
from typing import get_args

import pytest
from pydantic import ValidationError

from compression.records.progress import MEASURING_STAGES, Progress, Stage, in_words
from pages.ui.run.words import STAGES

TOLD = {"at": datetime.now(UTC), "lane": "distillation", "done": 0.0}


def test_memory_that_ran_out_is_a_stage_with_the_number_of_examples_in_a_step() -> None:
    older = Progress.model_validate(TOLD | {"stage": "out of memory, training in steps of 64 images:"})
    today = Progress.model_validate(TOLD | {"stage": "out of memory", "batch_size": 64})
    assert older == today
    assert Progress.model_validate_json(today.model_dump_json()) == today
    assert in_words(today.stage, today.batch_size) == "out of memory, training in steps of 64 examples:"
    assert in_words("training", None) == "training"


def test_a_stage_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="stage"):
        Progress.model_validate(TOLD | {"stage": "thinking"})


def test_all_that_the_worker_does_has_words_on_the_page() -> None:
    assert set(MEASURING_STAGES) <= set(STAGES) <= {None, *get_args(Stage)}
