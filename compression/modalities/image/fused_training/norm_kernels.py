"""Batch normalization, an addition and ReLU of feature maps in three passes over memory, and their gradients in two, as
compiled loops. Knows nothing of torch or of networks.

Maps are flat, float32 or the bits of bf16 as uint16, for which NumPy has no type; all arithmetic is in float32. They
consist of *runs*, one row of one image each, channels last [W * C]; one begins after every *pitch*, and what is
between two is neither read nor written. What is said of a channel is float32 [C].

Faster than torch's functions, whose innermost loop is over channels: docs/lab-notes.md, "Compiled norms".

It is all in one file because what is compiled is kept on disk until this file changes, and would not be made again if
another did from which it takes something.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload
from numpy.typing import NDArray

Maps = NDArray[np.float32] | NDArray[np.uint16]
Number = np.float32 | np.uint16
Channels = NDArray[np.float32]

# What vectors need: sums in any order, products fused into them. That a number may be infinite or none at all is not
# assumed away, since a training that breaks down has to show it.
FREEDOMS = {"reassoc", "contract", "arcp", "nsz"}


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled at the first call, in seconds, and kept on disk: beside this file or among the user's caches."""
    compile_it = partial(njit, nogil=True, fastmath=FREEDOMS, error_model="numpy")
    try:
        return compile_it(cache=True)(function)
    except RuntimeError:
        # Neither can be written to. Then every process compiles for itself.
        return compile_it(cache=False)(function)


@compiled
def normalize(  # noqa: PLR0917  # compiled functions are called by place
    maps: Maps,
    maps_pitch: int,
    run: int,
    added: Maps | None,
    weight: Channels,
    bias: Channels,
    epsilon: np.float32,
    rectified: bool,
    momentum: np.float32,
    running_mean: Channels,
    running_variance: Channels,
    statistics: NDArray[np.float32],
    result: Maps,
    pitch: int,
) -> None:
    """``(maps - mean) / sqrt(variance + epsilon) * weight + bias`` (Ioffe and Szegedy 2015, "Batch Normalization",
    algorithm 1), plus ``added``, if there is any, which lies as ``result`` does, and with ReLU if ``rectified``.

    Writes ``result``, and mean and biased variance of these maps to ``statistics`` [2, C]; moves the running mean and
    the running variance, which is the unbiased one (algorithm 2), towards them by the share ``momentum``.
    """
    runs = len(maps) // maps_pitch
    pixels = runs * run // len(weight)
    mean = _sums(maps, maps_pitch, runs, run, len(weight)) / np.float32(pixels)
    variance = _squares(maps, maps_pitch, runs, run, mean) / np.float32(pixels)
    statistics[0], statistics[1] = mean, variance
    running_mean += momentum * (mean - running_mean)
    running_variance += momentum * (variance * np.float32(pixels / (pixels - 1)) - running_variance)
    scale = weight / np.sqrt(variance + epsilon)
    scales, shifts = _over_run(scale, run), _over_run(bias - mean * scale, run)
    _scale(maps, maps_pitch, runs, scales, shifts, added, _lowest(rectified), result, pitch)


