"""What a study has to make, and from what. Knows nothing of processes."""

from compression.catalog.bundled import dataset_card
from compression.catalog.datasets import load_dataset
from compression.methods.materials import Materials
from compression.store.recipes import LaneName, Recipe, id_of, lane_of
from compression.store.records import Study
from compression.store.store import Store
from compression.studies.presets import preset_named


def still_to_make(store: Store, study: Study, lane: LaneName) -> tuple[Recipe, ...]:
    """The recipes of a lane that have no finished candidate yet, in the preset's order."""
    made = {candidate.id for candidate in store.candidates(study.id)}
    recipes = preset_named(study.preset).recipes
    return tuple(recipe for recipe in recipes if lane_of(recipe) == lane and id_of(recipe) not in made)


def materials_for(store: Store, study: Study) -> Materials:
    """Load what the study's recipes are made from. Raises UnknownName, DamagedFile."""
    return Materials(
        model=study.model,
        dataset=load_dataset(dataset_card(study.dataset)),
        student_budget=preset_named(study.preset).student_budget,
        seed=study.seed,
        artefacts=store.folder(study.id) / "artefacts",
        cache=store.home / "cache",
    )
