"""The files that the schemes make, seen layer by layer: what is in them is what the scheme says."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

from compression.catalog.examples import Inputs, rows_of
from compression.measurement.engines import open_session
from compression.measurement.layers.activations import SeenLayer, layers_seen
from compression.measurement.layers.dynamic_products import with_numbers_for_integers
from compression.measurement.layers.histogram import step_of
from compression.measurement.layers.roundings import matched, roundings_of
from compression.methods.quantization import quantize_file
from compression.methods.quantization.low_bit_weights import ready_for_4_bits
from compression.methods.quantization.scorer import Scorer
from compression.records.schemes import (
    DynamicInt8,
    HalfPrecision,
    Int8,
    Int8AccuracyAware,
    MixedPrecision,
    Scheme,
    WeightsOnly,
)

LAYERS = ["w1", "w2", "w3", "w4"]
IN_8_BITS = Int8(calibration_examples=40)


@pytest.fixture(scope="module")
def made(
    classifier: Path, scorer: Scorer, calibration: Inputs, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Scheme], Path]:
    def shown(count: int) -> Inputs:
        return rows_of(calibration, slice(count))

    @cache
    def make(scheme: Scheme) -> Path:
        target = tmp_path_factory.mktemp("quantized") / "quantized.onnx"
        list(quantize_file(scheme, classifier, target, calibration=shown, scorer=scorer))
        return target

    return make


@pytest.fixture(scope="module")
def few(inputs: Inputs) -> Inputs:
    return rows_of(inputs, slice(32))


@pytest.fixture(scope="module")
def original(classifier: Path, few: Inputs) -> tuple[SeenLayer, ...]:
    return layers_seen(classifier, few, threads=1)


@pytest.mark.parametrize(
    ("scheme", "layers"),
    [
        (HalfPrecision(), []),
        (WeightsOnly(bits=8), LAYERS),
        (WeightsOnly(bits=4), LAYERS),
        (DynamicInt8(), ["w4"]),
        (IN_8_BITS, LAYERS),
        (Int8AccuracyAware(calibration_examples=40, largest_drop=0.1), LAYERS),
        (MixedPrecision(times_smaller=2.5), LAYERS),
    ],
)
def test_each_layer_in_few_bits_has_a_rounding(
    scheme: Scheme,
    layers: list[str],
    made: Callable[[Scheme], Path],
    original: tuple[SeenLayer, ...],
    few: Inputs,
) -> None:
    found = roundings_of("it", made(scheme), original, few, threads=1)
    assert list(found) == layers
    before = {layer.place.stored: layer for layer in original}
    for name, rounding in found.items():
        for side, numbers in ((rounding.weights, before[name].weights), (rounding.inputs, before[name].inputs)):
            assert sum(side.before) == sum(side.after) == numbers.size
            assert side.values_before == len(np.unique(numbers))
            assert len(side.before) <= 64
        assert rounding.weights.values_after < rounding.weights.values_before or numbers.size < 256


@pytest.mark.parametrize("scheme", [WeightsOnly(bits=8), IN_8_BITS, WeightsOnly(bits=4)])
def test_a_channel_has_no_more_different_weights_than_its_bits_have_numbers(
    scheme: Scheme, made: Callable[[Scheme], Path], original: tuple[SeenLayer, ...], few: Inputs
) -> None:
    pairs = matched(original, layers_seen(made(scheme), few, threads=1, in_few_bits=True))
    assert len(pairs) == len(LAYERS)
    for before, after in pairs:
        assert not np.array_equal(before.by_channel, after.by_channel)
        in_4_bits = scheme == WeightsOnly(bits=4) and before.place.stored in {"w2", "w3"}
        for channel, exact in zip(after.by_channel, before.by_channel, strict=True):
            assert len(np.unique(channel)) <= (15 if in_4_bits else 255)
            # NNCF leaves out a number at the end, so that the largest weight may be off by a whole step; in 4 bits it
            # may be clipped to 0.4 of itself.
            assert np.abs(channel - exact).max() <= (0.61 if in_4_bits else 1.05 / 127) * np.abs(exact).max()


def test_what_a_layer_in_int8_takes_in_lies_on_256_steps(
    made: Callable[[Scheme], Path], original: tuple[SeenLayer, ...], few: Inputs
) -> None:
    for scheme in (IN_8_BITS, DynamicInt8()):
        for layer in layers_seen(made(scheme), few, threads=1, in_few_bits=True):
            step = step_of(np.unique(layer.inputs))
            assert step is not None
            whole = np.rint(layer.inputs.astype(np.float64) / step)
            np.testing.assert_allclose(layer.inputs, whole * step, atol=1e-3 * step)
            assert whole.max() - whole.min() <= 255
    # Weights alone leave what goes in as finely graded as it was.
    weights_only = layers_seen(made(WeightsOnly(bits=8)), few, threads=1, in_few_bits=True)
    assert step_of(np.unique(weights_only[1].inputs)) is None
    np.testing.assert_array_equal(weights_only[0].inputs, original[0].inputs)


@pytest.mark.parametrize("scheme", [IN_8_BITS, WeightsOnly(bits=4)])
def test_what_is_seen_is_what_the_standard_says(scheme: Scheme, made: Callable[[Scheme], Path], few: Inputs) -> None:
    seen = layers_seen(made(scheme), few, threads=1, in_few_bits=True)
    # The reference knows DequantizeLinear from a later opset on, in which it is the same.
    model = ready_for_4_bits(onnx.load(made(scheme)))
    del model.graph.output[:]
    names = [name for layer in seen for name in (layer.place.weights, layer.place.inputs)]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    expected = dict(zip(names, ReferenceEvaluator(model).run(None, {"pixels": few["images"]}), strict=True))
    for layer in seen:
        for numbers, name in ((layer.weights, layer.place.weights), (layer.inputs, layer.place.inputs)):
            difference = np.abs(numbers - expected[name])
            # Sums in another order may round a number to the next step.
            assert np.mean(difference > 1e-4) < 1e-3


def test_a_dynamic_product_in_numbers_computes_the_same(
    made: Callable[[Scheme], Path], few: Inputs, tmp_path: Path
) -> None:
    model = with_numbers_for_integers(onnx.load(made(DynamicInt8())))
    assert [node.op_type for node in model.graph.node].count("MatMul") == 1
    onnx.save(model, tmp_path / "numbers.onnx")
    in_integers, in_numbers = (
        open_session(file, "onnxruntime", threads=1).run(few)
        for file in (made(DynamicInt8()), tmp_path / "numbers.onnx")
    )
    np.testing.assert_allclose(in_numbers, in_integers, rtol=1e-4, atol=1e-4)
