"""The bundled models are what their cards say, and a wrong name or file is met with a sentence."""

from pathlib import Path

import pytest
import torch

from compression.catalog.rows import (
    ARCHITECTURES,
    FASHION_MNIST,
    architecture_card,
    dataset_card,
    pretrained_card,
    pretrained_models,
)
from compression.errors import DamagedFile, UnknownName
from compression.methods import pretrained
from compression.methods.device import has_depthwise_convolutions
from compression.modalities.image.networks import (
    build_network,
)

# What each bundled model must reach on the test set.
PROMISED = {"resnet18": 0.945, "mobilenet_v2": 0.940}


@pytest.mark.parametrize("card", ARCHITECTURES, ids=lambda card: card.name)
def test_every_architecture_of_the_catalog_can_be_built(card: object) -> None:
    network = build_network(card.name, FASHION_MNIST).eval()
    assert network(torch.zeros(2, *FASHION_MNIST.image_shape)).shape == (2, 10)


@pytest.mark.parametrize("model", PROMISED)
def test_a_bundled_model_is_as_good_as_promised(model: str) -> None:
    card = pretrained_card(model, "fashion-mnist")
    assert card.test_accuracy.total == 10_000
    assert card.test_accuracy.value >= PROMISED[model]
    assert card.test_accuracy.low < card.test_accuracy.value < card.test_accuracy.high


@pytest.mark.parametrize("model", PROMISED)
def test_a_bundled_model_loads_with_the_parameters_on_its_card(model: str) -> None:
    network = pretrained.load_pretrained(build_network(model, FASHION_MNIST), model, "fashion-mnist")
    assert pretrained.count_parameters(network) == pretrained_card(model, "fashion-mnist").parameters
    assert not network.training


def test_only_the_mobile_network_has_depthwise_convolutions() -> None:
    assert has_depthwise_convolutions(build_network("mobilenet_v2", FASHION_MNIST))
    assert not has_depthwise_convolutions(build_network("resnet18", FASHION_MNIST))


def test_packed_weights_come_back_as_sixteen_bit_numbers_in_float32() -> None:
    torch.manual_seed(0)
    network, copy = (build_network("mobilenet_v2", FASHION_MNIST) for _ in range(2))
    pretrained.unpack_weights(copy, pretrained.pack_weights(network))
    for name, original in network.state_dict().items():
        restored = copy.state_dict()[name]
        assert restored.dtype == original.dtype
        assert torch.equal(restored, original.half().to(original.dtype) if original.is_floating_point() else original)


def test_damaged_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "weights.safetensors").write_bytes(b"not these")
    monkeypatch.setattr(pretrained, "pretrained_folder", lambda *_: tmp_path)
    with pytest.raises(DamagedFile, match="git checkout"):
        pretrained.load_pretrained(build_network("mobilenet_v2", FASHION_MNIST), "mobilenet_v2", "fashion-mnist")


@pytest.mark.parametrize(
    ("look_up", "sentence"),
    [
        (lambda: dataset_card("fashion-minst"), "no dataset called 'fashion-minst'; did you mean 'fashion-mnist'?"),
        (lambda: architecture_card("vgg"), "no model called 'vgg'; choose one of: mobilenet_v2, resnet18."),
        (lambda: pretrained_card("resnet81", "fashion-mnist"), "did you mean 'resnet18'?"),
    ],
)
def test_a_wrong_name_is_met_with_the_right_ones(look_up: object, sentence: str) -> None:
    with pytest.raises(UnknownName) as caught:
        look_up()
    assert sentence in str(caught.value)


def test_the_pretrained_models_are_those_with_a_card() -> None:
    assert set(pretrained_models("fashion-mnist")) == set(PROMISED)
