"""Beside each choice that gives accuracy up stands the best answer that does not."""

import pytest

from compression.decision.compare import accuracy_difference
from compression.decision.limits import Limits
from compression.decision.preference import Preference
from compression.decision.table import conditions_of, table_of
from compression.decision.targets import DEFAULT_TARGET, TARGETS
from compression.decision.verdict import Decision, decide
from compression.records.measurements import Condition
from compression.records.study import Candidate, Document
from compression.store.library import RECORDED, recorded_studies
from tests.constructed import INT8, MEDIUM_INT8, ORIGINAL, candidate, document

ONE_IMAGE = Condition(engine="onnxruntime", batch=1, threads=1)
STUDIES = [entry.document for entry in recorded_studies(RECORDED)]
FILES = (
    candidate(ORIGINAL, size_bytes=44_000_000, accuracy=0.947, ms=1.5),
    candidate(INT8, size_bytes=11_000_000, accuracy=0.947, ms=0.8),
    candidate(MEDIUM_INT8, size_bytes=57_000, accuracy=0.928, ms=0.07),
)


def verdict(*files: Candidate, limits: Limits | None = None) -> Decision:
    return decide(table_of(document(*files), ONE_IMAGE), DEFAULT_TARGET, limits, Preference.BALANCE)


def test_a_choice_that_loses_points_names_what_loses_none_and_what_is_given_up_for() -> None:
    decision = verdict(*FILES)

    assert decision.choice is not None
    assert decision.without_loss is not None
    assert (decision.choice.id, decision.without_loss.id) == ("distilled-medium-int8-ptq", "int8-ptq")
    assert decision.without_loss_sentences == (
        "Want no loss? Quantize it: 4.0\N{MULTIPLICATION SIGN} smaller, 1.9\N{MULTIPLICATION SIGN} faster.",
        "The answer above gives up 1.9\N{NO-BREAK SPACE}points and is 193\N{MULTIPLICATION SIGN} smaller and "
        "11.4\N{MULTIPLICATION SIGN} faster than that.",
    )


def test_a_choice_that_loses_nothing_is_its_own_answer_and_needs_no_words() -> None:
    decision = verdict(*FILES[:2])

    assert decision.without_loss == decision.choice
    assert decision.without_loss_sentences == ()


def test_limits_that_the_original_alone_keeps_without_loss_say_to_leave_it() -> None:
    decision = verdict(FILES[0], FILES[2], limits=Limits())

    assert decision.without_loss is not None
    assert decision.without_loss.id == "original"
    assert decision.without_loss_sentences[0] == "Want no loss? Leave it as it is."


def test_limits_that_nothing_keeps_without_loss_say_so() -> None:
    decision = verdict(*FILES, limits=Limits(max_size_bytes=256_000))

    assert decision.without_loss is None
    assert decision.without_loss_sentences == (
        "Want no loss? Nothing that fits these limits keeps the original's accuracy.",
    )


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: f"{study.study.model}-{study.study.preset}")
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_recorded_verdict_carries_what_loses_nothing(target, study: Document) -> None:  # noqa: ANN001
    table = table_of(study, target.condition(conditions_of(study)))
    decision = decide(table, target)
    lossless = [
        row
        for row in table.contenders
        if decision.limits.fits(row) and (row.id == "original" or accuracy_difference(row, table.original).high >= 0)
    ]

    assert decision.choice is not None
    assert (decision.without_loss in lossless) if lossless else (decision.without_loss is None)
    assert bool(decision.without_loss_sentences) == (decision.choice != decision.without_loss)
