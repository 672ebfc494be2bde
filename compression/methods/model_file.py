"""From an ONNX model to its bytes on disk. Without torch, so that who brings a file waits for no more than it takes."""

from pathlib import Path

import onnx

from compression.store.files import write_atomically


def write_model(model: onnx.ModelProto, path: Path) -> None:
    """Write a model without the exporter's notes on where each node came from.

    They would outweigh the smallest students: docs/lab-notes.md, "The exporter's notes".
    """
    remove_annotations(model)
    write_atomically(path, model.SerializeToString())


def remove_annotations(model: onnx.ModelProto) -> None:
    """Delete all metadata and documentation of a model in place; what it computes is unchanged."""
    graph = model.graph
    values = (*graph.node, *graph.initializer, *graph.input, *graph.output, *graph.value_info)
    for annotated in (model, graph, *values):
        annotated.ClearField("metadata_props")
        annotated.ClearField("doc_string")
