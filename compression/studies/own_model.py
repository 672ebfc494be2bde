"""A person's own model, got ready for studies on a dataset: how examples are to be prepared for it, and which of its
outputs is which class, is found on the validation examples, and said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from compression.catalog.cards import DatasetCard, FileCard, OwnModelCard, Prepared
from compression.catalog.examples import Dataset, Examples, zeros_for
from compression.catalog.own.kept import sha256_of_file
from compression.decision.numbers import in_percent
from compression.errors import ModelNotUsable
from compression.measurement.accuracy.paired import difference_interval
from compression.measurement.accuracy.predictions import predictions_of_file
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.accuracy.wilson import wilson_interval
from compression.measurement.checks import check_classifier, check_finite
from compression.measurement.engines import open_session
from compression.measurement.graph.facts import graph_facts
from compression.measurement.graph.onnx_file import fixed_batch, inputs_of, load_graph, stored_files
from compression.methods.modality import Modality
from compression.methods.model_file import write_model
from compression.methods.onnx_import.named_outputs import named_outputs
from compression.methods.onnx_import.taken_in import (
    for_examples,
    load_whole,
    with_both_classes,
    with_classes,
    with_output,
)
from compression.records.measurements import EngineName
from compression.store.files import sha256_of

ENGINE: EngineName = "onnxruntime"
# Enough to tell preparations apart.
TRIED_ON = 500
BATCH = 100
# Another order of the outputs has to answer so much more (a share) right, by the least that is likely: it was chosen
# among many.
CLEARLY_MORE = 0.02
# So many outputs are named.
NAMED = 3
BOTH = 2


class ModelNotStudied(ModelNotUsable):
    """A file that no study can be made of. People know their own file, not what was made of it on the way."""

    purpose = "studied"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One way to prepare examples, and which of them, [N], are answered ``right`` then. ``outputs`` [K]: the output of
    each class, among so many that are ``given``; None where they stand in the classes' order. ``by_names``: whether the
    names that come with the file say so."""

    words: str
    card: DatasetCard
    right: NDArray[np.bool_]
    outputs: tuple[int, ...] | None
    given: int
    by_names: bool = False

    @property
    def accuracy(self) -> float:
        """The share (0..1) that is answered right."""
        return float(self.right.mean())


def get_ready(
    path: Path, dataset: Dataset, modality: Modality, file: Path, *, name: str, title: str, threads: int
) -> OwnModelCard:
    """Write to ``file`` what is studied of the model in ``path``, and find out what its card says.

    Raises ModelNotStudied for what is no classifier of the dataset's examples, and leaves no file.
    """
    card = dataset.card
    with TemporaryDirectory() as folder:
        tried = Path(folder) / "model.onnx"
        try:
            brought = load_whole(path)
            named = named_outputs(path, brought, card.classes)
            model, remarks = for_examples(brought, card, path)
            model, found = _with_one_output(model, card, tried, path)
            remarks += found
            write_model(model, tried)
            outputs = None if named is None else named.outputs
            attempts = sorted(
                _attempts(tried, dataset, modality, outputs, threads=threads), key=lambda attempt: -attempt.accuracy
            )
            best = _better_than_guessing(attempts, dataset, path)
            if named is not None and not best.by_names:
                because = "are not those of all classes" if named.outputs is None else "do not fit its answers"
                remarks.append(f"The names in {named.where} {because}, and were not gone by.")
            if best.outputs is not None:
                model = with_classes(model, best.outputs)
                by = named.where if named and best.by_names else f"the validation {card.nouns}"
                remarks.append(_which_is_which(best, best.outputs, dataset, by))
            write_model(model, file)
            check_classifier(file, best.card)
            some = np.arange(min(TRIED_ON, len(dataset.validation)))
            check_finite(file, modality.prepared(dataset.validation.select(some), best.card).inputs(slice(64)), card)
        except ModelNotUsable as error:
            file.unlink(missing_ok=True)
            raise ModelNotStudied(path, error.because) from error
    validation = modality.prepared(dataset.validation, best.card)
    answers = predictions_of_file(file, ENGINE, validation, threads=threads)
    return OwnModelCard(
        name=name,
        title=title,
        takes=best.card,
        brought=FileCard(name=path.name, sha256=sha256_of_model(path)),
        file=FileCard(name=file.name, sha256=sha256_of_file(file)),
        parameters=graph_facts(file).parameters,
        validation_accuracy=accuracy_of(answers.classes, validation.labels),
        tried=tuple(
            Prepared(words=attempt.words, accuracy=attempt.accuracy)
            for attempt in (best, *(w for w in attempts if w is not best))
        ),
        remarks=tuple(remarks),
    )


