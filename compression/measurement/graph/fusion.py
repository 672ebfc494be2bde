"""The steps that an engine runs an ONNX graph in when it fuses what engines commonly fuse, with what each reads and
writes.

Reads the graph; runs nothing, and knows no particular engine. Looks at the main graph only.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import onnx

from compression.measurement.graph.constants import fixed_values
from compression.measurement.graph.products import FACTORS
from compression.measurement.graph.shapes import Shape

# They give the same bytes another shape, or another meaning: whoever takes their output reads their input.
VIEWS = {"Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout", "DequantizeLinear"}
# fmt: off
ELEMENT_WISE = {
    "Relu", "LeakyRelu", "PRelu", "Clip", "Elu", "Selu", "Celu", "Gelu", "Sigmoid", "HardSigmoid", "HardSwish",
    "Swish", "Mish", "Tanh", "Softplus", "Softsign", "Erf", "Add", "Sub", "Mul", "Div", "Min", "Max", "Pow",
    "Sqrt", "Exp", "Log", "Neg", "Abs", "BatchNormalization", "Cast",
}
# fmt: on


@dataclass(kw_only=True)
class Step:
    """Operators that run as one. ``reads``: the activations that each of them takes from other steps (twice when two of
    them take the same); ``writes``: those of their results that other steps take.
    """

    nodes: list[onnx.NodeProto]
    reads: list[str] = field(default_factory=list)
    writes: set[str] = field(default_factory=set)


def steps_of(graph: onnx.GraphProto, shapes: Mapping[str, Shape]) -> list[Step]:
    """The steps of a graph whose nodes are in order. Not among them: constants, what computes shapes, and views.

    An operator joins the step before it when nobody else takes that step's result and it is either element-wise,
    behind a convolution or matrix product, with a result of the same shape; or QuantizeLinear, behind anything.
    """
    fixed = fixed_values(graph)
    takers = _takers(graph)
    origin: dict[str, str] = {}
    makers: dict[str, Step] = {}
    steps: list[Step] = []
    for node in graph.node:
        if set(node.output) <= fixed:
            continue
        taken = [name for name in node.input if name and name not in fixed]
        if node.op_type in VIEWS:
            origin[node.output[0]] = origin.get(taken[0], taken[0])
            continue
        # The latest of the steps that it could join: the others' results are there by then.
        open_steps = [
            makers[name]
            for name in taken
            if name in makers and takers[name] == 1 and _joins(node, makers[name], shapes.get(name), shapes)
        ]
        step = max(open_steps, key=steps.index, default=None)
        if step is None:
            step = Step(nodes=[])
            steps.append(step)
        step.nodes.append(node)
        makers.update((name, step) for name in node.output if name)
        sources = {origin.get(name, name) for name in taken}
        step.reads += sorted(name for name in sources if makers.get(name) is not step)
    wanted = {origin.get(value.name, value.name) for value in graph.output}
    wanted |= {name for step in steps for name in step.reads}
    for step in steps:
        step.writes = {name for node in step.nodes for name in node.output if name in wanted}
    return steps


def _joins(node: onnx.NodeProto, step: Step, before: Shape | None, shapes: Mapping[str, Shape]) -> bool:
    if node.op_type == "QuantizeLinear":
        return True
    return (
        node.op_type in ELEMENT_WISE
        and step.nodes[0].op_type in FACTORS
        and before is not None
        and before == shapes.get(node.output[0])
    )


def _takers(graph: onnx.GraphProto) -> dict[str, int]:
    """How many operators take each value; being a result of the graph counts as one more."""
    takers: dict[str, int] = defaultdict(int)
    for node in graph.node:
        for name in set(node.input):
            takers[name] += 1
    for value in graph.output:
        takers[value.name] += 1
    return takers
