"""The presets: which recipes a study tries, and how hard it trains and measures. Torch-free rows of data, and what a
question's own options make of them.
"""

from typing import assert_never

from compression.errors import UnknownName
from compression.methods.effort import StudentBudget
from compression.store.objectives import DistillationObjective, SoftTargets
from compression.store.recipes import Distill, DistillThenQuantize, Original, Quantize, Recipe, Train
from compression.store.record import Record
from compression.store.records import Question
from compression.store.students import Student


class Preset(Record):
    """How thoroughly a study looks.

    Latency is measured in every engine, for each of ``batches``, on all cores and, with ``single_thread``, on one
    thread as well; at most ``latency_seconds`` are spent on each candidate under each of these conditions. Accuracy is
    measured in the default engine, and in the others for what computes in 8 bits or, with ``every_engine``, for all.
    """

    name: str
    title: str
    about: str
    recipes: tuple[Recipe, ...]
    student_budget: StudentBudget
    latency_seconds: float
    batches: tuple[int, ...] = (1, 32)
    single_thread: bool = False
    every_engine: bool = False


DEFAULT_PRESET = "quick"
SMALL = Student(size="small", width=4)
MEDIUM = Student(size="medium", width=12)
LARGE = Student(size="large", width=20)


def distilled(student: Student) -> Distill:
    """The distillation that the presets use: Hinton's own, with a little weight on the labels."""
    return Distill(student=student, objective=SoftTargets(temperature=4.0, labels_share=0.1))


BOTH_METHODS: tuple[Recipe, ...] = (
    Original(),
    Quantize(scheme="int8-ptq"),
    Quantize(scheme="fp16"),
    distilled(SMALL),
    Train(student=SMALL),
    distilled(MEDIUM),
    DistillThenQuantize(distill=distilled(MEDIUM), scheme="int8-ptq"),
    Train(student=MEDIUM),
    distilled(LARGE),
    Train(student=LARGE),
)

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="preview",
        title="Preview",
        about="A first look in about a minute: one small student, taught with a tenth of the pictures. "
        "Shows how a study goes; too rough to decide on.",
        recipes=(Original(), Quantize(scheme="int8-ptq"), distilled(SMALL), Train(student=SMALL)),
        student_budget=StudentBudget(
            epochs=2, batch_size=64, peak_learning_rate=0.1, weight_decay=5e-4, train_examples=6_000
        ),
        latency_seconds=0.3,
    ),
    Preset(
        name="quick",
        title="Quick",
        about="Two kinds of quantization and three sizes of student, each with and without the teacher, "
        "taught with 30,000 of the pictures. About three minutes on two cores.",
        recipes=BOTH_METHODS,
        # On the validation images, six students and controls were half a point better at a peak of 0.2 than at 0.1; at
        # 0.4 another tenth, which six cannot tell from chance. The number of images bounds the time, at some cost
        # in accuracy: the teacher's answers are the longest step of preparing for a large original, and take as long as
        # there are images.
        student_budget=StudentBudget(
            epochs=3, batch_size=128, peak_learning_rate=0.2, weight_decay=5e-4, train_examples=30_000
        ),
        latency_seconds=0.6,
    ),
    Preset(
        name="standard",
        title="Standard",
        about="The same files, with students taught longer and with all the pictures, and every file timed with 1, 8 "
        "and 32 pictures at once, on one core and on all. About ten minutes on two cores.",
        recipes=BOTH_METHODS,
        student_budget=StudentBudget(epochs=8, batch_size=128, peak_learning_rate=0.2, weight_decay=5e-4),
        latency_seconds=1.5,
        batches=(1, 8, 32),
        single_thread=True,
        every_engine=True,
    ),
)


def preset_named(name: str) -> Preset:
    """The preset of that name. Raises UnknownName."""
    for preset in PRESETS:
        if preset.name == name:
            return preset
    raise UnknownName("preset", name, [preset.name for preset in PRESETS])


def recipes_of(question: Question) -> tuple[Recipe, ...]:
    """The preset's recipes, with the objective that was asked for. Raises UnknownName."""
    recipes = preset_named(question.preset).recipes
    objective = question.options.objective
    return recipes if objective is None else tuple(_towards(recipe, objective) for recipe in recipes)


def student_budget_of(question: Question) -> StudentBudget:
    """The preset's training of a student, for as long as was asked for. Raises UnknownName."""
    budget = preset_named(question.preset).student_budget
    epochs = question.options.epochs
    return budget if epochs is None else budget.model_copy(update={"epochs": epochs})


def _towards(recipe: Recipe, objective: DistillationObjective) -> Recipe:
    match recipe:
        case Original() | Quantize() | Train():
            return recipe
        case Distill(student=student):
            return Distill(student=student, objective=objective)
        case DistillThenQuantize(distill=distill, scheme=scheme):
            return DistillThenQuantize(distill=Distill(student=distill.student, objective=objective), scheme=scheme)
        case _:
            assert_never(recipe)
