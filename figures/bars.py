"""Bars: one number per class, on an axis that stays where it is.

Beside each figure a function `moving_…` returns, for each of its traces, the arrays that move while
something is dragged: the fast lane sends no more than these.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

from figures.layout import (
    BLANK,
    COLUMN,
    LABELLED,
    SUM,
    Figure,
    Lettering,
    index_axis,
    layout,
    lettering,
)
from figures.numbers import finite, number
from figures.palette import GHOST

# How ghosts are told apart, in the order in which they are chosen.
HATCHES = ("/", "\\", "x", "-", "|", "+", ".")

# The size of an arrow that stands alone, in pixels.
ARROW = 11


def bars(
    values: Sequence[float],
    *,
    title: str,
    name: str,
    color: str,
    limit: float,
    lowest: float | None = None,
    selected: int | None = None,
    ghosts: Mapping[str, Sequence[float]] | None = None,
    height: int = 250,
    column: int = COLUMN,
) -> Figure:
    """Draw one bar per value, its number at its tip.

    A bar longer than the axis ends at its edge, and an arrow at its tip says so, before the number
    where there is room for one. Ghosts have no numbers, but such arrows.

    Args:
        values: shape (C,).
        title: what is seen.
        name: of the quantity, such as "z"; bar j is called "z j".
        color: of the bars.
        limit: the end of the axis.
        lowest: its beginning; −limit by default.
        selected: the bar to stand out; None for all alike.
        ghosts: other values for the same bars, by name: drawn behind them, each hatched its way.
        height: in pixels.
        column: the width in a window of 1280 × 720, in pixels.
    """
    low = -limit if lowest is None else lowest
    trace = {
        "type": "bar",
        **_printed(*moving_bars(values, low, limit, column), lettering(len(values), column)),
        "customdata": finite(values),
        "hovertemplate": name + " %{x} = %{customdata:.6g}<extra></extra>",
        "marker": {"color": color, "line": {"width": 0}},
        # Beside ghosts the bar takes the left half of its place, and overlaps the first of them.
        **({"offset": -0.46, "width": 0.46} if ghosts else {"width": 0.72}),
    }
    if selected is not None:
        trace["marker"]["opacity"] = [1.0 if j == selected else 0.6 for j in range(len(values))]
    behind = [
        _ghost(other, label, i, len(ghosts), low, limit)
        for i, (label, other) in enumerate((ghosts or {}).items())
    ]
    return {
        "data": [*behind, trace],
        "layout": layout(
            title,
            f"{title}. {name}: {_listed(values)}",
            index_axis(len(values)),
            _value_axis(low, limit),
            height,
            len(values),
            column,
        )
        | {"barmode": "overlay"},
    }


def moving_bars(
    values: Sequence[float], low: float, high: float, column: int = COLUMN
) -> list[dict]:
    """Return what moves of bars on an axis from low to high: heights, and texts at the tips."""
    text = _texts(_arrows(values, low, high), values, lettering(len(values), column))
    return [{"y": finite(_clipped(values, low, high)), "text": text}]


def term_bars(
    terms: Sequence[float],
    total: float,
    *,
    title: str,
    color: str,
    total_color: str,
    limit: float,
    height: int = 250,
) -> Figure:
    """Draw the terms gᵢ·∂yᵢ/∂xⱼ of one input as bars that start where the last one ended.

    So the end of the last term is the sum, drawn again as a bar from 0 in its own colour. What lies
    beyond the axis is cut off there, and an arrow says so.

    Args:
        terms: shape (M,), one for each output i.
        total: their sum, as `backward` returned it.
        title: what is seen.
        color: of the terms.
        total_color: of the sum.
        limit: the axis reaches from −limit to limit.
        height: in pixels.
    """
    count = len(terms)
    sum_above = {"text": SUM, "x": count, "y": 1, "yref": "paper", "yanchor": "bottom"}
    sum_above |= {"showarrow": False, "xanchor": "right"}
    trace = {
        "type": "bar",
        "x": list(range(count + 1)),
        **_printed(*moving_terms(terms, total, limit), lettering(count + 1)),
        "customdata": finite([*terms, total]),
        "hovertemplate": "%{x}: %{customdata:.6g}<extra></extra>",
        "marker": {"color": [color] * count + [total_color], "line": {"width": 0}},
        "width": 0.72,
    }
    return {
        "data": [trace],
        "layout": layout(
            title,
            f"{title}. Terms: {_listed(terms)}; their sum: {number(total)}",
            index_axis(count + 1, total=True),
            _value_axis(-limit, limit),
            height,
            count + 1,
        )
        | ({"annotations": [sum_above]} if count > LABELLED else {}),
    }


def moving_terms(terms: Sequence[float], total: float, limit: float) -> list[dict]:
    """Return what moves of the terms and their sum on an axis from −limit to limit."""
    ends = list(accumulate(terms, initial=0.0))
    *seen, sum_seen = _clipped([*ends, total], -limit, limit)
    *beyond, sum_beyond = _arrows([*ends, total], -limit, limit)
    # A term is cut where it ends beyond the axis, and where it comes back from there; one of no
    # height has nothing to lose.
    arrows = [
        (after or before) if start != end else ""
        for (before, after), (start, end) in zip(pairwise(beyond), pairwise(ends), strict=True)
    ]
    return [
        {
            "base": finite([*seen[:-1], 0.0]),
            "y": finite([*(end - start for start, end in pairwise(seen)), sum_seen]),
            "text": _texts([*arrows, sum_beyond], [*terms, total], lettering(len(ends))),
        }
    ]


def centring_bars(
    values: Sequence[float],
    weights: Sequence[float],
    mean: float,
    *,
    title: str,
    color: str,
    limit: float,
    height: int = 250,
) -> Figure:
    """Draw each value as a bar that hangs on the weighted mean of all, as wide as its weight.

    What stands above the line becomes positive, what hangs below it negative; the area of a bar
    is weight times deviation, and all areas add up to 0.

    Args:
        values: g, shape (C,).
        weights: s, shape (C,), adding up to 1.
        mean: Σ s g.
        title: what is seen.
        color: of the bars.
        limit: the axis reaches from −limit to limit.
        height: in pixels.
    """
    count = len(values)
    moving_trace, moving_line = moving_centring(values, weights, mean, limit)
    trace = {
        "type": "bar",
        **_printed(moving_trace, lettering(count)),
        "customdata": finite(v - mean for v in values),
        "hovertemplate": "g %{x} − mean = %{customdata:.6g}<extra></extra>",
        "marker": {"color": color, "line": {"width": 0}},
    }
    line = {
        "type": "scatter",
        "mode": "lines+text",
        "x": [-0.5, count - 0.5],
        **moving_line,
        "textposition": "middle right",
        "textfont": {"size": 12},
        "cliponaxis": False,
        "line": {"color": color, "width": 2, "dash": "dash"},
        "hoverinfo": "skip",
    }
    deviations = _listed([v - mean for v in values])
    return {
        "data": [trace, line],
        "layout": layout(
            title,
            f"{title}. Mean {number(mean)}; deviations: {deviations}",
            index_axis(count),
            _value_axis(-limit, limit),
            height,
            count,
        ),
    }


def moving_centring(
    values: Sequence[float], weights: Sequence[float], mean: float, limit: float
) -> list[dict]:
    """Return what moves of the bars and of the line that they hang on."""
    at, *seen = _clipped([mean, *values], -limit, limit)
    arrows = _arrows(values, -limit, limit)
    bar = {
        "base": finite([at] * len(values)),
        "y": finite(v - at for v in seen),
        "width": [0.9 * w for w in weights],
        "text": _texts(arrows, [v - mean for v in values], lettering(len(values))),
    }
    return [bar, {"y": finite([at] * 2), "text": ["", f"mean<br>{number(mean)}"]}]


def _ghost(
    values: Sequence[float], label: str, place: int, count: int, low: float, high: float
) -> dict:
    """Bars behind the bars: one of `count` side by side in the right half of the place of each."""
    width = 0.54 / count
    bar = {
        "type": "bar",
        "y": finite(_clipped(values, low, high)),
        "text": [arrow.strip() or BLANK for arrow in _arrows(values, low, high)],
        "offset": -0.08 + place * width,
        "width": width,
        "customdata": finite(values),
        "hovertemplate": label + " %{x}: %{customdata:.6g}<extra></extra>",
        "marker": {
            "color": "rgba(128,132,142,0.25)",
            "line": {"width": 1.5, "color": GHOST},
            "pattern": {"shape": HATCHES[place % len(HATCHES)], "fgcolor": GHOST, "size": 8},
        },
    }
    return _printed(bar, None)


def _value_axis(low: float, high: float) -> dict:
    """Return an axis on which the tip of a full bar keeps room for its number inside the plot."""
    room = 0.22 * (high - low)
    axis = {
        "range": [low - (room if low < 0 else 0), high + room],
        "nticks": 5,
        "zeroline": True,
    }
    if not 1e-99 <= high < 1e100:  # the margin is too narrow for "−1e+100" in the usual size
        axis["tickfont"] = {"size": 11}
    return axis


def _printed(bar: dict, style: Lettering | None) -> dict:
    """Add to bars the options that print their texts at the tips, whole and upright."""
    return bar | {
        "textposition": "outside",
        "textangle": 0,
        "textfont": {"size": style.size if style else ARROW},
        "cliponaxis": False,
        "constraintext": "none",
    }


def _listed(values: Sequence[float]) -> str:
    """The numbers in words, as many as have room for a name."""
    return ", ".join(number(v) for v in values[:LABELLED])


def _texts(arrows: Sequence[str], values: Sequence[float], style: Lettering | None) -> list[str]:
    """What stands at the tips: numbers where there is room for them, else the arrows alone."""
    if style is None:
        return [arrow.strip() for arrow in arrows]
    return style.texts(values, arrows)


def _arrows(values: Sequence[float], low: float, high: float) -> list[str]:
    """Say of each value whether it lies beyond the axis, and on which side."""
    return ["▲ " if v > high else "▼ " if v < low else "" for v in values]


def _clipped(values: Sequence[float], low: float, high: float) -> list[float]:
    """Return what is seen of each value on an axis from low to high."""
    return [min(max(v, low), high) for v in values]
