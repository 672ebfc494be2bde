"""A file that was trained on examples prepared otherwise is found out by the validation examples."""

from pathlib import Path

import numpy as np
from onnx import helper

from compression.commands.handed_over import better_prepared
from tests import tiny
from tests.measurement.conftest import save


def nearest_pattern(path: Path, *, scale: float, shift: float) -> Path:
    """A classifier that knows the ten patterns, of numbers that are the pixels times ``scale`` plus ``shift``."""
    examples = tiny.dataset().train
    flat = examples.pixels.reshape(len(examples), -1) * scale + shift  # type: ignore[attr-defined]  # they are images
    means = np.stack([flat[examples.labels == label].mean(axis=0) for label in range(tiny.CLASSES)])
    nodes = [
        helper.make_node("Flatten", ["images"], ["f"]),
        helper.make_node("MatMul", ["f", "w"], ["product"]),
        helper.make_node("Add", ["product", "b"], ["logits"]),
    ]
    stored = {"w": means.T.astype(np.float32), "b": (-(means**2).sum(axis=1) / 2).astype(np.float32)}
    return save(path, nodes, stored, image=tiny.CARD.image_shape)


def hints(path: Path) -> list[str]:
    return better_prepared(path, tiny.dataset(), tiny.TinyModality(), engine="onnxruntime", threads=1)


def test_a_file_that_was_trained_on_another_scale_is_said_to_be(tmp_path: Path) -> None:
    [hint] = hints(nearest_pattern(tmp_path / "theirs.onnx", scale=1.0, shift=0.0))
    assert hint.startswith("Of pixels from 0 to 255 theirs.onnx answers ")
    assert "of 200 validation images right" in hint


def test_nothing_is_said_of_a_file_that_expects_what_it_is_handed(tmp_path: Path) -> None:
    (mean,), (std,) = tiny.CARD.mean, tiny.CARD.std
    assert hints(nearest_pattern(tmp_path / "ours.onnx", scale=1 / 255 / std, shift=-mean / std)) == []
