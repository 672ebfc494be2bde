"""Reading an ``.onnx`` file as what it is, a list of nodes and constants, or saying in one sentence why that cannot be.

Runs nothing, and knows no engine and no dataset.
"""

from collections.abc import Iterator
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from onnx.external_data_helper import ExternalDataInfo, uses_external_data
from onnx.inliner import inline_local_functions

from compression.errors import ModelNotUsable

# The tag of ir_version, the first field of every ModelProto: writers put fields in the order of their numbers.
FIRST_BYTE = b"\x08"
LFS_POINTER = b"version https://git-lfs.github.com/spec/"


def load_graph(path: Path) -> onnx.ModelProto:
    """The file without the external data that it may name, its local functions written out where they are called.

    Raises ModelNotUsable when there is no ONNX model in it.
    """
    if not path.is_file():
        raise ModelNotUsable(path, f"it is not there; check its name and its folder, {path.parent}")
    if path.stat().st_size == 0:
        raise ModelNotUsable(path, "the file is empty; export the model again, or copy it again")
    _require_no_pointer(path, path, "it")
    try:
        model = onnx.load(path, format="protobuf", load_external_data=False)
    except DecodeError as error:
        with path.open("rb") as file:
            begins_well = file.read(1) == FIRST_BYTE
        if begins_well:
            raise ModelNotUsable(path, "the file breaks off or is damaged; copy or download it again") from error
        raise _not_onnx(path) from error
    if not model.ir_version or not model.HasField("graph"):
        raise _not_onnx(path)
    return inline_local_functions(model) if model.functions else model


def inputs_of(model: onnx.ModelProto) -> list[onnx.ValueInfoProto]:
    """What is put into the graph: files in older formats list their weights among the inputs as well."""
    weights = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in weights]


def require_external_data(path: Path, model: onnx.ModelProto) -> None:
    """Raise ModelNotUsable unless every file that ``model`` keeps weights in lies beside ``path``, and is long enough.

    Not said about arrays inside functions and the branches of If and Loop.
    """
    for name, end in _external_ranges(model.graph):
        beside = path.parent / name
        if not beside.is_file():
            raise ModelNotUsable(
                path,
                f"its weights are in a second file, '{name}', which is not beside it; put it there, under that name",
            )
        _require_no_pointer(path, beside, f"the second file with its weights, '{name}',")
        if beside.stat().st_size < end:
            raise ModelNotUsable(
                path, f"the second file with its weights, '{name}', breaks off; copy or download it again"
            )


def stored_files(path: Path) -> tuple[Path, ...]:
    """The file and, behind it, those with its external data: everything that has to be shipped to run it.

    Raises ModelNotUsable when one of them is missing.
    """
    model = load_graph(path)
    require_external_data(path, model)
    names = sorted({name for name, _ in _external_ranges(model.graph)})
    return (path, *(path.parent / name for name in names))


def _external_ranges(graph: onnx.GraphProto) -> Iterator[tuple[str, int]]:
    """For every array that is stored outside: the name of its file, and how far into that file it reaches, in bytes."""
    constants = (attribute.t for node in graph.node for attribute in node.attribute if attribute.HasField("t"))
    for tensor in (*graph.initializer, *constants):
        if uses_external_data(tensor):
            where = ExternalDataInfo(tensor)
            yield where.location, (where.offset or 0) + (where.length or 0)


def _require_no_pointer(path: Path, file: Path, called: str) -> None:
    """Raise ModelNotUsable when ``file``, which belongs to ``path``, is what a clone without Git LFS has instead."""
    with file.open("rb") as opened:
        if opened.read(len(LFS_POINTER)) == LFS_POINTER:
            raise ModelNotUsable(
                path, f"{called} is only a pointer of Git LFS; fetch the file itself with 'git lfs pull'"
            )


def _not_onnx(path: Path) -> ModelNotUsable:
    return ModelNotUsable(path, "it is not an ONNX file, whatever its name says; choose one that was exported to ONNX")


def fixed_batch(path: Path) -> int | None:
    """The batch that a file is fixed to; None when its batch axis is free. Raises ModelNotUsable for no ONNX file."""
    for value in inputs_of(load_graph(path)):
        dimensions = value.type.tensor_type.shape.dim
        if dimensions and dimensions[0].dim_value:
            return int(dimensions[0].dim_value)
    return None
