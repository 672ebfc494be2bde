"""Text of somebody else's making, shown as plain text."""

import re

# Nothing that is seen.
WORD_JOINER = "\N{WORD JOINER}"


def as_it_is(text: str) -> str:
    """Text in which nothing is Markdown: an error may quote what somebody put into an address."""
    # Streamlit draws ``:material/delete:`` and ``:smile:`` also where the colons are escaped.
    without_icons = re.sub(r":(?=[\w/+-]+:)", f":{WORD_JOINER}", text)
    return re.sub(r"([\\`*_\[\]<>$:~|#])", r"\\\1", without_icons)
