"""The server lives with what its pages import: none of it may be one of the workers' libraries."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ("app.py", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py"))))
HEAVY = ("torch", "torchvision", "torchao", "nncf", "numba", "onnx", "onnxruntime", "openvino")

RUN_PAGE = """
import json, sys
from streamlit.testing.v1 import AppTest

modules, errors = {}, []
page = AppTest.from_file("app.py", default_timeout=60).run()
for script in sys.argv[1:]:
    if script != "app.py":
        page.switch_page(script).run()
    modules[script] = sorted(sys.modules)
    errors += [str(error.value) for error in page.exception]
print(json.dumps([modules, errors]))
"""


def modules_after(code: str, *arguments: str, home: Path) -> dict[str, set[str]]:
    """Top-level names of all modules that a fresh interpreter holds, after each step of what the code runs."""
    environment = {**os.environ, "WEIGHIN_HOME": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    modules, errors = json.loads(done.stdout.strip().splitlines()[-1])
    assert errors == []
    return {step: {name.partition(".")[0] for name in names} for step, names in modules.items()}


def test_a_page_that_was_shown_has_loaded_no_library_of_the_workers(tmp_path: Path) -> None:
    # One after another in one process: what a page loads is there after those that follow as well.
    loaded = modules_after(RUN_PAGE, *SCRIPTS, home=tmp_path)

    assert all("streamlit" in names for names in loaded.values())
    assert {script: names & set(HEAVY) for script, names in loaded.items()} == {script: set() for script in SCRIPTS}


def test_no_module_that_pages_share_loads_a_library_of_the_workers(tmp_path: Path) -> None:
    parts = (path.relative_to(ROOT).with_suffix("").parts for path in (ROOT / "pages" / "ui").rglob("*.py"))
    names = [".".join(each) for each in parts if each[-1] != "__init__"]
    assert names
    code = (
        f"import importlib, json, sys; [importlib.import_module(name) for name in {names!r}]; "
        "print(json.dumps([{'all': sorted(sys.modules)}, []]))"
    )

    assert modules_after(code, home=tmp_path)["all"].isdisjoint(HEAVY)
