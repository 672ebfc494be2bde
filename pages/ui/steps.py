"""The steps of the limit sliders: round values on a logarithmic scale, around what the study measured."""

from collections.abc import Iterable
from math import floor, log10

ROUND = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)


def logarithmic_steps(measured: Iterable[float], always: Iterable[float | None]) -> list[float]:
    """Round values from just below the smallest measured one to just above the largest, and those of ``always``.

    ``measured`` must not be empty and holds values above zero.
    """
    values = sorted(measured)
    exponents = range(floor(log10(values[0])) - 1, floor(log10(values[-1])) + 2)
    # Rounding keeps 1.5 * 10**-2 from becoming 0.015000000000000001, which would show in the address.
    series = [round(step * 10.0**exponent, 9) for exponent in exponents for step in ROUND]
    first = max((step for step in series if step < values[0]), default=values[0])
    last = min((step for step in series if step >= values[-1]), default=values[-1])
    return sorted({step for step in series if first <= step <= last} | {value for value in always if value is not None})
