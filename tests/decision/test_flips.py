from dataclasses import replace

from compression.decision.flips import flips
from compression.decision.limits import Limits
from compression.decision.preference import Preference
from compression.decision.table import Table, table_of
from compression.decision.verdict import choose
from compression.records.measurements import Condition
from tests.constructed import document, usual_candidates

LIMITS = Limits(max_size_bytes=15_000_000, min_accuracy=0.93)


def usual_table() -> Table:
    return table_of(document(*usual_candidates()), Condition(engine="onnxruntime", batch=1, threads=1))


def test_a_lower_accuracy_that_would_be_enough_names_the_candidate_it_lets_in() -> None:
    table = usual_table()
    found = {(flip.quantity, flip.tighter): flip for flip in flips(table, LIMITS, Preference.SMALLEST)}
    flip = found[("accuracy", False)]

    assert flip.value == 0.90
    assert flip.becomes is not None
    assert flip.becomes.id == "distilled-medium"
    assert flip.sentence(choose(table, LIMITS, Preference.SMALLEST)) == (
        "Down to 90.0%: distil instead, as the distilled medium student (200\N{NO-BREAK SPACE}KB)."
    )


def test_a_size_limit_that_nothing_keeps_to_says_so() -> None:
    table = usual_table()
    found = {(flip.quantity, flip.tighter): flip for flip in flips(table, LIMITS, Preference.SMALLEST)}

    assert found[("size", True)].value == 10_000_000
    assert found[("size", True)].becomes is None
    assert found[("size", True)].sentence(None) == "Smaller than 10\N{NO-BREAK SPACE}MB: nothing fits."


def test_the_choice_really_changes_at_the_value_and_not_before_it() -> None:
    table = usual_table()
    now = choose(table, LIMITS, Preference.BALANCE)
    found = {(flip.quantity, flip.tighter): flip for flip in flips(table, LIMITS, Preference.BALANCE)}
    at = found[("accuracy", False)].value

    assert choose(table, replace(LIMITS, min_accuracy=at), Preference.BALANCE) != now
    assert choose(table, replace(LIMITS, min_accuracy=at + 1e-9), Preference.BALANCE) == now


def test_without_a_limit_there_is_nothing_to_loosen() -> None:
    assert all(flip.tighter for flip in flips(usual_table(), Limits(), Preference.SMALLEST))
