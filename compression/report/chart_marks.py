"""What a decision draws into a trade-off chart: the limits, the choice's ring, and the names beside points.

In the words of plotly's schema, for a figure that holds everything; and as HTML, which lies over a figure of the files
alone and takes a browser no time to change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from compression.decision.table import Row, Table
from compression.decision.verdict import Decision
from compression.report.axes import Axis, CostName, axis_of
from compression.report.chart_layout import Part
from compression.report.chart_names import PLOT_WIDTHS_PX, name_annotations
from compression.report.chart_points import diameters_px, ring, ring_px
from compression.report.colours import Palette

HEIGHT_PX = 322
MARGINS_PX = {"l": 46, "r": 10, "t": 8, "b": 44}
PLOT_HEIGHT_PX = HEIGHT_PX - MARGINS_PX["t"] - MARGINS_PX["b"]
# As the style sheet knows them: on a phone; of one of two charts on a notebook; wider.
WIDTHS_PX = {"narrow": (240.0, 340.0), "middle": (340.0, 560.0), "wide": (560.0, 1480.0)}
# The share of a text that stands before its anchor.
BEFORE_ANCHOR = {"left": "0", "center": "-50%", "right": "-100%"}


@dataclass(frozen=True, kw_only=True)
class ChoiceMarks:
    """Its ring, none where nothing is chosen; and the names for each of the plots that were asked for."""

    ring: list[Part]
    names: list[list[Part]]


def choice_marks(  # what is chosen, where, and how it looks
    choice: Row | None,
    table: Table,
    axis: Axis,
    palette: Palette,
    *,
    areas: bool = False,
    plots: Sequence[Sequence[float]] = (PLOT_WIDTHS_PX,),
) -> ChoiceMarks:
    """What a choice draws over the files of plots, each as wide as one of its widths, or between."""
    sizes_px = diameters_px(table, axis, areas=areas)
    radii = {row: px / 2 for row, px in sizes_px.items()}
    rings: list[Part] = []
    if choice is not None:
        around_px = ring_px(sizes_px[choice.id])
        rings.append(ring(choice, axis, around_px, palette))
        radii[choice.id] = around_px / 2
    names = name_annotations(table, choice, axis, radii, PLOT_HEIGHT_PX, palette, plots)
    return ChoiceMarks(ring=rings, names=names)


def choice_html(choice: Row | None, table: Table, cost: CostName, palette: Palette, *, areas: bool = False) -> str:
    """The same for a plot of any width: what lies across is in percent, what lies upwards in pixels.

    The names are there once for each range of widths, of which a style sheet shows one: a wide plot has room for more.
    """
    axis = axis_of(table, cost)
    marks = choice_marks(choice, table, axis, palette, areas=areas, plots=tuple(WIDTHS_PX.values()))
    rings = [_ring_html(each, axis) for each in marks.ring]
    names = [
        f'<div class="{name}">{"".join(_name_html(note, axis) for note in notes)}</div>'
        for name, notes in zip(WIDTHS_PX, marks.names, strict=True)
    ]
    return "".join([*rings, *names])


def limits_html(decision: Decision, table: Table, cost: CostName, palette: Palette) -> str:
    """What the limits shade and draw, for a plot of any width."""
    axis = axis_of(table, cost)
    return "".join(_limit_html(shape, axis) for shape in limits_in(decision, axis, palette))


def over_plot(drawn: str) -> str:
    """What lies over a plot, at its place. In words, all of it is in the headline and in the reasons."""
    place = f"left:{MARGINS_PX['l']}px;right:{MARGINS_PX['r']}px;top:{MARGINS_PX['t']}px;height:{PLOT_HEIGHT_PX}px"
    return f'<div class="marks" aria-hidden="true" style="{place}">{drawn}</div>'


def limits_in(decision: Decision, axis: Axis, palette: Palette) -> list[Part]:
    """Shade what the limits forbid; a limit outside the axes forbids nothing that is shown, or all of it."""
    limits = decision.limits
    limit = limits.max_size_bytes if axis.name == "size" else limits.max_latency_ms
    left, right = 10**axis.log10_low, 10**axis.log10_high
    bottom, top = axis.percent_low, axis.percent_high
    shade: Part = {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": palette.forbidden}
    line: Part = {"type": "line", "layer": "below", "line": {"color": palette.quiet_text, "width": 1.2, "dash": "dot"}}
    shapes: list[Part] = []
    edge = right
    if limit is not None and limit < right:
        edge = max(float(limit), left)
        shapes.append({**shade, "x0": edge, "x1": right, "y0": bottom, "y1": top})
        shapes.append({**line, "x0": edge, "x1": edge, "y0": bottom, "y1": top})
    if limits.min_accuracy is not None and 100 * limits.min_accuracy > bottom:
        lowest = min(100 * limits.min_accuracy, top)
        shapes.append({**shade, "x0": left, "x1": edge, "y0": bottom, "y1": lowest})
        shapes.append({**line, "x0": left, "x1": right, "y0": lowest, "y1": lowest})
    return shapes


def _limit_html(shape: Part, axis: Axis) -> str:
    left, right = axis.across(shape["x0"]), axis.across(shape["x1"])
    bottom, top = _down_px(shape["y0"], axis), _down_px(shape["y1"], axis)
    box = f"left:{left:.3%};width:{right - left:.3%};top:{top:.1f}px;height:{bottom - top:.1f}px"
    if shape["type"] == "rect":
        return f'<i style="{box};background:{shape["fillcolor"]}"></i>'
    side = "left" if left == right else "top"
    return f'<i style="{box};border-{side}:{shape["line"]["width"]}px dotted {shape["line"]["color"]}"></i>'


def _ring_html(trace: Part, axis: Axis) -> str:
    marker = trace["marker"]
    width = marker["line"]["width"]
    outside = marker["size"] + width
    return (
        f'<i class="ring" style="left:{axis.across(trace["x"][0]):.3%};top:{_down_px(trace["y"][0], axis):.1f}px;'
        f'width:{outside:.1f}px;height:{outside:.1f}px;border:{width}px solid {marker["color"]}"></i>'
    )


def _name_html(note: Part, axis: Axis) -> str:
    tag = "b" if note["text"].startswith("<b>") else "span"
    text = note["text"].removeprefix("<b>").removesuffix("</b>")
    return (
        f'<{tag} style="left:calc({axis.across(10 ** note["x"]):.3%} + {note["xshift"]:.1f}px);'
        f"top:{_down_px(note['y'], axis) - note['yshift']:.1f}px;color:{note['font']['color']};"
        f'transform:translate({BEFORE_ANCHOR[note["xanchor"]]},-50%)">{escape(text)}</{tag}>'
    )


def _down_px(percent: float, axis: Axis) -> float:
    """From the top of the plot."""
    return PLOT_HEIGHT_PX * (1 - axis.up(percent))
