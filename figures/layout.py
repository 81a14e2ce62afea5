"""What all figures share. Fonts, text and grid colours come from the theme, in the browser."""

import re
from collections.abc import Callable
from typing import Any

from figures.numbers import number, short_number

Figure = dict[str, Any]

# Above this many classes there is no room for a name under each, and no handle on each.
LABELLED = 32

# Up to this many, a number fits above each in full; up to the second, in short.
ROOMY, NARROW = 6, 12

# The same on every figure, so that input j stands in one column from figure to figure.
MARGIN = {"l": 44, "r": 44, "t": 40, "b": 28, "autoexpand": False}


def layout(title: str, alt: str, xaxis: dict, yaxis: dict, height: int, count: int) -> Figure:
    """Return a layout with fixed margins and axes; zoom only where labels give way to it.

    Args:
        title: what is seen.
        alt: the same in words with its numbers, for those who do not see it.
        xaxis: options of the horizontal axis.
        yaxis: options of the vertical axis.
        height: in pixels.
        count: how many items stand side by side.
    """
    zoom = count > LABELLED
    fixed = {"fixedrange": not zoom, "automargin": False, "zeroline": False}
    fixed |= {"exponentformat": "e"}
    return {
        "title": {"text": title, "x": 0, "xref": "paper", "y": 1, "yref": "container"}
        | {"yanchor": "top", "pad": {"t": 10}, "automargin": False},
        "xaxis": fixed | xaxis,
        "yaxis": fixed | yaxis,
        "margin": MARGIN,
        "height": height,
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": "zoom" if zoom else False,
        "uirevision": "keep",
        "meta": {"alt": plain(alt)},
    }


def printer(count: int) -> Callable[[float], str] | None:
    """Return how to print a number where `count` stand side by side; None where none fits."""
    if count > NARROW:
        return None
    return number if count <= ROOMY else short_number


def plain(text: str) -> str:
    """Return the text without the tags that plotly.js understands."""
    return re.sub(r"</?su[bp]>", "", text) if "<" in text else text


def index_axis(count: int) -> dict:
    """Return an axis of `count` places, numbered from 0 where there is room."""
    axis: dict = {"range": [-0.5, count - 0.5], "showgrid": False}
    if count <= LABELLED:
        axis |= {"tickmode": "array", "tickvals": list(range(count))}
        axis |= {"ticktext": [str(i) for i in range(count)], "tickangle": 0}
    return axis