def side_taken(path: Path) -> int | None:
    """How wide and high an example is that the model takes in; None where that is open, or it takes no such examples.

    Raises ModelNotUsable for what is no ONNX model.
    """
    inputs = inputs_of(load_graph(path))
    sizes = [axis.dim_value for axis in inputs[0].type.tensor_type.shape.dim[1:]] if inputs else []
    return next((size for size in sizes if size > 1 and sizes.count(size) == BOTH), None)


def sha256_of_model(path: Path) -> str:
    """SHA-256 of a model's file or, where weights lie beside it, of the hashes of all its files. Raises ModelNotStudied
    where one is missing."""
    try:
        hashes = [sha256_of_file(file) for file in stored_files(path)]
    except ModelNotUsable as error:
        raise ModelNotStudied(path, error.because) from error
    return hashes[0] if len(hashes) == 1 else sha256_of(" ".join(hashes).encode())


def _with_one_output(
    model: onnx.ModelProto, card: DatasetCard, file: Path, path: Path
) -> tuple[onnx.ModelProto, list[str]]:
    """The model with the one output that is scores, one for each class or more; ``file`` is for trying."""
    remarks, classes = [], len(card.classes)
    outputs = {value.name: value.type.tensor_type.shape.dim for value in model.graph.output}
    if len(outputs) > 1:
        rows = {name: axes[1].dim_value for name, axes in outputs.items() if len(axes) == len(("batch", "class"))}
        fitting = [name for name, size in rows.items() if size == classes] or [
            name for name, size in rows.items() if size > classes
        ]
        if not fitting:
            raise ModelNotUsable(
                path,
                f"none of its {len(outputs)} outputs ({', '.join(outputs)}) is a row of scores for {classes} classes "
                "or more; export it with one",
            )
        model = with_output(model, fitting[0])
        remarks.append(f"Of its {len(outputs)} outputs, '{fitting[0]}' is taken for the scores.")
    write_model(model, file)
    given = open_session(file, ENGINE, threads=1).run(zeros_for(card.inputs, 1))
    if given.ndim != len(("batch", "class")):
        raise ModelNotUsable(
            path,
            f"its output has {given.ndim} axes, and class scores have two; export it with one row for each {card.noun}",
        )
    if given.shape[1] == 1 and classes == BOTH:
        model = with_both_classes(model)
        remarks.append(f"Its one score is taken for that of '{card.classes[1]}', the second of both classes.")
    elif given.shape[1] < classes:
        raise ModelNotUsable(
            path,
            f"it tells {given.shape[1]} classes apart, and {card.title} has {classes}; choose the dataset that it was "
            "trained for",
        )
    return model, remarks


def _attempts(
    file: Path, dataset: Dataset, modality: Modality, named: tuple[int, ...] | None, *, threads: int
) -> Iterator[Attempt]:
    card, validation = dataset.card, dataset.validation
    examples = validation.select(_drawn(len(validation)))
    prepared = {f"{card.nouns} prepared as those of {card.title} are ({card.preparation})": card}
    prepared.update(modality.otherwise_prepared(card))
    for words, other in prepared.items():
        scores = _scores(file, modality.prepared(examples, other), threads=threads)
        attempt = _best_order(words, other, scores, examples.labels)
        if named is not None and max(named) < scores.shape[1]:
            right = np.nan_to_num(scores)[:, named].argmax(axis=1) == examples.labels
            if not _clearly_more(attempt.right, right):
                as_they_stand = named == tuple(range(scores.shape[1]))
                attempt = replace(attempt, right=right, outputs=None if as_they_stand else named, by_names=True)
        yield attempt


