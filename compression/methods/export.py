"""From a torch network to one deployable ONNX model."""

import logging
import warnings
from collections.abc import Sequence
from typing import Any

import onnx
import torch
from torch import nn
from torch.fx.experimental.optimization import fuse

from compression.catalog.examples import zeros_for
from compression.records.inputs import InputSpec

OUTPUT = "logits"


def export_network(network: nn.Module, inputs: Sequence[InputSpec]) -> onnx.ModelProto:
    """A network as ONNX: its ``inputs``, by name and in order, to ``logits`` [batch, classes], batch free.

    Batch norms are folded into the convolutions before them, so that is what every engine gets. The network is left as
    it was, on the device where it is.
    """
    return export_graph(lightened(network), inputs)


def export_graph(graph: nn.Module, inputs: Sequence[InputSpec]) -> onnx.ModelProto:
    """The same of a network in evaluation mode, operator by operator as it stands."""
    # Two: an example batch of one would be taken as a fixed size.
    example = tuple(torch.from_numpy(array) for array in zeros_for(inputs, 2).values())
    # The exporter reports each of its steps as a warning of the log.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        # Raised inside the exporter by its use of torch's own older functions; nothing here can be changed about it.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        # Said where several inputs share their free axis, as they are to.
        warnings.filterwarnings("ignore", message="# The axis name", category=UserWarning)
        program = torch.onnx.export(
            graph,
            example,
            input_names=[spec.name for spec in inputs],
            output_names=[OUTPUT],
            dynamic_shapes=free_batch(len(inputs)),
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    return program.model_proto


def free_batch(inputs: int) -> tuple[dict[int, Any], ...]:
    """That the first axis of each of so many inputs is free, and the same for all, as the exporter wants to be told."""
    batch = torch.export.Dim("batch")
    return ({0: batch},) * inputs


def lightened(network: nn.Module) -> nn.Module:
    """A copy that the exporter is done with sooner, and makes the same graph of.

    It traces every operator several times over: docs/lab-notes.md, "Time to export".
    """
    copy = fuse(network.eval()).cpu()
    for module in copy.modules():
        if isinstance(module, nn.ReLU | nn.ReLU6):
            module.inplace = False
    return copy
