"""Images that show the same are found, and others are not taken for them."""

import numpy as np
from PIL import Image

from compression.modalities.image.same import first_of_the_same, small_copy


def disk(middle: tuple[int, int], contrast: float, seed: int = 0) -> Image.Image:
    rows, columns = np.mgrid[0:64, 0:64]
    inside = np.hypot(rows - middle[0], columns - middle[1]) < 12
    noise = np.random.default_rng(seed).normal(0, 3, (64, 64))
    return Image.fromarray(np.clip(110 + contrast * inside + noise, 0, 255).astype(np.uint8))


def first(*images: Image.Image) -> list[int]:
    return first_of_the_same(np.stack([small_copy(image) for image in images])).tolist()


def test_another_size_and_another_noise_are_the_same() -> None:
    image = disk((30, 30), 80)
    assert first(image, image.resize((48, 48)), disk((30, 30), 80, seed=1)) == [0, 0, 0]


def test_faint_images_of_different_places_are_not_the_same() -> None:
    assert first(disk((20, 20), 20), disk((40, 40), 20)) == [0, 1]


def test_of_a_row_that_changes_a_little_each_time_not_all_are_the_same() -> None:
    found = first(*(disk((20 + step, 20 + step), 80) for step in range(20)))
    assert found[0] == found[1] == 0
    assert len(set(found)) > 5
