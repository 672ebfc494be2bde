"""What an engine's error says about a file, in one sentence. Engines write several lines, with places in their own
sources; what a person needs is the operator or the version that is in the way.

Knows how ONNX Runtime and OpenVINO word their errors; an unknown wording is shortened to its first plain line.
"""

import re
from pathlib import Path

from compression.catalog.examples import Inputs
from compression.errors import ModelNotUsable
from compression.records.measurements import ENGINE_TITLES, EngineName

LONGEST = 200
STANDARD_OPERATORS = "export it with operators of the ONNX standard"
# An operator that the engine has, but not in this version or for these types.
NOT_FOR_THESE = r"Could not find an implementation for (?P<operator>[\w.]+)\((?P<opset>\d+)\)"
# A pattern, and the operator's name from what it finds.
MISSING_OPERATOR = (
    (r"Fatal error: (?P<domain>[\w.]+):(?P<operator>\w+)\(-?\d+\) is not a registered", "{domain}.{operator}"),
    (r'In Node, \("[^"]*", (?P<operator>\w+), "", .*No Op registered', "{operator}"),
    (
        r'In Node, \("[^"]*", (?P<operator>\w+), "(?P<domain>[^"]+)", .*No (Op registered|opset import)',
        "{domain}.{operator}",
    ),
    (NOT_FOR_THESE, "{operator} (of opset {opset})"),
    (r"No conversion rule found for operations: (?P<operator>[^\n]+)", "{operator}"),
)
TOO_MODERN = (
    (r"Opset (?P<found>\d+) is under development.* till opset (?P<most>\d+)", "opset"),
    (r"Unsupported model IR version: (?P<found>\d+), max supported IR version: (?P<most>\d+)", "ONNX format version"),
)
# Lines and beginnings that say where in the engine's sources it happened.
PLACES = re.compile(
    r"^(\[ONNXRuntimeError\] : \d+ : \w+ : |Load model from .*? failed:|Fatal error: |/\S+:\d+ .*\) (?=[A-Z])"
    r"|Non-zero status code returned while running |This is an invalid model\. |Invalid model\. )"
)
WHERE = re.compile(r"^(?P<operator>\w+) node\. Name:'[^']*' Status Message: ")
NOISE = re.compile(
    r"^(Exception from |Check '|FrontEnd API failed|Model wasn't|Summary|-- |Loading input model|While validating"
    r"|\s*$)"
)


def cannot_load(path: Path, engine: EngineName, error: Exception) -> ModelNotUsable:
    """The error to raise, from ``error``, when an engine has refused to load the file."""
    # OpenVINO needs no onnx of its own, and a process that opens files which it takes should not pay for it.
    from compression.measurement.graph.onnx_file import load_graph, require_external_data

    try:
        require_external_data(path, load_graph(path))
    except ModelNotUsable as found:
        # The engine stumbled over the file itself, which can be told better than it does.
        return found
    text, title = str(error), ENGINE_TITLES[engine]
    for pattern, name in MISSING_OPERATOR:
        if found_operator := re.search(pattern, text):
            # OpenVINO adds the opset: "Sharpen-17, my.domain.Blur".
            operator = re.sub(r"-\d+\b", "", name.format(**found_operator.groupdict()))
            if pattern == NOT_FOR_THESE and _computes_in_64_bits(path):
                kind = found_operator["operator"]
                return ModelNotUsable(
                    path, f"{title} does not have its operator {kind} for 64-bit floats; export it for float32"
                )
            return ModelNotUsable(path, f"{title} does not have its operator {operator}; {STANDARD_OPERATORS}")
    for pattern, what in TOO_MODERN:
        if versions := re.search(pattern, text, re.DOTALL):
            return ModelNotUsable(
                path,
                f"it is written in {what} {versions['found']}, and {title} reads up to {versions['most']}; export it "
                "in an earlier one",
            )
    return ModelNotUsable(path, f"{title} cannot load it ({in_short(text)}); check it, or export it again")


def _computes_in_64_bits(path: Path) -> bool:
    import onnx

    from compression.measurement.graph.onnx_file import load_graph

    graph = load_graph(path).graph
    stored = any(tensor.data_type == onnx.TensorProto.DOUBLE for tensor in graph.initializer)
    return stored or any(
        attribute.name == "to" and attribute.i == onnx.TensorProto.DOUBLE
        for node in graph.node
        for attribute in node.attribute
    )


def cannot_run(path: Path, engine: EngineName, inputs: Inputs, error: Exception) -> ModelNotUsable:
    """The error to raise, from ``error``, when an engine has failed to run the file on these inputs."""
    shapes = " and ".join(" x ".join(map(str, array.shape)) for array in inputs.values())
    return ModelNotUsable(
        path,
        f"{ENGINE_TITLES[engine]} cannot run it on inputs of the shape {shapes} ({in_short(str(error))}); export it "
        "again",
    )


def in_short(text: str) -> str:
    """The first plain statement of an engine's error text, on one line and without the full stop."""
    lines = [line for line in text.splitlines() if not NOISE.match(line)] or [text.strip().splitlines()[0]]
    line = lines[0].strip()
    while (shorter := PLACES.sub("", line)) != line:
        line = shorter
    line = re.split(r"\. (?=[A-Z])", WHERE.sub(r"at a \g<operator>: ", line))[0]
    return (line if len(line) <= LONGEST else f"{line[:LONGEST]}...").rstrip(" .")
