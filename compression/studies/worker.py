"""The worker: one process that leads one study from preparation over the two lanes to the measurements.

It does the work that both lanes need beforehand, starts their processes, gives what a finished one leaves to those
still at work, and looks into the layers and measures when both lanes are done.
"""

import time

from compression.decision.verdict import default_verdict
from compression.measurement.checks import check_classifier
from compression.measurement.machine.fingerprint import fingerprint, usable_cores
from compression.methods.materials import Materials
from compression.methods.teacher import compute_teacher_logits
from compression.store.recipes import Original, objective_of
from compression.store.records import Study
from compression.store.shelf import document_of
from compression.store.store import Store
from compression.studies.crew import LANES, run_lanes
from compression.studies.lane import Lane
from compression.studies.layer_findings import look_into_layers
from compression.studies.measuring import measure_answers, measure_costs
from compression.studies.plan import set_aside, still_to_make
from compression.studies.presets import preset_named
from compression.studies.processes import Starter, start
from compression.studies.supply import materials_for
from compression.studies.telling import Teller

SECONDS_BETWEEN_NEWS = 0.2


def work(store: Store, study_id: str, start_process: Starter = start) -> None:
    """Bring a claimed study to its end. Raises WeighInError for trouble that has a sentence of its own."""
    study = store.study(study_id)
    teller = Teller(store=store, study=study.id)
    store.results.set_machine(study.id, fingerprint())
    store.labour.release(study.id)
    cores = usable_cores()
    teller.tell("preparing", 0.0)
    materials = materials_for(store, study)
    export_original(store, study, materials, threads=cores)
    check_teacher(materials)
    ask_teacher(store, study, materials, teller, threads=cores)
    if not run_lanes(store, study, cores, start_process):
        return
    for lost, better in set_aside(store, study).items():
        store.results.set_aside(study.id, lost, better)
    preset = preset_named(study.preset)
    look_into_layers(store, study, materials.dataset, preset, threads=cores, tell=teller.tell)
    measure_answers(store, study, materials.dataset, preset, threads=cores, tell=teller.tell)
    measure_costs(store, study, materials.dataset, preset, threads=cores, tell=teller.tell)
    store.results.set_verdict(study.id, default_verdict(document_of(store, study.id)))
    store.finish(study.id, "completed")


def export_original(store: Store, study: Study, materials: Materials, *, threads: int) -> None:
    """Export the original, unless it is there: everything else starts from its file."""
    store.labour.set_threads(study.id, "quantization", threads)
    if Original() in still_to_make(store, study, "quantization"):
        Lane(store, study, "quantization", materials).carry_out(Original())


def check_teacher(materials: Materials) -> None:
    """Raise ModelNotUsable unless the original takes the dataset's images and tells its classes apart."""
    card = materials.dataset.card
    check_classifier(materials.original, image_shape=card.image_shape, classes=len(card.classes))


def ask_teacher(store: Store, study: Study, materials: Materials, teller: Teller, *, threads: int) -> None:
    """Compute the original's logits on the students' views, if somebody still learns from them."""
    left = [recipe for lane in LANES for recipe in still_to_make(store, study, lane)]
    if all(objective_of(recipe) is None for recipe in left):
        return
    told = time.monotonic()
    for done in compute_teacher_logits(
        materials.original, materials.student_views, materials.teacher_logits, threads=threads
    ):
        if time.monotonic() - told >= SECONDS_BETWEEN_NEWS:
            teller.tell("asking the teacher", done)
            told = time.monotonic()
