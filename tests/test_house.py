"""The house keeps its plan: imports point down, and everything stands where README and docs say."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer

from compression.__main__ import app
from compression.report.markdown import markdown_table
from compression.store.library import recorded_studies

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = (ROOT / "README.md", *DOCS)


def test_imports_point_down() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", ROOT / "pyproject.toml", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_pages_read_the_study_alone_and_only_the_form_asks_the_catalog() -> None:
    asking = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "app.py", *(ROOT / "pages").rglob("*.py"))
        if any(name.startswith(("compression.catalog", "compression.modalities")) for name in _imported(path))
    ]
    assert asking
    assert [name for name in asking if not name.startswith("pages/ui/run/form")] == []


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{each.name}" for each in node.names)


# Words of one modality, as they stand in sentences and in names: images, image_shape, ImageModality.
WORDS = ("image", "picture", "photo", "pixel", "waveform", "spectrogram", "audio", "speech", "token", "tokenizer")
MODALITY = re.compile(
    rf"(?<![A-Za-z])(?:{'|'.join(WORDS)}|{'|'.join(WORDS).upper()})s?(?![a-z])"
    rf"|(?:{'|'.join(word.title() for word in WORDS)})s?(?![a-z])"
    r"|\b[Rr]ecordings?\b"
)
# What is no modality's: the standard library's name, and names that older studies and command lines have.
NAMES_THAT_STAY = re.compile(r'token_hex|"images"|"calibration_images"|"--calibration-images"')
# Those of a screen, on which widgets and charts are.
SCREEN = re.compile(r"\bpixels?\b")


def test_no_file_names_a_modality_but_those_of_the_modalities_and_the_cards() -> None:
    """Elsewhere data are examples and inputs, and the noun comes from the subject of a study."""
    engine_room = [
        path
        for path in (ROOT / "compression").rglob("*")
        if path.suffix in {".py", ".j2"}
        and not path.is_relative_to(ROOT / "compression" / "modalities")
        and path not in {ROOT / "compression" / "catalog" / card for card in ("cards.py", "rows.py")}
    ]
    assert engine_room
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in (ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *engine_room)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if MODALITY.search(_without_names_that_stay(path, line))
    ]
    assert found == []


def _without_names_that_stay(path: Path, line: str) -> str:
    drawn = path.is_relative_to(ROOT / "pages") or path.is_relative_to(ROOT / "compression" / "report")
    left = NAMES_THAT_STAY.sub("", line)
    return SCREEN.sub("", left) if drawn else left


@pytest.mark.parametrize(
    "line", ["an image", "image_shape: int", "class ImageModality", "IMAGES = 3", "of 28 pixels", "a token", "Pixels"]
)
def test_a_name_or_a_sentence_of_one_modality_is_found(line: str) -> None:
    assert MODALITY.search(line)


@pytest.mark.parametrize("line", ["imagine", "examples", "recorded studies", "audiences"])
def test_other_words_are_left_alone(line: str) -> None:
    assert MODALITY.search(line) is None


def test_every_requirement_is_pinned_exactly() -> None:
    for name in ("requirements.txt", "tests/requirements.txt"):
        lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
        loose = [line for line in lines if line and "==" not in line]
        assert loose == []


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len(README.splitlines()) <= 130


def test_the_rows_in_the_readme_are_those_of_one_recorded_study() -> None:
    shown = README.split("<!-- results -->")[1].split("<!-- /results -->")[0].split("\n")
    head, line, *rows, origin = [line for line in shown if line]
    tables = [markdown_table(recorded.document).split("\n") for recorded in recorded_studies()]
    [of_the_study] = [table for table in tables if origin in table]
    assert of_the_study[:2] == [head, line]
    assert len(rows) == 6
    assert [row for row in of_the_study if row in rows] == sorted(rows, key=of_the_study.index)


def test_the_tree_in_the_readme_is_the_tree_there_is() -> None:
    tree = next(block for block in README.split("```") if "compression/  " in block)
    named = {line.split()[0] for line in tree.strip().split("\n")}
    packages = [f"{path.parent.name}/" for path in (ROOT / "compression").glob("*/__init__.py")]
    pages = [path.name for path in (ROOT / "pages").glob("*.py")]
    folders = {"pages/", "compression/", "assets/", "docs/", "tests/", "ui/"}
    rooms = {"app.py", "__main__.py", "errors.py", *folders}
    assert sorted({*packages, *pages, *rooms} - named) == []
    assert sorted(name for name in named if name.endswith(".py") and name not in {*pages, *rooms}) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(r"`([\w./-]+/[\w.-]*)`|\]\(([\w./-]+)\)|(docs/[\w-]+\.md)", page.read_text())
    around = (ROOT, ROOT / "compression", page.parent)
    gone = [name for name in ("".join(pair) for pair in named) if not any((place / name).exists() for place in around)]
    assert [name for name in gone if "NAME" not in name and not name.startswith(".venv")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_can_be_run(page: Path) -> None:
    commands = typer.main.get_command(app).list_commands(None)  # type: ignore[attr-defined]
    for module, command in re.findall(r"python -m ([\w.]+) ?((?:[a-z][a-z-]*)?)", page.read_text()):
        assert find_spec(module) is not None, module
        assert module != "compression" or command in {"", *commands}, command


def test_every_note_that_the_code_points_to_exists() -> None:
    headings = {line.lstrip("# ") for page in DOCS for line in page.read_text().splitlines() if line.startswith("#")}
    sources = [*(ROOT / "compression").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    for source in sources:
        text = re.sub(r"\s+(?:# )?", " ", source.read_text())
        for page, headings_named in re.findall(r'docs/([\w-]+\.md), ("[^"]+"(?: and "[^"]+")*)', text):
            assert (ROOT / "docs" / page).is_file(), (source, page)
            assert set(re.findall(r'"([^"]+)"', headings_named)) <= headings, (source, headings_named)
