"""The options that several commands share, each declared once."""

from typing import Annotated

import typer

from compression.errors import UnknownName
from compression.records.bounds import EPOCHS, LABELS_SHARE, LATENCY_SECONDS, SEED, TEMPERATURE, THREADS
from compression.records.measurements import SCORE_TITLES, ScoreKind
from compression.records.objectives import OBJECTIVE_KINDS, DistillationObjective, known_objective, objective_of_kind

Seed = Annotated[int, typer.Option(min=SEED.least, max=SEED.most, help="Fixes everything that is drawn at random.")]
Dataset = Annotated[str, typer.Option(help="The dataset, such as fashion-mnist.")]
Threads = Annotated[
    int | None,
    typer.Option(min=THREADS.least, max=THREADS.most, help="Threads to work with (default: all cores)."),
]
Objective = Annotated[
    str | None,
    typer.Option(
        metavar=f"[{'|'.join(OBJECTIVE_KINDS)}]",
        help="What students learn from the teacher. fitnets, attention-transfer and rkd look inside it too: that takes "
        "longer, and needs more of a teacher than a file.",
    ),
]
Temperature = Annotated[
    float | None,
    typer.Option(
        min=TEMPERATURE.least, max=TEMPERATURE.most, help="How much the teacher's probabilities are evened out."
    ),
]
LabelsShare = Annotated[
    float | None,
    typer.Option(
        min=LABELS_SHARE.least,
        max=LABELS_SHARE.most,
        help="The weight of the labels; at 0 only dkd needs some to teach, and validation is only to watch.",
    ),
]
Epochs = Annotated[
    int | None,
    typer.Option(
        min=EPOCHS.least, max=EPOCHS.most, help="How often students see each example (default: the preset's)."
    ),
]
_LATENCY_SECONDS = typer.Option(
    "--latency-seconds",
    "--seconds",
    min=LATENCY_SECONDS.least,
    max=LATENCY_SECONDS.most,
    help="The most to spend on timing one file under one condition.",
)
LatencySeconds = Annotated[float, _LATENCY_SECONDS]
OwnLatencySeconds = Annotated[float | None, _LATENCY_SECONDS]
Scores = Annotated[
    str | None,
    typer.Option(
        metavar=f"[{'|'.join(SCORE_TITLES)}]",
        help="What the file's scores are (default: found out). sigmoids: a probability for each class on its own.",
    ),
]
SIZE = "How large a student's file may be: '100 KB', '1.5 MB separable'"
StudentSize = Annotated[str, typer.Option(help=f"{SIZE}.")]
StudentSizes = Annotated[list[str] | None, typer.Option(help=f"{SIZE}; may be given several times.")]


def objective_asked_for(
    name: str | None, temperature: float | None, labels_share: float | None
) -> DistillationObjective | None:
    """What was asked for; None if nothing was. Numbers without a name are those of soft targets. Raises UnknownName."""
    kind = None if name is None else known_objective(name)
    numbers = {"temperature": temperature, "labels_share": labels_share}
    given = {name: number for name, number in numbers.items() if number is not None}
    return objective_of_kind(kind or "soft-targets", **given) if kind or given else None


def score_kind(name: str | None) -> ScoreKind | None:
    """What scores are said to be; None if nothing was. Raises UnknownName."""
    if name is None:
        return None
    for known in SCORE_TITLES:
        if name == known:
            return known
    raise UnknownName("kind of scores", name, SCORE_TITLES)
