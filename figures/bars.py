"""Bars: one number per class, on an axis that stays where it is."""

from collections.abc import Mapping, Sequence

from figures.layout import LABELLED, ROOMY, Figure, index_axis, layout, printer
from figures.numbers import finite, number
from figures.palette import GHOST

# How ghosts are told apart, in the order in which they are chosen.
HATCHES = ("/", "\\", "x", "-", "|", "+")


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
) -> Figure:
    """Draw one bar per value, its number at its tip.

    A bar longer than the axis ends at its edge, and an arrow before the number says so.

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
    """
    low = -limit if lowest is None else lowest
    trace = {
        "type": "bar",
        "y": finite(min(max(v, low), limit) for v in values),
        "customdata": finite(values),
        "hovertemplate": name + " %{x} = %{customdata:.6g}<extra></extra>",
        "marker": {"color": color, "line": {"width": 0}},
        # Beside ghosts the bar takes the left half of its place, and overlaps the first of them.
        **({"offset": -0.46, "width": 0.46} if ghosts else {"width": 0.72}),
    }
    printed = [number(v) for v in values[:LABELLED]]
    if shown := printer(len(values)):
        numbers = printed if shown is number else map(shown, values)
        labels = zip(values, numbers, strict=True)
        trace |= _labels([_arrow(v, low, limit) + text for v, text in labels])
    if selected is not None:
        trace["marker"]["opacity"] = [1.0 if j == selected else 0.45 for j in range(len(values))]
    # The tip of a full bar keeps room for its number inside the plot.
    room = 0.18 * (limit - low)
    behind = [
        _ghost(other, label, i, len(ghosts), low, limit)
        for i, (label, other) in enumerate((ghosts or {}).items())
    ]
    return {
        "data": [*behind, trace],
        "layout": layout(
            title,
            f"{title}. {name}: {', '.join(printed)}",
            index_axis(len(values)),
            {"range": [low - (room if low < 0 else 0), limit + room], "nticks": 5}
            | {"zeroline": True},
            height,
            len(values),
        )
        | {"barmode": "overlay"},
    }


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

    So the end of the last term is the sum, drawn again as a bar from 0 in its own colour.

    Args:
        terms: shape (M,), one for each output i.
        total: their sum, as `backward` returned it.
        title: what is seen.
        color: of the terms.
        total_color: of the sum.
        limit: the axis reaches from −limit to limit.
        height: in pixels.
    """
    starts, ends = _running(terms)
    count = len(terms)
    clip = _clip(limit)
    trace = {
        "type": "bar",
        "x": list(range(count + 1)),
        "base": finite([*map(clip, starts), 0.0]),
        "y": finite([*(clip(e) - clip(s) for s, e in zip(starts, ends, strict=True)), clip(total)]),
        "customdata": finite([*terms, total]),
        "hovertemplate": "%{x}: %{customdata:.6g}<extra></extra>",
        "marker": {"color": [color] * count + [total_color], "line": {"width": 0}},
        "width": 0.72,
    }
    axis = index_axis(count + 1)
    if count <= LABELLED:
        name = "i=" if count <= ROOMY else ""
        axis["ticktext"] = [f"{name}{i}" for i in range(count)] + ["sum"]
    printed = [number(v) for v in (*terms[:LABELLED], total)]
    if shown := printer(count):
        trace |= _labels(printed if shown is number else [shown(v) for v in (*terms, total)])
    return {
        "data": [trace],
        "layout": layout(
            title,
            f"{title}. Terms: {', '.join(printed[:-1])}; their sum: {printed[-1]}",
            axis,
            {"range": [-1.18 * limit, 1.18 * limit], "nticks": 5, "zeroline": True},
            height,
            count + 1,
        ),
    }


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
    count, clip = len(values), _clip(limit)
    widths = [0.9 * w for w in weights]
    deviations = [v - mean for v in values]
    printed = [number(v) for v in deviations[:LABELLED]]
    trace = {
        "type": "bar",
        "base": finite([clip(mean)] * count),
        "y": finite(clip(v) - clip(mean) for v in values),
        "width": widths,
        "customdata": finite(deviations),
        "hovertemplate": "g %{x} − mean = %{customdata:.6g}<extra></extra>",
        "marker": {"color": color, "line": {"width": 0}},
    }
    if shown := printer(count):
        trace |= _labels(printed if shown is number else [shown(v) for v in deviations])
    line = {
        "type": "scatter",
        "mode": "lines+text",
        "x": [-0.5, count - 0.5],
        "y": finite([clip(mean)] * 2),
        "text": ["", f"mean<br>{number(mean)}"],
        "textposition": "middle right",
        "textfont": {"size": 12},
        "cliponaxis": False,
        "line": {"color": color, "width": 2, "dash": "dash"},
        "hoverinfo": "skip",
    }
    return {
        "data": [trace, line],
        "layout": layout(
            title,
            f"{title}. Mean {number(mean)}; deviations: {', '.join(printed)}",
            index_axis(count),
            {"range": [-1.18 * limit, 1.18 * limit], "nticks": 5, "zeroline": True},
            height,
            count,
        ),
    }


def _ghost(
    values: Sequence[float], label: str, place: int, count: int, low: float, high: float
) -> dict:
    """Bars behind the bars: one of `count` side by side in the right half of the place of each."""
    width = 0.54 / count
    return {
        "type": "bar",
        "y": finite(min(max(v, low), high) for v in values),
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


def _labels(text: list[str]) -> dict:
    """The options that print text at the tips of bars, whole and upright."""
    return {
        "text": text,
        "textposition": "outside",
        "textangle": 0,
        "textfont": {"size": 13 if len(text) <= ROOMY + 1 else 11},
        "cliponaxis": False,
        "constraintext": "none",
    }


def _arrow(value: float, low: float, high: float) -> str:
    """Say that a value lies beyond the axis, and on which side."""
    return "▲ " if value > high else "▼ " if value < low else ""


def _clip(limit: float):
    return lambda value: min(max(value, -limit), limit)


def _running(terms: Sequence[float]) -> tuple[list[float], list[float]]:
    """Where each term starts and ends when they are laid end to end."""
    starts, ends, at = [], [], 0.0
    for term in terms:
        starts.append(at)
        at += term
        ends.append(at)
    return starts, ends
