"""A figure for the back row of a lecture hall: the same, larger."""

import math

from figures.layout import ROOMY, Figure
from figures.numbers import short_number

TEXT, TITLE, NUMBER, NARROW_NUMBER = 20, 26, 28, 18
MARGIN = {"l": 60, "r": 60, "t": 52, "b": 40, "autoexpand": False}


def enlarged(figure: Figure, title: str, rows: int) -> Figure:
    """Return the figure with text of 20 pixels, numbers of 28 and two digits, lines to match.

    Args:
        figure: of any kind.
        title: a short one, which fits at that size.
        rows: how many figures stand above each other; the browser divides its height by it.
    """
    layout = figure["layout"]
    notes = [note | {"font": {"size": TEXT}} for note in layout.get("annotations", [])]
    return figure | {
        "data": [_larger(trace) for trace in figure["data"]],
        "layout": layout
        | {
            "font": {"size": TEXT},
            "title": layout["title"] | {"text": title, "font": {"size": TITLE}},
            "xaxis": layout["xaxis"] | {"tickfont": {"size": TEXT}},
            "yaxis": layout["yaxis"] | {"tickfont": {"size": TEXT}, "nticks": 3},
            "margin": MARGIN,
            "meta": layout["meta"] | {"rows": rows},
        }
        | ({"annotations": notes} if notes else {}),
    }


def _larger(trace: dict) -> dict:
    changes: dict = {}
    if "text" in trace:
        roomy = len(trace["text"]) <= ROOMY + 1
        changes["textfont"] = {"size": NUMBER if roomy else NARROW_NUMBER}
    if "text" in trace and trace["type"] == "heatmap":
        changes["text"] = [[short_number(value) for value in row] for row in trace["z"]]
    elif "text" in trace and trace["type"] == "bar":
        changes["text"] = [
            ("▲ " if "▲" in text else "▼ " if "▼" in text else "")
            + short_number(math.nan if value is None else value)
            for text, value in zip(trace["text"], trace["customdata"], strict=True)
        ]
    if "line" in trace:
        changes["line"] = trace["line"] | {"width": 4}
    if trace.get("mode", "").startswith("markers"):
        changes["marker"] = trace["marker"] | {"size": 16}
    return trace | changes


def _arrow_of(text: str) -> str:
    """Keep the arrow that says a value lies beyond the axis."""
    return f"{text[0]} " if text[0] in "▲▼" else ""
