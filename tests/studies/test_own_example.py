"""An example of one's own: a file's confidence is what its scores mean, whichever operators give them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import helper
from scipy.special import expit, softmax

from compression.catalog.rows import FASHION_MNIST
from compression.modalities.image.png import png_of
from compression.modalities.image.reading import load_images
from compression.store.library import LibraryEntry
from compression.studies.own_example import answer_own_example
from tests.constructed import ORIGINAL, candidate, document
from tests.measurement.conftest import save

# What each way to end makes of the logits, and the confidence that this is.
MADE_OF: dict[str, tuple[Sequence[onnx.NodeProto], str]] = {
    "logits": ([helper.make_node("Identity", ["raw"], ["logits"])], "softmax"),
    "softmax": ([helper.make_node("Softmax", ["raw"], ["logits"])], "softmax"),
    "log-softmax": ([helper.make_node("LogSoftmax", ["raw"], ["logits"])], "softmax"),
    "sigmoids": ([helper.make_node("Sigmoid", ["raw"], ["logits"])], "sigmoids"),
    "sigmoids of other operators": (
        [
            helper.make_node("Neg", ["raw"], ["against"]),
            helper.make_node("Exp", ["against"], ["power"]),
            helper.make_node("Sum", ["one", "power"], ["sum"]),
            helper.make_node("Reciprocal", ["sum"], ["logits"]),
        ],
        "sigmoids",
    ),
    # Both between 0 and 1 for the example that is asked about, and not for all others.
    "logits that end in no product": ([helper.make_node("Mul", ["raw", "one"], ["logits"])], "softmax"),
}


@pytest.mark.parametrize("ending", MADE_OF)
def test_the_confidence_of_an_answer_is_what_the_files_scores_mean(ending: str, tmp_path: Path) -> None:
    nodes, meaning = MADE_OF[ending]
    images = load_images(FASHION_MNIST)
    (tmp_path / "mine").write_bytes(png_of(images.test.pixels[3]))
    only = candidate(ORIGINAL)
    file = tmp_path / only.artefact
    file.parent.mkdir()
    raw, at = classifier(file, nodes, images.test.inputs(slice(3, 4))["images"])
    study = document(only)
    entry = LibraryEntry(study=study.study, folder=tmp_path, recorded=False, read=lambda: study, progress=tuple)

    [answer] = answer_own_example(entry, tmp_path / "mine").answers

    assert answer.answer == FASHION_MNIST.classes[at]
    expected = softmax(raw) if meaning == "softmax" else expit(raw)
    assert answer.confidence == pytest.approx(expected.max(), abs=0.02)


def classifier(
    path: Path, nodes: Sequence[onnx.NodeProto], image: NDArray[np.float32]
) -> tuple[NDArray[np.float32], int]:
    """Write one whose logits for ``image`` lie between 0 and 1; these, and the place of the largest."""
    drawn = np.random.default_rng(0).normal(size=(28 * 28, 10)).astype(np.float32)
    given = image.reshape(1, -1) @ drawn
    wanted = np.linspace(0.2, 0.9, 10, dtype=np.float32)
    constants: dict[str, NDArray[np.generic]] = {"w": drawn, "b": (wanted - given)[0], "one": np.ones(1, np.float32)}
    first = [helper.make_node("Flatten", ["images"], ["flat"]), helper.make_node("Gemm", ["flat", "w", "b"], ["raw"])]
    save(path, [*first, *nodes], constants, image=FASHION_MNIST.image_shape)
    return wanted, 9
