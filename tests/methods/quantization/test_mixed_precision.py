from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from compression.errors import CandidateFailed
from compression.measurement.engines import open_session
from compression.methods.quantization.low_bit_weights import ready_for_4_bits
from compression.methods.quantization.mixed_precision import mix_precision
from compression.methods.quantization.scorer import Scorer
from compression.methods.quantization.sensitivity import RANKING_EXAMPLES, sensitivities
from tests.methods.quantization.networks import images


def bits(file: Path) -> dict[str, int]:
    stored = {TensorProto.INT4: 4, TensorProto.INT8: 8}
    return {
        tensor.name.removesuffix(".whole"): stored[tensor.data_type]
        for tensor in onnx.load(file).graph.initializer
        if tensor.data_type in stored
    }


def test_the_least_sensitive_layers_get_4_bits_until_the_file_is_small_enough(
    classifier: Path, scorer: Scorer, tmp_path: Path
) -> None:
    target = tmp_path / "mixed.onnx"
    done = list(mix_precision(classifier, target, scorer, times_smaller=3.5))
    assert done == sorted(done)
    assert target.stat().st_size <= classifier.stat().st_size / 3.5
    each_alone = sensitivities(ready_for_4_bits(onnx.load(classifier)), scorer, bits=4, examples=RANKING_EXAMPLES)
    ranked = sorted(each_alone, key=lambda each: each[1].divergence)
    found = [bits(target)[layer.weights] for layer, _ in ranked]
    assert found == sorted(found)
    assert set(found) == {4, 8}


def test_one_layer_fewer_in_4_bits_would_not_do(classifier: Path, scorer: Scorer, tmp_path: Path) -> None:
    sizes = []
    for times_smaller in (2.5, 3.5, 4.0):
        target = tmp_path / f"{times_smaller}.onnx"
        list(mix_precision(classifier, target, scorer, times_smaller=times_smaller))
        sizes.append((list(bits(target).values()).count(4), target.stat().st_size))
    assert sizes == sorted(sizes, key=lambda each: (each[0], -each[1]))
    assert len(set(sizes)) > 1


def test_a_size_that_4_bits_cannot_reach_is_refused_in_a_sentence(
    classifier: Path, scorer: Scorer, tmp_path: Path
) -> None:
    with pytest.raises(CandidateFailed, match=r"cannot become 8 times smaller: .* it is \d\.\d times smaller; ask for"):
        list(mix_precision(classifier, tmp_path / "mixed.onnx", scorer, times_smaller=8.0))


@pytest.mark.parametrize("engine", ["onnxruntime", "openvino"])
def test_a_mixed_file_runs_in_both_engines(engine: str, classifier: Path, scorer: Scorer, tmp_path: Path) -> None:
    target = tmp_path / "mixed.onnx"
    list(mix_precision(classifier, target, scorer, times_smaller=3.5))
    scores = open_session(target, engine, threads=1).run({"pixels": images(20)})  # type: ignore[arg-type]
    before = open_session(classifier, engine, threads=1).run({"pixels": images(20)})  # type: ignore[arg-type]
    assert np.mean(scores.argmax(1) == before.argmax(1)) > 0.6
