"""The presets: what a study tries, and how hard it trains and measures. Torch-free rows of data."""

from compression.errors import UnknownName
from compression.records.base import Record
from compression.records.budgets import RetrainingBudget, StudentBudget
from compression.records.objectives import (
    Dist,
    DistillationObjective,
    LogitObjective,
    LogitStandardization,
    SoftTargets,
)
from compression.records.schemes import (
    CLOSE_ANSWERS,
    EVEN_ANSWERS,
    DynamicInt8,
    HalfPrecision,
    Int8,
    Int8AccuracyAware,
    MixedPrecision,
    Scheme,
    WeightsOnly,
)
from compression.records.students import StudentSize
from compression.records.study import PREVIEW

# In multiply-accumulates. Both engines answer alike in fp32, so that it is enough for the short presets to see that
# again in seconds, on some of the examples: docs/lab-notes.md, "Examples for the second engine".
ENOUGH_TO_COMPARE = 3.7e11


class Preset(Record):
    """How thoroughly a study looks.

    The original is quantized by each of ``schemes``. Of ``students``, as each modality builds the sizes that it has,
    each is taught towards each of ``objectives``, of which the one goes on that is best on the validation examples, and
    with ``controls`` trained without a teacher as well. Those of ``quantized``, at last, are quantized by
    ``student_schemes``; with ``quantizes_controls`` their controls are too, which shows what a teacher is worth to a
    file that is quantized anyway. Those of ``unlabelled`` are taught without labels as well, for who has many examples
    and nobody to say what they are. With ``retrains_original`` the original, and those of ``retrained``, are trained on
    while they compute in 8 bits, towards each of ``aims``, of which again the best one goes on.

    Latency is measured in every engine, for each of ``batches``, on all cores and, with ``single_thread``, on one
    thread as well; at most ``latency_seconds`` are spent on each candidate under each of these conditions. Accuracy is
    measured in every engine. Of a file that nowhere computes in 8 bits, engines other than the default one are asked
    for as many examples as ``second_engine_macs`` multiply-accumulates are enough for (None: for all).

    ``usual_seconds`` is what a study of one of the bundled models takes on two cores, for who has run none.

    With ``layer_histograms`` the numbers of each layer of the original are compared with those in the files that were
    made from it, which takes about a second for each file. With ``layer_sensitivity`` each layer alone is put into 4
    bits, and into 2, and the network run on 2,000 validation examples.
    """

    name: str
    title: str
    # For ``description_of`` to fill in.
    about: str
    schemes: tuple[Scheme, ...]
    students: tuple[StudentSize, ...]
    controls: bool = True
    objectives: tuple[DistillationObjective, ...] = (SoftTargets(),)
    student_schemes: tuple[Scheme, ...] = ()
    quantized: tuple[StudentSize, ...] = ()
    quantizes_controls: bool = False
    unlabelled: tuple[StudentSize, ...] = ()
    retrains_original: bool = False
    retrained: tuple[StudentSize, ...] = ()
    aims: tuple[LogitObjective, ...] = (CLOSE_ANSWERS, EVEN_ANSWERS)
    student_budget: StudentBudget
    retraining_budget: RetrainingBudget = RetrainingBudget()
    usual_seconds: float
    latency_seconds: float
    batches: tuple[int, ...] = (1, 32)
    single_thread: bool = False
    second_engine_macs: float | None = ENOUGH_TO_COMPARE
    layer_histograms: bool = True
    layer_sensitivity: bool = False


DEFAULT_PRESET = "quick"
# In the order of what they take to make, so that the first files are there within seconds.
QUICK_SCHEMES: tuple[Scheme, ...] = (HalfPrecision(), WeightsOnly(bits=8), Int8())
STANDARD_SCHEMES: tuple[Scheme, ...] = (
    HalfPrecision(),
    WeightsOnly(bits=8),
    DynamicInt8(),
    WeightsOnly(bits=4),
    Int8(),
    Int8AccuracyAware(),
)
THOROUGH_SCHEMES: tuple[Scheme, ...] = (*STANDARD_SCHEMES, MixedPrecision())

