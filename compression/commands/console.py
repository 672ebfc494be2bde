"""Where commands print for people: words as they are. To rich, ``student[v2].onnx`` is ``student.onnx`` in a style of
its own, and ``:x:`` is a cross.
"""

from rich.console import Console


def console() -> Console:
    """The standard output, as wide as the terminal is now."""
    return Console(markup=False, emoji=False)
