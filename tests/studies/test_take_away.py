"""What people carry off runs where there is no Weigh-In, and answers as it did in the study."""

import ast
import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from compression.catalog.rows import FASHION_MNIST
from compression.errors import UnknownName, UsageError
from compression.modalities.choose import Catalog
from compression.modalities.image.png import png_of
from compression.modalities.image.reading import load_images
from compression.records.study import Candidate
from compression.store.library import RECORDED, LibraryEntry, recorded_studies
from compression.store.predictions import read_predictions
from compression.studies.take_away import take_away

EXAMPLES = 20


@pytest.fixture(scope="module")
def recorded() -> LibraryEntry:
    return next(entry for entry in recorded_studies(RECORDED) if entry.study.preset == "standard")


@pytest.fixture(scope="module")
def kept(recorded: LibraryEntry) -> Candidate:
    """One whose file and answers are here."""
    return next(
        each
        for each in recorded.document.candidates
        if recorded.artefact(each) is not None
        and each.predictions is not None
        and (recorded.folder / each.predictions).is_file()
    )


def unpacked(content: bytes, to: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(to)
    [folder] = to.iterdir()
    return folder


def test_its_script_gives_the_answers_of_the_study(recorded: LibraryEntry, kept: Candidate, tmp_path: Path) -> None:
    folder = unpacked(take_away(recorded, kept), tmp_path / "away")
    examples = load_images(FASHION_MNIST).test
    names = []
    for row in range(EXAMPLES):
        names.append(f"{row}.png")
        (folder / names[-1]).write_bytes(png_of(examples.pixels[row]))
    # Apart from this checkout, whose folder it does not see.
    done = subprocess.run(
        [sys.executable, "-I", "run.py", *names], cwd=folder, capture_output=True, text=True, timeout=60, check=True
    )

    assert kept.predictions is not None
    answers = read_predictions(recorded.folder / kept.predictions)
    for row, line in enumerate(done.stdout.splitlines()):
        chance = 100 * float(answers.confidences[row])
        told, rest = line.removeprefix(f"{row}.png: ").rsplit(" (", 1)
        assert told == FASHION_MNIST.classes[answers.classes[row]]
        assert float(rest.removesuffix("%)")) == pytest.approx(chance, abs=2.0)


def test_its_script_is_short_and_needs_no_more_than_it_says(
    recorded: LibraryEntry, kept: Candidate, tmp_path: Path
) -> None:
    script = (unpacked(take_away(recorded, kept), tmp_path) / "run.py").read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(script)))
    used = {name.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for name in node.names}
    used |= {str(node.module).split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}
    assert used == {"sys", "pathlib", "numpy", "onnxruntime", "PIL"}
    lines = [line for line in script.split('"""')[2].splitlines() if line.strip()]
    assert len(lines) <= 34


def test_its_card_says_how_it_was_made_what_was_measured_and_the_limits(
    recorded: LibraryEntry, kept: Candidate, tmp_path: Path
) -> None:
    folder = unpacked(take_away(recorded, kept), tmp_path)
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert kept.accuracy is not None
    assert f"{100 * kept.accuracy.value:.1f}% (" in card
    assert kept.sha256 in card
    assert recorded.document.machine is not None
    assert recorded.document.machine.cpu in card
    assert "## Limits" in card
    assert (folder / "labels.txt").read_text(encoding="utf-8").splitlines() == list(FASHION_MNIST.classes)


def test_without_the_dataset_there_is_no_script_and_the_card_says_so(
    recorded: LibraryEntry, kept: Candidate, tmp_path: Path
) -> None:
    def gone(name: str) -> None:
        raise UnknownName("dataset", name, [])

    folder = unpacked(take_away(recorded, kept, Catalog(dataset_card=gone)), tmp_path)
    assert not (folder / "run.py").exists()
    assert "How images are prepared for it is not known here" in (folder / "README.md").read_text(encoding="utf-8")


def test_a_file_that_was_not_kept_cannot_be_taken(recorded: LibraryEntry, kept: Candidate, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="was not kept with this study"):
        take_away(replace(recorded, folder=tmp_path), kept)
