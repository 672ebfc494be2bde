"""What became of a teacher and its student: the record, and what ``distil`` prints of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from compression.catalog.cards import DatasetCard
from compression.commands.console import console
from compression.commands.distil.request import STUDENT, TEACHER
from compression.commands.measured_tables import as_handed_over, difference_in_words
from compression.decision.numbers import accuracy_in_percent, in_bytes, size_against
from compression.records.measurements import ENGINE_TITLES, SCORE_TITLES, Accuracy, EngineName, Pair, ScoreKind

TIMES = {1: "once", 2: "twice"}
# What the student learnt from, where that had to be worked out first.
BEHIND_THEM = ", and the logits behind them were taught"
TAUGHT: dict[ScoreKind, str] = {"logits": "", "softmax": BEHIND_THEM, "log-softmax": "", "sigmoids": BEHIND_THEM}


# What all of it was found out with.
ENGINE: EngineName = "onnxruntime"


@dataclass(frozen=True, kw_only=True)
class DistilResult:
    """Files by what each is called, the teacher's first.

    ``pairs`` are the student against each other file, on the test examples. ``examples`` of the training split were
    seen so many ``epochs``, with their ``labels`` or without; ``scores`` is what the teacher's
    were taken for; ``hints`` are about how it was handed them; by those ``short_of_memory`` in half the batch.
    """

    card: DatasetCard
    files: Mapping[str, Path]
    size_bytes: Mapping[str, int]
    validation: Mapping[str, Accuracy]
    test: Mapping[str, Accuracy]
    pairs: tuple[Pair, ...]
    examples: int
    epochs: int
    labels: bool
    scores: ScoreKind = "logits"
    hints: tuple[str, ...] = ()
    short_of_memory: frozenset[str] = frozenset()


def print_result(outcome: DistilResult) -> None:
    """Print all of it."""
    output = console()
    output.print(_sizes(outcome), soft_wrap=True)
    output.print(_table(outcome))
    for sentence in remarks(outcome):
        output.print(sentence, soft_wrap=True)


def _sizes(outcome: DistilResult) -> str:
    sizes = outcome.size_bytes
    against = size_against(sizes[STUDENT], sizes[TEACHER])
    word = "as" if against == "as large" else "than"
    return (
        f"{outcome.files[STUDENT]}: {in_bytes(sizes[STUDENT])}, {against} {word} "
        f"{outcome.files[TEACHER].name} ({in_bytes(sizes[TEACHER])})."
    )


def _table(outcome: DistilResult) -> Table:
    table = Table("", "size", "validation accuracy (95 %)", "test accuracy (95 %)")
    for who, file in outcome.files.items():
        accuracies = (accuracy_in_percent(share[who]) for share in (outcome.validation, outcome.test))
        table.add_row(f"{who}, {file.name}", in_bytes(outcome.size_bytes[who]), *accuracies)
    return table


def remarks(outcome: DistilResult) -> list[str]:
    """What to know when reading the table."""
    nouns = outcome.card.nouns
    told = [difference_in_words(pair, pair.first, pair.second, nouns) for pair in outcome.pairs]
    labels = "with their labels" if outcome.labels else "none of which needed a label"
    times = TIMES.get(outcome.epochs, f"{outcome.epochs} times")
    told.append(f"The student saw {outcome.examples:,} training {nouns} {times}, {labels}.")
    told += [
        f"Memory ran out once while {who} was trained, so that {who} learnt in half the batch."
        for who in outcome.files
        if who in outcome.short_of_memory
    ]
    told.append(
        f"Accuracies are those in {ENGINE_TITLES[ENGINE]}, brackets their Wilson 95% intervals. Nothing was chosen by "
        f"them: to choose between students, go by the validation {nouns}, and keep the test {nouns} for the last look. "
        f"A teacher that was trained elsewhere may have learnt from the validation {nouns}, and does too well on them "
        "then."
    )
    told.append(as_handed_over(outcome.card))
    told.append(f"The teacher's scores were taken for {SCORE_TITLES[outcome.scores]}{TAUGHT[outcome.scores]}.")
    return [*told, *outcome.hints]
