"""A student, with a teacher or without: trained from each of the study's seeds, and exported."""

from collections.abc import Iterator
from time import monotonic
from typing import assert_never

from compression.methods.export import export_network, write_model
from compression.methods.kept_weights import keep_weights
from compression.methods.making import Made, Step
from compression.methods.materials import Materials
from compression.methods.student_training import BegunAnew, LookingIntoTeacher, Trained, train_student
from compression.methods.training import Progress
from compression.store.objectives import needs_labels
from compression.store.recipes import Distill, Train
from compression.store.records import Needs


def make_student(recipe: Distill | Train, materials: Materials) -> Iterator[Step | Made]:
    """Train a student; the file is that of the first seed, and so are the weights that another recipe starts from."""
    artefact, stage, trainings = materials.artefact(recipe), "training", materials.student_budget.seeds
    seeds = range(materials.seed, materials.seed + trainings)
    trained: list[Trained] = []
    for number, seed in enumerate(seeds):
        for event in train_student(recipe, materials, seed=seed):
            match event:
                case Progress(done=done, validation_accuracy=accuracy):
                    yield Step(stage=stage, done=(number + done) / trainings, validation_accuracy=accuracy)
                case LookingIntoTeacher():
                    yield Step(stage="looking into the teacher", done=number / trainings)
                case BegunAnew(batch_size=batch_size):
                    stage = f"out of memory, training in steps of {batch_size} images:"
                    yield Step(stage=stage, done=number / trainings)
                case Trained():
                    trained.append(event)
                case _:
                    assert_never(event)
    before_export, network = monotonic(), trained[0].network
    write_model(export_network(network, materials.dataset.card), artefact)
    if recipe in materials.trained_on:
        keep_weights(network, materials.weights(recipe))
    for seed in seeds:
        materials.checkpoint(recipe, seed).unlink(missing_ok=True)
    yield Made(
        artefact=artefact,
        seconds=trained[0].seconds + monotonic() - before_export,
        needs=Needs(
            labels=isinstance(recipe, Train) or needs_labels(recipe.objective), examples=materials.student_views.size
        ),
        validation_accuracy=trained[0].validation_accuracy,
        validation_repeats=tuple(other.validation_accuracy for other in trained[1:]),
        short_of_memory=any(each.short_of_memory for each in trained),
    )
