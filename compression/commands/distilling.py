"""The work of ``distil``: look at the teacher, ask it, train, measure, and write at the very end.

Until then all files lie in a folder of the home that goes by the question, so that the same command goes on where an
earlier one was interrupted.
"""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import torch

from compression.catalog.cards import DatasetCard
from compression.catalog.datasets import Dataset, load_dataset
from compression.commands.brought_teacher import require_classifier, require_knowledge
from compression.commands.distilled import CONTROL, STUDENT, TEACHER, Distilled, accuracies, answers, pairs, sizes
from compression.commands.distilled_tables import print_distilled
from compression.commands.out_file import require_free
from compression.commands.telling import Teller
from compression.decision.numbers import in_percent
from compression.errors import Cancelled, CandidateFailed
from compression.methods.carry_out import carry_out
from compression.methods.effort import StudentBudget
from compression.methods.making import Made
from compression.methods.materials import Materials
from compression.methods.teacher import compute_teacher_logits, teacher_hash
from compression.store.files import write_atomically
from compression.store.home import home_folder
from compression.store.measurements import Accuracy
from compression.store.objectives import needs_labels
from compression.store.recipes import Distill, Train

TENTHS = 10


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be made of ``teacher``: its student, and where to write it; with a ``control`` that one as well."""

    teacher: Path
    recipe: Distill
    card: DatasetCard
    budget: StudentBudget
    seed: int
    out: Path
    control: Path | None = None

    @property
    def recipes(self) -> dict[str, Distill | Train]:
        """What is trained, by what it is called."""
        return {STUDENT: self.recipe} | ({} if self.control is None else {CONTROL: Train(student=self.recipe.student)})

    @property
    def places(self) -> dict[str, Path]:
        """Where it is written to, by the same."""
        return {STUDENT: self.out} | ({} if self.control is None else {CONTROL: self.control})


def carry_out_order(order: Order, *, threads: int) -> None:
    """See ``commands.distil``. Raises TeacherNotUsable before any work, CandidateFailed for a training that fails, and
    Cancelled when it is interrupted."""
    try:
        _carry_out(order, threads)
    except KeyboardInterrupt as interrupt:
        raise Cancelled("Interrupted; the same command goes on from the last epoch that was finished.") from interrupt


def _carry_out(order: Order, threads: int) -> None:
    require_classifier(order.teacher, order.card)
    dataset = load_dataset(order.card)
    knowledge = require_knowledge(order.teacher, dataset, threads=threads)
    tell = Teller()
    tell(f"the teacher: {in_percent(knowledge.value)} of the validation images right")
    torch.set_num_threads(threads)
    materials = materials_for(order, dataset)
    ask(materials, tell, threads=threads)
    shortages = [make(recipe, who, materials, tell) for who, recipe in order.recipes.items()]
    distilled = measure(order, materials, knowledge, tell, threads=threads, short_of_memory=any(shortages))
    for place in order.places.values():
        # Somebody may have put a file there meanwhile.
        require_free(place)
    for who, recipe in order.recipes.items():
        write_atomically(order.places[who], materials.artefact(recipe).read_bytes())
    shutil.rmtree(materials.artefacts)
    print_distilled(distilled)


def materials_for(order: Order, dataset: Dataset) -> Materials:
    """What the student is made from, in a folder that is the same for the same question, wherever it is written to."""
    question = (
        f"{teacher_hash(order.teacher)} {dataset.train.fingerprint()} {order.recipe.model_dump_json()} "
        f"{order.budget.model_dump_json()} {order.seed}"
    )
    home = home_folder()
    return Materials(
        model=order.teacher,
        dataset=dataset,
        student_budget=order.budget,
        seed=order.seed,
        artefacts=home / "distilling" / sha256(question.encode()).hexdigest()[:32],
        cache=home / "cache",
    )


def ask(materials: Materials, tell: Teller, *, threads: int) -> None:
    """Compute the teacher's logits, unless they are there."""
    views, kept_in = materials.student_views, materials.teacher_logits
    for done in compute_teacher_logits(materials.original, views, kept_in, threads=threads):
        tell(f"asking the teacher: {100 * int(TENTHS * done) // TENTHS}% done")


def make(recipe: Distill | Train, who: str, materials: Materials, tell: Teller) -> bool:
    """Train and export, unless that was done before an interruption; whether memory ran out once meanwhile."""
    if materials.artefact(recipe).is_file():
        return False
    epochs, stage, short_of_memory = materials.student_budget.epochs, "", False
    try:
        for event in carry_out(recipe, materials):
            if isinstance(event, Made):
                short_of_memory = event.short_of_memory
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
    return short_of_memory


def measure(
    order: Order, materials: Materials, knowledge: Accuracy, tell: Teller, *, threads: int, short_of_memory: bool
) -> Distilled:
    """What became of it; ``knowledge`` is the teacher's accuracy on the validation images."""
    dataset = materials.dataset
    made = {who: materials.artefact(recipe) for who, recipe in order.recipes.items()}
    files = {TEACHER: order.teacher, **made}
    validation = answers(made, dataset.validation, dataset, "validation", tell, threads=threads)
    test = answers(files, dataset.test, dataset, "test", tell, threads=threads)
    return Distilled(
        card=order.card,
        files={TEACHER: order.teacher, **order.places},
        size_bytes=sizes(files),
        validation={TEACHER: knowledge, **accuracies(validation, dataset.validation)},
        test=accuracies(test, dataset.test),
        pairs=pairs(test, dataset.test),
        images=materials.student_views.size,
        epochs=order.budget.epochs,
        labels=needs_labels(order.recipe.objective),
        short_of_memory=short_of_memory,
    )
