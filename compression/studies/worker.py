"""The worker: one process that leads one study from preparation over the two lanes to the measurements.

It does the work that both lanes need beforehand, starts them as processes, hands a finished lane's threads to the
other, and measures when both are done.
"""

import subprocess
import time

from compression.decision.verdict import default_verdict
from compression.measurement.machine import fingerprint, usable_cores
from compression.methods.materials import Materials
from compression.methods.teacher import compute_teacher_logits
from compression.store.recipes import Distill, LaneName, Original
from compression.store.records import Study
from compression.store.shelf import document_of
from compression.store.store import Store
from compression.studies.lane import Lane
from compression.studies.measuring import measure_accuracies, measure_costs
from compression.studies.plan import materials_for, still_to_make
from compression.studies.presets import preset_named
from compression.studies.processes import Starter, start
from compression.studies.telling import Teller

LANES: tuple[LaneName, ...] = ("quantization", "distillation")
SECONDS_BETWEEN_LOOKS = 0.2


def work(store: Store, study_id: str, start_process: Starter = start) -> None:
    """Bring a claimed study to its end. Raises WeighInError for trouble that has a sentence of its own."""
    study = store.study(study_id)
    teller = Teller(store=store, study=study.id)
    store.set_machine(study.id, fingerprint())
    cores = usable_cores()
    teller.tell("preparing", 0.0)
    materials = materials_for(store, study)
    export_original(store, study, materials, threads=cores)
    ask_teacher(store, study, materials, teller, threads=cores)
    if not run_lanes(store, study, cores, start_process):
        return
    measure_accuracies(store, study, materials.dataset, threads=cores, tell=teller.tell)
    measure_costs(
        store,
        study,
        materials.dataset,
        threads=cores,
        seconds_per_subject=preset_named(study.preset).latency_seconds,
        tell=teller.tell,
    )
    store.set_verdict(study.id, default_verdict(document_of(store, study.id)))
    store.finish(study.id, "completed")


def export_original(store: Store, study: Study, materials: Materials, *, threads: int) -> None:
    """Export the original, unless it is there: everything else starts from its file."""
    store.set_share(study.id, "quantization", threads)
    originals = [recipe for recipe in still_to_make(store, study, "quantization") if isinstance(recipe, Original)]
    Lane(store, study, "quantization", materials, reference={}).carry_out(originals)


def ask_teacher(store: Store, study: Study, materials: Materials, teller: Teller, *, threads: int) -> None:
    """Compute the original's logits on the students' views, if a student still needs them."""
    if not any(isinstance(recipe, Distill) for recipe in still_to_make(store, study, "distillation")):
        return
    told = time.monotonic()
    for done in compute_teacher_logits(
        materials.original, materials.student_views, materials.teacher_logits, threads=threads
    ):
        if time.monotonic() - told >= SECONDS_BETWEEN_LOOKS:
            teller.tell("asking the teacher", done)
            told = time.monotonic()


def run_lanes(store: Store, study: Study, cores: int, start_process: Starter) -> bool:
    """Run both lanes side by side; False when one of them failed, which ends the study."""
    fixed = study.options.threads_per_lane
    fair = fixed or max(1, cores // len(LANES))
    log = store.log_file(study.id)
    running: dict[LaneName, subprocess.Popen[bytes]] = {}
    for lane in LANES:
        store.set_share(study.id, lane, fair)
        running[lane] = start_process(["lane", study.id, lane], home=store.home, log=log, threads=fair)
    while running:
        time.sleep(SECONDS_BETWEEN_LOOKS)
        for lane in [lane for lane, process in running.items() if process.poll() is not None]:
            if running.pop(lane).returncode != 0:
                for other in running.values():
                    other.terminate()
                    other.wait()
                # A lane that failed for a reason with a sentence of its own has said so already.
                store.finish(study.id, "failed", f"The {lane} lane stopped unexpectedly; its last words are in {log}.")
                return False
            if fixed is None:
                for still_at_work in running:
                    store.set_share(study.id, still_at_work, cores)
    return True
