"""A figure for the back row of a lecture hall: the same, larger."""

import math
from collections.abc import Sequence

from figures.layout import ROOMY, Figure
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
        "data": [_larger(trace, j) for trace in figure["data"]],
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


def _larger(trace: dict, j: int) -> dict:
    changes: dict = {}
    if "text" in trace:
        changes["textfont"] = {"size": NUMBER}
    if "text" in trace and trace["type"] == "heatmap":
        texts = [[short_number(value) for value in row] for row in trace["z"]]
        changes["text"] = texts if len(texts) <= ROOMY else [[""] * len(row) for row in texts]
    elif "text" in trace and trace["type"] == "bar":
        texts = [
            _arrow_of(text) + short_number(math.nan if value is None else value)
            for text, value in zip(trace["text"], trace["customdata"], strict=True)
        ]
        is_sum = "base" in trace  # terms end in their sum
        roomy = len(texts) <= ROOMY + is_sum
        changes["text"] = texts if roomy else _only(texts, len(texts) - 1 if is_sum else j)
    if "line" in trace:
        changes["line"] = trace["line"] | {"width": 4}
    if trace.get("mode", "").startswith("markers"):
        changes["marker"] = trace["marker"] | {"size": 16}
    return trace | changes


def _only(texts: Sequence[str], kept: int) -> list[str]:
    return [text if i == kept else "" for i, text in enumerate(texts)]


def _arrow_of(text: str) -> str:
    """Keep the arrow that says a value lies beyond the axis."""
    return f"{text[0]} " if text[0] in "▲▼" else ""
