"""A classifier whose convolutions over small maps became matrix products gives the same scores."""

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from compression.methods.distillation.conv_as_matmul import as_matrix, with_matrix_products
from tests.classifiers import export

IMAGE = (1, 28, 28)
CHANNELS = 256


def file_of(*layers: nn.Module, to: Path) -> Path:
    """A classifier with these layers between maps of 4 x 4 pixels and the last layer, which takes 2 x 2."""
    torch.manual_seed(0)
    first = (nn.AvgPool2d(7), nn.Conv2d(1, CHANNELS, 1), nn.ReLU())
    last = (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(CHANNELS, 10))
    export(nn.Sequential(*first, *layers, *last).eval(), to, IMAGE)
    return to


def scores(model: onnx.ModelProto, images: NDArray[np.float32]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: images})[0]


def operators(model: onnx.ModelProto) -> Counter[str]:
    return Counter(node.op_type for node in model.graph.node)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "dilation"),
    [(2, 3, 1, 1, 1), (4, 3, 2, 1, 1), (5, 3, 2, 0, 1), (4, 2, 1, 0, 2), (3, 1, 2, 0, 1), (2, 5, 1, 2, 1)],
)
def test_a_flattened_map_times_the_matrix_is_its_convolution(
    size: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    torch.manual_seed(0)
    maps, weights = torch.randn(3, 2, size, size + 1).double(), torch.randn(4, 2, kernel, kernel).double()
    convolved = functional.conv2d(maps, weights, stride=stride, padding=padding, dilation=dilation)
    matrix = as_matrix(
        weights.numpy(),
        tuple(maps.shape[1:]),
        tuple(convolved.shape[1:]),
        strides=(stride, stride),
        dilations=(dilation, dilation),
        begins=(padding, padding),
    )
    assert maps.flatten(1).numpy() @ matrix == pytest.approx(convolved.flatten(1).numpy())


@pytest.mark.parametrize("images", [1, 5])
def test_a_rewritten_classifier_gives_the_scores_of_its_file_for_any_number_of_images(
    images: int, tmp_path: Path
) -> None:
    strided, same = (nn.Conv2d(CHANNELS, CHANNELS, 3, stride, padding=1) for stride in (2, 1))
    file = file_of(strided, nn.ReLU(), same, to=tmp_path / "small_maps.onnx")
    rewritten = with_matrix_products(file)
    assert rewritten is not None
    assert operators(rewritten)["Conv"] == operators(onnx.load(file))["Conv"] - 2
    pixels = np.random.default_rng(0).normal(size=(images, *IMAGE)).astype(np.float32)
    assert scores(rewritten, pixels) == pytest.approx(scores(onnx.load(file), pixels), abs=1e-4)


@pytest.mark.parametrize(
    "layer",
    [
        pytest.param(nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1), id="maps of 4 x 4: a matrix mostly of zeros"),
        pytest.param(nn.Conv2d(CHANNELS, 32, 3, stride=2, padding=1), id="weights that stay in the cache"),
        pytest.param(nn.Conv2d(CHANNELS, 4 * CHANNELS, 3, stride=2, padding=1, groups=4), id="groups"),
    ],
)
def test_a_convolution_that_would_not_gain_is_left_alone(layer: nn.Conv2d, tmp_path: Path) -> None:
    after = nn.Conv2d(layer.out_channels, CHANNELS, 1)
    assert with_matrix_products(file_of(layer, after, to=tmp_path / "other.onnx")) is None
