"""The method page as a visitor has it before them, and what stands on it."""

from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


def method_page(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in parameters.items():
        page.query_params[name] = value
    page.switch_page("pages/how.py").run()
    assert not page.exception
    return page


def everything_said(page: AppTest) -> str:
    return "\n".join(element.value for kind in ("title", "markdown", "caption", "info") for element in page.get(kind))


def table_with(page: AppTest, column: str) -> pd.DataFrame:
    """The one table of the page that has this column."""
    found: list[pd.DataFrame] = [element.value for element in page.dataframe if column in element.value.columns]
    assert len(found) == 1
    return found[0]
