"""The worker: one process that leads one study from preparation over the two lanes to the measurements.

It exports the original, asks it for its logits while the quantization lane is at work already, starts the other lane,
gives what a finished process leaves to the others, and when both lanes are done looks into the layers and times every
file.
"""

from compression.catalog.examples import Dataset
from compression.catalog.own.models import own_model_file
from compression.catalog.rows import model_title
from compression.catalog.sufficient import check_dataset
from compression.decision.verdict import default_verdict
from compression.measurement.checks import check_classifier
from compression.measurement.machine.fingerprint import fingerprint, usable_cores
from compression.methods.build_context import BuildContext
from compression.methods.distillation.teacher import compute_teacher_logits
from compression.modalities.choose import CATALOG, Catalog
from compression.records.naming import id_of
from compression.records.recipes import Distill, Original, Quantize, Train, objective_of
from compression.records.schemes import Qat
from compression.records.study import Request, Study
from compression.records.subject import Subject
from compression.store.files import write_atomically
from compression.store.library import document_of
from compression.store.studies import Store
from compression.studies.build_candidate import CandidateBuilder
from compression.studies.lanes import LANES, Lanes
from compression.studies.layer_findings import look_into_layers
from compression.studies.measure_noise import measure_noise
from compression.studies.measure_study import measure_answers, measure_costs
from compression.studies.plan import note_set_aside, plan_of, still_to_make
from compression.studies.presets import preset_named
from compression.studies.progress import SECONDS_BETWEEN_UPDATES, ProgressWriter, at_most_every
from compression.studies.request import most_calibration, student_budget_of


def work(store: Store, study: Study, lanes: Lanes, catalog: Catalog = CATALOG) -> None:
    """Bring a study that has begun to its end. Raises WeighInError for trouble that has a sentence of its own."""
    progress, cores = ProgressWriter(store=store, study=study.id), usable_cores()
    store.results.set_machine(study.id, fingerprint())
    context = build_context_of_study(store, study, catalog)
    store.results.set_subject(study.id, subject_of(study, context.dataset))
    preset = preset_named(study.preset)
    check_dataset(context.dataset, calibration=most_calibration(plan_of(store, study)), batch=max(preset.batches))
    own = catalog.own_model(study.model, study.dataset)
    if own is not None and not context.original.exists():
        write_atomically(context.original, own_model_file(own).read_bytes())
    export_original(store, study, context, threads=cores)
    threads = lanes.start_quantizing()
    check_teacher(context)
    ask_teacher(store, study, context, progress, threads=threads)
    if not lanes.run():
        return
    note_set_aside(store, study)
    look_into_layers(store, study, context.dataset, preset, threads=cores, tell=progress.write)
    measure_answers(store, study, context.dataset, preset, threads=cores, tell=progress.write)
    measure_costs(store, study, context.dataset, preset, threads=cores, tell=progress.write)
    measure_noise(store, study, context.dataset, tell=progress.write)
    store.results.set_verdict(study.id, default_verdict(document_of(store, study.id)))
    store.finish(study.id, "completed")


def subject_of(request: Request, dataset: Dataset) -> Subject:
    """What a study is about, as the catalog has it now; ``dataset`` is the request's. A model that the catalog does not
    have goes by its name."""
    card = dataset.card
    return Subject(
        model_title=model_title(request.model, request.dataset),
        dataset_title=card.title,
        modality=card.modality,
        noun=card.noun,
        nouns=card.nouns,
        classes=card.classes,
        training_examples=len(dataset.train),
        validation_examples=len(dataset.validation),
        test_examples=len(dataset.test),
        inputs=card.inputs,
    )


def export_original(store: Store, study: Study, context: BuildContext, *, threads: int) -> None:
    """Export the original, or take a person's own, unless it is there: everything else starts from its file."""
    if Original() in still_to_make(store, study, "quantization"):
        store.claims.set_threads(study.id, "quantization", threads)
        CandidateBuilder(store, study, "quantization", context).build(Original())


def check_teacher(context: BuildContext) -> None:
    """Raise ModelNotUsable unless the original takes the dataset's examples and tells its classes apart."""
    check_classifier(context.original, context.dataset.card)


def ask_teacher(store: Store, study: Study, context: BuildContext, progress: ProgressWriter, *, threads: int) -> None:
    """Compute the original's logits on the students' views, if somebody still learns from them."""
    left = [recipe for lane in LANES for recipe in still_to_make(store, study, lane)]
    if all(objective_of(recipe) is None for recipe in left):
        return
    tell = at_most_every(SECONDS_BETWEEN_UPDATES, lambda done: progress.write("asking the teacher", done))
    for done in compute_teacher_logits(
        context.original, context.student_views, context.teacher_logits, threads=threads
    ):
        tell(done)


def build_context_of_study(store: Store, study: Study, catalog: Catalog = CATALOG) -> BuildContext:
    """Load what the study's recipes are made from. Raises UnknownName, DamagedFile."""
    card = catalog.card_for(study.model, study.dataset)
    modality = catalog.modality_of(card)
    artefacts = store.folder(study.id) / "artefacts"
    own = catalog.own_model(study.model, study.dataset) is not None
    return BuildContext(
        model=artefacts / f"{id_of(Original())}.onnx" if own else study.model,
        dataset=modality.load(card),
        modality=modality,
        student_budget=student_budget_of(study),
        seed=study.seed,
        artefacts=artefacts,
        cache=store.home / "cache",
        retraining_budget=preset_named(study.preset).retraining_budget,
        written_as={id_of(candidate.recipe): candidate.id for candidate in store.results.candidates(study.id)},
        trained_on=frozenset(
            recipe.source
            for recipe in plan_of(store, study)
            if isinstance(recipe, Quantize)
            and isinstance(recipe.scheme, Qat)
            and isinstance(recipe.source, Distill | Train)
        ),
    )
