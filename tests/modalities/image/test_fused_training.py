"""A student that is trained as one function learns what it learns as modules: same gradients, same statistics."""

import copy
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numba import njit
from torch import Tensor, nn
from torch.nn import functional

from compression.modalities.image.fused_training import FusedStep, norm_kernels
from compression.modalities.image.fused_training.conv_norm_activation import ConvNormActivation
from compression.modalities.image.fused_training.convolution import convolve
from compression.modalities.image.fused_training.layout import layout_of
from compression.modalities.image.fused_training.norm_kernels import in_float32, rounded
from compression.modalities.image.students import StudentNetwork
from compression.records.students import Architecture


def trained_once(network: nn.Module, images: Tensor, *, precision: torch.dtype = torch.float32) -> nn.Module:
    """The network with the gradients of one batch, whose labels are always the same."""
    labels = torch.arange(len(images)) % 10
    network.zero_grad()
    with torch.autocast("cpu", precision, enabled=precision != torch.float32):
        logits = network.train()(images)
    functional.cross_entropy(logits.to(torch.promote_types(logits.dtype, torch.float32)), labels).backward()
    return network


def students(
    architecture: Architecture, depth: int = 1, shape: tuple[int, int, int] = (1, 28, 28)
) -> tuple[StudentNetwork, StudentNetwork, nn.Module]:
    """The same weights three times: as one function, as modules, and as modules in double precision."""
    torch.manual_seed(0)
    network = StudentNetwork(image_shape=shape, classes=10, architecture=architecture, width=6, depth=depth)
    modules = copy.deepcopy(network.to(memory_format=torch.channels_last))
    modules.shows_features = True
    return network, modules, copy.deepcopy(modules).double()


def off(found: nn.Module, expected: nn.Module) -> list[float]:
    """How far each gradient is from what is expected, relative to its length; the smallest first."""
    pairs = zip(found.parameters(), expected.parameters(), strict=True)
    return sorted(float((a.grad.double() - b.grad.double()).norm() / b.grad.double().norm()) for a, b in pairs)


