"""What a worker does before it loads its libraries: it notes what is to be made and is known, and starts the process
that quantizes, which then loads its own. Torch-free."""

from compression.measurement.machine.processor import usable_cores
from compression.modalities.choose import Catalog
from compression.records.naming import id_of
from compression.records.recipes import Original
from compression.records.study import Study
from compression.store.studies import Store
from compression.studies.beforehand import known_beforehand
from compression.studies.lanes import Lanes
from compression.studies.launchers.local import Starter
from compression.studies.plan import still_to_make
from compression.studies.progress import ProgressWriter
from compression.studies.request import recipes_of


def begin(store: Store, study: Study, start_process: Starter, catalog: Catalog) -> Lanes:
    """The study's lanes, of which one is at work already if the original is still to be made. Raises UnknownName."""
    ProgressWriter(store=store, study=study.id).write("preparing", 0.0)
    store.claims.release(study.id)
    store.results.set_plan(study.id, recipes_of(study, catalog))
    store.results.set_beforehand(study.id, known_beforehand(study, catalog))
    lanes = Lanes(store, study, usable_cores(), start_process)
    if Original() in still_to_make(store, study, "quantization"):
        # The worker makes it; the lane waits for it.
        store.claims.claim(study.id, id_of(Original()))
        lanes.start_early()
    return lanes