@compiled
def differentiate(  # noqa: PLR0917
    maps: Maps,
    maps_pitch: int,
    run: int,
    result: Maps,
    gradient: Maps,
    second: Maps | None,
    pitch: int,
    weight: Channels,
    epsilon: np.float32,
    rectified: bool,
    statistics: NDArray[np.float32],
    grad_added: Maps,
    grad_maps: Maps,
    grad_parameters: NDArray[np.float32],
) -> None:
    """From the gradient of a loss with respect to ``result`` of :func:`normalize`, those with respect to what went in
    (Ioffe and Szegedy 2015, section 3): ``grad_added``, ``grad_maps``, and of weight and bias ``grad_parameters``
    [2, C].

    That gradient is ``gradient``, plus ``second`` if there is one; both lie as ``result`` does, and so does
    ``grad_added``; ``grad_maps`` lies as ``maps`` do.
    """
    runs = len(maps) // maps_pitch
    pixels = np.float32(runs * run // len(weight))
    mean, deviation = statistics[0], np.sqrt(statistics[1] + epsilon)
    sums, products = _passed(
        maps, maps_pitch, runs, run, result, gradient, second, pitch, mean, _lowest(rectified), grad_added
    )
    grad_parameters[0], grad_parameters[1] = products / deviation, sums
    # With x' = (x - mean) / deviation, and mean() over all pixels:
    # dx = weight / deviation * (dy - mean(dy) - x' * mean(dy * x')).
    scale = weight / deviation
    factor = -scale * products / (deviation * deviation * pixels)
    shift = -scale * sums / pixels - factor * mean
    scales, factors, shifts = _over_run(scale, run), _over_run(factor, run), _over_run(shift, run)
    _combine(grad_added, pitch, maps, maps_pitch, runs, scales, factors, shifts, grad_maps)


@compiled
def _lowest(rectified: bool) -> np.float32:
    """What no number is below behind ReLU, or without it."""
    return np.float32(0.0) if rectified else np.float32(-np.inf)


@compiled
def _over_run(values: Channels, run: int) -> Channels:
    """Values [C] again and again, as long as a run."""
    repeated = np.empty(run, np.float32)
    for place in range(run):
        repeated[place] = values[place % len(values)]
    return repeated


@compiled
def _of_channels(sums: Channels, channels: int) -> Channels:
    """The sums of a run's places added up for each channel [C]."""
    folded = np.zeros(channels, np.float64)
    for place in range(len(sums)):
        folded[place % channels] += sums[place]
    summed: Channels = folded.astype(np.float32)
    return summed


@compiled
def _sums(maps: Maps, pitch: int, runs: int, run: int, channels: int) -> Channels:
    sums = np.zeros(run, np.float32)
    for number in range(runs):
        given = maps[number * pitch : number * pitch + run]
        for place in range(run):
            sums[place] += in_float32(given[place])
    return _of_channels(sums, channels)  # type: ignore[no-any-return]  # compiled functions have no types


@compiled
def _squares(maps: Maps, pitch: int, runs: int, run: int, mean: Channels) -> Channels:
    """The sums of squares about the mean. From the maps again: the difference of two large sums may lose all digits."""
    means = _over_run(mean, run)
    sums = np.zeros(run, np.float32)
    for number in range(runs):
        given = maps[number * pitch : number * pitch + run]
        for place in range(run):
            off = in_float32(given[place]) - means[place]
            sums[place] += off * off
    return _of_channels(sums, len(mean))  # type: ignore[no-any-return]


@compiled
def _scale(  # noqa: PLR0917
    maps: Maps,
    maps_pitch: int,
    runs: int,
    scales: Channels,
    shifts: Channels,
    added: Maps | None,
    floor: np.float32,
    result: Maps,
    pitch: int,
) -> None:
    run = len(scales)
    for number in range(runs):
        given = maps[number * maps_pitch : number * maps_pitch + run]
        made = result[number * pitch : number * pitch + run]
        more = made if added is None else added[number * pitch : number * pitch + run]
        for place in range(run):
            value = in_float32(given[place]) * scales[place] + shifts[place]
            if added is not None:
                value += in_float32(more[place])
            # Written so that what is no number stays so.
            made[place] = rounded(floor if value < floor else value, given[place])


@compiled
def _passed(  # noqa: PLR0917
    maps: Maps,
    maps_pitch: int,
    runs: int,
    run: int,
    result: Maps,
    gradient: Maps,
    second: Maps | None,
    pitch: int,
    mean: Channels,
    floor: np.float32,
    passed: Maps,
) -> tuple[Channels, Channels]:
    """Write the gradient where ReLU let something through; its sum, and that of its products with ``maps - mean``."""
    means = _over_run(mean, run)
    sums, products = np.zeros(run, np.float32), np.zeros(run, np.float32)
    for number in range(runs):
        given = maps[number * maps_pitch : number * maps_pitch + run]
        made = result[number * pitch : number * pitch + run]
        behind = gradient[number * pitch : number * pitch + run]
        more = behind if second is None else second[number * pitch : number * pitch + run]
        through = passed[number * pitch : number * pitch + run]
        for place in range(run):
            value = in_float32(behind[place])
            if second is not None:
                value += in_float32(more[place])
            value = np.float32(0.0) if in_float32(made[place]) <= floor else value
            sums[place] += value
            products[place] += value * (in_float32(given[place]) - means[place])
            through[place] = rounded(value, given[place])
    return _of_channels(sums, len(mean)), _of_channels(products, len(mean))


@compiled
def _combine(  # noqa: PLR0917
    first: Maps,
    first_pitch: int,
    second: Maps,
    pitch: int,
    runs: int,
    scales: Channels,
    factors: Channels,
    shifts: Channels,
    result: Maps,
) -> None:
    """``first * scales + second * factors + shifts``; the result lies as ``second`` does."""
    run = len(scales)
    for number in range(runs):
        one = first[number * first_pitch : number * first_pitch + run]
        other = second[number * pitch : number * pitch + run]
        made = result[number * pitch : number * pitch + run]
        for place in range(run):
            value = in_float32(one[place]) * scales[place] + in_float32(other[place]) * factors[place] + shifts[place]
            made[place] = rounded(value, one[place])


def in_float32(number: Number) -> np.float32:
    """A number of a map in float32. For compiled loops."""
    raise NotImplementedError("compiled loops alone can call this")


def rounded(number: np.float32, stored: Number) -> Number:
    """A float32 as ``stored`` is: rounded to the nearest bf16, to the even one of two, if that is one. For compiled
    loops."""
    raise NotImplementedError("compiled loops alone can call this")


@overload(in_float32, inline="always", strict=False)
def _in_float32(number: types.Type) -> Callable[..., object]:
    if number == types.float32:
        return lambda number: number
    # The bits of a bf16 are the upper half of a float32's.
    return lambda number: np.uint32(np.uint32(number) << np.uint32(16)).view(np.float32)


@overload(rounded, inline="always", strict=False)
def _rounded(number: types.Type, stored: types.Type) -> Callable[..., object]:  # noqa: ARG001
    if stored == types.float32:
        return lambda number, stored: number  # noqa: ARG005

    def nearest(number: np.float32, stored: np.uint16) -> np.uint16:  # noqa: ARG001  # the types have decided
        # What is no number stays so: in a processor's own NaN, and in those of bf16, no carry begins.
        bits = np.float32(number).view(np.uint32)
        odd = np.uint32(np.uint32(bits >> np.uint32(16)) & np.uint32(1))
        return np.uint16(np.uint32(bits + np.uint32(np.uint32(0x7FFF) + odd)) >> np.uint32(16))

    return nearest
