"""How each kind of file in a study is made, and which examples are used for what, with the study's own figures."""

from compression.decision.wording import listed
from compression.records.naming import name_of
from compression.records.objectives import SoftTargets
from compression.records.recipes import Distill, Original, Quantize, Train
from compression.records.schemes import Qat
from compression.records.students import Student
from compression.records.study import Candidate, Document
from compression.records.subject import Subject
from pages.ui.method.objective_words import labels_weight, what_is_asked
from pages.ui.shared.scheme_words import how_quantized


def choices(document: Document) -> tuple[str, ...]:
    """What the examples are used for, and how each kind of file in the study is made."""
    return (
        *_split(document),
        *_distillation(document.candidates, document.subject),
        *_control(document.candidates, document.subject),
        *_quantization(document.candidates, document.subject),
        *_retraining(document.candidates, document.subject),
        "The verdict compares the finished files by their test accuracies. To pick the best of "
        f"{len(document.candidates)} on the same {document.subject.nouns} flatters the pick a little: one more reason "
        "not to make much of small differences."
        if len(document.candidates) > 1
        else "The verdict rests on the finished files alone.",
    )


def _split(document: Document) -> list[str]:
    subject = document.subject
    training, validation, test = subject.training_examples, subject.validation_examples, subject.test_examples
    if training is None or validation is None or test is None:
        return []
    nouns = subject.nouns
    return [
        f"Of the {training + validation:,} training {nouns} of {subject.dataset_title}, {validation:,} are kept apart "
        f"as validation {nouns}, always the same ones. What has to be chosen on the way is chosen on these or on the "
        f"training {nouns}. The {test:,} test {nouns} are for the measurement at the end."
    ]


def _distillation(candidates: tuple[Candidate, ...], subject: Subject) -> list[str]:
    recipes = [candidate.recipe for candidate in candidates if isinstance(candidate.recipe, Distill)]
    if not recipes:
        return []
    example = next(candidate for candidate in candidates if isinstance(candidate.recipe, Distill))
    sizes = _sizes([recipe.student for recipe in recipes])
    told = [
        f"The teacher is the original's own file. Its logits for the training {subject.nouns} are computed once. The "
        f"{sizes} learn from them, from {example.needs.examples:,} training {subject.nouns}."
    ]
    objectives = dict.fromkeys(recipe.objective for recipe in recipes)
    for objective in objectives:
        names = listed([f"“{name_of(recipe)}”" for recipe in recipes if recipe.objective == objective])
        told.append(
            f"{f'{names}: ' if len(objectives) > 1 else ''}{what_is_asked(objective, subject)} "
            f"{labels_weight(objective, subject)}"
        )
    if any(candidate.set_aside_for for candidate in candidates if isinstance(candidate.recipe, Distill)):
        told.append(
            "Where a student was taught in several ways, the one goes on that answers the most validation "
            f"{subject.nouns} right; the others are set aside, and never see the test {subject.nouns}."
        )
    repeats = max(len(candidate.validation_repeats) for candidate in candidates)
    if repeats:
        told.append(
            f"Every student was trained from {repeats + 1} seeds, to see what chance is worth. The file is that of the "
            f"first; the others were judged on the validation {subject.nouns} only."
        )
    return told


def _control(candidates: tuple[Candidate, ...], subject: Subject) -> list[str]:
    students = [candidate.recipe.student for candidate in candidates if isinstance(candidate.recipe, Train)]
    if not students:
        return []
    return [
        f"A control is made of the {_sizes(students)}: the same network, the same first weights, the same "
        f"{subject.nouns} in the same order and for as long, but with the labels alone."
    ]


def _sizes(students: list[Student]) -> str:
    names = list(dict.fromkeys(student.title for student in students))
    return f"{listed([str(name) for name in names])} {'student' if len(names) == 1 else 'students'}"


def _quantization(candidates: tuple[Candidate, ...], subject: Subject) -> list[str]:
    # What a student needs that was quantized as well is what its training needed.
    needs = {
        recipe.scheme: candidate.needs
        for candidate in candidates
        if isinstance(recipe := candidate.recipe, Quantize)
        and recipe.source == Original()
        and not isinstance(recipe.scheme, Qat)
    }
    return how_quantized(needs, subject)


def _retraining(candidates: tuple[Candidate, ...], subject: Subject) -> list[str]:
    retrained = [
        (candidate.recipe.source, candidate.recipe.scheme.objective, candidate.needs)
        for candidate in candidates
        if isinstance(candidate.recipe, Quantize) and isinstance(candidate.recipe.scheme, Qat)
    ]
    originals = [(aim, needs) for source, aim, needs in retrained if source == Original()]
    if not originals:
        return []
    aims = [aim for aim, _ in originals]
    with_what = f"{originals[0][1].examples:,} training {subject.nouns}"
    students = len(retrained) > len(originals)
    also = " A student is trained on in the same way, with the teacher that it had." if students else ""
    told = [
        f"Retrained (quantization-aware training, QAT): the original is trained on for a moment, with {with_what}, "
        "while it already computes with numbers rounded to 8 bits, so that it learns to bear the rounding. Its teacher "
        f"is itself, as it was before.{also} (Jacob et al. 2018; Nagel et al. 2021)"
    ]
    temperatures = list(dict.fromkeys(f"{aim.temperature:g}" for aim in aims if isinstance(aim, SoftTargets)))
    if len(temperatures) > 1:
        told.append(
            "A temperature that suits fp32 can ruin a network of few bits. So each is trained on at "
            f"{listed(temperatures)}, and the one goes on that answers more of the validation {subject.nouns} right."
        )
    return told
