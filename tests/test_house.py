"""The house keeps its plan: imports point down, and everything stands where the README says."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from compression.report.markdown import markdown_table
from compression.store.library import recorded_studies

ROOT = Path(__file__).resolve().parents[1]


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


def test_no_sentence_about_a_study_names_a_modality() -> None:
    """Words of one modality come from the subject of a study; older records keep their fields' names."""
    named = re.compile(r"\b(images?|pictures?|photos?|waveforms?|tokens?|recordings?)\b", re.IGNORECASE)
    files = (
        ROOT / "app.py",
        *(ROOT / "pages").rglob("*.py"),
        *(path for room in ("decision", "report") for path in (ROOT / "compression" / room).rglob("*.*")),
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        if path.suffix in {".py", ".j2"}
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if named.search(line)
    ]
    assert [line for line in found if "each.images" not in line and "--calibration-images" not in line] == []


def test_every_requirement_is_pinned_exactly() -> None:
    for name in ("requirements.txt", "tests/requirements.txt"):
        lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
        loose = [line for line in lines if line and "==" not in line]
        assert loose == []


def test_the_results_in_the_readme_are_those_of_the_recorded_studies() -> None:
    readme = (ROOT / "README.md").read_text()
    tables = [markdown_table(recorded.document) for recorded in recorded_studies()]
    assert tables
    for table in tables:
        assert table in readme


def test_the_tree_in_the_readme_is_the_tree_there_is() -> None:
    readme = (ROOT / "README.md").read_text()
    packages = [path.name for path in (ROOT / "compression").iterdir() if (path / "__init__.py").is_file()]
    pages = [path.name for path in (ROOT / "pages").glob("*.py")]
    missing = [name for name in (*packages, *pages, "app.py", "assets", "tests") if name not in readme]
    assert missing == []
