"""A person's own classifier, made to take in a dataset's examples and to tell the dataset's classes apart: what it
computes is unchanged, and steps in front and behind make the difference.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from compression.catalog.cards import DatasetCard
from compression.errors import ModelNotUsable
from compression.measurement.checks import require_arrays
from compression.measurement.graph.onnx_file import inputs_of, load_graph, require_external_data
from compression.measurement.scores.kinds import kind_in_graph
from compression.records.inputs import InputSpec

# Beside float32, what a file may take numbers in as: they are the same ones.
OTHER_TYPES = (onnx.TensorProto.FLOAT16, onnx.TensorProto.DOUBLE, onnx.TensorProto.UINT8)
CLASS_AXIS = 1
# From this opset on.
REDUCTIONS_TAKE_AXES_AS_INPUT = 18


def load_whole(path: Path) -> onnx.ModelProto:
    """The model with all its weights. Raises ModelNotUsable for what is no whole ONNX model, or takes in or gives out
    anything but arrays."""
    model = load_graph(path)
    require_external_data(path, model)
    require_arrays(path, model)
    onnx.load_external_data_for_model(model, str(path.parent))
    return model


def for_examples(model: onnx.ModelProto, card: DatasetCard, path: Path) -> tuple[onnx.ModelProto, list[str]]:
    """A copy of ``model``, which was read from ``path``, that takes in the dataset's examples; and what had to be done
    for that, one sentence each.

    An input of another type, or with the first axis last, gets a step in front. Raises ModelNotUsable where there is
    not one input for one.
    """
    inputs = inputs_of(model)
    if len(inputs) != len(card.inputs) or len(inputs) != 1:
        raise ModelNotUsable(
            path, f"it has {len(inputs)} inputs, and one of {card.title} is put into {len(card.inputs)}; export it so"
        )
    made = onnx.ModelProto()
    made.CopyFrom(model)
    return made, _adapt(made.graph, inputs_of(made)[0], card.inputs[0], card.nouns)


def _adapt(graph: onnx.GraphProto, value: onnx.ValueInfoProto, spec: InputSpec, nouns: str) -> list[str]:
    tensor, name, done, steps = value.type.tensor_type, value.name, [], []
    taken = f"{name}/taken"
    sizes = [dimension.dim_value or None for dimension in tensor.shape.dim[1:]]
    first_last = (*spec.shape[1:], spec.shape[0])
    if (
        len(spec.shape) > 1
        and len(sizes) == len(first_last)
        and _fit(sizes, first_last)
        and not _fit(sizes, spec.shape)
    ):
        order = [0, *range(2, len(spec.shape) + 1), 1]
        steps.append(helper.make_node("Transpose", [name], [taken], perm=order))
        batch = tensor.shape.dim[0]
        kept = onnx.TensorShapeProto.Dimension()
        kept.CopyFrom(batch)
        del tensor.shape.dim[:]
        tensor.shape.dim.add().CopyFrom(kept)
        for size in spec.shape:
            tensor.shape.dim.add().dim_value = size
        done.append(f"It takes {nouns} with their {spec.axes[0]} last; a step in front turns them round.")
    if tensor.elem_type in OTHER_TYPES:
        kind = onnx.TensorProto.DataType.Name(tensor.elem_type).lower()
        before = steps[-1].output[0] if steps else name
        # Names stay single-valued: the last step gives what the graph takes.
        if steps:
            steps[-1].output[0] = before = f"{name}/turned"
        steps.append(helper.make_node("Cast", [before], [taken], to=tensor.elem_type))
        tensor.elem_type = onnx.TensorProto.FLOAT
        done.append(f"Its input is of the type {kind}; a step in front makes it from float32.")
    if steps:
        for node in graph.node:
            for number, each in enumerate(node.input):
                if each == name:
                    node.input[number] = taken
        for step in reversed(steps):
            graph.node.insert(0, step)
    return done


def with_output(model: onnx.ModelProto, name: str) -> onnx.ModelProto:
    """A copy that gives one of its outputs only."""
    made = onnx.ModelProto()
    made.CopyFrom(model)
    kept = next(value for value in made.graph.output if value.name == name)
    chosen = onnx.ValueInfoProto()
    chosen.CopyFrom(kept)
    del made.graph.output[:]
    made.graph.output.append(chosen)
    return made


def with_both_classes(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy of a model with one score [N, 1] for the second of two classes that gives a score for each, [N, 2]."""
    made = onnx.ModelProto()
    made.CopyFrom(model)
    probabilities = kind_in_graph(made) == "sigmoids"
    score = made.graph.output[0].name
    nothing = numpy_helper.from_array(np.asarray(1.0 if probabilities else 0.0, np.float32), "first-class/whole")
    made.graph.initializer.append(nothing)
    if probabilities:
        other = [helper.make_node("Sub", [nothing.name, score], ["first-class/score"])]
    else:
        # The logit of the first class is 0: the softmax of both is the sigmoid of the one.
        other = [helper.make_node("Mul", [score, nothing.name], ["first-class/score"])]
    made.graph.node.extend(
        [*other, helper.make_node("Concat", ["first-class/score", score], ["both-classes"], axis=CLASS_AXIS)]
    )
    return _giving(made, "both-classes", 2)


