"""How the original is quantized, where an expert wants to say it: which schemes, and their numbers."""

import streamlit as st

from compression.errors import UsageError
from compression.report.glossary import explain, explain_each
from compression.store.records import Options
from compression.store.schemes import SCHEME_NAMES, Int8, Int8AccuracyAware, SchemeName, name_of_scheme
from compression.studies.presets import Preset
from pages.ui import scheme_words as words

FEWEST_IMAGES, MOST_IMAGES, IMAGES_STEP = 10, 5000, 50
MOST_POINTS = 50.0


def choose_schemes(preset: Preset) -> Options:
    """The options about quantization; whatever is not touched stays the preset's. Raises UsageError for no scheme."""
    own = st.toggle(words.OWN, key="own-schemes", help=words.OWN_HELP)
    terms = explain_each(
        "Weight-only quantization",
        "int4",
        "Dynamic quantization",
        "Accuracy-aware quantization",
        "Mixed precision",
        "Quantization-aware training",
    )
    usual = [name_of_scheme(scheme) for scheme in preset.schemes]
    schemes: list[SchemeName] = st.multiselect(
        words.SCHEMES,
        SCHEME_NAMES,
        default=usual,
        format_func=lambda name: words.SCHEME_CHOICES[name],
        key=f"schemes-of-{preset.name}",
        disabled=not own,
        help=f"{words.SCHEMES_HELP}\n\n{terms}",
    )
    left, right = st.columns(2, gap="medium")
    images = left.number_input(
        words.CALIBRATION_IMAGES,
        FEWEST_IMAGES,
        MOST_IMAGES,
        value=Int8().calibration_images,
        step=IMAGES_STEP,
        key="calibration-images",
        disabled=not own,
        help=f"{words.CALIBRATION_IMAGES_HELP} {explain('Calibration')}",
    )
    keeps_accuracy = "int8-accuracy-aware" in schemes
    points = right.number_input(
        words.LARGEST_DROP,
        0.0,
        MOST_POINTS,
        value=100 * Int8AccuracyAware().largest_drop,
        step=0.1,
        key="largest-drop",
        disabled=not (own and keeps_accuracy),
        help=words.LARGEST_DROP_HELP,
    )
    if not own:
        return Options()
    if not schemes:
        raise UsageError(words.NO_SCHEME)
    return Options(
        schemes=tuple(name for name in SCHEME_NAMES if name in schemes),
        calibration_images=int(images),
        largest_drop=points / 100 if keeps_accuracy else None,
    )
