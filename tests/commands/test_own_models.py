"""A model and a folder of one's own: in the catalog, on the command line, and through a whole study."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from compression.catalog.own.models import own_models, remove_model
from compression.catalog.rows import dataset_card, model_title, models_on
from compression.commands.own import add_dataset, add_model, bring
from compression.errors import DamagedFile, UnknownName, UsageError
from compression.methods.modality import Asked
from compression.records.objectives import FitNets
from compression.records.recipes import Original, Quantize
from compression.records.schemes import Qat
from compression.records.study import Options, Request
from compression.studies.request import check, recipes_of
from tests.commands.test_own import fill
from tests.terminal import weigh_in

SIDE = 16


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHIN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def colours(path: Path, sharpness: float = 9.0) -> Path:
    """Tells red, green and blue apart, in that order: which is not that of the folders' names."""
    weights = numpy_helper.from_array(np.float32(sharpness * np.eye(3)), "weights")
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["taken"], ["means"]),
            helper.make_node("Flatten", ["means"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
        ],
        "colours",
        [helper.make_tensor_value_info("taken", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 3])],
        [weights],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


@pytest.fixture
def sea(tmp_path: Path) -> str:
    add_dataset(fill(tmp_path / "sea"), Asked(name="sea", title="The sea", side=SIDE))
    return "sea"


def test_a_model_is_in_the_catalog_under_the_name_of_its_file(
    tmp_path: Path, sea: str, capsys: pytest.CaptureFixture[str]
) -> None:
    add_model(colours(tmp_path / "Red, green & BLUE.onnx"), sea)
    said = capsys.readouterr().out
    assert "Red, green & BLUE: 12 preparations were tried; of " in said
    assert "'Möwe' is its output 2, 'krebs' is its output 0, '鯨' is its output 1" in said
    assert models_on(sea) == ("red-green-blue",)
    assert model_title("red-green-blue", sea) == "Red, green & BLUE"


def test_the_same_file_twice_is_one_row_and_another_one_gets_a_name_of_its_own(tmp_path: Path, sea: str) -> None:
    first = add_model(colours(tmp_path / "colours.onnx"), sea)
    again = tmp_path / "copy.onnx"
    again.write_bytes((tmp_path / "colours.onnx").read_bytes())
    assert add_model(again, sea) == first
    other = add_model(colours(tmp_path / "colours.onnx", sharpness=5.0), sea)
    assert other.name == "colours-2"
    assert len(own_models(sea)) == 2


def test_a_name_that_is_taken_or_can_be_none_is_refused(tmp_path: Path, sea: str) -> None:
    file = colours(tmp_path / "colours.onnx")
    for name, because in (("resnet18", "already"), ("../up", "cannot be called"), ("a--b", "cannot be called")):
        with pytest.raises(UsageError, match=because):
            add_model(file, sea, name=name)
    assert own_models() == ()


def test_a_model_is_removed_and_its_dataset_stays(tmp_path: Path, sea: str) -> None:
    add_model(colours(tmp_path / "colours.onnx"), sea)
    remove_model("colours")
    assert models_on(sea) == ()
    assert dataset_card(sea).title == "The sea"
    with pytest.raises(UnknownName):
        remove_model("colours")


def test_a_file_that_was_changed_since_is_not_studied(tmp_path: Path, sea: str, home: Path) -> None:
    add_model(colours(tmp_path / "colours.onnx"), sea)
    (home / "models" / "colours--sea" / "model.onnx").write_bytes(b"else")
    with pytest.raises(DamagedFile, match="remove the model, and add it again"):
        check(Request(model="colours", dataset=sea, preset="preview"))


def test_of_a_file_nothing_is_asked_that_needs_a_network(tmp_path: Path, sea: str) -> None:
    add_model(colours(tmp_path / "colours.onnx"), sea)
    request = Request(model="colours", dataset=sea, preset="thorough")
    recipes = recipes_of(request)
    assert Original() in recipes
    assert not any(
        isinstance(each, Quantize) and each.source == Original() and isinstance(each.scheme, Qat) for each in recipes
    )
    # A student is a network, whoever taught it.
    assert any(isinstance(each, Quantize) and isinstance(each.scheme, Qat) for each in recipes)
    with pytest.raises(UsageError, match=r"Of colours\.onnx only the answers can be had"):
        check(request.model_copy(update={"options": Options(objective=FitNets())}))


def test_both_may_be_paths_and_a_second_time_nothing_is_added(tmp_path: Path) -> None:
    file, folder = colours(tmp_path / "colours.onnx"), fill(tmp_path / "The Sea")
    assert bring(str(file), str(folder)) == ("colours", "the-sea")
    assert bring(str(file), str(folder)) == ("colours", "the-sea")
    # As wide and high as the model takes them in.
    assert dataset_card("the-sea").inputs[0].shape == (3, SIDE, SIDE)
    assert bring("resnet18", "fashion-mnist") == ("resnet18", "fashion-mnist")


@pytest.mark.study
def test_a_model_and_a_folder_of_ones_own_go_through_a_whole_study_in_one_line(tmp_path: Path, home: Path) -> None:
    file, folder = colours(tmp_path / "colours.onnx"), fill(tmp_path / "The Sea", each=150)
    options = ["--preset", "preview", "--latency-seconds", "0.05", "--out", str(tmp_path / "out")]
    process = weigh_in("run", "--model", str(file), "--dataset", str(folder), *options, home=home)
    assert process.returncode == 0, process.stderr
    study = json.loads((tmp_path / "out" / "study.json").read_text(encoding="utf-8"))
    assert study["subject"]["model_title"] == "colours"
    right = {each["id"]: each["accuracy"]["value"] for each in study["candidates"]}
    assert set(right) == {"original", "int8-ptq", "distilled-small"}
    assert right["original"] == 1.0
    assert right["int8-ptq"] == 1.0