def _clearly_more(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> bool:
    """Whether so many more of the same examples are answered right that it is no chance, even among many orders."""
    more, fewer = (int(np.count_nonzero(each)) for each in (first & ~second, second & ~first))
    return difference_interval(more, fewer, len(first))[0] > CLEARLY_MORE


def _drawn(count: int) -> NDArray[np.intp]:
    """So many of all, the same each time."""
    return np.sort(np.random.default_rng(0).permutation(count)[:TRIED_ON])


def _best_order(words: str, card: DatasetCard, scores: NDArray[np.float32], labels: NDArray[np.int64]) -> Attempt:
    """The order that the outputs stand in, unless another answers clearly more right or there are more of them."""
    classes = len(card.classes)
    answers = np.nan_to_num(scores).argmax(axis=1)
    counts = np.zeros((classes, scores.shape[1]), np.int64)
    np.add.at(counts, (labels, answers), 1)
    outputs = linear_sum_assignment(counts, maximize=True)[1]
    assigned = np.nan_to_num(scores)[:, outputs].argmax(axis=1) == labels
    as_they_stand = answers == labels
    if scores.shape[1] == classes and not _clearly_more(assigned, as_they_stand):
        return Attempt(words=words, card=card, right=as_they_stand, outputs=None, given=classes)
    return Attempt(
        words=words, card=card, right=assigned, outputs=tuple(int(each) for each in outputs), given=scores.shape[1]
    )


def _scores(file: Path, examples: Examples, *, threads: int) -> NDArray[np.float32]:
    session, at_once = open_session(file, ENGINE, threads=threads), fixed_batch(file) or BATCH
    starts = range(0, len(examples), at_once)
    return np.concatenate([session.run(examples.inputs(slice(at, at + at_once))) for at in starts])


def _better_than_guessing(attempts: Sequence[Attempt], dataset: Dataset, path: Path) -> Attempt:
    """The best of them. Raises ModelNotUsable when it answers no more right than always naming one class."""
    labels, best = dataset.validation.labels, attempts[0]
    guessed = float(np.bincount(labels).max()) / len(labels)
    low, _ = wilson_interval(int(np.count_nonzero(best.right)), len(best.right))
    if low <= guessed:
        nouns, tried = (
            dataset.card.nouns,
            "; ".join(f"of {attempt.words}, {in_percent(attempt.accuracy)}" for attempt in attempts),
        )
        raise ModelNotUsable(
            path,
            f"however the {nouns} were prepared, it answers no more of {len(best.right)} validation {nouns} right than "
            f"guessing would ({in_percent(guessed)}): {tried}; choose the dataset that it was trained for",
        )
    return best


def _which_is_which(attempt: Attempt, outputs: tuple[int, ...], dataset: Dataset, by: str) -> str:
    """What was made of its outputs."""
    classes = dataset.card.classes
    stand = (
        "Its outputs stand in another order than the classes"
        if attempt.given == len(classes)
        else f"Of its {attempt.given:,} outputs those of the {len(classes)} classes are judged"
    )
    right = f"{in_percent(attempt.accuracy)} of the validation {dataset.card.nouns} are answered right so"
    return f"{stand}; by {by}, {_named(dict(zip(classes, outputs, strict=True)))}; {right}."


def _named(outputs: Mapping[str, int]) -> str:
    """'cat' is its output 3, 'dog' its output 0 ..."""
    first = [f"'{name}' is its output {number}" for name, number in list(outputs.items())[:NAMED]]
    return ", ".join(first) + (" and so on" if len(outputs) > NAMED else "")
