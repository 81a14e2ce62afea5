"""A figure for the back row of a lecture hall: the same, larger."""

import math
from collections.abc import Mapping

from figures.layout import SUM, Figure, Lettering, apart, lettering, place_names

TEXT, TITLE, NUMBER = 20, 26, 28
MARGIN = {"l": 54, "r": 16, "t": 52, "b": 40, "autoexpand": False}
# Beside bars that are dragged stands the handle of them all.
WITH_HANDLE = MARGIN | {"r": 50}

# Sizes of numbers, in pixels, with the digits after the point.
SIZES = ((NUMBER, 2), (TEXT, 2))
# By how much longer an axis is, for a larger number beyond the longest bar.
STRETCHED = 1.15

# A number with none beside it: as long as two digits and a sign need.
ALONE = Lettering(NUMBER, 2, len("−0.00"))


def enlarged(figure: Figure, title: str, rows: int, j: int) -> Figure:
    """Return the figure with text of 20 pixels, numbers of 28 and two digits, lines to match.

    Where numbers of that size have no room beside each other, they have 20; where these have none,
    only that of the input in view is printed, of terms their sum, and of a matrix none. The others
    show when the pointer is on them.

    Args:
        figure: of any kind.
        title: a short one, which fits at that size.
        rows: how many figures stand above each other; the browser divides its height by it.
        j: the input in view.
    """
    layout = figure["layout"]
    notes = [note | {"font": {"size": TEXT}} for note in layout.get("annotations", [])]
    yaxis = _larger_axis(layout["yaxis"], upright=True) | {"nticks": 3}
    if any(trace["type"] == "bar" for trace in figure["data"]):
        # Of so many, plotly.js chooses 0 and the limit on either side.
        yaxis |= {"range": [STRETCHED * end for end in yaxis["range"]], "nticks": 4}
    margin = WITH_HANDLE if (figure.get("handles") or {}).get("together") else MARGIN
    return figure | {
        "data": [_larger(trace, layout, margin, j) for trace in figure["data"]],
        "layout": layout
        | {
            "font": {"size": TEXT},
            "title": layout["title"] | {"text": title, "font": {"size": TITLE}},
            "xaxis": _larger_axis(layout["xaxis"]),
            "yaxis": yaxis,
            "margin": margin,
            "meta": layout["meta"] | {"rows": rows},
        }
        | ({"annotations": notes} if notes else {}),
    }


def _larger_axis(axis: dict, upright: bool = False) -> dict:
    """Enlarge what is written at an axis; of the names of places as many as still have room."""
    axis = axis | {"tickfont": {"size": TEXT}}
    if "ticktext" not in axis:
        return axis
    low, high = axis["range"]
    total = axis["ticktext"][-1] == SUM
    return axis | place_names(round(abs(high - low)), upright, total, TEXT, WITH_HANDLE)


def _larger(trace: dict, layout: dict, margin: Mapping, j: int) -> dict:
    changes: dict = {}
    if "text" in trace:
        changes = _larger_numbers(trace, layout, margin, j)
    if "line" in trace:
        changes["line"] = trace["line"] | {"width": 4}
    if trace.get("mode", "").startswith("markers"):
        changes["marker"] = trace["marker"] | {"size": 16}
    return trace | changes


def _larger_numbers(trace: dict, layout: dict, margin: Mapping, j: int) -> dict:
    """Return the texts of a trace, and their size."""
    if "customdata" not in trace and trace["type"] != "heatmap":
        return {"textfont": {"size": NUMBER}}  # words
    if "pattern" in trace.get("marker", {}):
        return {"textfont": {"size": TEXT}}  # the arrows of a ghost, which has no numbers
    beside = len(trace["z"][0] if trace["type"] == "heatmap" else trace["customdata"])
    style = lettering(beside, layout["meta"]["column"], margin["l"] + margin["r"], SIZES)
    size = style.size if style else NUMBER
    if trace["type"] == "heatmap":
        texts = [style.texts(row) if style else [""] * beside for row in trace["z"]]
    elif trace["type"] == "bar":
        kept = beside - 1 if "base" in trace else j  # terms end in their sum
        values = [math.nan if value is None else value for value in trace["customdata"]]
        arrows = [text[:1] if text[:1] in ("▲", "▼") else "" for text in trace["text"]]
        texts = (style or ALONE).texts(values, [arrow and f"{arrow} " for arrow in arrows])
        if style is None:
            texts = [texts[i] if i == kept else arrow for i, arrow in enumerate(arrows)]
    else:
        size = NUMBER
        ranges = (layout["xaxis"]["range"], layout["yaxis"]["range"])
        texts = apart(ALONE.texts(trace["customdata"]), trace["x"], trace["y"], ranges, j, size)
    return {"text": texts, "textfont": {"size": size}}
