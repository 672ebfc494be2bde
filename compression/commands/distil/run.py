"""A request carried out: the teacher is checked and asked, its student trained and tested, and the files are written at
the very end.

Until then everything lies in a folder of the home that goes by the request, so that the same command goes on where an
earlier one was interrupted, and one command is at work in it at a time.
"""

import shutil
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from hashlib import sha256

import torch

from compression.catalog.examples import Dataset
from compression.catalog.sufficient import check_dataset
from compression.commands.console import StageLines
from compression.commands.distil.check import answer_all, require_classifier, require_knowledge
from compression.commands.distil.request import DistilRequest
from compression.commands.distil.result import ENGINE, print_result
from compression.commands.handed_over import better_prepared
from compression.commands.out_file import hand_over
from compression.decision.numbers import in_percent
from compression.errors import Cancelled, CandidateFailed
from compression.methods.build import build
from compression.methods.build_context import BuildContext
from compression.methods.built import Built
from compression.methods.distillation.teacher import compute_teacher_logits, teacher_hash
from compression.modalities.choose import modality_of
from compression.records.base import Record
from compression.records.progress import in_words
from compression.records.recipes import Distill, Train
from compression.store.files import held_alone, home_folder, write_atomically

TENTHS = 10


def run_distil(request: DistilRequest, *, threads: int) -> None:
    """See ``command.distil``.

    Raises TeacherNotUsable for a file that cannot teach: before it is asked, or while it is when it gives scores that
    cannot be kept. Raises UsageError while another command does the same, CandidateFailed for a training that fails,
    and Cancelled when it is interrupted after the files were written; before that, the same request goes on.
    """
    require_classifier(request.teacher, request.card)
    dataset = modality_of(request.card).load(request.card)
    check_dataset(dataset)
    knowledge, scores = require_knowledge(request.teacher, dataset, threads=threads)
    modality = modality_of(request.card)
    hints = tuple(better_prepared(request.teacher, dataset, modality, engine=ENGINE, threads=threads))
    tell = StageLines()
    tell(f"the teacher: {in_percent(knowledge.value)} of the validation {request.card.nouns} right")
    torch.set_num_threads(threads)
    context = build_context_for(replace(request, scores=request.scores or scores), dataset)
    with at_work_alone(context):
        ask_teacher(context, tell, threads=threads)
        remarks = {who: make(recipe, who, context, tell) for who, recipe in request.recipes.items()}
        short = frozenset(who for who, remark in remarks.items() if remark.short_of_memory)
        outcome = answer_all(request, context, knowledge, tell, threads=threads, short_of_memory=short, hints=hints)
        hand_over({context.artefact(recipe): request.places[who] for who, recipe in request.recipes.items()})
        try:
            shutil.rmtree(context.artefacts)
            print_result(outcome)
        except KeyboardInterrupt as interrupt:
            written = " and ".join(str(place) for place in request.places.values())
            raise Cancelled(f"Interrupted when all was made and written to {written}.") from interrupt


class Remark(Record):
    """What has to be said of a finished file: whether memory ran out once, so that it was trained in half the batch.

    Kept beside the file, so that it is said after an interruption too.
    """

    short_of_memory: bool


def ask_teacher(context: BuildContext, tell: StageLines, *, threads: int) -> None:
    """Compute the teacher's logits, unless they are there. Raises TeacherNotUsable for scores that cannot be kept."""
    views, kept_in = context.student_views, context.teacher_logits
    for done in compute_teacher_logits(context.original, views, kept_in, threads=threads, scores=context.scores):
        tell(f"asking the teacher: {100 * int(TENTHS * done) // TENTHS}% done")


def make(recipe: Distill | Train, who: str, context: BuildContext, tell: StageLines) -> Remark:
    """Train and export, unless that was done before an interruption.

    Raises CandidateFailed for a training that fails, of which nothing is left.
    """
    file = context.artefact(recipe)
    kept_in = file.with_suffix(".json")
    if file.is_file() and kept_in.is_file():
        return Remark.model_validate_json(kept_in.read_bytes())
    epochs, nouns, stage = context.budget().epochs, context.dataset.card.nouns, None
    try:
        for event in build(recipe, context):
            if isinstance(event, Built):
                remark = Remark(short_of_memory=event.short_of_memory)
            elif event.validation_accuracy is not None:
                right, epoch = in_percent(event.validation_accuracy), round(event.done * epochs)
                tell(f"{who}: {right} of the validation {nouns} right after epoch {epoch} of {epochs}")
            elif event.stage != stage:
                stage = event.stage
                tell(f"{who}: {in_words(stage, event.batch_size).rstrip(':')}")
    except CandidateFailed:
        # From there nothing goes on.
        context.checkpoint(recipe, context.seed).unlink(missing_ok=True)
        with suppress(OSError):
            # A student that is finished stays, for the same command without a control.
            context.artefacts.rmdir()
        raise
    write_atomically(kept_in, remark.model_dump_json().encode())
    return remark


def build_context_for(request: DistilRequest, dataset: Dataset) -> BuildContext:
    """What the student is made from, in a folder that is the same for the same request, wherever it is written to."""
    named = (
        f"{teacher_hash(request.teacher)} {dataset.train.fingerprint()} {request.recipe.model_dump_json()} "
        f"{request.budget.model_dump_json()} {request.seed} {request.scores}"
    )
    home = home_folder()
    return BuildContext(
        model=request.teacher,
        dataset=dataset,
        modality=modality_of(request.card),
        student_budget=request.budget,
        seed=request.seed,
        artefacts=home / "distilling" / sha256(named.encode()).hexdigest()[:32],
        cache=home / "cache",
        scores=request.scores,
    )


def at_work_alone(context: BuildContext) -> AbstractContextManager[None]:
    """Have the folder to oneself. Raises UsageError while another command makes the same."""
    return held_alone(
        context.artefacts.with_suffix(".lock"),
        "Another command is teaching this very student at the moment; wait until it has ended, or stop it and start "
        "again.",
    )
