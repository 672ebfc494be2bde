"""Views are fixed beforehand: the same seed shows the same pixels, and view 0 is the image itself."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from compression.catalog.rows import FASHION_MNIST
from compression.modalities.image.augmentation import Augmentation, ImageViews
from compression.modalities.image.reading import ImageExamples

EVERYTHING = torch.arange(40)


@pytest.fixture
def examples() -> ImageExamples:
    random = np.random.default_rng(0)
    images = random.integers(1, 256, (40, 1, 28, 28)).astype(np.uint8)
    return ImageExamples(pixels=images, labels=np.arange(40) % 10, mean=FASHION_MNIST.mean, std=FASHION_MNIST.std)


def views(examples: ImageExamples, augmentation: Augmentation, seed: int = 0, count: int = 3) -> ImageViews:
    return ImageViews(examples, FASHION_MNIST, augmentation, count=count, seed=seed)


def normalized(images: np.ndarray) -> torch.Tensor:
    return torch.from_numpy((images / 255.0 - FASHION_MNIST.mean[0]) / FASHION_MNIST.std[0]).float()


def test_view_0_is_the_normalized_image(examples: ImageExamples) -> None:
    rendered = views(examples, Augmentation(cutout_pixels=8)).render(EVERYTHING, 0)["images"]
    assert torch.allclose(rendered, normalized(examples.pixels), atol=1e-5)


def test_the_same_seed_renders_the_same_pixels(examples: ImageExamples) -> None:
    first, second = (views(examples, Augmentation(cutout_pixels=8), seed=7) for _ in range(2))
    assert torch.equal(first.render(EVERYTHING, 2)["images"], second.render(EVERYTHING, 2)["images"])
    assert first.fingerprint() == second.fingerprint()


def test_another_seed_another_augmentation_or_other_data_have_another_fingerprint(examples: ImageExamples) -> None:
    shifted = replace(examples, labels=(examples.labels + 1) % 10)
    prints = {
        views(examples, Augmentation()).fingerprint(),
        views(examples, Augmentation(), seed=1).fingerprint(),
        views(examples, Augmentation(flip=False)).fingerprint(),
        views(examples, Augmentation(), count=4).fingerprint(),
        views(shifted, Augmentation()).fingerprint(),
    }
    assert len(prints) == 5


def test_the_images_themselves_are_the_same_view_for_every_seed(examples: ImageExamples) -> None:
    first, second = (views(examples, Augmentation(), seed=seed, count=1) for seed in (0, 1))
    assert first.fingerprint() == second.fingerprint()


def test_a_flip_turns_the_image_left_to_right(examples: ImageExamples) -> None:
    seen = views(examples, Augmentation(flip=True, shift_pixels=0)).render(EVERYTHING, 1)["images"]
    original = normalized(examples.pixels)
    mirrored = torch.flip(original, dims=(3,))
    kept = [torch.allclose(seen[i], original[i], atol=1e-5) for i in range(40)]
    turned = [torch.allclose(seen[i], mirrored[i], atol=1e-5) for i in range(40)]
    assert all(a or b for a, b in zip(kept, turned, strict=True))
    assert 8 < sum(turned) < 32


def test_a_shift_moves_the_image_and_fills_with_black(examples: ImageExamples) -> None:
    seen = views(examples, Augmentation(flip=False, shift_pixels=2)).render(EVERYTHING, 1)["images"]
    padded = np.pad(examples.pixels, ((0, 0), (0, 0), (2, 2), (2, 2)))
    offsets = set()
    for i in range(40):
        found = [
            (down, right)
            for down in range(5)
            for right in range(5)
            if torch.allclose(seen[i], normalized(padded[i, :, down : down + 28, right : right + 28]), atol=1e-5)
        ]
        assert len(found) == 1
        offsets.update(found)
    assert len(offsets) > 10


def test_a_cutout_hides_at_most_its_square_and_nothing_else(examples: ImageExamples) -> None:
    seen = views(examples, Augmentation(flip=False, shift_pixels=0, cutout_pixels=8)).render(EVERYTHING, 1)["images"]
    changed = ~torch.isclose(seen, normalized(examples.pixels), atol=1e-5)
    assert torch.all(seen[changed] == 0.0)
    for hidden in changed[:, 0]:
        rows, columns = hidden.any(1), hidden.any(0)
        assert 0 < int(rows.sum()) <= 8
        assert int(hidden.sum()) == int(rows.sum()) * int(columns.sum())


def test_images_are_rendered_channels_last(examples: ImageExamples) -> None:
    rendered = views(examples, Augmentation()).render(EVERYTHING, 1)["images"]
    assert rendered.is_contiguous(memory_format=torch.channels_last)


def test_a_network_that_takes_blue_first_gets_it_so_from_views_and_inputs_alike() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 3, 28, 28)).astype(np.uint8)
    order = {"mean": (0.1, 0.2, 0.3), "std": (0.4, 0.5, 0.6), "blue_first": True}
    card = FASHION_MNIST.model_copy(update={"image_shape": (3, 28, 28), **order})
    given = ImageExamples(pixels=pixels, labels=np.arange(40) % 10, **order)
    inputs = given.inputs(slice(None))["images"]
    np.testing.assert_allclose(inputs[:, 0], (pixels[:, 2] / 255.0 - 0.1) / 0.4, rtol=1e-4, atol=1e-5)
    seen = ImageViews(given, card, Augmentation(), count=1, seed=0).render(EVERYTHING, 0)["images"]
    np.testing.assert_allclose(seen.numpy(), inputs, rtol=1e-4, atol=1e-4)
    assert given.fingerprint() != replace(given, blue_first=False).fingerprint()
