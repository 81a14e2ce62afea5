"""A backward pass in six steps: one lit, what was before it dimmed, what comes not run yet."""

from collections.abc import Mapping
from typing import Any

from nnfs import GradientReport

TITLES = (
    "Forward",
    "Upstream gradient",
    "Local Jacobian",
    "Product",
    "Result",
    "Check",
)
CHECK = len(TITLES)


def verdict(report: GradientReport) -> str:
    """Say in Markdown how many components agree with the central difference."""
    agree, count = int(report.passed.sum()), report.passed.size
    largest = abs(report.analytic - report.numeric).max()
    mark = ":blue[:material/check:]" if report.ok else ":orange[:material/warning:]"
    return f"{mark} **{agree} of {count} agree**, largest difference {largest:.1e}."


def staged(
    figures: Mapping[str, dict[str, Any]], lit: Mapping[str, set[int]], step: int
) -> dict[str, dict[str, Any]]:
    """Return the figures as they look at a step.

    Args:
        figures: of a view, complete.
        lit: the steps, counted from 1, at which a figure is lit; it appears at the first of them.
        step: the step; 0 for no steps: everything is shown.
    """
    if step == 0:
        return dict(figures)
    return {
        name: figure
        if step in lit[name]
        else figure | {"state": "past"}
        if step > min(lit[name])
        else _not_run_yet(figure)
        for name, figure in figures.items()
    }


def _not_run_yet(figure: dict[str, Any]) -> dict[str, Any]:
    """Return the empty frame of a figure that says so; no number of it leaves the server."""
    layout = figure["layout"]
    title = layout["title"]["text"]
    note = {"text": "not run yet", "showarrow": False, "opacity": 0.6, "font": {"size": 18}}
    note |= {"x": 0.5, "y": 0.7, "xref": "paper", "yref": "paper"}
    return {
        "data": [],
        "layout": {key: value for key, value in layout.items() if key != "shapes"}
        | {"annotations": [note], "meta": layout["meta"] | {"alt": f"{title}: not run yet"}},
        "state": "future",
    }
