"""Where to put the labels of a chart's points so that they cover neither each other, nor a point, nor the edge; and
which have no such place, and stay away.

Greedy, in pixels of the sizes in which the chart is shown, since a figure cannot ask for the size it got. Two labels
keep apart at every width between the narrowest and the widest. Knows nothing of what the points mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from compression.report.label_boxes import Boxes, distances, meet, overlaps

Anchor = Literal["left", "center", "right"]

# Of the 13-pixel font that the charts use; a little generous, since the width of a letter depends on the system.
CHARACTER_PX = 6.8
LINE_PX = 16.0
GAP_PX = 4.0
# Between two points of a curve: as dense as keeps a label from slipping through.
CURVE_STEP_PX = 8.0
# What a label may cover of points and curves, and still be read: square pixels at any one width.
BEARABLE = 150.0
# A label that is nearer to another point by this much seems to be that one's.
NEARER_PX = 2.0
# How far it may reach over the edge, where nothing is drawn.
OVER_EDGE_PX = 9.0


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A labelled point: its place as shares of the plot's width and height; its marker's radius and how far its error
    bar reaches up and down, in pixels. An empty label only keeps others away; a ``needed`` one is shown in any case.
    """

    x: float
    y: float
    label: str
    radius: float
    bar: float = 0.0
    needed: bool = False


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A straight line to keep clear, as shares of the plot's width and height."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, kw_only=True)
class LabelPosition:
    """Where a label goes: its anchor's offset from the point in pixels, and which end of the text the anchor is."""

    dx: float
    dy: float
    anchor: Anchor


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A plot's size in pixels."""

    width: float
    height: float


def place_labels(
    spots: Sequence[Spot], segments: Sequence[Segment], plots: Sequence[Plot]
) -> tuple[LabelPosition | None, ...]:
    """One place per spot, good in every one of the plots' sizes; earlier spots get the better places. None for a label
    that would cover another, or too much else. ``plots`` are of one height, and go from the narrowest to the widest."""
    return _placed(tuple(spots), tuple(segments), tuple(plots))


# The same chart is drawn again whenever a limit moves, which changes no place.
@lru_cache(maxsize=128)
def _placed(
    spots: tuple[Spot, ...], segments: tuple[Segment, ...], plots: tuple[Plot, ...]
) -> tuple[LabelPosition | None, ...]:
    solid = [_solid(spots, segments, plot) for plot in plots]
    texts: list[Boxes] = []
    places: list[LabelPosition | None] = []
    for spot in spots:
        if not spot.label:
            places.append(None)
            continue
        around = _around(spot)
        # One box a plot: [plots, 4].
        boxes = [np.array([_text(spot, place, plot) for plot in plots]) for place in around]
        free = [
            number
            for number, box in enumerate(boxes)
            if spot.needed or not (any(meet(box, text) for text in texts) or _elsewhere(box, spot, spots, plots))
        ]
        # The order only decides between equally free places.
        badness = {number: _badness(boxes[number], solid, texts, plots) + 1.5 * number for number in free}
        best = min(badness, key=lambda number: badness[number], default=None)
        fits = best is not None and _bearable(boxes[best], solid, plots)
        if best is None or not (fits or spot.needed):
            places.append(None)
            continue
        places.append(around[best])
        texts.append(boxes[best])
    return tuple(places)


def _elsewhere(boxes: Boxes, own: Spot, spots: Sequence[Spot], plots: Sequence[Plot]) -> bool:
    """Whether a label seems to belong to another point than its own, at any of the widths."""
    for box, plot in zip(boxes, plots, strict=True):
        scale = np.array([plot.width, plot.height])
        here = np.array([own.x, own.y]) * scale
        points = np.array([[spot.x, spot.y] for spot in spots]) * scale
        others = points[np.abs(points - here).max(axis=1) > own.radius]
        if len(others) and distances(box, others).min() < distances(box, here[None])[0] - NEARER_PX:
            return True
    return False


def _outside(box: Boxes, plot: Plot) -> float:
    """How far a box reaches out of a plot, in pixels."""
    across = max(0.0, -box[0]) + max(0.0, box[2] - plot.width)
    return float(across + max(0.0, -box[1]) + max(0.0, box[3] - plot.height))


def _badness(boxes: Boxes, solid: Sequence[Boxes], texts: Sequence[Boxes], plots: Sequence[Plot]) -> float:
    """What a label covers, in square pixels; to leave the plot by a pixel is as bad as to cover a few, and another
    label is what it should cover least."""
    return sum(
        3.0 * float(overlaps(box, others).sum())
        + 8.0 * _outside(box, plot)
        + 10.0 * sum(float(overlaps(box, text[number : number + 1]).sum()) for text in texts)
        for number, (box, others, plot) in enumerate(zip(boxes, solid, plots, strict=True))
    )


def _bearable(boxes: Boxes, solid: Sequence[Boxes], plots: Sequence[Plot]) -> bool:
    return all(
        float(overlaps(box, others).sum()) <= BEARABLE and _outside(box, plot) <= OVER_EDGE_PX
        for box, others, plot in zip(boxes, solid, plots, strict=True)
    )


def _solid(spots: Sequence[Spot], segments: Sequence[Segment], plot: Plot) -> Boxes:
    """What no label should cover: markers, error bars and curves."""
    boxes = [
        *(_centred(spot, plot, spot.radius, spot.radius) for spot in spots),
        *(_centred(spot, plot, 3.0, spot.bar) for spot in spots),
        *(box for segment in segments for box in _along(segment, plot)),
    ]
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)


def _along(segment: Segment, plot: Plot) -> list[tuple[float, ...]]:
    """The line as a chain of small boxes."""
    x0, x1 = segment.x0 * plot.width, segment.x1 * plot.width
    y0, y1 = segment.y0 * plot.height, segment.y1 * plot.height
    steps = max(int(max(abs(x1 - x0), abs(y1 - y0)) / CURVE_STEP_PX), 1)
    points = [(x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps) for step in range(steps + 1)]
    return [(x - 2.0, y - 2.0, x + 2.0, y + 2.0) for x, y in points]


def _around(spot: Spot) -> list[LabelPosition]:
    """Places around a point, the most readable first."""
    side = spot.radius + GAP_PX
    above = max(spot.radius, spot.bar) + GAP_PX + LINE_PX / 2
    places = [LabelPosition(dx=side, dy=0.0, anchor="left"), LabelPosition(dx=-side, dy=0.0, anchor="right")]
    for lift in (0.0, LINE_PX, 2 * LINE_PX):
        places += [LabelPosition(dx=0.0, dy=sign * (above + lift), anchor="center") for sign in (1, -1)]
        for up in (1, -1):
            dy = up * (spot.radius + LINE_PX / 2 + lift)
            places += [LabelPosition(dx=side, dy=dy, anchor="left"), LabelPosition(dx=-side, dy=dy, anchor="right")]
    return places


def _text(spot: Spot, place: LabelPosition, plot: Plot) -> tuple[float, ...]:
    length = len(spot.label) * CHARACTER_PX
    x, y = spot.x * plot.width + place.dx, spot.y * plot.height + place.dy
    left = x if place.anchor == "left" else x - length if place.anchor == "right" else x - length / 2
    return left, y - LINE_PX / 2, left + length, y + LINE_PX / 2


def _centred(spot: Spot, plot: Plot, half_width: float, half_height: float) -> tuple[float, ...]:
    x, y = spot.x * plot.width, spot.y * plot.height
    return x - half_width, y - half_height, x + half_width, y + half_height
