"""Where a study's numbers come from, in words: what was compressed, when, on which machine, and how to do it again."""

import shlex

from compression.catalog.bundled import ARCHITECTURES, DATASETS
from compression.decision.numbers import in_bytes, in_seconds
from compression.decision.wording import listed
from compression.store.objectives import OBJECTIVE_TITLES
from compression.store.records import Document, Machine, Study


def title_of(study: Study) -> str:
    """'ResNet-18 on Fashion-MNIST'; names that the catalog does not hold are shown as they are."""
    model = next((card.title for card in ARCHITECTURES if card.name == study.model), study.model)
    dataset = next((card.title for card in DATASETS if card.name == study.dataset), study.dataset)
    return f"{model} on {dataset}"


def date_of(study: Study) -> str:
    """'20 November 2026'."""
    return f"{study.created.day} {study.created:%B %Y}"


def own_teaching(study: Study) -> str:
    """Which students were taught and how, where that was asked for: 'students of 20 KB and 1 MB, DIST at a temperature
    of 2.5 with 20% on the labels, each image 12 times'. Empty where it was the preset's."""
    objective, epochs = study.options.objective, study.options.epochs
    taught = (
        []
        if objective is None
        else [
            f"{OBJECTIVE_TITLES[objective.kind]} at a temperature of {objective.temperature:g} with "
            f"{100 * objective.labels_share:g}% on the labels"
        ]
    )
    students = study.options.students
    return ", ".join(
        [
            *([f"students of {listed([student.title for student in students])}"] if students else []),
            *taught,
            *([f"each image {epochs} {'time' if epochs == 1 else 'times'}"] if epochs else []),
        ]
    )


def machine_line(machine: Machine) -> str:
    """The machine in one line: processor, cores, memory, system."""
    cores = "1 core" if machine.cores == 1 else f"{machine.cores} cores"
    return f"{machine.cpu}, {cores}, {in_bytes(machine.memory_bytes)} of memory, {machine.os}"


def origin_of(document: Document, *, recorded: bool) -> str:
    """What, when, where and how hard: the line above a verdict."""
    study = document.study
    parts = [
        title_of(study),
        f"{'recorded on' if recorded else 'measured on'} {date_of(study)}",
        *([document.machine.cpu] if document.machine else []),
        ", ".join(filter(None, (f"preset {study.preset}", f"seed {study.seed}", own_teaching(study)))),
        *([f"took {in_seconds(study.seconds)}"] if study.seconds is not None else []),
    ]
    return " · ".join(parts)


def remake_command(study: Study, folder: str = "DIR") -> str:
    """The command that carries the same study out again, into a folder."""
    words = ["python", "-m", "compression", "run", "--model", study.model, "--dataset", study.dataset]
    words += ["--preset", study.preset, "--seed", str(study.seed)]
    if study.options.threads_per_lane is not None:
        words += ["--threads-per-lane", str(study.options.threads_per_lane)]
    objective = study.options.objective
    if objective is not None:
        words += ["--objective", objective.kind, "--temperature", f"{objective.temperature:g}"]
        words += ["--labels-share", f"{objective.labels_share:g}"]
    if study.options.epochs is not None:
        words += ["--epochs", str(study.options.epochs)]
    for student in study.options.students or ():
        words += ["--student", student.title]
    return shlex.join([*words, "--out", folder])
