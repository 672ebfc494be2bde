"""A tiny classifier and images that it answers right, all of them: the labels are its own answers."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from compression.catalog.examples import Inputs
from compression.measurement.engines import open_session
from compression.methods.quantization.scorer import Scorer
from compression.modalities.image.reading import ImageExamples
from tests.methods.quantization.networks import IMAGE, convolutional


def drawn(count: int, *, seed: int) -> np.ndarray:
    """Images as they are stored, pixels 0..255."""
    return np.random.default_rng(seed).integers(0, 256, size=(count, *IMAGE), dtype=np.uint8)


def labelled(images: np.ndarray, labels: np.ndarray) -> ImageExamples:
    """As the classifier takes them, (pixel - 128) / 64."""
    return ImageExamples(pixels=images, labels=labels, mean=(128 / 255,), std=(64 / 255,))


def unlabelled(images: np.ndarray) -> Inputs:
    return labelled(images, np.zeros(len(images), np.int64)).inputs(slice(None))


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory, inputs: Inputs) -> Path:
    """It answers each class about as often as any other."""
    path = convolutional(tmp_path_factory.mktemp("classifier") / "net.onnx", channels=(16, 64))
    scores = open_session(path, "onnxruntime", threads=1).run(inputs)
    model = onnx.load(path)
    bias = next(tensor for tensor in model.graph.initializer if tensor.name == "b4")
    evened = numpy_helper.to_array(bias) - np.median(scores, axis=0)
    bias.CopyFrom(numpy_helper.from_array(evened, "b4"))
    onnx.save(model, path)
    return path


@pytest.fixture(scope="session")
def images() -> np.ndarray:
    return drawn(400, seed=1)


@pytest.fixture(scope="session")
def inputs(images: np.ndarray) -> Inputs:
    """The same as the classifier takes them."""
    return unlabelled(images)


@pytest.fixture(scope="session")
def scorer(classifier: Path, images: np.ndarray, inputs: Inputs) -> Scorer:
    answers = open_session(classifier, "onnxruntime", threads=1).run(inputs).argmax(axis=1)
    return Scorer(labelled(images, answers), threads=lambda: 1)


@pytest.fixture(scope="session")
def calibration() -> Inputs:
    return unlabelled(drawn(40, seed=2))
