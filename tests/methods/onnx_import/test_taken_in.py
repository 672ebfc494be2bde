"""One score for the second of two classes becomes a score for each."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from compression.measurement.engines import open_session
from compression.methods.onnx_import.taken_in import with_both_classes


@pytest.mark.parametrize("operator", ["Sigmoid", None])
def test_one_score_becomes_one_for_each_class(tmp_path: Path, operator: str | None) -> None:
    nodes = [helper.make_node("ReduceMean", ["taken"], ["logit"], axes=[1], keepdims=1)]
    if operator:
        nodes.append(helper.make_node(operator, ["logit"], ["chance"]))
    graph = helper.make_graph(
        nodes,
        "one score",
        [helper.make_tensor_value_info("taken", TensorProto.FLOAT, ["n", 4])],
        [helper.make_tensor_value_info("chance" if operator else "logit", TensorProto.FLOAT, ["n", 1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = tmp_path / "both.onnx"
    onnx.save(with_both_classes(model), path)
    taken = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    scores = open_session(path, "onnxruntime", threads=1).run({"taken": taken})

    second = 1 / (1 + np.exp(-taken.mean(axis=1)))
    chances = scores if operator else np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(chances, np.stack([1 - second, second], axis=1), rtol=1e-5)