PRESETS: tuple[Preset, ...] = (
    Preset(
        name=PREVIEW,
        title="Preview",
        about="A first look: one quantized file and one small student, taught with {taught_with}. "
        "Too rough to decide on.",
        schemes=(Int8(),),
        students=("small",),
        # So short a training shows nothing of what a teacher is worth: docs/lab-notes.md, "A preview's student".
        controls=False,
        student_budget=StudentBudget(
            examples_seen=12_000, batch_size=64, peak_learning_rate=0.1, weight_decay=5e-4, train_examples=6_000
        ),
        usual_seconds=60,
        latency_seconds=0.3,
        layer_histograms=False,
    ),
    Preset(
        name="quick",
        title="Quick",
        about="Three kinds of quantization and three sizes of student, each with and without the teacher, "
        "taught with {taught_with}.",
        schemes=QUICK_SCHEMES,
        students=("small", "medium", "large"),
        student_schemes=(Int8(),),
        quantized=("medium",),
        # A lower peak was worse, a higher one not surely better: docs/lab-notes.md, "Students' peak learning rate". Of
        # more examples the teacher's answers take longer: docs/lab-notes.md, "Number of training examples".
        student_budget=StudentBudget(
            examples_seen=72_000, batch_size=128, peak_learning_rate=0.2, weight_decay=5e-4, train_examples=24_000
        ),
        usual_seconds=180,
        latency_seconds=0.6,
    ),
    Preset(
        name="standard",
        title="Standard",
        about="Six kinds of quantization and five sizes of student, each taught in two ways, for longer and with "
        "{taught_with}. Students without a teacher are quantized too. Good enough to decide on.",
        schemes=STANDARD_SCHEMES,
        students=("small", "small separable", "medium", "large", "extra large"),
        objectives=(SoftTargets(), Dist()),
        student_schemes=(Int8(),),
        quantized=("medium", "large", "extra large"),
        quantizes_controls=True,
        unlabelled=("medium",),
        retrains_original=True,
        retrained=("medium",),
        student_budget=StudentBudget(examples_seen=440_000, batch_size=128, peak_learning_rate=0.2, weight_decay=5e-4),
        usual_seconds=25 * 60,
        latency_seconds=1.0,
        batches=(1, 8, 32),
        single_thread=True,
        second_engine_macs=None,
        layer_sensitivity=True,
    ),
    Preset(
        name="thorough",
        title="Thorough",
        about="As standard, with six sizes of student, each taught in three ways and from three seeds, so that chance "
        "shows, and for longer still. For a night.",
        schemes=THOROUGH_SCHEMES,
        students=("small", "small separable", "medium", "large", "extra large", "huge"),
        objectives=(SoftTargets(), LogitStandardization(), Dist()),
        student_schemes=(Int8(),),
        quantized=("small", "small separable", "medium", "large", "extra large", "huge"),
        quantizes_controls=True,
        unlabelled=("medium",),
        retrains_original=True,
        retrained=("small", "medium", "large", "extra large"),
        student_budget=StudentBudget(
            examples_seen=880_000, batch_size=128, peak_learning_rate=0.2, weight_decay=5e-4, views=2, seeds=3
        ),
        usual_seconds=8 * 3600,
        latency_seconds=1.5,
        batches=(1, 8, 32),
        single_thread=True,
        second_engine_macs=None,
        layer_sensitivity=True,
    ),
)


def preset_named(name: str) -> Preset:
    """The preset of that name. Raises UnknownName."""
    for preset in PRESETS:
        if preset.name == name:
            return preset
    raise UnknownName("preset", name, [preset.name for preset in PRESETS])


def description_of(preset: Preset, nouns: str, training_examples: int) -> str:
    """What a preset does, for people; ``nouns`` is what they call the examples, of which so many are for training."""
    most = preset.student_budget.train_examples
    some = most is not None and most < training_examples
    return preset.about.format(taught_with=f"{most:,} of the {nouns}" if some else f"all the {nouns}", nouns=nouns)
