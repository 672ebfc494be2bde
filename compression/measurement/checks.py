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
from compression.errors import UsageError
from compression.measurement.engines import ModelNotUsable, Session, open_session
from compression.measurement.engines.session import TITLES, require_one_input_and_output
from compression.measurement.graph.onnx_file import load_graph, require_external_data
from compression.measurement.machine.processor import hardware_threads
from compression.records.measurements import EngineName

ENGINES: tuple[EngineName, ...] = get_args(EngineName)
IMAGE_AXES = 4


def check_classifier(
    path: Path,
    *,
    image_shape: tuple[int, int, int],
    classes: int,
    engines: Sequence[EngineName] = ENGINES,
    precision: str = "fp32",
) -> None:
    """Raise ModelNotUsable unless the ``.onnx`` file can be measured in all of ``engines``, which know ``precision``,
    on a dataset with images of ``image_shape`` (channels, height, width) and that many classes.

    It has to be a whole ONNX file with one float32 input that takes such images and one output; each engine has to run
    it on one image, and on two at once unless its batch is fixed to 1, and to give one row of ``classes`` scores for
    each. Logits and probabilities are both scores. A batch fixed to another number is refused: the latency of one image
    could not be measured, and accuracy not on every number of images.
    """
    model = load_graph(path)
    require_external_data(path, model)
    inputs = _inputs(model)
    require_one_input_and_output(path, len(inputs), len(model.graph.output))
    _check_input(path, inputs[0], image_shape)
    batches = (1,) if fixed_batch(path) == 1 else (1, 2)
    for engine in engines:
        session = open_session(path, engine, threads=1, precision=precision)
        for batch in batches:
            _check_scores(path, session, np.zeros((batch, *image_shape), np.float32), classes)


def check_finite(
    path: Path, images: NDArray[np.float32], *, engines: Sequence[EngineName] = ENGINES, precision: str = "fp32"
) -> None:
    """Raise ModelNotUsable unless each engine gives finite scores for each of ``images`` [N, C, H, W], normalized.

    A few images of the validation split are enough to find a file that always overflows. The file has passed
    ``check_classifier``. Raises ValueError without images.
    """
    if len(images) == 0:
        raise ValueError("there are no images to check a file on")
    together = fixed_batch(path) or len(images)
    for engine in engines:
        session = open_session(path, engine, threads=1, precision=precision)
        scores = np.concatenate(
            [session.run(np.array(images[at : at + together])) for at in range(0, len(images), together)]
        )
        broken = int(np.count_nonzero(~np.isfinite(scores).all(axis=1)))
        if broken:
            raise ModelNotUsable(
                path,
                f"{TITLES[engine]} gets scores from it that are not finite numbers for {broken} of {len(images)} "
                "images of the dataset; check its weights, or export it in fp32",
            )


def fixed_batch(path: Path) -> int | None:
    """The batch that a file is fixed to; None when its batch axis is free. Raises ModelNotUsable for no ONNX file."""
    inputs = _inputs(load_graph(path))
    dimensions = inputs[0].type.tensor_type.shape.dim if inputs else []
    return (int(dimensions[0].dim_value) or None) if dimensions else None


def _inputs(model: onnx.ModelProto) -> list[onnx.ValueInfoProto]:
    """What is put into the graph: files in older formats list their weights among the inputs as well."""
    weights = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in weights]


def _check_input(path: Path, value: onnx.ValueInfoProto, image_shape: tuple[int, int, int]) -> None:
    tensor = value.type.tensor_type
    if tensor.elem_type != onnx.TensorProto.FLOAT:
        kind = onnx.TensorProto.DataType.Name(tensor.elem_type).lower()
        raise ModelNotUsable(path, f"its input is of the type {kind}, and images come as float32; export it for these")
    if not tensor.HasField("shape"):
        return  # an engine may still run it on such images, which is tried next
    taken = [dimension.dim_value or None for dimension in tensor.shape.dim]
    if len(taken) != IMAGE_AXES:
        raise ModelNotUsable(
            path,
            f"its input has {len(taken)} axes, and images come with {IMAGE_AXES} (batch, channels, height, width); "
            "export it for these",
        )
    if not _fits(taken[1:], image_shape):
        height_width_channels = (*image_shape[1:], image_shape[0])
        if _fits(taken[1:], height_width_channels):
            raise ModelNotUsable(
                path,
                f"it takes images with their channels last ({_times(taken[1:])}), and they come with channels first "
                f"({_times(image_shape)}); export it so",
            )
        raise ModelNotUsable(
            path,
            f"it takes images of {_times(taken[1:])} (channels x height x width), and those of the dataset are "
            f"{_times(image_shape)}; export it for these, or choose another dataset",
        )
    if taken[0] not in (None, 1):
        raise ModelNotUsable(
            path,
            f"it takes batches of {taken[0]} only, so that neither one image nor the whole test set can be run; export "
            "it with a free batch axis",
        )


def _check_scores(path: Path, session: Session, images: NDArray[np.float32], classes: int) -> None:
    scores = _scores(path, session, images)
    if scores.dtype.kind != "f":
        raise ModelNotUsable(
            path, f"its output is of the type {scores.dtype}, which is no score; export it without the final ArgMax"
        )
    if scores.ndim != len(("batch", "class")) or len(scores) != len(images):
        raise ModelNotUsable(
            path,
            f"its output for {_times(images.shape)} has the shape {_times(scores.shape)}, and class scores are "
            f"{len(images)} x {classes}; export it with one row of scores for each image",
        )
    if scores.shape[1] != classes:
        raise ModelNotUsable(
            path,
            f"it tells {scores.shape[1]} classes apart, and the dataset has {classes}; choose the dataset that it was "
            "trained for",
        )


def _scores(path: Path, session: Session, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a session gives for ``images``; of several, one row each, or the batch axis is free in name only."""
    refused: ModelNotUsable | None = None
    try:
        scores = session.run(images)
        if len(images) == 1 or len(scores) == len(images):
            return scores
    except ModelNotUsable as error:
        if len(images) == 1:
            raise
        refused = error
    raise ModelNotUsable(
        path,
        f"its batch axis is called free, but {TITLES[session.engine]} can run it on one image only; export it with a "
        "batch axis that is free throughout, or fixed to 1",
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
    engine does not have here, and UsageError for more images or threads at once than there are."""
    if max(batches) > card.validation_examples:
        raise UsageError(
            f"A batch of {max(batches)} cannot be made of the {card.validation_examples} validation images; choose a "
            "smaller --batch."
        )
    if max(threads) > (most := hardware_threads()):
        raise UsageError(f"{max(threads)} threads cannot be had: this machine lets Weigh-In run {most}; use fewer.")
    for path in paths:
        check_classifier(
            path, image_shape=card.image_shape, classes=len(card.classes), engines=engines, precision=precision
        )
        if fixed_batch(path) == 1 and max(batches) > 1:
            raise ModelNotUsable(
                path, "it takes one image at a time only; leave out --batch, or export it with a free axis"
            )
