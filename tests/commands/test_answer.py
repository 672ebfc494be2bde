"""``answer`` as a person meets it: an example of their own, through the files of a recorded study."""

from pathlib import Path

import pytest

from compression.catalog.rows import FASHION_MNIST
from compression.modalities.image.png import png_of
from compression.modalities.image.reading import load_images
from compression.records.own_example import OwnAnswers
from compression.store.library import RECORDED, LibraryEntry, recorded_studies
from compression.store.predictions import read_predictions
from tests.terminal import weigh_in, weigh_in_here


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
    done = weigh_in_here("answer", study or recorded.study.id, str(tmp_path / "mine"), home=tmp_path / "home")

    assert done.returncode == 2
    assert done.stderr.startswith(told)
    assert len(done.stderr.strip().splitlines()) == 1
