"""Share: one click copies a link that shows others what one sees. The browser's part is in ``share.js``."""

from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from pages.ui.present import words
from pages.ui.shared.view_only import view_only

HERE = Path(__file__).parent
_share = st.components.v2.component(
    "share",
    html=(HERE / "share.html").read_text(encoding="utf-8"),
    css=(HERE / "share.css").read_text(encoding="utf-8"),
    js=(HERE / "share.js").read_text(encoding="utf-8"),
)


def show_share(page: str, parameters: dict[str, str]) -> None:
    """The button, for a page and what its address is to say. A view-only link leads to nothing but such links."""
    _share(
        key="share",
        width="content",
        data={
            "link": link_to(page, parameters),
            "viewLink": None if view_only() else link_to(page, parameters | {"view": "1"}),
            "share": words.SHARE,
            "copied": words.COPIED,
            "byHand": words.COPY_BY_HAND,
            "viewOnly": words.COPY_VIEW_ONLY,
            "note": words.VIEW_ONLY_NOTE,
        },
    )


def link_to(page: str, parameters: dict[str, str]) -> str:
    """An address for others: of a page, without what its own address says, and with these parameters."""
    return f"{page.partition('?')[0]}?{urlencode(parameters)}"
