"""What a question comes to: its recipes and the training of its students, by its preset and its own options.

Torch-free.
"""

from collections.abc import Iterator
from itertools import product

from compression.methods.effort import StudentBudget
from compression.store.objectives import without_labels
from compression.store.recipes import (
    Distill,
    DistillThenQuantize,
    DistillThenQuantizeAware,
    Original,
    Quantize,
    QuantizeAware,
    Recipe,
    Train,
)
from compression.store.records import Question
from compression.studies.presets import preset_named
from compression.studies.scheme_options import schemes_of, with_own_numbers


def recipes_of(question: Question) -> tuple[Recipe, ...]:
    """All that the question tries, in the order in which it is made. Raises UnknownName.

    Students that were asked for are all quantized, if any of the preset's own is.
    """
    # Where nobody needs labels, a student without them is no other than its twin.
    return tuple(dict.fromkeys(_recipes(question)))


def student_budget_of(question: Question) -> StudentBudget:
    """The preset's training of a student, for as long as was asked for. Raises UnknownName."""
    budget = preset_named(question.preset).student_budget
    epochs = question.options.epochs
    return budget if epochs is None else budget.model_copy(update={"epochs": epochs})


def _recipes(question: Question) -> Iterator[Recipe]:
    preset, options = preset_named(question.preset), question.options
    objectives = preset.objectives if options.objective is None else (options.objective,)
    yield Original()
    for scheme in schemes_of(preset, options):
        yield Quantize(scheme=scheme)
    if preset.retrains_original and options.schemes is None:
        for aim in preset.aims:
            yield QuantizeAware(objective=aim)
    for student in options.students or preset.students:
        distillations = [Distill(student=student, objective=objective) for objective in objectives]
        yield from distillations
        if student in preset.unlabelled:
            yield Distill(student=student, objective=without_labels(objectives[0]))
        yield Train(student=student)
        if student in (options.students or preset.quantized):
            for scheme in with_own_numbers(preset.student_schemes, options):
                for distill in distillations:
                    yield DistillThenQuantize(distill=distill, scheme=scheme)
        if student in preset.retrained:
            for distill, aim in product(distillations, preset.aims):
                yield DistillThenQuantizeAware(distill=distill, objective=aim)
