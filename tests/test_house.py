"""The house keeps its plan: imports point down, and everything stands where the README says."""

import subprocess
import sys
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
