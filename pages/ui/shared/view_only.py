"""A view-only link, ``?view=1``: through it nothing is started, cancelled, renamed or deleted, on any page."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from compression.errors import UsageError
from pages.ui.shared import words
from pages.ui.shared.address import VIEW

Given = ParamSpec("Given")


def view_only() -> bool:
    """Whether this page was opened by a view-only link."""
    return st.query_params.get(VIEW) == "1"


def refuse_viewers() -> None:
    """Before a change. Raises UsageError for who came by a view-only link: a button may have been drawn before the
    address became one."""
    if view_only():
        raise UsageError(words.VIEW_ONLY)


def not_by_viewers(change: Callable[Given, object]) -> Callable[Given, None]:
    """The same as a callback, which changes nothing for who came by a view-only link, and says so."""

    @wraps(change)
    def changed(*args: Given.args, **kwargs: Given.kwargs) -> None:
        if view_only():
            st.toast(words.VIEW_ONLY, icon=":material/visibility:")
        else:
            change(*args, **kwargs)

    return changed
