"""What a study's recipes are made from. Knows nothing of which of them are made."""

from compression.catalog.bundled import dataset_card
from compression.catalog.datasets import load_dataset
from compression.methods.materials import Materials
from compression.store.recipes import DistillThenQuantizeAware
from compression.store.records import Study
from compression.store.store import Store
from compression.studies.asked import recipes_of, student_budget_of
from compression.studies.presets import preset_named


def materials_for(store: Store, study: Study) -> Materials:
    """Load what the study's recipes are made from. Raises UnknownName, DamagedFile."""
    return Materials(
        model=study.model,
        dataset=load_dataset(dataset_card(study.dataset)),
        student_budget=student_budget_of(study),
        seed=study.seed,
        artefacts=store.folder(study.id) / "artefacts",
        cache=store.home / "cache",
        retraining_budget=preset_named(study.preset).retraining_budget,
        trained_on=frozenset(
            recipe.distill for recipe in recipes_of(study) if isinstance(recipe, DistillThenQuantizeAware)
        ),
    )
