"""``work`` and ``lane``: what the processes of a study run. A person meets their errors through the store."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from compression.errors import CandidateFailed, WeighInError
from compression.modalities.choose import CATALOG, Catalog
from compression.records.recipes import LaneName
from compression.store.studies import Store
from compression.studies.launchers.local import Starter, end_with_parent, start

SECONDS_BETWEEN_LOOKS = 0.1


def run_worker(study: str, catalog: Catalog = CATALOG, start_process: Starter = start) -> None:
    """Carry out a claimed study."""
    store = Store()
    with failing_study(store, study):
        from compression.studies.begin import begin

        found = store.study(study)
        with begin(store, found, start_process, catalog) as lanes:
            from compression.studies.worker import work

            work(store, found, lanes, catalog)


def run_lane_process(study: str, lane: LaneName, catalog: Catalog = CATALOG) -> None:
    """Make candidates of a lane, and test them, for as long as there is one to start. Never outlives its worker."""
    end_with_parent()
    store = Store()
    with failing_study(store, study):
        from compression.errors import ModelNotUsable
        from compression.studies.plan import claim_next, claim_next_test, give_up

        found = store.study(study)
        # Before the long imports, so that the worker sees early what is left to start.
        recipe = claim_next(store, found, lane)
        import torch

        from compression.studies.build_candidate import CandidateBuilder
        from compression.studies.worker import build_context_of_study

        torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
        work = CandidateBuilder(store, found, lane, build_context_of_study(store, found, catalog))
        while not store.results.made(study):
            # The original is still being exported, and everything else starts from its file.
            time.sleep(SECONDS_BETWEEN_LOOKS)
        recipe = recipe or claim_next(store, found, lane)
        while recipe is not None:
            try:
                work.build(recipe)
            except (CandidateFailed, ModelNotUsable) as failure:
                # A file that cannot be read falls alone. The original's was made, and looked at, by the worker.
                give_up(store, found, recipe, str(failure))
            while made := claim_next_test(store, found, with_original=False):
                work.test(made)
            recipe = claim_next(store, found, lane)
        while made := claim_next_test(store, found):
            work.test(made)


@contextmanager
def failing_study(store: Store, study: str) -> Iterator[None]:
    """Let whatever is raised end the study with a sentence, and go on up into the log."""
    try:
        yield
    except WeighInError as error:
        store.finish(study, "failed", str(error))
        raise
    except Exception:  # whatever it is, the study must not look alive; it is raised again, with its traceback
        log = store.log_file(study)
        store.finish(
            study,
            "failed",
            f"Something unexpected went wrong, which is a bug in Weigh-In; please report it with the log in {log}.",
        )
        raise
