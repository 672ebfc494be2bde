"""Words for people on the form: about the model, and about how students are taught, the expert's part of it."""

from compression.catalog.cards import ArchitectureCard, DatasetCard, OwnModelCard, PretrainedCard
from compression.decision.numbers import in_bytes, in_percent
from compression.records.objectives import ObjectiveKind
from compression.studies.beforehand import BYTES_PER_WEIGHT

OWN = "Choose how students are taught"
OWN_HELP = "The preset's own choices are usually good. A student and its control are always trained alike."
STUDENTS = "Sizes of the students"
STUDENTS_EXAMPLE = "As the preset says; or, for example, 20 KB, 100 KB, 1 MB"
STUDENTS_HELP = (
    "How large each student's file may be, with commas between: 20 KB, 100 KB, 1 MB. A size followed by “separable” is "
    "for a student of depthwise-separable convolutions, which has fewer multiplications. Empty: the preset's own."
)
OBJECTIVE = "What a student learns from the teacher"
OBJECTIVE_OF_PRESET = "As the preset says"
OBJECTIVES: dict[ObjectiveKind, str] = {
    "soft-targets": "Its probabilities (soft targets, Hinton 2015)",
    "logit-standardization": "Its probabilities, on one scale (logit standardization, 2024)",
    "dkd": "The right class and the rest, apart (DKD, 2022)",
    "dist": "How its answers rise and fall together (DIST, 2022)",
    "fitnets": "Also what it sees halfway through (FitNets, 2015)",
    "attention-transfer": "Also where in each {noun} it sees something (attention transfer, 2017)",
    "rkd": "Also which {nouns} it finds alike (RKD, 2019)",
}
OBJECTIVE_HELP = (
    "The first four need only the teacher's answers. Those with “also” are soft targets and, beside them, something "
    "from inside the teacher: it has to be a network that Weigh-In can look into, as those that come with it are, and "
    "it runs through all the {nouns} once more for each student, which takes longer. Which is best depends on the "
    "model, the {nouns} and the size of the student: compare the accuracies in validation that this page shows while "
    "a study is at work, and leave the test {nouns} out of the choice."
)
TEMPERATURE = "Temperature"
LABELS_SHARE = "Weight of the labels"
LABELS_SHARE_HELP = (
    "How much of what the student is to learn are the known classes; the rest comes from the teacher. At 0% no label "
    "is needed for teaching, except to tell the right class from the rest (DKD); the labels of the validation {nouns} "
    "only serve to watch how it goes."
)
EPOCHS = "How often a student sees each {noun}"
EPOCHS_HELP = "More takes longer in proportion, and usually makes students and controls better, up to a point."


def of(words: str, dataset: DatasetCard) -> str:
    """Words from above, with what people call the examples of a dataset."""
    return words.format(noun=dataset.noun, nouns=dataset.nouns)


def about_model(card: ArchitectureCard, trained: PretrainedCard, dataset: DatasetCard) -> str:
    """What a person needs to pick a model: what it is, how good, how large."""
    right, size = in_percent(trained.test_accuracy.value), in_bytes(BYTES_PER_WEIGHT * trained.parameters)
    return f"{card.about} {right} of the test {dataset.nouns} right, {size}."


def about_own_model(card: OwnModelCard) -> str:
    """Likewise for a person's own, whose test answers are not known before it is studied."""
    right, size = in_percent(card.validation_accuracy.value), in_bytes(BYTES_PER_WEIGHT * card.parameters)
    return f"Your own. {right} of the validation {card.takes.nouns} right, {size}."
