"""What a candidate is called: its id, for files and scripts, and its name, for people. Knows nothing but recipes.

Of an objective it says which one it is and whether it does without labels. The other numbers are the same for all
students of a study, which says them once; only networks that are trained on in int8 may differ in their temperature.
"""

import re
from functools import cache
from typing import assert_never

from compression.records.objectives import OBJECTIVE_TITLES, OLDER_KINDS, LogitObjective, SoftTargets, needs_labels
from compression.records.recipes import Distill, Original, Quantize, Recipe, Train
from compression.records.schemes import CLOSE_ANSWERS, Qat, RecipeScheme, SchemeName, name_of_scheme

WITH_SCHEME: dict[SchemeName, str] = {
    "fp16": "in fp16",
    "int8-weights": "with int8 weights",
    "int8-dynamic": "in dynamic int8",
    "int4-weights": "with int4 weights",
    "int8-ptq": "in int8",
    "int8-accuracy-aware": "in accuracy-aware int8",
    "mixed-precision": "with int4 and int8 weights",
}


def id_of(recipe: Recipe) -> str:
    """The candidate's id, unique in its study; also the name of its artefact."""
    match recipe:
        case Original():
            return "original"
        case Distill(student=student, objective=objective):
            kind = "" if isinstance(objective, SoftTargets) else f"-{objective.kind}"
            return f"distilled-{student.id}{kind}{'' if needs_labels(objective) else '-no-labels'}"
        case Train(student=student):
            return f"control-{student.id}"
        case Quantize(source=Original(), scheme=scheme):
            return _scheme_in_id(scheme)
        case Quantize(source=source, scheme=scheme):
            return f"{id_of(source)}-{_scheme_in_id(scheme)}"
        case _:
            assert_never(recipe)


def _scheme_in_id(scheme: RecipeScheme) -> str:
    return f"{scheme.kind}{_aim_in_id(scheme.objective)}" if isinstance(scheme, Qat) else name_of_scheme(scheme)


@cache
def id_today(written: str) -> str:
    """The id that a candidate would be given today, where only the id is at hand that it was written with."""
    for older, kind in OLDER_KINDS.items():
        written = re.sub(rf"-{older}(?=-|$)", f"-{kind}", written)
    return written


def name_of(recipe: Recipe) -> str:
    """The candidate's name, for people."""
    match recipe:
        case Original():
            return "Original"
        case Distill():
            return f"{_distilled(recipe)}{_without_labels(recipe)}"
        case Train(student=student):
            return f"{student.title[0].upper()}{student.title[1:]} student, no teacher"
        case Quantize(source=source, scheme=scheme):
            return _quantized(source, _with_scheme(scheme))
        case _:
            assert_never(recipe)


def _quantized(source: Original | Distill | Train, with_scheme: str) -> str:
    match source:
        case Original():
            return f"{name_of(source)} {with_scheme}"
        case Distill():
            return f"{_distilled(source)} {with_scheme}{_without_labels(source)}"
        case Train():
            return f"{name_of(source)}, {with_scheme}"
        case _:
            assert_never(source)


def _aim_in_id(objective: LogitObjective) -> str:
    """What a network was trained on towards, where that is not the usual aim."""
    if objective == CLOSE_ANSWERS:
        return ""
    return f"-t{objective.temperature:g}" if isinstance(objective, SoftTargets) else f"-{objective.kind}"


def _aim(objective: LogitObjective) -> str:
    if objective == CLOSE_ANSWERS:
        return ""
    if isinstance(objective, SoftTargets):
        return f", temperature {objective.temperature:g}"
    return f", {OBJECTIVE_TITLES[objective.kind]}"


def _distilled(recipe: Distill) -> str:
    kind = recipe.objective.kind
    asked = "" if kind == "soft-targets" else f" ({OBJECTIVE_TITLES[kind]})"
    return f"Distilled {recipe.student.title} student{asked}"


def _without_labels(recipe: Distill) -> str:
    return "" if needs_labels(recipe.objective) else ", no labels"


def _with_scheme(scheme: RecipeScheme) -> str:
    """What a scheme adds to the name of the file that it is applied to."""
    if isinstance(scheme, Qat):
        return f"in int8, retrained (QAT{_aim(scheme.objective)})"
    return WITH_SCHEME[name_of_scheme(scheme)]
