"""What the server does before anybody comes: it starts the queue, and reads the study of an address without one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import streamlit as st

from compression.decision.table import conditions_of
from compression.decision.targets import DEFAULT_TARGET
from compression.errors import WeighInError
from pages.ui.front import kept
from pages.ui.shared import frame, library


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """Get ready beside the server, which answers at once."""
    Thread(target=read_ahead, name="get-ready", daemon=True).start()
    yield


def read_ahead() -> None:
    """Read that study and make its table, and start what waits in the queue."""
    try:
        frame.keep_queue_moving()
        entry = library.usual_study(library.open_library())
    except WeighInError:
        # The page says it, to whoever opens it.
        return
    if entry is not None:
        conditions = conditions_of(entry.document)
        if conditions:
            kept.table_under(entry, DEFAULT_TARGET.condition(conditions))
