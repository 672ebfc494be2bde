"""A network that computes with rounded numbers does so as the integer arithmetic of the literature."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from torch import nn

from compression.methods.quantization.aware.fake_quantized import FakeQuantized, fake_quantized
from compression.methods.quantization.aware.quantizer import Int8Quantizer

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.normal(0.3, 1.0, (40, 1, 6, 6)).astype(np.float32)


@pytest.fixture(scope="module")
def network() -> nn.Module:
    """A convolution with its batch norm, and a linear layer behind them."""
    torch.manual_seed(0)
    layers = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(48, 4))
    convolution, norm = layers[0], layers[1]
    assert isinstance(convolution, nn.Conv2d)
    with torch.no_grad():
        # One channel with weights of one sign, as in depthwise convolutions.
        convolution.weight[0].abs_()
    assert isinstance(norm, nn.BatchNorm2d)
    nn.init.uniform_(norm.weight, 0.5, 2.0)
    nn.init.normal_(norm.running_mean)
    nn.init.uniform_(norm.running_var, 0.5, 2.0)
    return layers.eval()


@pytest.fixture(scope="module")
def ready(network: nn.Module) -> FakeQuantized:
    return fake_quantized(network, [torch.from_numpy(IMAGES)], settling_steps=1).eval()


@pytest.fixture
def rounded(ready: FakeQuantized) -> FakeQuantized:
    return deepcopy(ready)


def activation(values: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Jacob et al. 2018, equation 12 and section 3: 256 steps from the least to the greatest value that was shown in
    calibration, 0 among them."""
    least, greatest = min(float(shown.min()), 0.0), max(float(shown.max()), 0.0)
    step = (greatest - least) / 255
    zero = round(-least / step)
    return (np.clip(np.round(values / step) + zero, 0, 255) - zero) * step


def weight(values: np.ndarray) -> np.ndarray:
    """Symmetric, each output channel with the smallest step that leaves all its weights within -128..127."""
    flat = values.reshape(len(values), -1)
    step = np.maximum(flat.max(1) / 127, -flat.min(1) / 128).reshape(-1, *[1] * (values.ndim - 1))
    return np.clip(np.round(values / step), -128, 127) * step


def computed_in_numpy(network: nn.Module) -> np.ndarray:
    """The logits of IMAGES, in 64-bit floats, from the weights of the network."""
    state = {name: tensor.numpy().astype(np.float64) for name, tensor in network.state_dict().items()}
    scale = state["1.weight"] / np.sqrt(state["1.running_var"] + 1e-5)
    kernel = weight(state["0.weight"] * scale.reshape(-1, 1, 1, 1))
    bias = (state["0.bias"] - state["1.running_mean"]) * scale + state["1.bias"]

    def features(images: np.ndarray) -> np.ndarray:
        windows = np.lib.stride_tricks.sliding_window_view(images[:, 0], (3, 3), axis=(1, 2))
        return np.maximum(np.einsum("nhwij,cij->nchw", windows, kernel[:, 0]) + bias.reshape(1, -1, 1, 1), 0.0)

    images = IMAGES.astype(np.float64)
    hidden = activation(features(activation(images, images)), features(images)).reshape(len(IMAGES), -1)
    return hidden @ weight(state["4.weight"]).T + state["4.bias"]


def test_a_rounded_network_computes_what_numpy_does(network: nn.Module, rounded: FakeQuantized) -> None:
    with torch.no_grad():
        found = rounded(torch.from_numpy(IMAGES)).numpy()
        unrounded = network(torch.from_numpy(IMAGES)).numpy()
    expected = computed_in_numpy(network)
    assert np.abs(found - expected).max() < 1e-5
    assert np.abs(found - unrounded).max() > 1e-3


def test_the_integers_are_those_it_was_rounded_to(rounded: FakeQuantized) -> None:
    images = torch.from_numpy(IMAGES)
    with torch.no_grad():
        assert torch.equal(rounded.integers()(images), rounded(images))
        weights = [tensor for tensor in rounded.integers().state_dict().values() if tensor.dtype == torch.int8]
    assert sorted(tuple(each.shape) for each in weights if each.ndim > 1) == [(3, 1, 3, 3), (4, 48)]
    assert all(int(each.int().abs().amax(tuple(range(1, each.ndim))).min()) >= 127 for each in weights if each.ndim > 1)


def ranges(rounded: FakeQuantized) -> list[float]:
    return [float(each.scale) for each in rounded.roundings() if not each.is_per_channel]


def test_what_it_is_judged_on_moves_no_range(rounded: FakeQuantized) -> None:
    before = ranges(rounded)
    rounded(5 * torch.from_numpy(IMAGES))
    assert ranges(rounded) == before


def test_the_ranges_of_activations_settle_and_those_of_weights_follow(rounded: FakeQuantized) -> None:
    rounded.train()
    before = ranges(rounded)
    rounded(5 * torch.from_numpy(IMAGES))
    settled = ranges(rounded)
    assert settled > before
    rounded(10 * torch.from_numpy(IMAGES))
    assert ranges(rounded) == settled
    weights = next(each for each in rounded.roundings() if each.is_per_channel)
    step = weights.scale.clone()
    with torch.no_grad():
        for parameter in rounded.parameters():
            parameter.mul_(2)
    rounded(torch.from_numpy(IMAGES))
    assert torch.equal(weights.scale, 2 * step)


def test_gradients_pass_the_rounding_but_not_where_a_number_was_cut_off(rounded: FakeQuantized) -> None:
    images = torch.from_numpy(IMAGES).clone()
    images[0, 0, 2, 2] = 100.0
    images.requires_grad_()
    rounded(images).sum().backward()
    assert images.grad is not None
    assert float(images.grad[0, 0, 2, 2]) == 0.0
    assert float(images.grad[0, 0, 3, 3]) != 0.0


def test_autocast_leaves_it_in_fp32(rounded: FakeQuantized) -> None:
    images = torch.from_numpy(IMAGES)
    with torch.autocast("cpu", torch.bfloat16), torch.no_grad():
        inside = rounded(images)
    assert inside.dtype == torch.float32
    assert torch.equal(inside, rounded(images))


def test_a_batch_norm_has_to_be_folded_beforehand(network: nn.Module) -> None:
    graph = torch.export.export(network, (torch.from_numpy(IMAGES[:2]),)).module()
    with pytest.raises(ValueError, match="fold the batch norms"):
        Int8Quantizer().validate(graph)
