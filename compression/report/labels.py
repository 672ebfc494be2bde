"""Where to put the labels of a chart's points so that they cover neither each other, nor a point, nor the edge.

Greedy, in pixels of every size in which the chart is shown, since a figure cannot ask for the size it got. Knows
nothing of what the points mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Anchor = Literal["left", "center", "right"]

# Of the 13-pixel font that the charts use; a little generous, since the width of a letter depends on the system.
CHARACTER_PX = 6.8
LINE_PX = 16.0
GAP_PX = 4.0
# Between two points of a curve: as dense as keeps a label from slipping through.
CURVE_STEP_PX = 8.0


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle in pixels from the plot's lower left corner, upwards positive."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: "Box") -> float:
        """Shared area, in square pixels."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return width * height if width > 0 and height > 0 else 0.0

    def outside(self, width: float, height: float) -> float:
        """How far it reaches out of the plot, in pixels."""
        across = max(0.0, -self.left) + max(0.0, self.right - width)
        return across + max(0.0, -self.bottom) + max(0.0, self.top - height)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A labelled point: its place as shares of the plot's width and height; its marker's radius and how far its error
    bar reaches up and down, in pixels. An empty label only keeps others away.
    """

    x: float
    y: float
    label: str
    radius: float
    bar: float = 0.0


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
) -> tuple[LabelPosition, ...]:
    """One place per spot, good in every one of the plots' sizes; earlier spots get the better places."""
    solid = {
        plot: [
            *(_marker(spot, plot) for spot in spots),
            *(_bar(spot, plot) for spot in spots),
            *(box for segment in segments for box in _along(segment, plot)),
        ]
        for plot in plots
    }
    places: list[LabelPosition] = []
    for spot in spots:
        candidates = _around(spot)
        # The order only decides between free places.
        best = min(
            candidates,
            key=lambda place: (
                sum(_badness(_text(spot, place, plot), solid[plot], plot) for plot in plots)
                + 1.5 * candidates.index(place)
            ),
        )
        places.append(best)
        if spot.label:
            for plot in plots:
                solid[plot].append(_text(spot, best, plot))
    return tuple(places)


def _badness(text: Box, solid: Sequence[Box], plot: Plot) -> float:
    """What a label covers, in square pixels; to leave the plot by a pixel is as bad as to cover a few."""
    return 3.0 * sum(text.overlap(box) for box in solid) + 8.0 * text.outside(plot.width, plot.height)


def _along(segment: Segment, plot: Plot) -> list[Box]:
    """The line as a chain of small boxes."""
    x0, y0, x1, y1 = (
        segment.x0 * plot.width,
        segment.y0 * plot.height,
        segment.x1 * plot.width,
        segment.y1 * plot.height,
    )
    steps = max(int(max(abs(x1 - x0), abs(y1 - y0)) / CURVE_STEP_PX), 1)
    points = [(x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps) for step in range(steps + 1)]
    return [Box(left=x - 2.0, bottom=y - 2.0, right=x + 2.0, top=y + 2.0) for x, y in points]


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


def _text(spot: Spot, place: LabelPosition, plot: Plot) -> Box:
    length = len(spot.label) * CHARACTER_PX
    x, y = spot.x * plot.width + place.dx, spot.y * plot.height + place.dy
    left = x if place.anchor == "left" else x - length if place.anchor == "right" else x - length / 2
    return Box(left=left, bottom=y - LINE_PX / 2, right=left + length, top=y + LINE_PX / 2)


def _marker(spot: Spot, plot: Plot) -> Box:
    return _centred(spot, plot, half_width=spot.radius, half_height=spot.radius)


def _bar(spot: Spot, plot: Plot) -> Box:
    return _centred(spot, plot, half_width=3.0, half_height=spot.bar)


def _centred(spot: Spot, plot: Plot, *, half_width: float, half_height: float) -> Box:
    x, y = spot.x * plot.width, spot.y * plot.height
    return Box(left=x - half_width, bottom=y - half_height, right=x + half_width, top=y + half_height)
