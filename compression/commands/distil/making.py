"""Making a student of a file: asking the teacher, and training. Knows neither where the student is written to at the
end nor what it answers.
"""

from contextlib import suppress

from compression.commands.telling import Teller
from compression.decision.numbers import in_percent
from compression.errors import CandidateFailed
from compression.methods.carry_out import carry_out
from compression.methods.making import Made
from compression.methods.materials import Materials
from compression.methods.teacher import compute_teacher_logits
from compression.store.files import write_atomically
from compression.store.recipes import Distill, Train
from compression.store.record import Record

TENTHS = 10


class Remark(Record):
    """What has to be said of a finished file: whether memory ran out once, so that it was trained in half the batch.

    Kept beside the file, so that it is said after an interruption too.
    """

    short_of_memory: bool


def ask(materials: Materials, tell: Teller, *, threads: int) -> None:
    """Compute the teacher's logits, unless they are there. Raises TeacherNotUsable for scores that cannot be kept."""
    views, kept_in = materials.student_views, materials.teacher_logits
    for done in compute_teacher_logits(materials.original, views, kept_in, threads=threads):
        tell(f"asking the teacher: {100 * int(TENTHS * done) // TENTHS}% done")


def make(recipe: Distill | Train, who: str, materials: Materials, tell: Teller) -> Remark:
    """Train and export, unless that was done before an interruption.

    Raises CandidateFailed for a training that fails, of which nothing is left.
    """
    file = materials.artefact(recipe)
    kept_in = file.with_suffix(".json")
    if file.is_file() and kept_in.is_file():
        return Remark.model_validate_json(kept_in.read_bytes())
    epochs, stage = materials.student_budget.epochs, ""
    try:
        for event in carry_out(recipe, materials):
            if isinstance(event, Made):
                remark = Remark(short_of_memory=event.short_of_memory)
            elif event.validation_accuracy is not None:
                right, epoch = in_percent(event.validation_accuracy), round(event.done * epochs)
                tell(f"{who}: {right} of the validation images right after epoch {epoch} of {epochs}")
            elif event.stage != stage:
                stage = event.stage
                tell(f"{who}: {stage.rstrip(':')}")
    except CandidateFailed:
        # From there nothing goes on.
        materials.checkpoint(recipe, materials.seed).unlink(missing_ok=True)
        with suppress(OSError):
            # A student that is finished stays, for the same command without a control.
            materials.artefacts.rmdir()
        raise
    write_atomically(kept_in, remark.model_dump_json().encode())
    return remark
