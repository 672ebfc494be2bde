"""A study told step by step, and played again: what is told when, and nothing before its time."""

from datetime import UTC, datetime, timedelta

import pytest

from compression.decision.replay import ALL_MADE, ALL_TIMED, replay, scene_at
from compression.decision.story import story
from compression.decision.table import Table, conditions_of, table_of
from compression.decision.targets import DEFAULT_TARGET
from compression.decision.verdict import Decision, decide
from compression.records.progress import Progress
from tests.constructed import FP16, INT8, ORIGINAL, candidate, document, usual_candidates


def told(*recipes: object) -> tuple[Table, Decision]:
    study = document(*recipes) if recipes else document(*usual_candidates())  # type: ignore[arg-type]
    table = table_of(study, conditions_of(study)[0])
    return table, decide(table, DEFAULT_TARGET)


def test_each_step_shows_the_files_up_to_it_and_only_the_last_one_the_choice() -> None:
    table, decision = told()
    steps = story(table, decision)
    families = [{table.row(made).family for made in step.made} for step in steps]  # type: ignore[union-attr]

    assert families == [
        {"original"},
        {"original", "quantization"},
        {"original", "quantization", "distillation", "control"},
        {"original", "quantization", "distillation", "control", "both"},
        {row.family for row in table.rows},
    ]
    assert [step.decided for step in steps] == [False] * 4 + [True]
    assert all(step.made == step.timed for step in steps)


def test_a_step_says_what_its_best_file_gains_and_costs() -> None:
    table, decision = told()
    sentences = [step.sentence for step in story(table, decision)]

    assert sentences[0].startswith("40\N{NO-BREAK SPACE}MB, 1.00\N{NO-BREAK SPACE}ms for one image, 95.0%")
    assert sentences[1].replace("\N{MULTIPLICATION SIGN}", "x") == (
        "The best of 2: int8, 4.0x smaller, 2.5x faster, just as accurate."
    )
    assert sentences[-1] == decision.headline


def test_a_kind_of_which_there_is_no_file_keeps_its_step() -> None:
    steps = story(*told(candidate(ORIGINAL), candidate(INT8)))

    assert len(steps) == 5
    assert steps[2].sentence == "This study made no such file."


def test_a_replay_makes_the_files_in_their_order_then_times_them_then_chooses() -> None:
    table, decision = told()
    scenes = replay(table, decision, ())
    made = [len(scene_at(scenes, share / 100).made) for share in range(101)]
    timed = [len(scene_at(scenes, share / 100).timed) for share in range(101)]

    assert made == sorted(made)
    assert timed == sorted(timed)
    assert made[0] == 1
    assert made[round(100 * ALL_MADE)] == len(table.rows)
    assert timed[round(100 * ALL_MADE)] == 0
    assert timed[99] == len(table.rows)
    assert [scene_at(scenes, share).decided for share in (0.0, ALL_TIMED - 0.01, ALL_TIMED, 1.0)] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("kept", [True, False])
def test_a_replay_goes_by_when_files_were_made_and_else_by_what_they_cost(*, kept: bool) -> None:
    table, decision = told(
        candidate(ORIGINAL, build_seconds=1), candidate(INT8, build_seconds=1), candidate(FP16, build_seconds=8)
    )
    start = datetime(2026, 11, 30, tzinfo=UTC)
    # Here the last of the document was made before the second.
    ends = {table.rows[0].id: 0, table.rows[2].id: 10, table.rows[1].id: 40}
    progress = [
        Progress(
            at=start + timedelta(seconds=seconds), lane="quantization", stage="quantizing", done=1.0, candidate=name
        )
        for name, seconds in ends.items()
    ]
    begins = {len(scene.made): at for at, scene in replay(table, decision, progress if kept else ()) if not scene.timed}
    second = scene_at(replay(table, decision, progress if kept else ()), begins[2]).made

    assert begins[2] == pytest.approx(ALL_MADE * (10 / 40 if kept else 2 / 10))
    assert (table.rows[2].id in second) == kept
