"""What a study still has to make, what is next, and what falls away with a candidate that failed or was beaten. Knows
nothing of processes. Torch-free.
"""

from compression.records.naming import id_of, id_today, name_of
from compression.records.recipes import LaneName, Original, Recipe, builds_on, family_of, lane_of
from compression.records.study import Candidate, Failure, Study
from compression.store.studies import Store
from compression.studies.request import recipes_of
from compression.studies.selection import beaten, undecided, validated_of


def plan_of(store: Store, study: Study) -> tuple[Recipe, ...]:
    """All that the study is to make, in the order in which it is made: what was kept when it started."""
    return store.results.plan(study.id) or recipes_of(study)


def still_to_make(store: Store, study: Study, lane: LaneName) -> tuple[Recipe, ...]:
    """The recipes of a lane that have no finished candidate yet, have not failed and are not built on one that was
    beaten, in the preset's order."""
    done = {id_of(candidate.recipe) for candidate in store.results.candidates(study.id)} | _failed(store, study)
    lost = set_aside(store, study)

    def wanted(recipe: Recipe) -> bool:
        parent = builds_on(recipe)
        return id_of(recipe) not in done and (parent is None or id_of(parent) not in lost)

    return tuple(recipe for recipe in plan_of(store, study) if lane_of(recipe) == lane and wanted(recipe))


def free_to_make(store: Store, study: Study, lane: LaneName) -> tuple[Recipe, ...]:
    """The recipes of a lane that can be started now: in nobody's hands, what they build on is there, and of several
    students of one kind it is known which is the one to build on."""
    candidates = store.results.candidates(study.id)
    there = {id_of(candidate.recipe) for candidate in candidates}
    there -= undecided(plan_of(store, study), validated_of(candidates), _failed(store, study))
    claimed = store.claims.claimed(study.id)

    def ready(recipe: Recipe) -> bool:
        parent = builds_on(recipe)
        return id_of(recipe) not in claimed and (parent is None or id_of(parent) in there)

    return tuple(recipe for recipe in still_to_make(store, study, lane) if ready(recipe))


def set_aside(store: Store, study: Study) -> dict[str, str]:
    """The ids of the students that another objective taught better, each with the id of that one. They are not
    measured, and nothing is made from them."""
    candidates = store.results.candidates(study.id)
    return beaten(plan_of(store, study), validated_of(candidates), _failed(store, study))


def note_set_aside(store: Store, study: Study) -> None:
    """Keep with each of these students which other one goes on in its place."""
    # A study that was begun by an older version holds ids that its recipes would not be given today.
    written = {id_of(candidate.recipe): candidate.id for candidate in store.results.candidates(study.id)}
    for lost, better in set_aside(store, study).items():
        store.results.set_aside(study.id, written[lost], written[better])


def give_up(store: Store, study: Study, recipe: Recipe, because: str) -> None:
    """Note that a recipe failed, and with it every recipe that builds on it and is not made."""
    failed = Failure(candidate=id_of(recipe), name=name_of(recipe), family=family_of(recipe), message=because)
    store.results.add_failure(study.id, failed)
    made = {candidate.recipe for candidate in store.results.candidates(study.id)}
    for other in plan_of(store, study):
        if builds_on(other) == recipe and other not in made:
            give_up(store, study, other, f"It is made from the {_in_sentence(recipe)}, which could not be made.")


def withdraw(store: Store, study: Study, candidate: Candidate, because: str) -> None:
    """Take a file away that was made and turned out to be no use, and what would be made from it with it."""
    store.results.remove_candidate(study.id, candidate.id)
    give_up(store, study, candidate.recipe, because)


def _in_sentence(recipe: Recipe) -> str:
    name = name_of(recipe)
    return name[0].lower() + name[1:]


def claim_next(store: Store, study: Study, lane: LaneName) -> Recipe | None:
    """Take the next recipe of a lane into one's own hands; None when there is nothing to start now.

    Whoever makes the file that another recipe builds on asks again afterwards, so nobody needs to wait for it.
    """
    for recipe in free_to_make(store, study, lane):
        if store.claims.claim(study.id, id_of(recipe)):
            return recipe
    return None


def claim_next_test(store: Store, study: Study, *, with_original: bool = True) -> Candidate | None:
    """Take a file into one's own hands that is made and was not tested; None when there is none.

    The newest comes first, for those who watch. One that may yet be set aside for another one waits until that is
    decided.
    """
    candidates = store.results.candidates(study.id)
    recipes, validated, failed = plan_of(store, study), validated_of(candidates), _failed(store, study)
    waiting = undecided(recipes, validated, failed) | beaten(recipes, validated, failed).keys()
    for candidate in reversed(candidates):
        free = candidate.accuracy is None and id_of(candidate.recipe) not in waiting
        free = free and (with_original or candidate.recipe != Original())
        if free and store.claims.claim(study.id, f"test of {candidate.id}"):
            return candidate
    return None


def _failed(store: Store, study: Study) -> set[str]:
    return {id_today(failure.candidate) for failure in store.results.failures(study.id)}
