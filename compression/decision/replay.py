"""A study that has ended, played again: its files in the order in which they were made, then their times, then the
choice. It goes by when each file was made, or where that was not kept, by what each cost."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from compression.decision.story import Scene, the_answer
from compression.decision.table import Row, Table
from compression.decision.verdict import Decision
from compression.decision.wording import name_in_sentence
from compression.records.progress import MEASURING_STAGES, Progress

# Of the whole: when the last file is made, and when the last time is known. The rest is the choice's.
ALL_MADE = 0.6
ALL_TIMED = 0.85


def replay(table: Table, decision: Decision, progress: Sequence[Progress]) -> tuple[tuple[float, Scene], ...]:
    """Each scene with the share (0..1) of the whole at which it begins; the first begins at 0."""
    made_at = _made_at(table, progress)
    rows = sorted(table.rows, key=lambda row: made_at[row.id])
    last = max(made_at.values()) or 1.0
    count = len(rows)
    scenes: list[tuple[float, Scene]] = []
    for number, row in enumerate(rows, 1):
        begins = ALL_MADE * made_at[row.id] / last if number > 1 else 0.0
        scenes.append((begins, _scene("Files are made", row, made=rows[:number], timed=[], count=count)))
    for number, row in enumerate(rows, 1):
        begins = ALL_MADE + (ALL_TIMED - ALL_MADE) * number / (count + 1)
        scenes.append((begins, _scene("Files are timed", row, made=rows, timed=rows[:number], count=count)))
    return (*scenes, (ALL_TIMED, the_answer(table, decision)))


def scene_at(scenes: Sequence[tuple[float, Scene]], share: float) -> Scene:
    """The scene that is on after this share of the whole."""
    return [scene for begins, scene in scenes if begins <= max(share, 0.0)][-1]


def _scene(title: str, row: Row, *, made: Sequence[Row], timed: Sequence[Row], count: int) -> Scene:
    return Scene(
        title=title,
        sentence=f"{len(timed) or len(made)} of {count}: {name_in_sentence(row)}.",
        made=frozenset(each.id for each in made),
        timed=frozenset(each.id for each in timed),
    )


def _made_at(table: Table, progress: Sequence[Progress]) -> Mapping[str, float]:
    """Seconds from the first file to each file, by its id."""
    told = {
        step.candidate: step.at.timestamp()
        for step in progress
        if step.candidate is not None and step.stage not in MEASURING_STAGES
    }
    rows = table.rows
    if all(row.id in told for row in rows if row.family != "original"):
        first = min(told.values(), default=0.0)
        return {row.id: told.get(row.id, first) - first for row in rows}
    # Of one lane after the other: the order is kept, and that the lanes worked side by side is not.
    return dict(zip((row.id for row in rows), accumulate(row.build_seconds for row in rows), strict=True))
