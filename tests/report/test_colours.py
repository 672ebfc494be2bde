import tomllib
from pathlib import Path

import pytest

from compression.report.colours import DARK, LIGHT, Palette

CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
THEMES = [("light", LIGHT), ("dark", DARK)]


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, as WCAG 2.2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("theme", "palette"), THEMES)
def test_a_family_has_the_same_colour_on_the_pages_as_in_the_charts(theme: str, palette: Palette) -> None:
    config = tomllib.loads(CONFIG.read_text())["theme"][theme]

    assert config["orangeTextColor"] == palette.family["distillation"]
    assert config["blueTextColor"] == palette.family["quantization"]
    assert config["greenTextColor"] == palette.family["both"]
    assert config["textColor"] == palette.text
    assert config["backgroundColor"] == palette.page


@pytest.mark.parametrize(("_theme", "palette"), THEMES)
def test_colours_that_carry_text_can_be_read_on_their_page(_theme: str, palette: Palette) -> None:
    for family, colour in palette.family.items():
        if family != "control":
            assert contrast(colour, palette.page) >= 4.5, family
    assert contrast(palette.quiet_text, palette.page) >= 4.5
