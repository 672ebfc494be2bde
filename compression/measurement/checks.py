"""Whether a file that a person brings can be measured on a dataset, as asked and on this machine, said before anything
is: each reason against it is one sentence.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
import onnx
from numpy.typing import NDArray

from compression.catalog.cards import DatasetCard
from compression.catalog.examples import Inputs, length_of, rows_of, zeros_for
from compression.errors import ModelNotUsable, UsageError
from compression.measurement.engines import Session, open_session
from compression.measurement.engines.session import (
    PrecisionNotThere,
    require_one_output,
    under_file_names,
)
from compression.measurement.graph.onnx_file import fixed_batch, inputs_of, load_graph, require_external_data
from compression.measurement.graph.shapes import Sizes
from compression.measurement.machine.processor import hardware_threads
from compression.measurement.scores.kinds import kind_in_graph, kind_of
from compression.records.inputs import ElementType, InputSpec
from compression.records.measurements import ENGINE_TITLES, EngineName, ScoreKind

NO_ARRAY = "its output is a sequence, not an array of scores; export it without a ZipMap or a list at the end"
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
ELEMENT_TYPES: dict[ElementType, int] = {
    "float32": onnx.TensorProto.FLOAT,
    "int64": onnx.TensorProto.INT64,
    "int32": onnx.TensorProto.INT32,
    "bool": onnx.TensorProto.BOOL,
}


def check_classifier(
    path: Path, card: DatasetCard, *, engines: Sequence[EngineName] = ENGINES, precision: str = "fp32"
) -> None:
    """Raise ModelNotUsable unless the ``.onnx`` file can be measured in all of ``engines``, which know ``precision``,
    on the dataset.

    It has to be a whole ONNX file that takes the dataset's inputs, or some of them, and has one output; each engine has
    to run it on one example, and on two at once unless its batch is fixed to 1, and to give one row of scores for each,
    one for each class. Logits and probabilities are both scores. A batch fixed to another number is refused: the
    latency of one example could not be measured, and accuracy not on every number of examples.
    """
    model = load_graph(path)
    require_external_data(path, model)
    require_one_output(path, len(inputs_of(model)), len(model.graph.output))
    require_arrays(path, model)
    check_inputs(path, model, card)
    for value in inputs_of(model):
        _check_batch(path, value, card)
    batches = (1,) if fixed_batch(path) == 1 else (1, 2)
    for engine in engines:
        session = open_session(path, engine, threads=1, precision=precision)
        for batch in batches:
            _check_scores(path, session, zeros_for(card.inputs, batch), card)


def require_arrays(path: Path, model: onnx.ModelProto) -> None:
    """Raise ModelNotUsable unless what goes into ``model`` and comes out are arrays."""
    for value in inputs_of(model):
        if value.type.WhichOneof("value") not in {None, "tensor_type"}:
            raise ModelNotUsable(path, f"its input '{value.name}' is a sequence, not an array; export it for arrays")
    for value in model.graph.output:
        if value.type.WhichOneof("value") not in {None, "tensor_type"}:
            raise ModelNotUsable(path, NO_ARRAY)


def check_inputs(path: Path, model: onnx.ModelProto, card: DatasetCard) -> dict[str, InputSpec]:
    """What the dataset gives to each input of ``model``, which was read from ``path``, by the file's names.

    Raises ModelNotUsable when one of them takes something else.
    """
    inputs = inputs_of(model)
    specs = under_file_names({spec.name: spec for spec in card.inputs}, [value.name for value in inputs], path)
    for value in inputs:
        _check_input(path, value, specs[value.name], card)
    return specs


def sizes_of(path: Path, card: DatasetCard) -> Sizes:
    """What the dataset gives to each input of a file that fits it, by the file's names and without the batch axis."""
    names = [value.name for value in inputs_of(load_graph(path))]
    return under_file_names({spec.name: spec.shape for spec in card.inputs}, names, path)


def check_finite(
    path: Path, inputs: Inputs, card: DatasetCard, *, engines: Sequence[EngineName] = ENGINES, precision: str = "fp32"
) -> ScoreKind:
    """Raise ModelNotUsable unless each engine gives finite scores for each of these ``inputs`` of the dataset; say what
    the scores are.

    A few examples of the validation split are enough to find a file that always overflows. The file has passed
    ``check_classifier``. Raises ValueError without examples.
    """
    found: ScoreKind = "logits"
    examples = length_of(inputs)
    if examples == 0:
        raise ValueError("there are no examples to check a file on")
    together = fixed_batch(path) or examples
    for engine in engines:
        session = open_session(path, engine, threads=1, precision=precision)
        scores = np.concatenate(
            [session.run(rows_of(inputs, slice(at, at + together))) for at in range(0, examples, together)]
        )
        broken = int(np.count_nonzero(~np.isfinite(scores).all(axis=1)))
        if broken:
            raise ModelNotUsable(
                path,
                f"{ENGINE_TITLES[engine]} gets scores from it that are not finite numbers for {broken} of {examples} "
                f"{card.nouns} of the dataset; check its weights, or export it in fp32",
            )
        found = kind_of(scores, kind_in_graph(load_graph(path)))
    return found


