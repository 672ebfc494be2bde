"""A study told in five steps: the original, quantized, distilled, both, then the limits and the choice. Each step shows
only what was told so far, with one sentence."""

from dataclasses import dataclass

from compression.decision.changes import changes
from compression.decision.limits import nearest
from compression.decision.numbers import in_bytes, in_ms, in_percent
from compression.decision.preference import best
from compression.decision.table import Table
from compression.decision.verdict import Decision
from compression.decision.wording import at_start, name_in_sentence
from compression.records.recipes import Family


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What is told at one moment. ``made`` are the ids of the files whose size and accuracy are known by then,
    ``timed`` of those whose time is, too. ``decided``: the limits and the choice are told."""

    title: str
    sentence: str
    made: frozenset[str]
    timed: frozenset[str]
    decided: bool = False


# What is told after the original: a title, and the kinds of files that come with it, of which the first is meant.
CHAPTERS: tuple[tuple[str, tuple[Family, ...]], ...] = (
    ("Quantize it: fewer bits", ("quantization",)),
    ("Distil it: a small model learns", ("distillation", "control")),
    ("Both: a small model, fewer bits", ("both",)),
)


def story(table: Table, decision: Decision) -> tuple[Scene, ...]:
    """The steps, always five; a kind of which there is no file is said to have none."""
    original = table.original
    one = f"one {table.subject.noun}" if original.batch == 1 else table.subject.counted(original.batch)
    told = frozenset({original.id})
    first = (
        f"{in_bytes(original.size_bytes)}, {in_ms(original.latency_ms.value)} for {one}, "
        f"{in_percent(original.accuracy.value)} of its answers right."
    )
    scenes = [Scene(title="The original", sentence=first, made=told, timed=told)]
    for title, families in CHAPTERS:
        told |= {row.id for family in families for row in table.of(family)}
        sentence = _best_of(families[0], table, decision)
        scenes.append(Scene(title=title, sentence=sentence, made=told, timed=told))
    return (*scenes, the_answer(table, decision))


def the_answer(table: Table, decision: Decision) -> Scene:
    """The last scene: everything, with the limits and the choice."""
    told = frozenset(row.id for row in table.rows)
    return Scene(title=decision.advice, sentence=decision.headline, made=told, timed=told, decided=True)


def _best_of(family: Family, table: Table, decision: Decision) -> str:
    rows = table.of(family)
    if not rows:
        return "This study made no such file."
    fitting = [row for row in rows if decision.limits.fits(row)]
    row = best(fitting, decision.preference) if fitting else nearest(rows, decision.limits)
    against = ", ".join(change.words for change in changes(table, row))
    of = "" if len(rows) == 1 else f"The best of {len(rows)}: "
    return at_start(f"{of}{name_in_sentence(row)}, {against}.")
