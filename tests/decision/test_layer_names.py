import pytest

from compression.decision.layer_names import layer_names, layer_shape
from compression.decision.numbers import TIMES
from tests.layers import layer


@pytest.mark.parametrize(
    ("weights", "name"),
    [
        ("layer2.0.conv1.weight", "layer2.0.conv1"),
        ("features.17.conv.1.0.weight", "features.17.conv.1.0"),
        ("classifier/dense/kernel:0", "classifier/dense"),
        ("fc.weight_quantized", "fc"),
        ("onnx::Conv_123", "Conv 1"),
        ("193", "Conv 1"),
    ],
)
def test_a_layer_is_called_as_its_weights_are_without_what_exporters_add(weights: str, name: str) -> None:
    assert layer_names([layer(weights)]) == (name,)


def test_of_a_long_name_the_end_is_kept_which_tells_layers_apart() -> None:
    (name,) = layer_names([layer("backbone.encoder.stages.3.blocks.11.attention.projection.weight")])
    assert name.endswith("attention.projection")
    assert len(name) < 30


def test_no_two_layers_have_the_same_name() -> None:
    names = layer_names([layer("conv.weight"), layer("conv_weight"), layer("fc.weight"), layer("onnx::Conv_7")])
    assert names == ("1 conv", "2 conv", "fc", "Conv 4")


def test_what_a_layer_is_follows_from_its_operator_and_the_shape_of_its_weights() -> None:
    assert layer_shape(layer("conv", shape=(128, 64, 3, 3))) == f"convolution, 128 filters of 3{TIMES}3{TIMES}64"
    assert layer_shape(layer("conv", shape=(1, 8, 5))) == f"convolution, 1 filter of 5{TIMES}8"
    assert layer_shape(layer("fc", shape=(1280, 10), operator="MatMul")) == f"linear, 1,280{TIMES}10"
