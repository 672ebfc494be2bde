"""The one place where a family gets its colour and its marker. The marker says the same without colour."""

from dataclasses import dataclass

from compression.records.recipes import Family


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Colours of one theme, as CSS: of the families, of text, of lines behind the data, of the page; and of areas, for
    what limits forbid, and for the original's numbers behind those of another file."""

    family: dict[Family, str]
    text: str
    quiet_text: str
    grid: str
    page: str
    forbidden: str
    before: str


# Every family colour but the control's, which is faint by intent, has a contrast of at least 4.5 to its page (WCAG AA).
LIGHT = Palette(
    family={
        "original": "#1b1f27",
        "distillation": "#c2560c",
        "quantization": "#1d5fd1",
        "both": "#15803d",
        "control": "#a3a9b3",
    },
    text="#14171e",
    quiet_text="#5b6270",
    grid="#e6e8ec",
    page="#ffffff",
    forbidden="rgba(27, 31, 39, 0.06)",
    before="rgba(27, 31, 39, 0.28)",
)

DARK = Palette(
    family={
        "original": "#f2f4f7",
        "distillation": "#fb923c",
        "quantization": "#6ba8ff",
        "both": "#4ade80",
        "control": "#6d7480",
    },
    text="#e8eaee",
    quiet_text="#a4abb7",
    grid="#282c34",
    page="#101216",
    forbidden="rgba(232, 234, 238, 0.08)",
    before="rgba(242, 244, 247, 0.34)",
)

# Names of plotly's marker symbols.
SYMBOLS: dict[Family, str] = {
    "original": "star",
    "distillation": "circle",
    "quantization": "square",
    "both": "diamond",
    "control": "x-thin",
}

# The same shapes as characters, for the legend.
GLYPHS: dict[Family, str] = {
    "original": "\N{BLACK STAR}",
    "distillation": "\N{BLACK CIRCLE}",
    "quantization": "\N{BLACK SQUARE}",
    "both": "\N{BLACK DIAMOND}",
    "control": "\N{MULTIPLICATION SIGN}",
}

MARKER_SIZES_PX: dict[Family, int] = {
    "original": 15,
    "distillation": 11,
    "quantization": 11,
    "both": 12,
    "control": 8,
}
