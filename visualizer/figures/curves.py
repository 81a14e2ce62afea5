"""Curves of one input, with the points on them that a user moves."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import TEXT, Style, apart
from visualizer.figures.numbers import number

# Where a curve is drawn: denser where it bends, however far its axis reaches.
BEND, DENSE, SPARSE = 8, 129, 61

Function = Callable[[np.ndarray], np.ndarray]


def grid(end: float) -> np.ndarray:
    """Return where a curve is drawn on an axis from −end to end."""
    points = np.union1d(np.linspace(-end, end, SPARSE), np.linspace(-BEND, BEND, DENSE))
    return points[np.abs(points) <= end]


@dataclass(frozen=True, kw_only=True)
class Curve(Figure):
    """Template of figures of a function over an axis of inputs, with points on it.

    Attributes:
        function: what is drawn, from nnfs.
        points: the array of inputs, by its name among the values.
    """

    function: Function
    points: str = "x"
    index: str = "i"

    MARKS = "points"

    def count(self, moment: Moment) -> int:
        """Return how many points there are."""
        return len(moment.values[self.points])

    def zooms(self, moment: Moment) -> bool:
        """Never: points have no places of their own."""
        return False

    def line(self, moment: Moment, style: Style) -> Drawn:
        """Return the curve."""
        at = grid(moment.ends[self.reach])
        return drawn_line(at.tolist(), self.function(at).tolist(), self.color, style)

    def opacity(self, moment: Moment) -> list[float]:
        """Return how much each point stands out: the chosen one does."""
        return [1.0 if i == moment.scenario.j else 0.45 for i in range(self.count(moment))]

    def across(self, moment: Moment) -> Drawn:
        """Return the axis of inputs."""
        end = moment.ends[self.reach]
        return {"range": [-end, end], "showgrid": False, "zeroline": True}


@dataclass(frozen=True, kw_only=True)
class PointsOnCurve(Curve):
    """y over x with a point for each input and, where the slopes are known, its tangent.

    The first trace is the curve, which is what handles on it follow.

    Attributes:
        slopes: the array of dy/dx; without it the points are named in place of it.
        tangent_color: of the tangents.
        tangents_from: the step of a lecture at which the tangents come.
    """

    slopes: str = ""
    tangent_color: str = ""
    tangents_from: int = 0

    GRIP = "curve"

    def dragged(self, moment: Moment) -> list[float]:
        """Return the inputs."""
        return moment.array(self.points)

    def elements(self, moment: Moment) -> Drawn:
        """Say that its points are the heights: what is dragged are the inputs."""
        return super().elements(moment) | {"symbol": self.of or self.name}

    def _slopes(self, moment: Moment) -> list[float]:
        early = 0 < moment.step < self.tangents_from
        return moment.array(self.slopes) if self.slopes and not early else []

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the points, and the ends of their tangents."""
        x, y, slopes = moment.array(self.points), self.values(moment), self._slopes(moment)
        if not self.slopes:
            return [{}, {"x": x, "y": y, "textposition": [_beside(at) for at in x]}]
        reach = 0.22 * moment.ends[self.reach]  # half the length of a tangent, along x
        ends_x: list[float | None] = []
        ends_y: list[float | None] = []
        for a, b, slope in zip(x, y, slopes, strict=True) if slopes else ():
            ends_x += [a - reach, a + reach, None]
            ends_y += [b - slope * reach, b + slope * reach, None]
        return [{}, {"x": ends_x, "y": ends_y}, {"x": x, "y": y, "customdata": slopes}]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the curve, the tangents and the points."""
        _, *tangents, points = self.moving(moment, style)
        opacity = self.opacity(moment) if self.slopes else 1.0
        drawn = {
            "type": "scatter",
            **points,
            **(self._hovered(moment) if self.slopes else self._named(moment, style)),
            "marker": {"color": self.color, "size": style.point or 9, "opacity": opacity},
        }
        lines = [drawn_line(t["x"], t["y"], self.tangent_color, style) for t in tangents]
        return [self.line(moment, style), *lines, drawn]

    def _hovered(self, moment: Moment) -> Drawn:
        """Return what points say when the pointer is on them."""
        slope = "<br>slope %{customdata:.6g}" if self._slopes(moment) else ""
        words = f"x = %{{x}}<br>y = %{{y:.6g}}{slope}<extra></extra>"
        return {"mode": "markers", "hovertemplate": words}

    def _named(self, moment: Moment, style: Style) -> Drawn:
        """Return how points show their names in place of their slopes."""
        names = [f"x{subscript(i)}" for i in range(self.count(moment))]
        font = {"textfont": {"size": style.number}} if style.rows else {}
        return {"mode": "markers+text", "text": names, "hoverinfo": "skip", **font}

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return the axis of x, and one of y from 0 to 1."""
        upright = {"range": [-0.12, 1.22], "tickvals": [0, 0.5, 1], **style.few}
        return self.across(moment), upright

    def in_words(self, moment: Moment) -> str:
        """Return the heights of the points."""
        return f"y: {', '.join(number(y) for y in self.values(moment))}"


