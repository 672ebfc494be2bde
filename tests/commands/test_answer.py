"""``answer`` as a person meets it: an example of their own, through the files of a recorded study."""

import shutil
from dataclasses import replace
from pathlib import Path

import onnx
import pytest

from compression.catalog.rows import FASHION_MNIST
from compression.measurement.engines import open_session
from compression.modalities.image.png import png_of
from compression.modalities.image.reading import load_images
from compression.records.own_example import OwnAnswers
from compression.store.library import RECORDED, LibraryEntry, recorded_studies
from compression.store.predictions import read_predictions
from compression.studies.own_example import answer_own_example
from tests.terminal import weigh_in


@pytest.fixture(scope="module")
def recorded() -> LibraryEntry:
    [found] = [entry for entry in recorded_studies(RECORDED) if entry.study.preset == "standard"]
    return found


def test_every_file_that_is_here_answers_as_it_did_in_the_study(recorded: LibraryEntry, tmp_path: Path) -> None:
    row = 3
    (tmp_path / "mine").write_bytes(png_of(load_images(FASHION_MNIST).test.pixels[row]))
    json = tmp_path / "answers.json"
    done = weigh_in("answer", recorded.study.id, str(tmp_path / "mine"), "--json", str(json), home=tmp_path / "home")

    assert done.returncode == 0, done.stderr
    found = OwnAnswers.model_validate_json(json.read_bytes())
    candidates = {candidate.id: candidate for candidate in recorded.document.candidates}
    here = {name for name, candidate in candidates.items() if recorded.artefact(candidate) is not None}
    assert {each.candidate for each in found.answers} == here
    kept = {
        name: read_predictions(recorded.folder / candidate.predictions)
        for name, candidate in candidates.items()
        if name in here and candidate.predictions is not None
    }
    assert kept
    for each in found.answers:
        assert each.milliseconds > 0
        if each.candidate in kept:
            assert each.answer == FASHION_MNIST.classes[kept[each.candidate].classes[row]]
            assert each.confidence == pytest.approx(float(kept[each.candidate].confidences[row]), abs=0.02)
    assert "Not here: Original" in done.stdout
    assert found.content.startswith(b"\x89PNG")


def test_of_independent_probabilities_the_largest_is_how_sure_a_file_is(recorded: LibraryEntry, tmp_path: Path) -> None:
    folder = shutil.copytree(recorded.folder, tmp_path / "study")
    candidate = next(each for each in recorded.document.candidates if recorded.artefact(each) is not None)
    model = onnx.load(folder / candidate.artefact)
    logits = model.graph.output[0].name
    model.graph.node.append(onnx.helper.make_node("Sigmoid", [logits], ["chances"]))
    model.graph.output[0].name = "chances"
    onnx.save(model, folder / candidate.artefact)
    example = tmp_path / "mine.png"
    example.write_bytes(png_of(load_images(FASHION_MNIST).test.pixels[3]))

    before = {each.candidate: each for each in answer_own_example(recorded, example).answers}[candidate.id]
    after = {each.candidate: each for each in answer_own_example(replace(recorded, folder=folder), example).answers}
    inputs = load_images(FASHION_MNIST).test.inputs(slice(3, 4))
    scores = open_session(folder / candidate.artefact, "onnxruntime", threads=1).run(inputs)
    assert after[candidate.id].answer == before.answer
    assert after[candidate.id].confidence == pytest.approx(float(scores.max()), abs=1e-6)


@pytest.mark.parametrize(
    ("study", "content", "told"),
    [
        (None, b"<html>", "This file cannot be used: it is not an image"),
        ("nonsense", b"", "There is no study called 'nonsense'"),
        (None, None, "There is no file"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(
    recorded: LibraryEntry, tmp_path: Path, study: str | None, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "mine").write_bytes(content)
    done = weigh_in("answer", study or recorded.study.id, str(tmp_path / "mine"), home=tmp_path / "home")

    assert done.returncode == 2
    assert done.stderr.startswith(told)
    assert len(done.stderr.strip().splitlines()) == 1
