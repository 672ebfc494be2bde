"""What a trade-off chart is made of: points with their intervals, the curve of each kind's best, the choice's ring."""

from math import sqrt

from compression.decision.numbers import in_bytes, in_ms_with_range, in_percent_with_range
from compression.decision.preference import pareto_front
from compression.decision.table import Row, Spread, Table
from compression.decision.wording import FAMILY_TITLES
from compression.report.axes import Axis
from compression.report.chart_layout import Part
from compression.report.chart_names import CURVES, together
from compression.report.colours import MARKER_SIZES_PX, SYMBOLS, Palette

RING_PX = 26
# Where a point's area is the file's size: the diameters of the largest, and of the least that can be pointed at.
LARGEST_PX, LEAST_PX = 60.0, 5.0
# Of files that coincide, each further one is drawn this much smaller, on top of the one before.
SMALLER_PX = 3.5


def diameters_px(table: Table, axis: Axis, *, areas: bool) -> dict[str, float]:
    """Of each point in pixels, by the row's id."""
    diameters: dict[str, float] = {}
    if areas:
        largest = max(row.size_bytes for row in table.rows)
        for rows in together(table.rows, axis):
            above = float("inf")
            for row in sorted(rows, key=lambda row: -row.size_bytes):
                above = max(min(LARGEST_PX * sqrt(row.size_bytes / largest), above - SMALLER_PX), LEAST_PX)
                diameters[row.id] = above
        return diameters
    for rows in together(table.rows, axis):
        most = max(float(MARKER_SIZES_PX[row.family]) for row in rows)
        for number, row in enumerate(rows):
            alone = float(MARKER_SIZES_PX[row.family])
            diameters[row.id] = alone if len(rows) == 1 else max(most + SMALLER_PX * (1 - number), LEAST_PX)
    return diameters


def curve(rows: tuple[Row, ...], axis: Axis, palette: Palette) -> list[Part]:
    """The line through the best of one kind; none where one file is the best in everything."""
    family = rows[0].family
    front = pareto_front(rows, axis.cost)
    if family not in CURVES or len(front) == 1:
        return []
    return [
        {
            "type": "scatter",
            "x": [axis.cost(row) for row in front],
            "y": [100 * row.accuracy.value for row in front],
            "mode": "lines",
            "line": {"color": palette.family[family], "width": 2},
            "hoverinfo": "skip",
            "legendgroup": family,
        }
    ]


def points(  # what is drawn, where, and how it looks
    rows: tuple[Row, ...], table: Table, axis: Axis, diameters: dict[str, float], palette: Palette, *, areas: bool
) -> Part:
    """One kind's files, each with its intervals, and what is told when it is pointed at."""
    family = rows[0].family
    colour = palette.family[family]
    # The smaller ones on top, or nobody could see or point at them.
    rows = tuple(sorted(rows, key=lambda row: -diameters[row.id]))
    beside = {row.id: group for group in together(table.rows, axis) for row in group}
    thin = family == "control" and not areas
    opacity = 0.75 if family == "control" or areas else 1.0
    drawn: Part = {
        "type": "scatter",
        "x": [axis.cost(row) for row in rows],
        "y": [100 * row.accuracy.value for row in rows],
        "error_y": _bars([row.accuracy for row in rows], 100.0, colour),
        "mode": "markers",
        "marker": {
            "color": colour,
            "symbol": "circle" if areas else SYMBOLS[family],
            "size": [diameters[row.id] for row in rows],
            # Plotly's own for marks of several sizes is paler.
            "opacity": opacity,
            # A thin cross is all outline; around other marks it keeps them apart.
            "line": {"color": colour if thin else palette.page, "width": 2 if thin else 1},
        },
        "name": FAMILY_TITLES[family],
        "legendgroup": family,
        "customdata": [[_hover(row, beside[row.id]), row.id] for row in rows],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
        # A click chooses a file to compare with, and changes nothing in the chart.
        "selected": {"marker": {"opacity": opacity}},
        "unselected": {"marker": {"opacity": opacity}},
    }
    if axis.name == "latency":
        drawn["error_x"] = _bars([row.latency_ms for row in rows], 1.0, colour)
    return drawn


def _bars(spreads: list[Spread], scale: float, colour: str) -> Part:
    return {
        "type": "data",
        "symmetric": False,
        "array": [scale * (spread.high - spread.value) for spread in spreads],
        "arrayminus": [scale * (spread.value - spread.low) for spread in spreads],
        "color": colour,
        "thickness": 1.2,
        "width": 3,
    }


def _hover(row: Row, group: tuple[Row, ...]) -> str:
    per = "" if row.batch == 1 else f" for {row.batch} at once"
    others = [other.name for other in group if other.id != row.id]
    here = f"<br><i>In the same place: {'; '.join(others)}</i>" if others else ""
    return (
        f"<b>{row.name}</b><br>{in_bytes(row.size_bytes)}<br>{in_percent_with_range(row.accuracy)} accuracy<br>"
        f"{in_ms_with_range(row.latency_ms)}{per}{here}"
    )


def ring_px(diameter: float) -> float:
    """How wide the ring around a point of that diameter is."""
    return max(RING_PX, diameter + 10)


def ring(choice: Row, axis: Axis, diameter: float, palette: Palette) -> Part:
    """The ring around the choice."""
    colour = palette.family[choice.family]
    return {
        "type": "scatter",
        "x": [axis.cost(choice)],
        "y": [100 * choice.accuracy.value],
        "mode": "markers",
        "marker": {"symbol": "circle-open", "size": diameter, "color": colour, "line": {"color": colour, "width": 3}},
        "hoverinfo": "skip",
    }
