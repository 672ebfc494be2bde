"""Where commands print for people: words as they are, and progress on the error output, so that what comes of a command
can be piped on."""

import sys

from rich.console import Console


def console() -> Console:
    """The standard output, as wide as the terminal is now."""
    return Console(markup=False, emoji=False)


class StageLines:
    """Tells each stage when it begins, in a plain line."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, stage: str, _done: float = 0.0) -> None:
        """Tell a stage, unless it was the last to be told."""
        if stage != self._last:
            self._last = stage
            print(stage, file=sys.stderr, flush=True)
