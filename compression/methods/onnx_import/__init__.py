"""Any ``.onnx`` classifier, made ready to be quantized: examples in, class scores out, whoever exported it."""

from collections.abc import Sequence
from pathlib import Path

import onnx
from onnx.external_data_helper import load_external_data_for_model

from compression.catalog.cards import DatasetCard
from compression.errors import ModelNotUsable
from compression.measurement.checks import check_inputs
from compression.measurement.graph.onnx_file import load_graph, require_external_data
from compression.methods.export import remove_annotations
from compression.methods.onnx_import.free_batch import fixed_batch_of, with_free_batch
from compression.methods.onnx_import.input_shape import with_input_shapes
from compression.methods.onnx_import.refusals import ModelNotQuantizable, require_quantizable
from compression.methods.onnx_import.same_scores import EXAMPLES, gives, made_up_inputs, scores_one_by_one
from compression.methods.onnx_import.simplified import folded, with_recent_opset, with_stored_weights

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

    In opset 13 or later, with constants computed and batch norms folded into convolutions, for inputs of one shape: its
    own, or the dataset's where it leaves one open. For any number of examples, unless the file is fixed to one in a way
    that cannot be undone; then it stays so. The result is run against the file on made-up examples.

    Raises ModelNotUsable (of which ModelNotQuantizable is a kind) when the file is none, cannot be quantized, takes
    other inputs than those of the dataset, or takes several at once and no other number.
    """
    read, wanted = read_classifier(path), dict[str, Sequence[int]]()
    if card is not None:
        try:
            wanted = {name: spec.shape for name, spec in check_inputs(path, read, card).items()}
        except ModelNotUsable as error:
            raise ModelNotQuantizable(path, error.because) from error
    model, shapes = with_input_shapes(read, wanted, path)
    batch = fixed_batch_of(model)
    if batch not in (None, 1):
        raise ModelNotQuantizable(
            path, f"it takes batches of {batch} only; export it with a free batch axis, or for one example"
        )
    simple = folded(with_stored_weights(with_recent_opset(model, path)), path)
    remove_annotations(simple)
    inputs = made_up_inputs(model, shapes)
    scores = scores_one_by_one(path, inputs)
    if batch == 1 and gives(free := with_free_batch(simple, path), inputs, scores, at_once=EXAMPLES):
        return free
    if not gives(simple, inputs, scores, at_once=1):
        raise ModelNotQuantizable(
            path, "it does not give the same scores after its batch norms were folded; export it in evaluation mode"
        )
    return simple
