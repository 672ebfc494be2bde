"""Whether a file can teach on a dataset, found out before anything is trained; and what the finished files answer to
the validation and the test examples, beside their teacher.
"""

from collections.abc import Mapping
from pathlib import Path

from compression.catalog.cards import DatasetCard
from compression.catalog.examples import Dataset, Examples
from compression.commands.console import StageLines
from compression.commands.distil.request import STUDENT, TEACHER, DistilRequest
from compression.commands.distil.result import ENGINE, DistilResult
from compression.decision.numbers import accuracy_in_percent
from compression.errors import ModelNotUsable
from compression.measurement.accuracy.paired import pair_of
from compression.measurement.accuracy.predictions import predictions_of_file
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.checks import check_classifier, check_finite
from compression.measurement.graph.onnx_file import stored_files
from compression.measurement.measure_files import FIRST_EXAMPLES
from compression.methods.build_context import BuildContext
from compression.methods.distillation.teacher import TeacherNotUsable
from compression.records.measurements import Accuracy, Pair, ScoreKind
from compression.records.objectives import needs_labels
from compression.store.predictions import Predictions


def answer_all(
    request: DistilRequest,
    context: BuildContext,
    knowledge: Accuracy,
    tell: StageLines,
    *,
    threads: int,
    short_of_memory: frozenset[str],
    hints: tuple[str, ...] = (),
) -> DistilResult:
    """What became of a request; ``knowledge`` is the teacher's accuracy on the validation examples, and those
    ``short_of_memory`` were trained in half the batch."""
    dataset = context.dataset
    made = {who: context.artefact(recipe) for who, recipe in request.recipes.items()}
    files = {TEACHER: request.teacher, **made}
    validation = _answers(made, dataset.validation, f"validation {dataset.card.nouns}", tell, threads=threads)
    test = _answers(files, dataset.test, f"test {dataset.card.nouns}", tell, threads=threads)
    return DistilResult(
        card=request.card,
        files={TEACHER: request.teacher, **request.places},
        size_bytes={who: _size_bytes(file) for who, file in files.items()},
        validation={TEACHER: knowledge, **_accuracies(validation, dataset.validation)},
        test=_accuracies(test, dataset.test),
        pairs=_pairs(test, dataset.test),
        examples=context.student_views.size,
        epochs=context.budget().epochs,
        labels=needs_labels(request.recipe.objective),
        scores=context.scores or "logits",
        hints=hints,
        short_of_memory=short_of_memory,
    )


def _answers(
    files: Mapping[str, Path], examples: Examples, which: str, tell: StageLines, *, threads: int
) -> dict[str, Predictions]:
    """What each file answers to the examples, which are told of as ``which``."""
    found = {}
    for who, file in files.items():
        tell(f"checking the accuracy of {who} on the {which}")
        found[who] = predictions_of_file(file, ENGINE, examples, threads=threads)
    return found


def _accuracies(found: Mapping[str, Predictions], examples: Examples) -> dict[str, Accuracy]:
    """How often each was right."""
    return {who: accuracy_of(each.classes, examples.labels) for who, each in found.items()}


def _pairs(found: Mapping[str, Predictions], examples: Examples) -> tuple[Pair, ...]:
    """The student against each of the others."""
    others = (who for who in found if who != STUDENT)
    return tuple(pair_of(STUDENT, found[STUDENT], who, found[who], examples.labels) for who in others)


def _size_bytes(file: Path) -> int:
    """All that has to be shipped to run it."""
    return sum(each.stat().st_size for each in stored_files(file))


def require_classifier(teacher: Path, card: DatasetCard) -> None:
    """Raise TeacherNotUsable unless the file can be run on such examples, to a score for each class.

    By ONNX Runtime, that is, which asks a teacher that OpenVINO lacks an operator of.
    """
    try:
        check_classifier(teacher, card, engines=[ENGINE])
    except ModelNotUsable as error:
        raise TeacherNotUsable(teacher, error.because) from error


def require_knowledge(teacher: Path, dataset: Dataset, *, threads: int) -> tuple[Accuracy, ScoreKind]:
    """The accuracy of the file on the validation examples, and what its scores are.

    Raises TeacherNotUsable when its scores are no finite numbers, or it answers no better than guessing would.
    """
    examples, card = dataset.validation, dataset.card
    try:
        scores = check_finite(teacher, examples.inputs(slice(FIRST_EXAMPLES)), card, engines=[ENGINE])
        found = predictions_of_file(teacher, ENGINE, examples, threads=threads)
    except ModelNotUsable as error:
        raise TeacherNotUsable(teacher, error.because) from error
    accuracy = accuracy_of(found.classes, examples.labels)
    if accuracy.low <= 1 / len(card.classes):
        raise TeacherNotUsable(
            teacher,
            f"it answers {accuracy_in_percent(accuracy)} of the validation {card.nouns} right, no more than guessing "
            f"would; check that it was trained for {card.title}, with the classes in the same order",
        )
    return accuracy, scores