def pictures(count: int, shape: tuple[int, int, int] = (1, 28, 28), seed: int = 1) -> Tensor:
    return torch.randn(count, *shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("architecture", ["residual", "separable"])
@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("images", [16, 12, 7], ids=["side by side", "four in a row", "one in a row"])
def test_it_has_the_gradients_of_its_modules(architecture: Architecture, depth: int, images: int) -> None:
    network, _, exact = students(architecture, depth)
    found = off(trained_once(network, pictures(images)), trained_once(exact, pictures(images).double()))
    # Where a number is next to zero, rounding decides what ReLU lets through; of separable layers there are many.
    assert found[len(found) // 2] < (1e-4 if architecture == "residual" else 0.01)
    assert found[-1] < 0.05


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize("width", [1, 4, 5, 7, 14, 21, 28])
def test_images_side_by_side_are_convolved_as_if_each_was_alone(width: int, kernel: int, stride: int) -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(6, 4, kernel, stride, kernel // 2, bias=False)
    images = torch.randn(32, 6, 3, width)
    alone = layer(images)
    layout, made = layout_of(images.shape, 16), layout_of(alone.shape, 16)
    maps = layout.zeros(torch.float32)
    layout.pixels(maps).copy_(images.view(2, 16, *images.shape[1:]))
    with torch.no_grad():
        convolved = convolve(maps, layer.weight, layer)
    each = convolved.unflatten(3, (16, -1))[..., : made.width].permute(0, 3, 1, 2, 4).flatten(0, 1)
    torch.testing.assert_close(each, alone)
    # Between images, the next layer finds zeros.
    assert layout.pitch > width


@pytest.mark.parametrize("shape", [(3, 8, 8), (1, 30, 21), (3, 56, 56), (3, 96, 64)])
def test_it_has_them_for_images_of_any_size(shape: tuple[int, int, int]) -> None:
    network, _, exact = students("residual", shape=shape)
    found = off(trained_once(network, pictures(8, shape)), trained_once(exact, pictures(8, shape).double()))
    assert found[len(found) // 2] < 1e-4
    assert found[-1] < 0.03


def test_its_gradients_in_bf16_are_as_good_as_those_of_its_modules() -> None:
    network, modules, exact = students("residual")
    exact = trained_once(exact, pictures(32).double())
    ours = off(trained_once(network, pictures(32), precision=torch.bfloat16), exact)
    theirs = off(trained_once(modules, pictures(32), precision=torch.bfloat16), exact)
    assert np.median(ours) < 1.3 * np.median(theirs) < 0.5
    assert ours[-1] < 1.5 * theirs[-1]


@pytest.mark.parametrize(("precision", "tolerance"), [(torch.float32, 1e-4), (torch.bfloat16, 0.01)])
def test_it_keeps_the_running_statistics_that_its_modules_keep(precision: torch.dtype, tolerance: float) -> None:
    network, modules, _ = students("residual")
    for student in (network, modules):
        for _ in range(3):
            trained_once(student, pictures(2), precision=precision)
    for ours, theirs in zip(network.buffers(), modules.buffers(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=tolerance, atol=tolerance / 5)
    assert int(network.state_dict()["stem.0.1.num_batches_tracked"]) == 3


def test_without_a_momentum_the_running_statistics_are_the_average_of_all_batches() -> None:
    network, modules, _ = students("residual")
    for student in (network, modules):
        for module in student.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.momentum = None
        for images in (4, 8, 6):
            student.train()(pictures(images))
    for ours, theirs in zip(network.buffers(), modules.buffers(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


def test_a_batch_is_not_touched_by_those_before_it() -> None:
    network, _, exact = students("residual")
    before = ((32, torch.bfloat16), (16, torch.bfloat16), (16, torch.float32), (9, torch.float32), (9, torch.float32))
    for seed, (images, precision) in enumerate(before):
        trained_once(network, pictures(images, seed=seed), precision=precision)
        found = off(network, trained_once(exact, pictures(images, seed=seed).double()))
        assert found[len(found) // 2] < (1e-4 if precision == torch.float32 else 0.3)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda network: pickle.loads(pickle.dumps(network))])
def test_a_copy_of_a_network_that_was_trained_is_trained_by_itself(
    copied: Callable[[StudentNetwork], StudentNetwork],
) -> None:
    network, _, exact = students("residual")
    twin = copied(trained_once(network, pictures(16)))
    network.zero_grad()
    trained_once(twin, pictures(16, seed=2))
    assert all(parameter.grad is None for parameter in network.parameters())
    found = off(twin, trained_once(exact, pictures(16, seed=2).double()))
    assert found[len(found) // 2] < 1e-4


def test_in_inference_mode_it_gives_the_same_answers() -> None:
    network, _, _ = students("residual")
    trained_once(network, pictures(32)).eval()
    with torch.no_grad():
        expected = network(pictures(8, seed=3))
    with torch.inference_mode():
        torch.testing.assert_close(network(pictures(8, seed=3)), expected, rtol=1e-4, atol=1e-5)


def test_kernels_and_strides_that_would_reach_into_the_next_image_are_refused() -> None:
    for layer in (ConvNormActivation(4, 4, 5), ConvNormActivation(4, 4, 3, stride=3)):
        with pytest.raises(ValueError, match="kernels of 3 x 3 in steps of 2"):
            FusedStep(layer=layer, source=0)


def test_one_image_of_one_pixel_in_the_end_is_refused_as_torch_refuses_it() -> None:
    network, _, _ = students("residual", shape=(3, 8, 8))
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        network.train()(pictures(1, (3, 8, 8)))


def test_gradients_of_a_batch_that_another_has_overwritten_are_refused() -> None:
    network, _, _ = students("residual")
    first = network.train()(pictures(16)).sum()
    network(pictures(16))
    with pytest.raises(RuntimeError, match="holds another batch already"):
        first.backward()


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_what_is_no_number_stays_so(precision: torch.dtype) -> None:
    network, _, _ = students("residual")
    images = pictures(16)
    images[3, 0, 5, 5] = torch.nan
    with torch.autocast("cpu", precision, enabled=precision != torch.float32):
        assert network.train()(images).isnan().all()


def test_numbers_are_rounded_to_bf16_as_torch_rounds_them() -> None:
    @njit
    def all_rounded(given: np.ndarray, made: np.ndarray) -> None:
        for place in range(len(given)):
            made[place] = rounded(given[place], made[place])

    @njit
    def all_in_float32(given: np.ndarray, made: np.ndarray) -> None:
        for place in range(len(given)):
            made[place] = in_float32(given[place])

    bits = np.random.default_rng(0).integers(0, 2**32, 10_000, dtype=np.uint32)
    # Halfway between two numbers of bf16, above and below it, infinities and zeros.
    bits[:6] = [0x3F808000, 0x3F818000, 0x3F808001, 0x7F800000, 0xFF800000, 0x80000000]
    numbers = bits.view(np.float32)
    numbers = numbers[~np.isnan(numbers)]
    halves, back = np.zeros(len(numbers), np.uint16), np.zeros(len(numbers), np.float32)
    all_rounded(numbers, halves)
    all_in_float32(halves, back)
    expected = torch.from_numpy(numbers).bfloat16()
    np.testing.assert_array_equal(halves, expected.view(torch.uint16).numpy())
    np.testing.assert_array_equal(back, expected.float().numpy())


def test_it_can_be_had_where_nothing_can_be_kept(tmp_path: Path) -> None:
    shutil.copyfile(norm_kernels.__file__, tmp_path / "passes.py")
    # Where folders are needed, there are files.
    (tmp_path / "__pycache__").touch()
    code = "import passes; print(passes.normalize.stats.cache_path)"
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=tmp_path,
        env={"HOME": str(tmp_path / "passes.py")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "None\n"
