"""What a request comes to: its recipes and the training of its students, by its preset and its own options; and whether
it can be answered at all, told before any work is begun. Torch-free."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import assert_never

from compression.catalog.cards import OwnModelCard
from compression.catalog.own.models import own_model_file
from compression.catalog.rows import dataset_card, dataset_folder, model_card, pretrained_folder, read_verified
from compression.errors import UsageError
from compression.methods.distillation.needs_network import require_logits_suffice
from compression.modalities.choose import CATALOG, Catalog
from compression.records.budgets import StudentBudget
from compression.records.objectives import FeatureObjective, without_labels
from compression.records.recipes import Distill, Original, Quantize, Recipe, Train
from compression.records.schemes import (
    SCHEME_NAMES,
    SCHEMES,
    Int8AccuracyAware,
    Qat,
    Scheme,
    calibration_of,
    with_numbers,
)
from compression.records.students import Student, StudentSize
from compression.records.study import Options, Request
from compression.studies.presets import Preset, preset_named


def recipes_of(request: Request, catalog: Catalog = CATALOG) -> tuple[Recipe, ...]:
    """All that the request tries, in the order in which it is made. Raises UnknownName.

    Students that were asked for are all quantized, if any of the preset's own is. Of a person's own model there is a
    file and no network, so that it is not retrained, and nobody learns from its inside.
    """
    # Where nobody needs labels, a student without them is no other than its twin.
    students = catalog.modality_of(catalog.dataset_card(request.dataset)).students()
    recipes = dict.fromkeys(_recipes(request, students))
    if catalog.own_model(request.model, request.dataset) is None:
        return tuple(recipes)
    return tuple(recipe for recipe in recipes if not _needs_network(recipe))


def student_budget_of(request: Request) -> StudentBudget:
    """The preset's training of a student, for as long as was asked for. Raises UnknownName."""
    budget = preset_named(request.preset).student_budget
    epochs = request.options.epochs
    return budget if epochs is None else budget.model_copy(update={"epochs": epochs})


def latency_seconds_of(request: Request) -> float:
    """The most that timing a file under one condition takes: what was asked for, else the preset's. Raises
    UnknownName."""
    return request.options.latency_seconds or preset_named(request.preset).latency_seconds


def _recipes(request: Request, students: Mapping[StudentSize, Student]) -> Iterator[Recipe]:
    preset, options = preset_named(request.preset), request.options
    objectives = preset.objectives if options.objective is None else (options.objective,)
    yield Original()
    for scheme in schemes_of(preset, options):
        yield Quantize(scheme=scheme)
    if preset.retrains_original and options.schemes is None:
        for aim in preset.aims:
            yield Quantize(scheme=Qat(objective=aim))
    for student in options.students or _named(preset.students, students):
        distillations = [Distill(student=student, objective=objective) for objective in objectives]
        yield from distillations
        if student in _named(preset.unlabelled, students):
            yield Distill(student=student, objective=without_labels(objectives[0]))
        if preset.controls:
            yield Train(student=student)
        if student in (options.students or _named(preset.quantized, students)):
            for scheme in with_own_numbers(preset.student_schemes, options):
                for distill in distillations:
                    yield Quantize(source=distill, scheme=scheme)
                if preset.quantizes_controls:
                    yield Quantize(source=Train(student=student), scheme=scheme)
        if student in _named(preset.retrained, students):
            for distill, aim in product(distillations, preset.aims):
                yield Quantize(source=distill, scheme=Qat(objective=aim))


def _needs_network(recipe: Recipe) -> bool:
    """Whether the original has to be a network that can be trained, or looked into while it answers."""
    match recipe:
        case Quantize(source=Original(), scheme=scheme):
            return isinstance(scheme, Qat)
        case Quantize(source=source):
            return _needs_network(source)
        case Distill(objective=objective):
            return isinstance(objective, FeatureObjective)
        case Original() | Train():
            return False
        case _:
            assert_never(recipe)


def _named(sizes: Iterable[StudentSize], students: Mapping[StudentSize, Student]) -> tuple[Student, ...]:
    """The students of these sizes, as far as the modality has them."""
    return tuple(students[size] for size in sizes if size in students)


def most_calibration(recipes: Iterable[Recipe]) -> int:
    """The most training examples that one of the recipes is calibrated by."""
    return max((calibration_of(recipe.scheme) for recipe in recipes if isinstance(recipe, Quantize)), default=0)


def schemes_of(preset: Preset, options: Options) -> tuple[Scheme, ...]:
    """The schemes that were asked for, else the preset's, for the original, with the numbers that were asked for."""
    if options.schemes is None:
        return with_own_numbers(preset.schemes, options)
    return with_own_numbers([SCHEMES[name] for name in SCHEME_NAMES if name in options.schemes], options)


def with_own_numbers(schemes: Iterable[Scheme], options: Options) -> tuple[Scheme, ...]:
    """The schemes with the numbers that were asked for, where they have them."""
    return tuple(
        with_numbers(scheme, calibration_examples=options.calibration_examples, largest_drop=options.largest_drop)
        for scheme in schemes
    )


def check_scheme_numbers(recipes: Sequence[Recipe], options: Options) -> None:
    """Raise UsageError for a number that was asked for and that none of the recipes' schemes has."""
    schemes = [recipe.scheme for recipe in recipes if isinstance(recipe, Quantize)]
    if options.largest_drop is not None and not any(isinstance(scheme, Int8AccuracyAware) for scheme in schemes):
        raise UsageError(
            "A largest accepted drop is for the scheme int8-accuracy-aware, which this study does not try; choose that "
            "scheme too, or leave the drop out."
        )
    calibrated = (calibration_of(scheme) > 0 for scheme in schemes)
    if options.calibration_examples is not None and not any(calibrated):
        raise UsageError(
            "A number of calibration examples is for the schemes int8-ptq and int8-accuracy-aware, neither of which "
            "this study tries; choose one of them too, or leave the number out."
        )


def check(request: Request) -> None:
    """Raise UnknownName for a name that is not in the catalog, UsageError for a number that no scheme of the question
    has, DamagedFile for a file that is not as recorded."""
    check_scheme_numbers(recipes_of(request), request.options)
    dataset = dataset_card(request.dataset)
    model = model_card(request.model, request.dataset)
    for file in dataset.files:
        read_verified(dataset_folder(dataset), file)
    if isinstance(model, OwnModelCard):
        if request.options.objective is not None:
            require_logits_suffice(request.options.objective, Path(model.brought.name))
        own_model_file(model)
    else:
        read_verified(pretrained_folder(request.model, request.dataset), model.weights)
