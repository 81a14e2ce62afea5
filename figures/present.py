"""A figure for the back row of a lecture hall: the same, larger."""

import math

from figures.layout import ROOMY, SUM, Figure, apart, place_names
from figures.numbers import short_number

TEXT, TITLE, NUMBER = 20, 26, 28
MARGIN = {"l": 60, "r": 60, "t": 52, "b": 40, "autoexpand": False}


def enlarged(figure: Figure, title: str, rows: int, j: int) -> Figure:
    """Return the figure with text of 20 pixels, numbers of 28 and two digits, lines to match.

    Numbers of that size stand beside each other up to six. Where there are more, only that of the
    input in view is printed, of terms their sum, and of a matrix none; the others show when the
    pointer is on them.

    Args:
        figure: of any kind.
        title: a short one, which fits at that size.
        rows: how many figures stand above each other; the browser divides its height by it.
        j: the input in view.
    """
    layout = figure["layout"]
    notes = [note | {"font": {"size": TEXT}} for note in layout.get("annotations", [])]
    return figure | {
        "data": [_larger(trace, layout, j) for trace in figure["data"]],
        "layout": layout
        | {
            "font": {"size": TEXT},
            "title": layout["title"] | {"text": title, "font": {"size": TITLE}},
            "xaxis": _larger_axis(layout["xaxis"]),
            "yaxis": _larger_axis(layout["yaxis"], upright=True) | {"nticks": 3},
            "margin": MARGIN,
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
    return axis | place_names(round(abs(high - low)), upright, total, TEXT, MARGIN)


def _larger(trace: dict, layout: dict, j: int) -> dict:
    changes: dict = {}
    if "text" in trace:
        changes["textfont"] = {"size": NUMBER}
    if "text" in trace and trace["type"] == "heatmap":
        texts = [[short_number(value) for value in row] for row in trace["z"]]
        changes["text"] = texts if len(texts) <= ROOMY else [[""] * len(row) for row in texts]
    elif "text" in trace and trace["type"] == "bar":
        is_sum = "base" in trace  # terms end in their sum
        roomy = len(trace["text"]) <= ROOMY + is_sum
        kept = len(trace["text"]) - 1 if is_sum else j
        changes["text"] = [
            _larger_text(text, math.nan if value is None else value, roomy or i == kept)
            for i, (text, value) in enumerate(zip(trace["text"], trace["customdata"], strict=True))
        ]
    elif "text" in trace and "customdata" in trace:
        texts = [short_number(value) for value in trace["customdata"]]
        ranges = (layout["xaxis"]["range"], layout["yaxis"]["range"])
        changes["text"] = apart(texts, trace["x"], trace["y"], ranges, j, NUMBER)
    if "line" in trace:
        changes["line"] = trace["line"] | {"width": 4}
    if trace.get("mode", "").startswith("markers"):
        changes["marker"] = trace["marker"] | {"size": 16}
    return trace | changes


def _larger_text(text: str, value: float, printed: bool) -> str:
    """Keep the arrow that says a value lies beyond the axis, and print the number where it fits."""
    arrow = text[:1] if text[:1] in ("▲", "▼") else ""
    return f"{arrow} {short_number(value)}".strip() if printed else arrow
