"""What a candidate is called: its id, for files and scripts, and its name, for people. Knows nothing but recipes.

Of an objective it says which one it is and whether it does without labels. The other numbers are the same for all
students of a study, which says them once; only networks that are trained on in int8 may differ in their temperature.
"""

import re
from functools import cache
from typing import assert_never

from compression.records.objectives import OBJECTIVE_TITLES, OLDER_KINDS, LogitObjective, SoftTargets, needs_labels
from compression.records.recipes import (
    CLOSE_ANSWERS,
    Distill,
    DistillThenQuantize,
    DistillThenQuantizeAware,
    Original,
    Quantize,
    QuantizeAware,
    Recipe,
    Train,
)
from compression.records.schemes import Scheme, SchemeName, name_of_scheme

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
        case Quantize(scheme=scheme):
            return name_of_scheme(scheme)
        case QuantizeAware(objective=objective):
            return f"int8-qat{_aim_in_id(objective)}"
        case Distill(student=student, objective=objective):
            kind = "" if isinstance(objective, SoftTargets) else f"-{objective.kind}"
            return f"distilled-{student.id}{kind}{'' if needs_labels(objective) else '-no-labels'}"
        case Train(student=student):
            return f"control-{student.id}"
        case DistillThenQuantize(distill=distill, scheme=scheme):
            return f"{id_of(distill)}-{name_of_scheme(scheme)}"
        case DistillThenQuantizeAware(distill=distill, objective=objective):
            return f"{id_of(distill)}-int8-qat{_aim_in_id(objective)}"
        case _:
            assert_never(recipe)


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
        case Quantize(scheme=scheme):
            return f"Original {_with_scheme(scheme)}"
        case QuantizeAware(objective=objective):
            return f"Original in int8, retrained (QAT{_aim(objective)})"
        case Distill():
            return f"{_distilled(recipe)}{_without_labels(recipe)}"
        case Train(student=student):
            return f"{student.title[0].upper()}{student.title[1:]} student, no teacher"
        case DistillThenQuantize(distill=distill, scheme=scheme):
            return f"{_distilled(distill)} {_with_scheme(scheme)}{_without_labels(distill)}"
        case DistillThenQuantizeAware(distill=distill, objective=objective):
            return f"{_distilled(distill)} in int8, retrained (QAT{_aim(objective)}){_without_labels(distill)}"
        case _:
            assert_never(recipe)


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


def _with_scheme(scheme: Scheme) -> str:
    """What a scheme adds to the name of the file that it is applied to."""
    return WITH_SCHEME[name_of_scheme(scheme)]
