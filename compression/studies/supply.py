"""What a study's recipes are made from. Knows nothing of which of them are made."""

from compression.catalog.bundled import dataset_card
from compression.catalog.datasets import load_dataset
from compression.methods.materials import Materials
from compression.store.records import Study
from compression.store.store import Store
from compression.studies.asked import student_budget_of


def materials_for(store: Store, study: Study) -> Materials:
    """Load what the study's recipes are made from. Raises UnknownName, DamagedFile."""
    return Materials(
        model=study.model,
        dataset=load_dataset(dataset_card(study.dataset)),
        student_budget=student_budget_of(study),
        seed=study.seed,
        artefacts=store.folder(study.id) / "artefacts",
        cache=store.home / "cache",
    )
