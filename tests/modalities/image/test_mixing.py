"""CutMix covers part of an image by another, and lets the labels share the target as the pixels are shared."""

import pytest
import torch

from compression.modalities.image.augmentation import CutMix

CLASSES = 10


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def one_colour_each(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Images [count, 1, 28, 28] whose every pixel is the label."""
    labels = torch.arange(count) % CLASSES
    return labels.float().view(-1, 1, 1, 1).expand(-1, 1, 28, 28).contiguous(), labels


def mixed_up(images: torch.Tensor, labels: torch.Tensor, *, share: float) -> tuple[torch.Tensor, torch.Tensor]:
    mixed, targets = CutMix(share=share)({"images": images}, labels, CLASSES)
    return mixed["images"], targets


def test_a_label_has_the_share_of_the_target_that_its_image_has_of_the_pixels() -> None:
    images, labels = one_colour_each(200)
    mixed, targets = mixed_up(images, labels, share=1.0)
    pixels = torch.stack([(mixed == label).float().mean((1, 2, 3)) for label in range(CLASSES)], dim=1)
    torch.testing.assert_close(targets, pixels)


def test_what_covers_an_image_is_a_rectangle_of_the_one_before_it() -> None:
    images, labels = one_colour_each(50)
    mixed, _ = mixed_up(images, labels, share=1.0)
    for index, image in enumerate(mixed[:, 0]):
        covered = image == labels[index - 1]
        rows, columns = covered.any(1), covered.any(0)
        assert torch.equal(covered, rows[:, None] & columns[None, :])


def test_rectangles_cover_from_nothing_to_nearly_everything() -> None:
    images, labels = one_colour_each(1000)
    _, targets = mixed_up(images, labels, share=1.0)
    own = targets[torch.arange(1000), labels]
    assert own.min() < 0.2 and own.max() > 0.98
    assert 0.55 < own.mean() < 0.75


def test_only_the_asked_share_of_images_is_mixed() -> None:
    images, labels = one_colour_each(1000)
    mixed, targets = mixed_up(images, labels, share=0.25)
    whole = (mixed == images).all(dim=(1, 2, 3))
    assert targets[whole].argmax(1).equal(labels[whole]) and targets[whole].max(1).values.eq(1.0).all()
    assert 0.7 < whole.float().mean() < 0.8
