"""Where a study's numbers come from, in words: what was compressed, when, on which machine, and how to do it again."""

import shlex

from compression.decision.numbers import in_bytes, in_seconds
from compression.decision.wording import listed
from compression.records.objectives import OBJECTIVE_TITLES
from compression.records.schemes import SCHEME_TITLES
from compression.records.study import Document, Machine, Request, Study


def date_of(study: Study) -> str:
    """'20 November 2026'."""
    return f"{study.created.day} {study.created:%B %Y}"


def own_teaching(document: Document) -> str:
    """Which students were taught and how, where that was asked for: 'students of 20 KB and 1 MB, DIST at a temperature
    of 2.5 with 20% on the labels, each' example '12 times'. Empty where it was the preset's."""
    options = document.study.options
    objective, epochs = options.objective, options.epochs
    taught = (
        []
        if objective is None
        else [
            f"{OBJECTIVE_TITLES[objective.kind]} at a temperature of {objective.temperature:g} with "
            f"{100 * objective.labels_share:g}% on the labels"
        ]
    )
    students = options.students
    return ", ".join(
        [
            *([f"students of {listed([student.title for student in students])}"] if students else []),
            *taught,
            *([f"each {document.subject.noun} {epochs} {'time' if epochs == 1 else 'times'}"] if epochs else []),
        ]
    )


def own_quantizing(document: Document) -> str:
    """How the original was quantized, where that was asked for: 'quantized in these ways (int8; int4 weights), 500
    calibration' examples, 'at most 1 point lost'. Empty where it was the preset's."""
    options = document.study.options
    parts: list[str] = []
    if options.schemes is not None:
        parts.append(f"quantized in these ways ({'; '.join(SCHEME_TITLES[name] for name in options.schemes)})")
    if options.calibration_examples is not None:
        parts.append(f"{options.calibration_examples:,} calibration {document.subject.nouns}")
    if options.largest_drop is not None:
        points = f"{100 * options.largest_drop:g}"
        parts.append(f"at most {points} {'point' if points == '1' else 'points'} lost")
    return ", ".join(parts)


def own_choices(document: Document) -> str:
    """All that was asked for in place of the preset's; empty where nothing was."""
    return ", ".join(filter(None, (own_teaching(document), own_quantizing(document))))


def machine_line(machine: Machine) -> str:
    """The machine in one line: processor, cores, memory, system."""
    cores = "1 core" if machine.cores == 1 else f"{machine.cores} cores"
    return f"{machine.cpu}, {cores}, {in_bytes(machine.memory_bytes)} of memory, {machine.os}"


def origin_of(document: Document, *, recorded: bool) -> str:
    """What, when, where and how hard: the line above a verdict."""
    study = document.study
    parts = [
        document.subject.title,
        f"{'recorded on' if recorded else 'measured on'} {date_of(study)}",
        *([document.machine.cpu] if document.machine else []),
        ", ".join(filter(None, (f"preset {study.preset}", f"seed {study.seed}", own_choices(document)))),
        *([f"took {in_seconds(study.seconds)}"] if study.seconds is not None else []),
    ]
    return " · ".join(parts)


def remake_command(study: Request, folder: str = "DIR") -> str:
    """The command that carries the same study out, into a folder."""
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
    for scheme in study.options.schemes or ():
        words += ["--scheme", scheme]
    if study.options.calibration_examples is not None:
        words += ["--calibration-examples", str(study.options.calibration_examples)]
    if study.options.largest_drop is not None:
        words += ["--largest-drop", f"{study.options.largest_drop:g}"]
    if study.options.latency_seconds is not None:
        words += ["--latency-seconds", f"{study.options.latency_seconds:g}"]
    return shlex.join([*words, "--out", folder])
