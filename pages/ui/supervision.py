"""One supervisor for the whole server: it starts what waits in the queue, also what waited before a restart.

The handle that is cached here is no job: a study's worker is a process of its own and outlives it, and all that is
known of it is in the store.
"""

import threading

import streamlit as st

from compression.store.store import Store
from compression.studies.supervisor import start_in_background


def _stop(stop: threading.Event) -> None:
    stop.set()


# A visitor's "Clear cache" drops the handle; then the thread ends too, and the next page view starts another one.
@st.cache_resource(show_spinner=False, on_release=_stop)
def keep_queue_moving() -> threading.Event:
    """Start the supervisor, unless it runs. Raises UsageError when the home folder cannot be written to."""
    return start_in_background(Store())
