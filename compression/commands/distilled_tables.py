"""What ``distil`` prints: a table of teacher, student and control, and sentences on how to read it."""

from rich.console import Console
from rich.table import Table

from compression.commands.distilled import ENGINE, STUDENT, TEACHER, Distilled
from compression.commands.measured_tables import difference, images_as_handed_over
from compression.decision.numbers import in_bytes, in_percent_with_range, size_against
from compression.decision.table import Spread
from compression.decision.wording import ENGINE_TITLES
from compression.store.measurements import Accuracy

TIMES = {1: "once", 2: "twice"}


def print_distilled(distilled: Distilled) -> None:
    """Print all of it."""
    console = Console()
    console.print(_sizes(distilled), soft_wrap=True)
    console.print(_table(distilled))
    for sentence in _remarks(distilled):
        console.print(sentence, soft_wrap=True)


def _sizes(distilled: Distilled) -> str:
    sizes = distilled.size_bytes
    against = size_against(sizes[STUDENT], sizes[TEACHER])
    word = "as" if against == "as large" else "than"
    return (
        f"{distilled.files[STUDENT]}: {in_bytes(sizes[STUDENT])}, {against} {word} "
        f"{distilled.files[TEACHER].name} ({in_bytes(sizes[TEACHER])})."
    )


def _table(distilled: Distilled) -> Table:
    table = Table("", "size", "validation accuracy (95 %)", "test accuracy (95 %)")
    for who, file in distilled.files.items():
        accuracies = (_accuracy(distilled.validation[who]), _accuracy(distilled.test[who]))
        table.add_row(f"{who}, {file.name}", in_bytes(distilled.size_bytes[who]), *accuracies)
    return table


def _remarks(distilled: Distilled) -> list[str]:
    told = [difference(pair, pair.first, pair.second) for pair in distilled.pairs]
    labels = "with their labels" if distilled.labels else "none of which needed a label"
    times = TIMES.get(distilled.epochs, f"{distilled.epochs} times")
    told.append(f"The student saw {distilled.images:,} training images {times}, {labels}.")
    if distilled.short_of_memory:
        told.append("Memory ran out once, so that it was trained in half the batch.")
    told.append(
        f"Accuracies are those in {ENGINE_TITLES[ENGINE]}, brackets their Wilson 95% intervals. Nothing was chosen by "
        "them: to choose between students, go by the validation images, and keep the test images for the last look. A "
        "teacher that was trained elsewhere may have learnt from the validation images, and does too well on them then."
    )
    told.append(images_as_handed_over(distilled.card))
    return told


def _accuracy(accuracy: Accuracy) -> str:
    return in_percent_with_range(Spread(value=accuracy.value, low=accuracy.low, high=accuracy.high))
