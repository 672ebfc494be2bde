"""A real process of a lane: what it can make of a strange file, and of one that cannot be read."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from compression.records.study import Options, Request
from compression.store.studies import Store
from compression.studies.launchers.local import start
from compression.studies.supervisor import Supervisor
from tests.constructed import ORIGINAL, candidate
from tests.studies.test_study import drive

QUESTION = Request(
    model="mobilenet_v2",
    dataset="fashion-mnist",
    preset="preview",
    options=Options(schemes=("fp16", "int8-weights"), threads_per_lane=1),
)


def write_with_an_operator_without_rules(path: Path) -> None:
    """A classifier that ONNX Runtime runs, and in which nobody else can tell the shape of what goes into the last
    layer: its operator is ONNX Runtime's own."""
    rng = np.random.default_rng(0)
    nodes = [
        helper.make_node("Flatten", ["images"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w1"], ["hidden"]),
        helper.make_node("Gelu", ["hidden"], ["bent"], domain="com.microsoft"),
        helper.make_node("MatMul", ["bent", "w2"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "odd",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 1, 28, 28])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 10])],
        [
            numpy_helper.from_array(rng.standard_normal((784, 8), np.float32), "w1"),
            numpy_helper.from_array(rng.standard_normal((8, 10), np.float32), "w2"),
        ],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    path.parent.mkdir(parents=True)
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), path)


def test_files_of_an_operator_that_nobody_has_rules_for_are_made_all_the_same(tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(QUESTION)
    assert store.claim_next() is not None
    write_with_an_operator_without_rules(store.folder(study.id) / "artefacts" / "original.onnx")
    store.results.put_candidate(study.id, candidate(ORIGINAL))

    lane = start(["lane", study.id, "quantization"], home=store.home, log=store.log_file(study.id), threads=1)
    assert lane.wait(120) == 0, store.log_file(study.id).read_text()
    made = {each.id: each for each in store.results.candidates(study.id)}
    assert made.keys() == {"original", "fp16", "int8-weights"}
    # 784 x 8 and 8 x 10 multiplications, of which only the engine knows the shapes.
    assert {made[name].macs for name in ("fp16", "int8-weights")} == {784 * 8 + 8 * 10}
    assert not store.results.failures(study.id)
    assert store.study(study.id).state == "running"


def test_an_original_that_cannot_be_read_ends_the_study(tmp_path: Path) -> None:
    store = Store(tmp_path)
    study = store.add(QUESTION)
    artefact = store.folder(study.id) / "artefacts" / "original.onnx"
    artefact.parent.mkdir(parents=True)
    artefact.write_bytes(b"broken off")
    store.results.put_candidate(study.id, candidate(ORIGINAL))

    ended = drive(store, Supervisor(store), study)
    assert ended.state == "failed"
    assert ended.message is not None
    assert ended.message.startswith("The model original.onnx cannot be measured: it is not an ONNX file")
