"""Axes that stay while something is dragged, and the handles that drag on them."""

from collections.abc import Sequence

from figures import LABELLED, axis_limit

# The end of the longest axis, with room for numbers at its tips: plotly.js cuts a range off at 1e-4
# of the largest float.
LONGEST = 1e304


def fit(values: Sequence[float], least: float) -> float:
    """Return how far an axis reaches that shows all values, and is not shorter than `least`."""
    return min(LONGEST, axis_limit(values, least))


def keep_or_fit(kept: float, values: Sequence[float], least: float) -> float:
    """Return the end that an axis has, 0 if none, if it holds the values; else one that does."""
    return kept if 0 < kept >= max(map(abs, values)) else fit(values, least)


def are_usable(axes: Sequence[float], count: int) -> bool:
    """Tell whether axes from outside are as many as needed, above 0 and drawable."""
    return len(axes) == count and min(axes) > 0 and max(axes) <= LONGEST


def handles(
    name: str,
    row: int,
    values: Sequence[float],
    limit: float,
    on_curve: bool = False,
    moves: Sequence[str] = (),
) -> dict | None:
    """Say which bars or points can be dragged, how far, and in which steps; None if too many.

    Args:
        name: the field of the scenario that they edit.
        row: of that field.
        values: of that row.
        limit: the axis reaches from −limit to limit.
        on_curve: whether they are points that move along the first trace of the figure, by x;
            else bars that move by y, with a handle for all together.
        moves: the figures of which they move the numbers and nothing else, for the fast lane to
            ask for these alone; empty where it has to ask for everything.
    """
    if len(values) > LABELLED:
        return None
    return {
        "field": name,
        "row": row,
        "values": list(values),
        "min": -limit,
        "max": limit,
        "step": limit / 100,
        "labels": [f"{name} {j}" for j in range(len(values))],
        "together": None if on_curve else f"all of {name}",
        "onCurve": on_curve,
        "moves": list(moves),
    }
