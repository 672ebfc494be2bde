"""Any classifier in a file can teach: whatever batch it takes, wherever its weights lie, whatever its scores are."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import helper
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
from torch import Tensor, nn
from torch.nn import functional

from compression.catalog.examples import Dataset
from compression.measurement.engines import open_session
from compression.measurement.scores.probabilities import ROUNDING
from compression.methods.distillation.conv_as_matmul import with_matrix_products
from compression.methods.distillation.teacher import (
    TeacherNotUsable,
    compute_teacher_logits,
    load_teacher_logits,
    logits_file,
)
from compression.modalities.image.augmentation import Augmentation, ImageViews
from tests.classifiers import export
from tests.tiny import CARD

IMAGES = 150
TEMPERATURE = 4.0


@pytest.fixture(scope="module")
def network() -> nn.Module:
    torch.manual_seed(0)
    features = nn.Sequential(nn.Conv2d(1, 8, 3, stride=2), nn.ReLU(), nn.AvgPool2d(3), nn.Flatten())
    classifier = nn.Linear(8 * 4, 10)
    nn.init.normal_(classifier.weight, std=4.0)
    return nn.Sequential(features, classifier).eval()


@pytest.fixture(scope="module")
def file(network: nn.Module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("teacher") / "free.onnx"
    export(network, path, CARD.image_shape)
    return path


@pytest.fixture(scope="module")
def views(dataset: Dataset) -> ImageViews:
    return ImageViews(dataset.train.select(np.arange(IMAGES)), dataset.card, Augmentation(), count=2, seed=0)


@pytest.fixture
def logits_of(views: ImageViews, tmp_path: Path) -> Callable[[Path], Tensor]:
    def ask(teacher: Path) -> Tensor:
        kept_in = logits_file(teacher, views, tmp_path / "cache")
        assert not kept_in.exists()
        assert list(compute_teacher_logits(teacher, views, kept_in, threads=1))
        return load_teacher_logits(kept_in).float()

    return ask


def test_the_kept_logits_are_those_of_each_view(
    network: nn.Module, file: Path, views: ImageViews, logits_of: Callable[[Path], Tensor]
) -> None:
    kept = logits_of(file)
    assert kept.shape == (2, IMAGES, 10)
    with torch.inference_mode():
        for view in range(2):
            expected = network(views.render(torch.arange(IMAGES), view)["images"])
            # Up to 8 bits of each number where the processor computes in bf16.
            assert (kept[view] - expected).abs().mean() < 0.02 * expected.abs().mean()


def test_a_file_for_one_image_at_a_time_gives_the_same(
    network: nn.Module, file: Path, tmp_path: Path, logits_of: Callable[[Path], Tensor]
) -> None:
    one = tmp_path / "one.onnx"
    export(network, one, CARD.image_shape, opset=11)
    expected = logits_of(file)
    assert (logits_of(one) - expected).abs().mean() < 0.02 * expected.abs().mean()


def test_of_probabilities_the_same_is_learnt_as_of_their_logits(
    network: nn.Module, file: Path, tmp_path: Path, logits_of: Callable[[Path], Tensor]
) -> None:
    # Taken for logits, probabilities would be nearly the same for all classes at a temperature of 4.
    certain = tmp_path / "probabilities.onnx"
    export(nn.Sequential(network, nn.Softmax(dim=1)).eval(), certain, CARD.image_shape)
    expected = functional.softmax(logits_of(file) / TEMPERATURE, dim=-1)
    found = functional.softmax(logits_of(certain) / TEMPERATURE, dim=-1)
    assert expected.max(-1).values.mean() > 0.4, "else it would be no wonder"
    assert (found - expected).abs().mean() < 0.005


def test_of_independent_probabilities_the_logits_behind_them_are_learnt(
    network: nn.Module, tmp_path: Path, logits_of: Callable[[Path], Tensor]
) -> None:
    milder = deepcopy(network)
    with torch.no_grad():
        milder.get_submodule("1").weight *= 0.3
    plain, each_alone = tmp_path / "plain.onnx", tmp_path / "sigmoids.onnx"
    export(milder, plain, CARD.image_shape)
    export(nn.Sequential(milder, nn.Sigmoid()).eval(), each_alone, CARD.image_shape)
    expected, found = logits_of(plain), logits_of(each_alone)
    # Beyond 16 a probability in 32 bits is 0 or 1.
    told = expected.abs() < 12
    assert told.float().mean() > 0.9
    assert (found - expected)[told].abs().mean() < 0.02 * expected.abs().mean()


class Images(CalibrationDataReader):  # type: ignore[misc]  # ONNX Runtime has no type hints
    """What the ranges of 8 bits are taken from."""

    def __init__(self, name: str, images: NDArray[np.float32]) -> None:
        self._left = iter([{name: images}])

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        return next(self._left, None)


@pytest.mark.parametrize("kind", [QuantType.QUInt8, QuantType.QInt8])
def test_of_probabilities_in_8_bits_nearly_the_same_is_learnt(
    kind: QuantType, network: nn.Module, views: ImageViews, tmp_path: Path, logits_of: Callable[[Path], Tensor]
) -> None:
    certain, in_8_bits = tmp_path / "probabilities.onnx", tmp_path / "in-8-bits.onnx"
    export(nn.Sequential(network, nn.Softmax(dim=1)).eval(), certain, CARD.image_shape)
    images = views.render(torch.arange(IMAGES), 0)["images"].contiguous().numpy()
    calibration = Images(onnx.load(certain).graph.input[0].name, images)
    quantize_static(certain, in_8_bits, calibration, activation_type=kind)
    scores = open_session(in_8_bits, "onnxruntime", threads=1).run({"images": images})
    assert np.abs(scores.sum(axis=1) - 1.0).max() > ROUNDING, "else it would be no wonder"
    expected = functional.softmax(logits_of(certain) / TEMPERATURE, dim=-1)
    found = functional.softmax(logits_of(in_8_bits) / TEMPERATURE, dim=-1)
    # Taken for logits, they were targets that hardly differ from even ones.
    assert (found - expected).abs().mean() < (0.1 - expected).abs().mean() / 3


def test_files_that_differ_in_their_outside_weights_only_are_different_teachers(
    file: Path, views: ImageViews, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.onnx"
    onnx.save(onnx.load(file), outside, save_as_external_data=True, location="outside.data", size_threshold=0)
    data = outside.with_name("outside.data")
    before, graph = logits_file(outside, views, tmp_path), outside.read_bytes()
    weights = np.frombuffer(data.read_bytes(), np.uint8).copy()
    weights[0] ^= 1
    data.write_bytes(weights.tobytes())
    assert outside.read_bytes() == graph
    assert logits_file(outside, views, tmp_path) != before


@pytest.mark.parametrize("divisor", [0.0, 1e-9])
def test_scores_that_are_no_numbers_to_learn_from_are_refused(
    divisor: float, file: Path, tmp_path: Path, logits_of: Callable[[Path], Tensor]
) -> None:
    broken = tmp_path / "broken.onnx"
    model = onnx.load(file)
    scores = model.graph.output[0].name
    model.graph.initializer.append(helper.make_tensor("divisor", onnx.TensorProto.FLOAT, [1], [divisor]))
    model.graph.node.append(helper.make_node("Div", [scores, "divisor"], ["divided"]))
    model.graph.output[0].name = "divided"
    onnx.save(model, broken)
    with pytest.raises(TeacherNotUsable) as refused:
        logits_of(broken)
    assert str(refused.value) == (
        "The model broken.onnx cannot be used as a teacher: for one of the training examples it gives a score that is "
        "not a finite number, or too large to be kept in 16 bits; check its weights."
    )
    assert not list(tmp_path.glob("cache/*"))


def test_a_teacher_with_large_layers_on_small_maps_gives_the_scores_of_its_network(
    views: ImageViews, logits_of: Callable[[Path], Tensor], tmp_path: Path
) -> None:
    torch.manual_seed(0)
    deep = nn.Sequential(nn.AvgPool2d(4), nn.Conv2d(1, 256, 1), nn.ReLU(), nn.Conv2d(256, 256, 3, 2, 1), nn.Flatten())
    network = nn.Sequential(deep, nn.Linear(256 * 4, 10)).eval()
    nn.init.normal_(network[1].weight, std=0.5)
    export(network, tmp_path / "deep.onnx", CARD.image_shape)
    assert with_matrix_products(tmp_path / "deep.onnx") is not None
    with torch.no_grad():
        expected = network(views.render(torch.arange(IMAGES), 1)["images"])
    assert (logits_of(tmp_path / "deep.onnx")[1] - expected).abs().mean() < 0.02 * expected.abs().mean()
