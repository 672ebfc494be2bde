"""A student that is trained as one function learns what it learns as modules: same gradients, same statistics."""

import copy
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from numba import njit
from torch import Tensor, nn
from torch.nn import functional

from compression.catalog.bundled import FASHION_MNIST
from compression.methods.one_function import passes
from compression.methods.one_function.passes import like, wide
from compression.methods.students import StudentNetwork, build_student
from compression.store.students import Architecture, Student


def trained_once(network: nn.Module, images: Tensor, *, precision: torch.dtype = torch.float32) -> nn.Module:
    """The network with the gradients of one batch, whose labels are always the same."""
    labels = torch.arange(len(images)) % 10
    with torch.autocast("cpu", precision, enabled=precision != torch.float32):
        logits = network.train()(images)
    functional.cross_entropy(logits.to(torch.promote_types(logits.dtype, torch.float32)), labels).backward()
    return network


def students(architecture: Architecture, depth: int = 1) -> tuple[StudentNetwork, StudentNetwork, nn.Module]:
    """The same weights three times: as one function, as modules, and as modules in double precision."""
    torch.manual_seed(0)
    student = Student(size="small", architecture=architecture, width=6, depth=depth)
    network = build_student(student, FASHION_MNIST).to(memory_format=torch.channels_last)
    modules = copy.deepcopy(network)
    modules.shows_features = True
    return network, modules, copy.deepcopy(modules).double()


def off(found: nn.Module, expected: nn.Module) -> list[float]:
    """How far each gradient is from what is expected, relative to its length; the smallest first."""
    pairs = zip(found.parameters(), expected.parameters(), strict=True)
    return sorted(float((a.grad.double() - b.grad.double()).norm() / b.grad.double().norm()) for a, b in pairs)


def pictures(count: int) -> Tensor:
    return torch.randn(count, *FASHION_MNIST.image_shape, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("architecture", ["residual", "separable"])
def test_it_has_the_gradients_of_its_modules(architecture: Architecture, depth: int) -> None:
    network, _, exact = students(architecture, depth)
    found = off(trained_once(network, pictures(10)), trained_once(exact, pictures(10).double()))
    assert found[len(found) // 2] < 1e-4
    # Where a number is next to zero, rounding decides what ReLU lets through.
    assert found[-1] < 0.1


@pytest.mark.parametrize("images", [32, 12, 7], ids=["side by side", "four in a row", "one in a row"])
def test_its_gradients_in_bf16_are_as_good_as_those_of_its_modules(images: int) -> None:
    network, modules, exact = students("residual")
    exact = trained_once(exact, pictures(images).double())
    ours = off(trained_once(network, pictures(images), precision=torch.bfloat16), exact)
    theirs = off(trained_once(modules, pictures(images), precision=torch.bfloat16), exact)
    assert np.median(ours) < 1.3 * np.median(theirs) < 0.5


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


def test_batches_of_another_size_or_type_may_follow_and_change_nothing() -> None:
    network, _, exact = students("residual")
    for images, precision in ((32, torch.bfloat16), (16, torch.bfloat16), (16, torch.float32), (9, torch.float32)):
        network.zero_grad()
        trained_once(network, pictures(images), precision=precision)
    found = off(network, trained_once(exact, pictures(9).double()))
    assert found[len(found) // 2] < 1e-4


def test_a_copy_of_a_network_that_was_trained_is_trained_by_itself() -> None:
    network, _, exact = students("residual")
    trained_once(network, pictures(16))
    twin = copy.deepcopy(network)
    network.zero_grad()
    twin.zero_grad()
    trained_once(twin, pictures(10))
    assert all(not parameter.grad.any() for parameter in network.parameters() if parameter.grad is not None)
    found = off(twin, trained_once(exact, pictures(10).double()))
    assert found[len(found) // 2] < 1e-4


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
    def rounded(given: np.ndarray, made: np.ndarray) -> None:
        for place in range(len(given)):
            made[place] = like(given[place], made[place])

    @njit
    def widened(given: np.ndarray, made: np.ndarray) -> None:
        for place in range(len(given)):
            made[place] = wide(given[place])

    bits = np.random.default_rng(0).integers(0, 2**32, 10_000, dtype=np.uint32)
    # Halfway between two numbers of bf16, above and below it, infinities and zeros.
    bits[:6] = [0x3F808000, 0x3F818000, 0x3F808001, 0x7F800000, 0xFF800000, 0x80000000]
    numbers = bits.view(np.float32)
    numbers = numbers[~np.isnan(numbers)]
    halves, back = np.zeros(len(numbers), np.uint16), np.zeros(len(numbers), np.float32)
    rounded(numbers, halves)
    widened(halves, back)
    expected = torch.from_numpy(numbers).bfloat16()
    np.testing.assert_array_equal(halves, expected.view(torch.uint16).numpy())
    np.testing.assert_array_equal(back, expected.float().numpy())


def test_it_can_be_had_where_nothing_can_be_kept(tmp_path: Path) -> None:
    shutil.copyfile(passes.__file__, tmp_path / "passes.py")
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