def _check_input(path: Path, value: onnx.ValueInfoProto, spec: InputSpec, card: DatasetCard) -> None:
    tensor = value.type.tensor_type
    if tensor.elem_type != ELEMENT_TYPES[spec.element]:
        kind = onnx.TensorProto.DataType.Name(tensor.elem_type).lower()
        raise ModelNotUsable(
            path, f"its input is of the type {kind}, and {card.nouns} come as {spec.element}; export it for these"
        )
    if not tensor.HasField("shape"):
        return  # an engine may still run it on such inputs, which is tried next
    taken = [dimension.dim_value or None for dimension in tensor.shape.dim]
    axes = ("batch", *spec.axes)
    if len(taken) != len(axes):
        raise ModelNotUsable(
            path,
            f"its input has {len(taken)} axes, and {card.nouns} come with {len(axes)} ({', '.join(axes)}); export it "
            "for these",
        )
    if not _fits(taken[1:], spec.shape):
        first_axis_last = (*spec.shape[1:], *spec.shape[:1])
        if _fits(taken[1:], first_axis_last):
            raise ModelNotUsable(
                path,
                f"it takes {card.nouns} with their {spec.axes[0]} last ({_times(taken[1:])}), and they come with "
                f"{spec.axes[0]} first ({_times(spec.shape)}); export it so",
            )
        raise ModelNotUsable(
            path,
            f"it takes {card.nouns} of {_times(taken[1:])} ({' x '.join(spec.axes)}), and those of the dataset are "
            f"{_times(spec.shape)}; export it for these, or choose another dataset",
        )


def _check_batch(path: Path, value: onnx.ValueInfoProto, card: DatasetCard) -> None:
    batch = [dimension.dim_value or None for dimension in value.type.tensor_type.shape.dim[:1]]
    if batch and batch[0] not in (None, 1):
        raise ModelNotUsable(
            path,
            f"it takes batches of {batch[0]} only, so that neither one {card.noun} nor the whole test set can be run; "
            "export it with a free batch axis",
        )


def _check_scores(path: Path, session: Session, inputs: Inputs, card: DatasetCard) -> None:
    scores, examples, classes = _scores(path, session, inputs, card), length_of(inputs), len(card.classes)
    if not isinstance(scores, np.ndarray):
        raise ModelNotUsable(path, NO_ARRAY)
    if scores.dtype.kind != "f":
        raise ModelNotUsable(
            path, f"its output is of the type {scores.dtype}, which is no score; export it without the final ArgMax"
        )
    if scores.ndim != len(("batch", "class")) or len(scores) != examples:
        given = " and ".join(_times(array.shape) for array in inputs.values())
        raise ModelNotUsable(
            path,
            f"its output for {given} has the shape {_times(scores.shape)}, and class scores are {examples} x "
            f"{classes}; export it with one row of scores for each {card.noun}",
        )
    if scores.shape[1] != classes:
        raise ModelNotUsable(
            path,
            f"it tells {scores.shape[1]} classes apart, and the dataset has {classes}; choose the dataset that it was "
            "trained for",
        )


def _scores(path: Path, session: Session, inputs: Inputs, card: DatasetCard) -> NDArray[np.float32]:
    """What a session gives for ``inputs``; of several examples, one row each, or the batch is free in name only."""
    refused: ModelNotUsable | None = None
    examples = length_of(inputs)
    try:
        scores = session.run(inputs)
        if examples == 1 or len(scores) == examples:
            return scores
    except ModelNotUsable as error:
        if examples == 1:
            raise
        refused = error
    raise ModelNotUsable(
        path,
        f"its batch axis is called free, but {ENGINE_TITLES[session.engine]} can run it on one {card.noun} only; "
        "export it with a batch axis that is free throughout, or fixed to 1",
    ) from refused


def _fits(taken: Sequence[int | None], shape: Sequence[int]) -> bool:
    return all(size in (None, given) for size, given in zip(taken, shape, strict=True))


def _times(shape: Sequence[int | None]) -> str:
    return " x ".join("any" if size is None else str(size) for size in shape)


def check_measurable(
    paths: Sequence[Path],
    card: DatasetCard,
    *,
    engines: Sequence[EngineName],
    batches: Sequence[int],
    threads: Sequence[int],
    precision: str,
) -> None:
    """Raise ModelNotUsable for a file that cannot be measured like this, PrecisionNotThere for a precision that an
    engine does not have here, and UsageError for more examples or threads at once than there are."""
    if max(batches) > card.validation_examples:
        raise UsageError(
            f"A batch of {max(batches)} cannot be made of the {card.validation_examples} validation {card.nouns}; "
            "choose a smaller --batch."
        )
    if max(threads) > (most := hardware_threads()):
        raise UsageError(f"{max(threads)} threads cannot be had: this machine lets Weigh-In run {most}; use fewer.")
    for path in paths:
        try:
            check_classifier(path, card, engines=engines, precision=precision)
        except ModelNotUsable as error:
            running = [engine for engine in ENGINES if engine not in engines or len(engines) > 1]
            running = [engine for engine in running if _runs(path, card, engine, precision)]
            if not running:
                raise
            raise ModelNotUsable(
                path,
                f"{error.because}, or measure it in {ENGINE_TITLES[running[0]]} alone, which runs it (--engine "
                f"{running[0]})",
            ) from error
        if fixed_batch(path) == 1 and max(batches) > 1:
            raise ModelNotUsable(
                path, f"it takes one {card.noun} at a time only; leave out --batch, or export it with a free axis"
            )


def _runs(path: Path, card: DatasetCard, engine: EngineName, precision: str) -> bool:
    try:
        check_classifier(path, card, engines=[engine], precision=precision)
    except (ModelNotUsable, PrecisionNotThere):
        return False
    return True
