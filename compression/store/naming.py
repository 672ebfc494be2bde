"""What a candidate is called: its id, for files and scripts, and its name, for people. Knows nothing but recipes."""

from typing import assert_never

from compression.store.objectives import OBJECTIVE_TITLES, SoftTargets
from compression.store.recipes import Distill, DistillThenQuantize, Original, Quantize, Recipe, Train
from compression.store.schemes import SCHEME_TITLES


def id_of(recipe: Recipe) -> str:
    """The candidate's id, unique in its study; also the name of its artefact."""
    match recipe:
        case Original():
            return "original"
        case Quantize(scheme=scheme):
            return scheme
        case Distill(student=student, objective=SoftTargets()):
            return f"distilled-{student.id}"
        case Distill(student=student, objective=objective):
            return f"distilled-{student.id}-{objective.kind}"
        case Train(student=student):
            return f"control-{student.id}"
        case DistillThenQuantize(distill=distill, scheme=scheme):
            return f"{id_of(distill)}-{scheme}"
        case _:
            assert_never(recipe)


def name_of(recipe: Recipe) -> str:
    """The candidate's name, for people."""
    match recipe:
        case Original():
            return "Original"
        case Quantize(scheme=scheme):
            return f"Original in {SCHEME_TITLES[scheme]}"
        case Distill(student=student, objective=SoftTargets()):
            return f"Distilled {student.title} student"
        case Distill(student=student, objective=objective):
            return f"Distilled {student.title} student ({OBJECTIVE_TITLES[objective.kind]})"
        case Train(student=student):
            return f"{student.title[0].upper()}{student.title[1:]} student, no teacher"
        case DistillThenQuantize(distill=distill, scheme=scheme):
            return f"{name_of(distill)} in {SCHEME_TITLES[scheme]}"
        case _:
            assert_never(recipe)