@dataclass(frozen=True, kw_only=True)
class SlopeCurve(Curve):
    """The slope over x, its maximum as a line, and the zones where it has all but vanished.

    Attributes:
        highest: the maximum of the slope.
        saturated: from |x| = this on, the zone is shaded.
    """

    highest: float
    saturated: float

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return the axis of x, and one of slopes from 0 to the highest."""
        reach = [-0.12 * self.highest, 1.3 * self.highest]
        return self.across(moment), {"range": reach, "tickvals": [0, self.highest], **style.few}

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the points, with their numbers where these do not cover each other."""
        x, slopes = moment.array(self.points), self.values(moment)
        ranges = tuple(axis["range"] for axis in self.axes(moment, style))
        texts = style.alone.texts(slopes) if style.alone else [number(m) for m in slopes]
        size = style.number if style.rows else TEXT
        text = apart(texts, x, slopes, ranges, moment.scenario.j, size)
        return [{}, {"x": x, "y": slopes, "customdata": slopes, "text": text}]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the curve and its points."""
        marks = {
            "type": "scatter",
            "mode": "markers+text",
            **self.moving(moment, style)[1],
            "textposition": "top center",
            "cliponaxis": False,
            "hoverinfo": "skip",
            "marker": {
                "color": self.color,
                "size": style.point or 10,
                "opacity": self.opacity(moment),
            },
        }
        if style.rows:
            marks["textfont"] = {"size": style.number}
        return [self.line(moment, style), marks]

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return the zones."""
        end = moment.ends[self.reach]
        zones = [(-end, -self.saturated), (self.saturated, end)] if self.saturated < end else []
        return {
            "shapes": [
                {"type": "rect", "x0": a, "x1": b, "y0": 0, "y1": 1, "yref": "paper"}
                | {"line": {"width": 0}, "fillcolor": "rgba(128,132,142,0.18)", "layer": "below"}
                for a, b in zones
            ]
        }

    def in_words(self, moment: Moment) -> str:
        """Return the slopes."""
        return f"Slopes: {', '.join(number(m) for m in self.values(moment))}"


@dataclass(frozen=True, kw_only=True)
class ErrorCurve(Figure):
    """An error over a step, both logarithmic, with the step of the moment as a point.

    Attributes:
        steps: where the error is known, above 0.
        at: the field of the scenario that is the step of the moment.
        error: the error there, by its name among the values.
        note: what stands in the corner above the curve, by its name.
    """

    steps: Sequence[float]
    at: str
    error: str
    note: str

    def count(self, moment: Moment) -> int:
        """Return 1: nothing stands side by side."""
        return 1

    def _now(self, moment: Moment) -> tuple[float, float]:
        return getattr(moment.scenario, self.at), float(moment.values[self.error])

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the curve, with gaps where the error is exactly 0, and the point."""
        step, error = self._now(moment)
        shown = 0 < error < math.inf
        errors = [e if 0 < e < math.inf else None for e in self.values(moment)]
        point = {"x": [step] if shown else [], "y": [error] if shown else []}
        return [{"y": errors}, point]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the curve and the point."""
        curve, point = self.moving(moment, style)
        marker = {"color": self.color, "size": style.point or 11}
        look = {"type": "scatter", "mode": "markers", "marker": marker, "hoverinfo": "skip"}
        return [drawn_line(self.steps, curve["y"], self.color, style), look | point]

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return both axes."""
        axis = {"type": "log", "dtick": 2, "exponentformat": "power", "tickfont": {"size": 11}}
        return axis | {"range": [-4, 0.4]}, {**axis, "range": [-13, 1], "dtick": 4, **style.few}

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return the note."""
        corner = {"text": moment.values[self.note], "showarrow": False, "align": "left"}
        corner |= {"x": 0.04, "y": 0.98, "xref": "paper", "yref": "paper"}
        corner |= {"xanchor": "left", "yanchor": "top"}
        return {"annotations": [corner | {"font": {"size": style.text}}]}

    def in_words(self, moment: Moment) -> str:
        """Return the step of the moment and its error."""
        step, error = self._now(moment)
        return f"At {step:g} the error is {error:.2g}"


def drawn_line(
    x: Sequence[float | None], y: Sequence[float | None], color: str, style: Style
) -> Drawn:
    """Return a line through points; it has gaps where one is missing."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": list(y),
        "line": {"color": color, "width": style.line or 2.5, "simplify": False},
        "hoverinfo": "skip",
    }


def subscript(index: int) -> str:
    """Return the index of a symbol, as in x₂, where no tag can set it."""
    return str(index).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _beside(x: float) -> str:
    """Where the name of a point has room beside a curve that rises."""
    return "top left" if x < 0 else "bottom right"
