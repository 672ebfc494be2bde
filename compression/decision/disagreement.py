"""Why two studies of one model come to different verdicts: from what each made, how well it trained that, and the
times of its computer. Reads the two studies alone."""

from dataclasses import dataclass

from compression.decision.limits import Limits
from compression.decision.numbers import in_ms, in_percent, in_seconds
from compression.decision.table import Row, Table, conditions_of, table_of
from compression.decision.targets import DEFAULT_TARGET, Target
from compression.decision.verdict import Decision, decide
from compression.decision.wording import DO, at_start, name_in_sentence, shortfall
from compression.records.study import Document

# Of two trainings, the one that took so many times as long is called the longer.
LONGER = 1.2


@dataclass(frozen=True, kw_only=True)
class _Side:
    name: str
    document: Document
    table: Table
    decision: Decision

    @property
    def limits(self) -> Limits:
        return self.decision.limits

    @property
    def advice(self) -> str:
        choice = self.decision.choice
        return "nothing fits" if choice is None else DO[choice.family]


def why_verdicts_differ(first: Document, second: Document, target: Target = DEFAULT_TARGET) -> str | None:
    """Two or three short sentences; None where both say to do the same, or are not about one model and dataset.

    Both must have a measured original. Each is judged by the target's limits on its own numbers.
    """
    about = [(each.subject.model_title, each.subject.dataset_title) for each in (first, second)]
    one, other = _sides(first, second, target)
    if about[0] != about[1] or one.advice == other.advice:
        return None
    said = f"{at_start(one.name)} says {one.advice}, {other.name} says {other.advice}."
    for rough, fine in ((one, other), (other, one)):
        if rough.table.rough and not fine.table.rough:
            return f"{said} {at_start(rough.name)} is too rough to decide on; go by {fine.name}."
    return f"{said} {_because(one, other) or _because(other, one) or 'The times of their computers differ.'}"


def _sides(first: Document, second: Document, target: Target) -> tuple[_Side, _Side]:
    names = _names(first, second)

    def side(name: str, document: Document) -> _Side:
        table = table_of(document, target.condition(conditions_of(document)))
        return _Side(name=name, document=document, table=table, decision=decide(table, target))

    return side(names[0], first), side(names[1], second)


def _names(first: Document, second: Document) -> tuple[str, str]:
    """What tells the two apart for a reader: the presets, else the seeds, else which came first."""
    one, other = first.study, second.study
    if one.preset != other.preset:
        return one.preset.capitalize(), other.preset.capitalize()
    if one.seed != other.seed:
        return f"the study from seed {one.seed}", f"the one from seed {other.seed}"
    return (
        ("the earlier study", "the later one")
        if one.created <= other.created
        else ("the later study", "the earlier one")
    )


def _because(one: _Side, other: _Side) -> str | None:
    """Why the other's choice is not that of ``one``; None where it fits there as well, or the other chose nothing."""
    choice = other.decision.choice
    if choice is None:
        return None
    name = name_in_sentence(choice)
    same = next((row for row in one.table.rows if row.recipe == choice.recipe), None)
    if same is None:
        return f"Only {other.name} made {name}."
    if one.limits.fits(same):
        return None
    missed, falls = one.limits.misses(same), shortfall(same, one.limits)
    if "accuracy" in missed:
        there, here = in_percent(choice.accuracy.value), in_percent(same.accuracy.value)
        return f"{_training(name, same, choice, other)} and got {there}; in {one.name} it got {here}, {falls}."
    there, here = in_ms(choice.latency_ms.value), in_ms(same.latency_ms.value)
    return f"{at_start(name)} takes {there} in {other.name}; in {one.name} it takes {here}, {falls}."


def _training(name: str, same: Row, choice: Row, other: _Side) -> str:
    if choice.build_seconds > LONGER * same.build_seconds:
        took = f"{in_seconds(choice.build_seconds)}, not {in_seconds(same.build_seconds)},"
        return f"{at_start(other.name)} trained {name} for {took}"
    return f"{at_start(other.name)} was luckier in training {name}"
