"""Whatever needs explaining is explained where it stands, in the glossary's words."""

import ast
from itertools import chain
from pathlib import Path

from compression.report.glossary import TERMS
from pages.ui.method import machine
from pages.ui.run.lanes import LANE_TERMS
from pages.ui.run.words import LANE_TITLES

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ("text", "number", "st.column_config.CheckboxColumn")
EXPLAINING = ("explain", "explain_measured", "explain_each")


def test_every_column_of_a_table_says_what_it_is() -> None:
    for path in (ROOT / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in COLUMNS:
                assert any(keyword.arg == "help" for keyword in node.keywords), ast.unparse(node)


def terms_explained() -> set[str]:
    """What the tooltips of all pages explain, and what is explained in its place: a lane, an instruction."""
    used = {"95% interval", *machine.X86, *machine.ARM, *LANE_TITLES.values(), *chain(*LANE_TERMS.values())}
    for path in (ROOT / "app.py", *(ROOT / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EXPLAINING:
                used |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    return used


def test_every_term_that_a_tooltip_uses_is_in_the_glossary_and_every_term_of_it_in_a_tooltip() -> None:
    assert {"Accuracy", "File size", "Throughput", "Seed", "Validation accuracy"} <= terms_explained()
    assert terms_explained() == set(TERMS)
