"""What the first visitor would wait for: the imports of the page, and the study that an address without one shows."""

from compression.decision.table import conditions_of
from compression.decision.targets import DEFAULT_TARGET
from compression.errors import WeighInError
from pages.ui.front import answer, compare, curves, download, examples, files, kept, sure, why
from pages.ui.shared import frame, library, states

PARTS = (answer, compare, curves, download, examples, files, sure, why, frame, states)


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
