"""Which of several objectives taught a network best: chosen on the validation examples, before anything is tested.

Pure: knows recipes and validation accuracies, not where they come from. Torch-free.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import assert_never

from compression.records.naming import id_of
from compression.records.objectives import needs_labels
from compression.records.recipes import Distill, Original, Quantize, Recipe, Train
from compression.records.schemes import Qat
from compression.records.study import Candidate


def beaten(recipes: Sequence[Recipe], validated: Mapping[str, float], failed: Collection[str]) -> dict[str, str]:
    """The id of every training that lost to another of the same network, with the id of the one that won.

    ``validated`` has the validation accuracy (0..1) of those that are made. The first counts in a tie.
    """
    lost: dict[str, str] = {}
    for rivals in _groups(recipes, failed):
        if all(rival in validated for rival in rivals):
            winner = max(rivals, key=lambda rival: validated[rival])
            lost |= {rival: winner for rival in rivals if rival != winner}
    return lost


def undecided(recipes: Sequence[Recipe], validated: Mapping[str, float], failed: Collection[str]) -> set[str]:
    """The ids of the trainings of networks of which one is still to be made."""
    open_groups = [rivals for rivals in _groups(recipes, failed) if not all(rival in validated for rival in rivals)]
    return {rival for rivals in open_groups for rival in rivals}


def _groups(recipes: Sequence[Recipe], failed: Collection[str]) -> list[list[str]]:
    """The ids of several trainings of the same network from the same kind of data, together."""
    groups: dict[Hashable, list[str]] = {}
    for recipe in recipes:
        group = _group_of(recipe)
        if group is not None and id_of(recipe) not in failed:
            groups.setdefault(group, []).append(id_of(recipe))
    return [rivals for rivals in groups.values() if len(rivals) > 1]


def _group_of(recipe: Recipe) -> Hashable | None:
    """What is the same for all that compete with a recipe; None for one that nothing competes with.

    A student that needs no labels does not compete with those that do: it is there for who has none.
    """
    match recipe:
        case Distill(student=student, objective=objective):
            return "distilled", student, needs_labels(objective)
        case Quantize(source=source, scheme=Qat()):
            return "retrained", source
        case Original() | Quantize() | Train():
            return None
        case _:
            assert_never(recipe)


def validated_of(candidates: Iterable[Candidate]) -> dict[str, float]:
    """Validation accuracy (0..1) of each trained candidate by the id of its recipe: the mean over its seeds."""
    return {
        id_of(candidate.recipe): fmean((candidate.validation_accuracy, *candidate.validation_repeats))
        for candidate in candidates
        if candidate.validation_accuracy is not None
    }
