"""Any ``.onnx`` classifier, made ready to be quantized: examples in, class scores out, whoever exported it."""

from collections.abc import Sequence
from pathlib import Path

import onnx
from onnx.external_data_helper import load_external_data_for_model

from compression.catalog.cards import DatasetCard
from compression.errors import ModelNotUsable
from compression.measurement.checks import check_inputs
from compression.measurement.graph.onnx_file import load_graph, require_external_data
from compression.methods.model_file import remove_annotations
from compression.methods.onnx_import.free_batch import fixed_batch_of, with_free_batch
from compression.methods.onnx_import.input_shape import with_input_shapes
from compression.methods.onnx_import.refusals import ModelNotQuantizable, require_quantizable
from compression.methods.onnx_import.same_scores import EXAMPLES, gives, made_up_inputs, scores_one_by_one
from compression.methods.onnx_import.simplified import (
    FEWEST_OPSET,
    computes_in_64_bits,
    folded,
    in_32_bits,
    opset_of,
    with_recent_opset,
    with_stored_weights,
)
from compression.methods.onnx_import.weights_second import with_weights_second

__all__ = ["ModelNotQuantizable", "fixed_batch_of", "prepared", "read_classifier"]


def read_classifier(path: Path) -> onnx.ModelProto:
    """The whole model of a file, with weights that it keeps elsewhere.

    Raises ModelNotUsable when it is no whole ONNX file, ModelNotQuantizable when no scheme can be applied to it.
    """
    model = load_graph(path)
    require_external_data(path, model)
    load_external_data_for_model(model, str(path.parent))
    require_quantizable(model, path)
    return model


def prepared(path: Path, card: DatasetCard | None = None) -> onnx.ModelProto:
    """The classifier in a file as quantizers expect it, with the same scores.

    In opset 13 or later and in 32-bit floats, with constants computed, batch norms folded into convolutions and weights
    as second factors, for inputs of one shape: its own, or the dataset's where it leaves one open. For any number of
    examples, unless the file is fixed to one in a way that cannot be undone; then it stays so. The result is run
    against the file on made-up examples.

    Raises ModelNotQuantizable when the file is no whole model, cannot be quantized, takes other inputs than those of
    the dataset, or takes several at once and no other number.
    """
    try:
        return _prepared(path, card)
    except ModelNotQuantizable:
        raise
    except ModelNotUsable as error:
        raise ModelNotQuantizable(path, error.because) from error


def _prepared(path: Path, card: DatasetCard | None) -> onnx.ModelProto:
    read, wanted = read_classifier(path), dict[str, Sequence[int]]()
    if card is not None:
        wanted = {name: spec.shape for name, spec in check_inputs(path, read, card).items()}
    model, shapes = with_input_shapes(read, wanted, path)
    batch = fixed_batch_of(model)
    if batch not in (None, 1):
        raise ModelNotQuantizable(
            path, f"it takes batches of {batch} only; export it with a free batch axis, or for one example"
        )
    inputs = made_up_inputs(model, shapes)
    scores = scores_one_by_one(path, inputs)
    recent = with_stored_weights(with_recent_opset(model, path))
    if computes_in_64_bits(recent):
        recent = in_32_bits(recent)
        _require_same(gives(recent, inputs, scores, at_once=1), path, "in 32-bit floats; export it for float32")
    simple = with_weights_second(folded(recent, path), path)
    remove_annotations(simple)
    if batch == 1 and gives(free := with_free_batch(simple, path), inputs, scores, at_once=EXAMPLES):
        return free
    if not gives(simple, inputs, scores, at_once=1):
        opset = opset_of(model)
        raised = opset < FEWEST_OPSET and not gives(recent, inputs, scores, at_once=1)
        _require_same(not raised, path, f"in opset {FEWEST_OPSET}; export it in that one or a later one")
        norms = any(node.op_type in {"BatchNormalization", "Dropout"} for node in model.graph.node)
        evaluation = "after its batch norms were folded; export it in evaluation mode"
        _require_same(False, path, evaluation if norms else "once its constants are computed; export it again")
    return simple


def _require_same(same: bool, path: Path, when: str) -> None:
    """Raise ModelNotQuantizable unless the scores were the ``same``."""
    if not same:
        raise ModelNotQuantizable(path, f"it does not give the same scores {when}")
