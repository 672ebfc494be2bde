"""A student can be trained layer by layer as well, as objectives that compare features need it."""

import pytest
import torch

from compression.modalities.image.students import StudentNetwork


@pytest.mark.parametrize("width", (2, 4, 6, 8, 12, 20))
@pytest.mark.parametrize("architecture", ("residual", "separable"))
def test_a_student_of_any_width_has_gradients_layer_by_layer(architecture: str, width: int) -> None:
    """oneDNN's kernel for a convolution of one pixel that moves by two ends the process for some of these widths in
    fp32, on processors without AVX-512 (torch 2.14.1)."""
    network = StudentNetwork(image_shape=(1, 28, 28), classes=10, architecture=architecture, width=width, depth=1)
    network.shows_features = True
    network = network.train().to(memory_format=torch.channels_last)
    for images in (2, 64, 100):
        batch = torch.rand(images, 1, 28, 28).contiguous(memory_format=torch.channels_last)
        network(batch).square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.isfinite().all() for parameter in network.parameters())


def test_picking_the_pixels_beforehand_gives_the_same_gradients() -> None:
    torch.manual_seed(0)
    network = StudentNetwork(image_shape=(1, 12, 12), classes=4, architecture="residual", width=3, depth=1).double()
    network.shows_features = True
    images = torch.rand(4, 1, 12, 12, dtype=torch.float64)
    shortcut = network.blocks[1].shortcut
    assert shortcut is not None
    maps = network.blocks[0](network.stem(images)).detach()
    picked = shortcut.train()(maps)
    strided = shortcut[1].train()(shortcut[0](maps))
    torch.testing.assert_close(picked, strided)
