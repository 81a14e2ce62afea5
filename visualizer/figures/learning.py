"""The learning curve: a loss and its gradient over one input, for two losses and two targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from visualizer.figures.axes import Axis
from visualizer.figures.curves import drawn_line, subscript
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import BLANK, Style
from visualizer.figures.numbers import number
from visualizer.figures.palette import GHOST

# Of the height of the plot: the lower panel, and the upper one.
LOWER, UPPER = (0.0, 0.6), (0.66, 1.0)

# The lower panel has room above the largest |dx| for a name, and below 0 for the knob of the line.
ABOVE, BELOW = 1.3, 0.2

# Where names stand on the lower panel: beside 0, as parts of the width and of its largest |dx|.
ASIDE, HIGH, MIDDLE, LOW = 0.56, 1.03, 0.74, 0.03
# A curve that is higher there than this part is named above, any other one below.
IS_HIGH = 0.25

# So many digits of a curve are finer than a pixel, and keep a message short.
DIGITS = 4

# The size of names, in pixels.
SMALL = 11


@dataclass(frozen=True, kw_only=True)
class LearningCurve(Figure):
    """L in an upper panel and |dx| in a lower one, over the chosen input, with its place marked.

    Four curves in each: the loss of the page in colour and another one in grey, for the target of
    the moment and, dashed, for the opposite one. An upright line through both panels stands at the
    input as it is, and can be dragged.

    Attributes:
        of: |dx|, shape (2, 2, N + 1): loss of the page and the other one, target and opposite, N
            places and, last, the input as it is.
        losses: L, of the same shape, by its name among the values.
        deeper: |∂L/∂h| where another layer stands before, shape (N + 1,); none if empty.
        places: the N values of the input, from low to high.
        loss_color: of L.
        upper: what L is measured on.
        inputs: the array of inputs, by its name.
        targets: that of targets.
        compared: the names of the loss of the page, and of the other one.
        sides: what is said where the target is wrong, and where it is right.
        short_names: those names on a projector.
        short_sides: what is said there.
    """

    losses: str
    deeper: str = ""
    places: Sequence[float]
    loss_color: str
    upper: Axis
    inputs: str = "z"
    targets: str = "t"
    compared: tuple[str, str]
    sides: tuple[str, str]
    short_names: tuple[str, str]
    short_sides: tuple[str, str]

    GRIP: ClassVar[str] = "line"

    @property
    def measures(self) -> tuple[Axis, ...]:
        """What both panels are measured on."""
        return (*super().measures, self.upper)

    def count(self, moment: Moment) -> int:
        """Return 1: nothing stands side by side."""
        return 1

    def steep(self, moment: Moment) -> np.ndarray:
        """Return |dx|."""
        return moment.values[self.of or self.name]

    def at(self, moment: Moment) -> float:
        """Return the chosen input."""
        return float(moment.values[self.inputs][moment.scenario.j])

    def dragged(self, moment: Moment) -> list[float]:
        """Return the chosen input."""
        return [self.at(moment)]

    def dragged_between(self, moment: Moment) -> tuple[float, float]:
        """Return the ends of the horizontal axis."""
        return self.places[0], self.places[-1]

    def edits_at(self, moment: Moment) -> int:
        """Return the place of the chosen input."""
        return int(moment.scenario.j)

    def labels_of(self, moment: Moment, values: Sequence[float]) -> list[str]:
        """Return the name of its handle: the bars have one of the same input."""
        return [f"{self.called} {moment.scenario.j} on the learning curve"]

    def tops(self, moment: Moment) -> tuple[float, float]:
        """Return where the axes of the lower and of the upper panel end."""
        return ABOVE * moment.ends[self.reach], moment.ends[self.upper.name]

    def panels(self, moment: Moment) -> tuple[np.ndarray, np.ndarray]:
        """Return the heights of all curves of the lower panel, and of the upper one, a row each.

        What matters most comes last, and lies above the others.
        """
        lower, upper = self.steep(moment), moment.values[self.losses]
        order = (1, 1, 0, 0), (1, 0, 1, 0)
        deeper = moment.values[self.deeper][np.newaxis] if self.deeper else lower[0, :0]
        return np.concatenate([deeper, lower[order]]), upper[order]

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return of each panel the curves, the upright line, and the points on it."""
        low, high = self.dragged_between(moment)
        at = min(max(self.at(moment), low), high)
        moved: list[Drawn] = []
        for panel, top in zip(self.panels(moment), self.tops(moment), strict=True):
            points = panel[:, -1].tolist()
            moved += [{"y": heights} for heights in panel[:, :-1].round(DIGITS).tolist()]
            moved.append({"x": [at, at], "y": [-BELOW * top, top]})
            moved.append({"x": [at] * len(points), "y": points, "customdata": points})
        return moved

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the curves of both panels: those of the upper one come last."""
        moving = self.moving(moment, style)
        below, above = moving[:-6], moving[-6:]  # four curves, a line, and points
        upper = self._panel(above, self.loss_color, style)
        return [*self._panel(below, self.color, style), *(t | {"yaxis": "y2"} for t in upper)]

    def _panel(self, moving: Sequence[Drawn], color: str, style: Style) -> list[Drawn]:
        """Return the curves of one panel, the upright line through it, and the points on it."""
        *curves, upright, points = moving
        deeper = len(curves) - 4
        colors = [color] * deeper + [GHOST, GHOST, color, color]
        dashes = ["dot"] * deeper + ["dash", "solid", "dash", "solid"]
        size = style.point or 10
        marks = {
            "type": "scatter",
            "mode": "markers",
            **points,
            "hovertemplate": "%{customdata:.6g}<extra></extra>",
            "marker": {
                "color": colors,
                "size": [size if dash == "solid" else 0.6 * size for dash in dashes],
            },
        }
        lines = [
            self._line(self.places, curve["y"], color, dash, style)
            for curve, color, dash in zip(curves, colors, dashes, strict=True)
        ]
        return [*lines, self._line(upright["x"], upright["y"], GHOST, "", style), marks]

    def _line(
        self, x: Sequence[float], y: Sequence[float], color: str, dash: str, style: Style
    ) -> Drawn:
        """Return a line; all but solid ones are thin."""
        line = drawn_line(x, y, color, style)
        width = line["line"]["width"] * (1 if dash == "solid" else 0.6)
        return line | {"line": line["line"] | {"width": width, "dash": dash or "solid"}}

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return the axis of inputs, and that of |dx|."""
        top, _ = self.tops(moment)
        upright = {"range": [-BELOW * top / ABOVE, top], "domain": LOWER, "zeroline": True}
        across = {"range": list(self.dragged_between(moment)), "showgrid": False, "nticks": 5}
        return across, upright | {"tickvals": [0, 0.5, 1]}

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return the axis of L, and margins with room for a line below the title if it fits."""
        _, top = self.tops(moment)
        upper: Drawn = {"range": [-0.05 * top, top], "domain": UPPER, "anchor": "x", "nticks": 3}
        upper |= {"fixedrange": True, "automargin": False, "exponentformat": "e"}
        upper |= {"zeroline": True, **({"tickfont": {"size": style.text}} if style.rows else {})}
        line = 0 if style.rows else round(1.5 * SMALL)
        margin = {**style.margins, "r": 14, "t": style.margins["t"] + line}
        return {"yaxis2": upper, "margin": margin}

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return what solid and dashed lines are, and names on either side of the lower panel."""
        end = moment.ends[self.reach]
        notes = [] if style.rows else [self._legend(moment)]
        heights = ((HIGH, "bottom"), (MIDDLE, "middle"), (LOW, "bottom"))
        for side in (-1, 1):
            texts = self.texts(moment, side, style)
            for text, (height, anchor) in zip(texts, heights, strict=True):
                place = {"x": side * ASIDE * self.places[-1], "y": height * end}
                notes.append(place | {"text": text, "xanchor": "center", "yanchor": anchor})
        look: Drawn = {"showarrow": False, "borderpad": 0}
        look |= {"font": {"size": style.text if style.rows else SMALL}}
        return {"annotations": [note | look for note in notes]}

    def _target(self, moment: Moment) -> float:
        return float(moment.values[self.targets][moment.scenario.j])

    def _legend(self, moment: Moment) -> Drawn:
        """Return a line below the title, which says what solid and dashed lines are."""
        j, t = subscript(moment.scenario.j), self._target(moment)
        told = f"solid: t{j} = {number(t, 2)}, dashed: {number(1 - t, 2)}"
        told += f", dotted: |dh{j}|" if self.deeper else ""
        corner = {"x": 0, "y": 1, "xref": "paper", "yref": "paper", "yshift": 3}
        return corner | {"text": told, "xanchor": "left", "align": "left", "yanchor": "bottom"}

    def texts(self, moment: Moment, side: int, style: Style) -> tuple[str, str, str]:
        """Return the losses with a large |dx| on a side, what is said of it, and the other losses.

        A target of 1 is wrong at the left, where the input is small, and one of 0 at the right;
        there losses differ, and are named.
        """
        wrong, right = self.short_sides if style.rows else self.sides
        if (side < 0) != (self._target(moment) >= 0.5):
            return BLANK, right, BLANK
        names = self.short_names if style.rows else self.compared
        place = int(np.searchsorted(self.places, side * ASIDE * self.places[-1]))
        is_high = self.steep(moment)[:, 0, place] > IS_HIGH * moment.ends[self.reach]
        high, low = (
            [name for name, one in zip(names, is_high, strict=True) if one == part]
            for part in (True, False)
        )
        return _all_of(high), wrong, _all_of(low)

    def in_words(self, moment: Moment) -> str:
        """Return |dx| and L at the input as it is, by both losses."""
        steep, loss = (a[:, 0, -1] for a in (self.steep(moment), moment.values[self.losses]))
        said = [
            f"by {name} L is {number(b)} and |d{self.called}| is {number(a)}"
            for name, a, b in zip(self.compared, steep, loss, strict=True)
        ]
        return f"At {self.called} = {number(self.at(moment))}, {'; '.join(said)}"


def _all_of(names: Sequence[str]) -> str:
    """Return one name, or that it is both; a blank for none, which keeps its place."""
    return "both" if len(names) > 1 else names[0] if names else BLANK


def places_between(low: float, high: float, count: int) -> tuple[float, ...]:
    """Return so many places from low to high."""
    return tuple(np.linspace(low, high, count).round(9).tolist())
