"""A tiny classifier and images that it answers right, all of them: the labels are its own answers."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from compression.catalog.examples import LabelledImages
from compression.measurement.engines import open_session
from compression.methods.quantization.scorer import Scorer
from tests.methods.quantization.networks import IMAGE, convolutional


def normalize(pixels: np.ndarray) -> np.ndarray:
    return ((pixels.astype(np.float32) - 128) / 64).astype(np.float32)


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory, pixels: np.ndarray) -> Path:
    """It answers each class about as often as any other."""
    path = convolutional(tmp_path_factory.mktemp("classifier") / "net.onnx", channels=(16, 64))
    scores = open_session(path, "onnxruntime", threads=1).run(pixels)
    model = onnx.load(path)
    bias = next(tensor for tensor in model.graph.initializer if tensor.name == "b4")
    evened = numpy_helper.to_array(bias) - np.median(scores, axis=0)
    bias.CopyFrom(numpy_helper.from_array(evened, "b4"))
    onnx.save(model, path)
    return path


@pytest.fixture(scope="session")
def images() -> np.ndarray:
    """As they are stored, pixels 0..255."""
    return np.random.default_rng(1).integers(0, 256, size=(400, *IMAGE), dtype=np.uint8)


@pytest.fixture(scope="session")
def pixels(images: np.ndarray) -> np.ndarray:
    """As the classifier takes them."""
    return normalize(images)


@pytest.fixture(scope="session")
def scorer(classifier: Path, images: np.ndarray, pixels: np.ndarray) -> Scorer:
    answers = open_session(classifier, "onnxruntime", threads=1).run(pixels).argmax(axis=1)
    return Scorer(LabelledImages(images=images, labels=answers), normalize, threads=1)


@pytest.fixture(scope="session")
def calibration() -> np.ndarray:
    return normalize(np.random.default_rng(2).integers(0, 256, size=(40, *IMAGE), dtype=np.uint8))
