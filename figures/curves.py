"""Curves of one input, with the points on them that a user moves."""

import math
from collections.abc import Sequence

from figures.layout import TEXT, Figure, apart, layout
from figures.numbers import number


def curve_with_tangents(
    grid: Sequence[float],
    curve: Sequence[float],
    points: Sequence[float],
    heights: Sequence[float],
    slopes: Sequence[float],
    *,
    title: str,
    color: str,
    tangent_color: str,
    limit: float,
    selected: int | None = None,
    height: int = 250,
) -> Figure:
    """Draw y over x, and at each point its tangent.

    The first trace is the curve, which is what handles on it follow.

    Args:
        grid: where the curve is drawn, shape (K,).
        curve: its values there, shape (K,).
        points: x of the points, shape (C,).
        heights: y of the points, shape (C,).
        slopes: dy/dx at the points, shape (C,); empty to draw no tangents.
        title: what is seen.
        color: of the curve.
        tangent_color: of the tangents.
        limit: the axis of x reaches from −limit to limit.
        selected: the point to stand out; None for all alike.
        height: in pixels.
    """
    reach = 0.22 * limit  # half the length of a tangent, along x
    ends_x: list[float | None] = []
    ends_y: list[float | None] = []
    for x, y, slope in zip(points, heights, slopes, strict=bool(slopes)):
        ends_x += [x - reach, x + reach, None]
        ends_y += [y - slope * reach, y + slope * reach, None]
    return {
        "data": [
            _line(grid, curve, color),
            _line(ends_x, ends_y, tangent_color),
            {
                "type": "scatter",
                "mode": "markers",
                "x": list(points),
                "y": list(heights),
                "customdata": list(slopes),
                "hovertemplate": "x = %{x}<br>y = %{y:.6g}"
                + ("<br>slope %{customdata:.6g}" if slopes else "")
                + "<extra></extra>",
                "marker": {
                    "color": color,
                    "size": 9,
                    "opacity": [1.0 if selected in (None, i) else 0.45 for i in range(len(points))],
                },
            },
        ],
        "layout": layout(
            title,
            f"{title}. y: {', '.join(number(y) for y in heights)}",
            {"range": [-limit, limit], "showgrid": False, "zeroline": True},
            {"range": [-0.12, 1.22], "tickvals": [0, 0.5, 1]},
            height,
            1,
        ),
    }


def slope_curve(
    grid: Sequence[float],
    curve: Sequence[float],
    points: Sequence[float],
    slopes: Sequence[float],
    *,
    title: str,
    color: str,
    limit: float,
    highest: float,
    saturated: float,
    selected: int | None = None,
    height: int = 250,
) -> Figure:
    """Draw the slope over x, its maximum as a line, and the zones where it has all but vanished.

    Args:
        grid: where the curve is drawn, shape (K,).
        curve: the slope there, shape (K,).
        points: x of the points, shape (C,).
        slopes: the slope at the points, shape (C,).
        title: what is seen.
        color: of the curve.
        limit: the axis of x reaches from −limit to limit.
        highest: the maximum of the slope.
        saturated: from |x| = this on, the zone is shaded.
        selected: the point to stand out; None for all alike.
        height: in pixels.
    """
    zones = [(-limit, -saturated), (saturated, limit)] if saturated < limit else []
    x_range, y_range = [-limit, limit], [-0.12 * highest, 1.3 * highest]
    marks = {
        "type": "scatter",
        "mode": "markers+text",
        "x": list(points),
        "y": list(slopes),
        "customdata": list(slopes),
        "text": apart(
            [number(m) for m in slopes], points, slopes, (x_range, y_range), selected or 0, TEXT
        ),
        "textposition": "top center",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": {
            "color": color,
            "size": 10,
            "opacity": [1.0 if selected in (None, i) else 0.45 for i in range(len(points))],
        },
    }
    return {
        "data": [_line(grid, curve, color), marks],
        "layout": layout(
            title,
            f"{title}. Slopes: {', '.join(number(m) for m in slopes)}",
            {"range": x_range, "showgrid": False, "zeroline": True},
            {"range": y_range, "tickvals": [0, highest]},
            height,
            1,
        )
        | {
            "shapes": [
                {"type": "rect", "x0": a, "x1": b, "y0": 0, "y1": 1, "yref": "paper"}
                | {"line": {"width": 0}, "fillcolor": "rgba(128,132,142,0.18)", "layer": "below"}
                for a, b in zones
            ]
        },
    }


def error_curve(
    steps: Sequence[float],
    errors: Sequence[float],
    step: float,
    error: float,
    *,
    title: str,
    note: str,
    color: str,
    height: int = 250,
) -> Figure:
    """Draw an error over a step, both logarithmic, with the step of the moment as a point.

    Args:
        steps: shape (K,), above 0.
        errors: shape (K,); where one is exactly 0 there is a gap.
        step: the one of the moment.
        error: at that step.
        title: what is seen.
        note: what the axes are, written into the corner above the curve.
        color: of the curve.
        height: in pixels.
    """
    corner = {"text": note, "showarrow": False, "align": "left", "font": {"size": 13}}
    corner |= {"x": 0.04, "y": 0.98, "xref": "paper", "yref": "paper"}
    corner |= {"xanchor": "left", "yanchor": "top"}
    point = {
        "type": "scatter",
        "mode": "markers",
        "x": [step] if 0 < error < math.inf else [],
        "y": [error] if 0 < error < math.inf else [],
        "marker": {"color": color, "size": 11},
        "hoverinfo": "skip",
    }
    shown = [e if 0 < e < math.inf else None for e in errors]
    axis = {"type": "log", "dtick": 2, "exponentformat": "power", "tickfont": {"size": 11}}
    return {
        "data": [_line(steps, shown, color), point],
        "layout": layout(
            title,
            f"{title}. At {step:g} the error is {error:.2g}",
            axis | {"range": [-4, 0.4]},
            axis | {"range": [-13, 1], "dtick": 4},
            height,
            1,
        )
        | {"annotations": [corner]},
    }


def _line(x: Sequence[float | None], y: Sequence[float | None], color: str) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": list(y),
        "line": {"color": color, "width": 2.5, "simplify": False},
        "hoverinfo": "skip",
    }
