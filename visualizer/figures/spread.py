"""How numbers are spread, place by place: an outline that is wide where many of them are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from visualizer.figures.bars import legend, tip_size
from visualizer.figures.decades import band
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import BLANK, Style, index_axis
from visualizer.figures.numbers import finite, number

# How much of its place an outline takes at its widest, on either side.
HALF = 0.44

# How much of the light of the others is seen.
PALE = 0.45


@dataclass(frozen=True, kw_only=True)
class Spread(Figure):
    """Outlines of how many numbers lie at which height, each with the mean as a point.

    Where there are others to compare with, each outline is the left half, and theirs the right one.

    Attributes:
        shares: the array of how many lie at each height, shape (places, heights), by its name
            among the values; only their ratios count.
        heights: the array of heights, likewise, from the lowest to the highest.
        other: the shares of the others, drawn where there is such a value.
        labels: the value that says what both are called.
        pointed: the field of the scenario that counts the place pointed at.
    """

    shares: str
    heights: str
    other: str = ""
    labels: str = "labels"
    pointed: str = "k"
    index: str = "k"

    MARKS = "points"

    def count(self, moment: Moment) -> int:
        """Return how many places there are."""
        return len(moment.values[self.of or self.name])

    def zooms(self, moment: Moment) -> bool:
        """Never: outlines have no numbers that would need room."""
        return False

    def has_other(self, moment: Moment) -> bool:
        """Tell whether there are others to compare with."""
        return self.other in moment.values

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the outlines, and the means."""
        sides = [(self.shares, (-1, 0))] if self.has_other(moment) else [(self.shares, (-1, 1))]
        sides += [(self.other, (0, 1))] if self.has_other(moment) else []
        outlines = [{"x": _outlines(moment.values[name], *side)} for name, side in sides]
        return [*outlines, {"y": finite(self.values(moment))}]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the outlines, and the means as points."""
        *outlines, means = self.moving(moment, style)
        heights, count = moment.array(self.heights), self.count(moment)
        filled: Drawn = {"type": "scatter", "mode": "none", "fill": "toself", "hoverinfo": "skip"}
        filled |= {"fillcolor": self.color, "y": [*heights, *heights[::-1], None] * count}
        looks = [{"opacity": 1.0 if i == 0 else PALE} for i in range(len(outlines))]
        points = {
            "type": "scatter",
            "mode": "markers",
            "x": list(range(count)),
            **means,
            "marker": {"color": self.color, "size": style.point or 7, "line": {"width": 1.5}},
            "hovertemplate": f"{self.called} %{{x}}: %{{y:.6g}}<extra></extra>",
        }
        drawn = [filled | look | part for look, part in zip(looks, outlines, strict=True)]
        return [*drawn, points]

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return the axis of places, and that of heights."""
        low, *_, high = moment.array(self.heights)
        room = 0.06 * (high - low)
        upright = {"range": [low - room, high + room], "zeroline": True, "nticks": 5, **style.few}
        return index_axis(self.count(moment), style=style), upright

    def _legend(self, moment: Moment, style: Style) -> tuple[str, int]:
        main, other, _ = moment.values[self.labels]
        names = [f"◖{BLANK}{main}", f"◗{BLANK}{other}"] if self.has_other(moment) else []
        return legend(names, self.column, style)

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return the band of the place pointed at, and room for the names of both halves."""
        named, lines = self._legend(moment, style)
        top = style.margins["t"] + round(1.3 * tip_size(style) * lines)
        place = {"x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "align": "left"}
        place |= {"xref": "paper", "yref": "paper", "showarrow": False, "text": named}
        return {
            "shapes": [band(getattr(moment.scenario, self.pointed))],
            "margin": {**style.margins, "t": top},
            **({"annotations": [place | {"font": {"size": tip_size(style)}}]} if named else {}),
        }

    def in_words(self, moment: Moment) -> str:
        """Return the means of the first and of the last place."""
        first, *_, last = self.values(moment)
        return f"{self.called} 0: {number(first)}, {self.count(moment) - 1}: {number(last)}"


def _outlines(shares: np.ndarray, left: int, right: int) -> list[Any]:
    """Return where the outlines are from left to right, each place as wide as all others.

    Args:
        shares: shape (places, heights).
        left: −1 where they have a left half, else 0.
        right: 1 where they have a right half, else 0.
    """
    widest = shares.max(axis=1, keepdims=True)
    widths = HALF * shares / np.where(widest > 0, widest, 1)
    places = np.arange(len(shares))[:, np.newaxis]
    both = np.hstack([places + left * widths, (places + right * widths)[:, ::-1]])
    rows: Sequence[Sequence[float]] = both.round(3).tolist()
    return [x for row in rows for x in (*row, None)]
