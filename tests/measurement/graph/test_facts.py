from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
import torchvision
from onnx import helper

from compression.errors import UsageError
from compression.measurement.graph.facts import GraphFacts, graph_facts
from tests.measurement.conftest import MACS, PARAMETERS, save


@pytest.mark.parametrize("kind", ["float_file", "half_file", "int8_file"])
def test_a_file_counts_the_same_in_every_precision(kind: str, request: pytest.FixtureRequest) -> None:
    assert graph_facts(request.getfixturevalue(kind)) == GraphFacts(parameters=PARAMETERS, macs=MACS)


def test_weights_that_are_quantized_as_they_are_loaded_count_once(tmp_path: Path) -> None:
    scale = {"scale": np.array([0.1] * 5, np.float32), "zero": np.zeros(5, np.int8)}
    nodes = [
        helper.make_node("QuantizeLinear", ["weight", "scale", "zero"], ["q"], axis=1),
        helper.make_node("DequantizeLinear", ["q", "scale", "zero"], ["dq"], axis=1),
        helper.make_node("Flatten", ["images"], ["flat"]),
        helper.make_node("MatMul", ["flat", "dq"], ["logits"]),
    ]
    path = save(tmp_path / "late.onnx", nodes, {"weight": np.ones((64, 5), np.float32), **scale})
    assert graph_facts(path) == GraphFacts(parameters=320, macs=320)


def test_grouped_convolutions_shared_weights_and_limits_are_counted_right(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["images", "first"], ["wide"], pads=[1, 1, 1, 1]),
        helper.make_node("Clip", ["wide", "low", "high"], ["clipped"]),
        helper.make_node("Conv", ["clipped", "each"], ["once"], group=4, pads=[1, 1, 1, 1]),
        helper.make_node("Conv", ["once", "each"], ["twice"], group=4, pads=[1, 1, 1, 1]),
        helper.make_node("Flatten", ["twice"], ["logits"]),
    ]
    constants = {
        "first": np.ones((4, 1, 3, 3), np.float32),
        "each": np.ones((4, 1, 3, 3), np.float32),
        "low": np.array(0.0, np.float32),
        "high": np.array(6.0, np.float32),
        "unused": np.ones(1000, np.float32),
    }
    per_layer = 8 * 8 * 4 * 9
    assert graph_facts(save(tmp_path / "groups.onnx", nodes, constants)) == GraphFacts(
        parameters=72, macs=3 * per_layer
    )


def test_a_normalization_counts_its_scale_and_shift_but_not_its_statistics(tmp_path: Path) -> None:
    names = ["scale", "shift", "mean", "variance"]
    nodes = [
        helper.make_node("BatchNormalization", ["images", *names], ["normal"]),
        helper.make_node("Flatten", ["normal"], ["logits"]),
    ]
    path = save(tmp_path / "normal.onnx", nodes, {name: np.ones(1, np.float32) for name in names})
    assert graph_facts(path) == GraphFacts(parameters=2, macs=0)


def test_shapes_that_cannot_be_worked_out_are_refused_in_one_sentence(tmp_path: Path) -> None:
    node = helper.make_node("Conv", ["images", "w"], ["c"], name="lost")
    path = save(
        tmp_path / "free.onnx",
        [node, helper.make_node("Flatten", ["c"], ["logits"])],
        {"w": np.ones((4, 1, 3, 3), np.float32)},
        image=(1, "height", "width"),
    )
    with pytest.raises(UsageError, match=r"free\.onnx cannot be measured: the shapes at its Conv 'lost'"):
        graph_facts(path)


def test_shapes_behind_an_operator_outside_the_standard_are_refused_with_its_name(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Sharpen", ["images"], ["x"], domain="my.company"),
        helper.make_node("Flatten", ["x"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["logits"], name="last"),
    ]
    path = save(tmp_path / "foreign.onnx", nodes, {"w": np.ones((64, 3), np.float32)})
    model = onnx.load(path)
    model.opset_import.append(helper.make_opsetid("my.company", 1))
    onnx.save(model, path)
    with pytest.raises(
        UsageError, match=r"at its MatMul 'last' cannot be worked out, .* its my\.company\.Sharpen; export"
    ):
        graph_facts(path)


def test_torchvisions_resnet18_has_the_published_size_less_its_folded_scales(tmp_path: Path) -> None:
    network = torchvision.models.resnet18().eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):  # as after training: no bias that folds to zero and is left out
            module.running_mean.uniform_()
    path = tmp_path / "resnet18.onnx"
    torch.onnx.export(
        network,
        (torch.zeros(2, 3, 224, 224),),
        path,
        dynamo=True,
        external_data=False,
        verbose=False,
        dynamic_shapes=({0: torch.export.Dim("batch")},),
    )
    assert sum(each.numel() for each in network.parameters()) == 11_689_512
    assert graph_facts(path) == GraphFacts(parameters=11_684_712, macs=1_814_073_344)