def with_classes(model: onnx.ModelProto, outputs: Sequence[int]) -> onnx.ModelProto:
    """A copy whose scores are those of ``outputs``, in that order. What is left of a softmax adds up to 1 again."""
    made = onnx.ModelProto()
    made.CopyFrom(model)
    scores = made.graph.output[0]
    dimensions = scores.type.tensor_type.shape.dim
    every = len(dimensions) > CLASS_AXIS and dimensions[CLASS_AXIS].dim_value == len(outputs)
    softmax = kind_in_graph(made) == "softmax"
    made.graph.initializer.append(numpy_helper.from_array(np.asarray(outputs, np.int64), "classes/outputs"))
    made.graph.node.append(
        helper.make_node("Gather", [scores.name, "classes/outputs"], ["classes/scores"], axis=CLASS_AXIS)
    )
    if every or not softmax:
        return _giving(made, "classes/scores", len(outputs))
    made.graph.node.append(_sum_over_classes(made, "classes/scores", "classes/sum"))
    made.graph.node.append(helper.make_node("Div", ["classes/scores", "classes/sum"], ["classes/shares"]))
    return _giving(made, "classes/shares", len(outputs))


def _sum_over_classes(model: onnx.ModelProto, scores: str, result: str) -> onnx.NodeProto:
    """The operator, as the model's opset writes it, of scores that are not negative."""
    opset = next(each.version for each in model.opset_import if each.domain in {"", "ai.onnx"})
    if opset < REDUCTIONS_TAKE_AXES_AS_INPUT:
        return helper.make_node("ReduceL1", [scores], [result], axes=[CLASS_AXIS], keepdims=1)
    axes = numpy_helper.from_array(np.asarray([CLASS_AXIS], np.int64), f"{result}/axes")
    model.graph.initializer.append(axes)
    return helper.make_node("ReduceL1", [scores, axes.name], [result], keepdims=1)


def _giving(model: onnx.ModelProto, name: str, classes: int) -> onnx.ModelProto:
    """Make ``name`` the only output, in place."""
    before = model.graph.output[0]
    dimensions = before.type.tensor_type.shape.dim
    batch = dimensions[0].dim_value or dimensions[0].dim_param or "batch" if dimensions else "batch"
    del model.graph.output[:]
    model.graph.output.append(
        helper.make_tensor_value_info(
            name, before.type.tensor_type.elem_type or onnx.TensorProto.FLOAT, [batch, classes]
        )
    )
    return model


def _fit(sizes: Sequence[int | None], shape: Sequence[int]) -> bool:
    return all(size in (None, given) for size, given in zip(sizes, shape, strict=True))
