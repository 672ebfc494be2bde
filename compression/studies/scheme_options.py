"""What a question's own options make of a preset's quantization. Torch-free."""

from collections.abc import Iterable, Sequence

from compression.errors import UsageError
from compression.store.recipes import DistillThenQuantize, Quantize, Recipe
from compression.store.records import Options
from compression.store.schemes import SCHEME_NAMES, SCHEMES, Int8, Int8AccuracyAware, Scheme, with_numbers
from compression.studies.presets import Preset


def schemes_of(preset: Preset, options: Options) -> tuple[Scheme, ...]:
    """The schemes that were asked for, else the preset's, for the original, with the numbers that were asked for."""
    if options.schemes is None:
        return with_own_numbers(preset.schemes, options)
    return with_own_numbers([SCHEMES[name] for name in SCHEME_NAMES if name in options.schemes], options)


def with_own_numbers(schemes: Iterable[Scheme], options: Options) -> tuple[Scheme, ...]:
    """The schemes with the numbers that were asked for, where they have them."""
    return tuple(
        with_numbers(scheme, calibration_images=options.calibration_images, largest_drop=options.largest_drop)
        for scheme in schemes
    )


def check_scheme_numbers(recipes: Sequence[Recipe], options: Options) -> None:
    """Raise UsageError for a number that was asked for and that none of the recipes' schemes has."""
    schemes = [recipe.scheme for recipe in recipes if isinstance(recipe, Quantize | DistillThenQuantize)]
    if options.largest_drop is not None and not any(isinstance(scheme, Int8AccuracyAware) for scheme in schemes):
        raise UsageError(
            "A largest accepted drop is for the scheme int8-accuracy-aware, which this study does not try; choose that "
            "scheme too, or leave the drop out."
        )
    calibrated = (isinstance(scheme, Int8 | Int8AccuracyAware) for scheme in schemes)
    if options.calibration_images is not None and not any(calibrated):
        raise UsageError(
            "A number of calibration images is for the schemes int8-ptq and int8-accuracy-aware, neither of which this "
            "study tries; choose one of them too, or leave the number out."
        )
