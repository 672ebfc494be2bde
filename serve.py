"""The server: ``streamlit run serve.py``. It makes ready what the first visitor would wait for, and keeps the queue
moving from its start, whether anybody looks or not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import streamlit as st


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """Get ready beside the server, which answers at once."""
    Thread(target=get_ready, name="get-ready", daemon=True).start()
    yield


def get_ready() -> None:
    """Import what the result's page imports, while the visitor's browser is still loading Streamlit itself."""
    from pages.ui.front.ready import read_ahead

    read_ahead()


app = st.App("app.py", lifespan=ready)
