"""Fashion-MNIST is there whole, is what it was, and is split the same way each time."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from compression.catalog.examples import Dataset
from compression.catalog.rows import FASHION_MNIST, dataset_folder
from compression.errors import DamagedFile
from compression.modalities.image.reading import load_images


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load_images(FASHION_MNIST)


def test_the_whole_dataset_is_there(dataset: Dataset) -> None:
    assert dataset.train.pixels.shape == (55_000, 1, 28, 28)
    assert dataset.validation.pixels.shape == (5_000, 1, 28, 28)
    assert dataset.test.pixels.shape == (10_000, 1, 28, 28)
    # The test set holds a thousand of each class (Xiao et al. 2017, section 2).
    assert np.bincount(dataset.test.labels).tolist() == [1000] * 10


def test_the_split_is_the_same_each_time(dataset: Dataset) -> None:
    again = load_images(FASHION_MNIST)
    assert again.train.fingerprint() == dataset.train.fingerprint()
    assert again.validation.fingerprint() == dataset.validation.fingerprint()


def test_no_validation_image_is_trained_on(dataset: Dataset) -> None:
    # The original holds some images twice, so it is the number of examples of each that must add up.
    together = np.concatenate([dataset.train.labels, dataset.validation.labels])
    assert np.bincount(together).tolist() == [6000] * 10


def test_normalized_training_pixels_have_mean_zero_and_variance_one(dataset: Dataset) -> None:
    normalized = dataset.train.inputs(slice(5000))["images"]
    assert normalized.dtype == np.float32
    assert abs(float(normalized.mean())) < 0.02
    assert abs(float(normalized.std()) - 1.0) < 0.02


def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "fashion-mnist"
    shutil.copytree(dataset_folder(FASHION_MNIST), folder)
    labels = folder / FASHION_MNIST.files[-1].name
    content = bytearray(labels.read_bytes())
    content[100] ^= 1
    labels.write_bytes(content)
    with pytest.raises(DamagedFile, match=r"t10k-labels-idx1-ubyte\.gz is missing or damaged .* 'git checkout"):
        load_images(FASHION_MNIST, folder)


def test_a_missing_file_is_named_too(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match=r"train-images-idx3-ubyte\.gz is missing or damaged"):
        load_images(FASHION_MNIST, tmp_path)
