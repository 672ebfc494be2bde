"""What a study still has to make, what is next, and what falls away with a candidate that failed. Knows nothing of
processes. Torch-free.
"""

from compression.store.naming import id_of, name_of
from compression.store.recipes import LaneName, Recipe, builds_on, family_of, lane_of
from compression.store.records import Failure, Study
from compression.store.store import Store
from compression.studies.presets import recipes_of


def still_to_make(store: Store, study: Study, lane: LaneName) -> tuple[Recipe, ...]:
    """The recipes of a lane that have no finished candidate yet and have not failed, in the preset's order."""
    done = {candidate.id for candidate in store.results.candidates(study.id)}
    done |= {failure.candidate for failure in store.results.failures(study.id)}
    recipes = recipes_of(study)
    return tuple(recipe for recipe in recipes if lane_of(recipe) == lane and id_of(recipe) not in done)


def free_to_make(store: Store, study: Study, lane: LaneName) -> tuple[Recipe, ...]:
    """The recipes of a lane that can be started now: in nobody's hands, and what they build on is there."""
    made = {candidate.id for candidate in store.results.candidates(study.id)}
    claimed = store.labour.claimed(study.id)

    def ready(recipe: Recipe) -> bool:
        parent = builds_on(recipe)
        return id_of(recipe) not in claimed and (parent is None or id_of(parent) in made)

    return tuple(recipe for recipe in still_to_make(store, study, lane) if ready(recipe))


def give_up(store: Store, study: Study, recipe: Recipe, because: str) -> None:
    """Note that a recipe failed, and with it every recipe that builds on it."""
    failed = Failure(candidate=id_of(recipe), name=name_of(recipe), family=family_of(recipe), message=because)
    store.results.add_failure(study.id, failed)
    for other in recipes_of(study):
        if builds_on(other) == recipe:
            give_up(store, study, other, f"It is made from the {_in_sentence(recipe)}, which could not be made.")


def _in_sentence(recipe: Recipe) -> str:
    name = name_of(recipe)
    return name[0].lower() + name[1:]


def claim_next(store: Store, study: Study, lane: LaneName) -> Recipe | None:
    """Take the next recipe of a lane into one's own hands; None when there is nothing to start now.

    Whoever makes the file that another recipe builds on asks again afterwards, so nobody needs to wait for it.
    """
    for recipe in free_to_make(store, study, lane):
        if store.labour.claim(study.id, id_of(recipe)):
            return recipe
    return None
