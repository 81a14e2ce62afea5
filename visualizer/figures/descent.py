"""A walk of steps: what a number becomes on the way, and what takes, plays and pauses the steps."""

from dataclasses import dataclass
from typing import ClassVar

from visualizer.figures.axes import below
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import TEXT, Style
from visualizer.figures.numbers import finite, number


@dataclass(frozen=True, kw_only=True)
class Descent(Figure):
    """A number after each step that was taken, as a line that grows to the right.

    Attributes:
        most: how many steps there are at most: so far the axis reaches.
    """

    most: int

    def count(self, moment: Moment) -> int:
        """Return 1: nothing stands side by side."""
        return 1

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the line, as many points at every step, and the last point with its number."""
        taken = self.values(moment)
        last, left = len(taken) - 1, self.most + 1 - len(taken)
        places = [*range(len(taken)), *[last] * left]
        now = {"x": [last], "y": finite(taken[-1:]), "text": [number(taken[-1])]}
        return [{"x": places, "y": finite([*taken, *taken[-1:] * left])}, now]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the line and its last point."""
        line, now = self.moving(moment, style)
        look = {"color": self.color, "width": style.line or 2.5, "simplify": False}
        marker = {"color": self.color, "size": style.point or 10}
        drawn = {"type": "scatter", "hoverinfo": "skip", "cliponaxis": False}
        point = {"mode": "markers+text", "marker": marker, "textposition": "top right"}
        return [
            drawn | {"mode": "lines", "line": look} | line,
            drawn | point | {"textfont": {"size": style.number if style.rows else TEXT}} | now,
        ]

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return the axis of steps, and that of the number."""
        end = moment.ends[self.reach]
        low = -moment.ends.get(below(self.reach), end)
        room = 0.12 * (end - low)
        # The number of the last point stands to its right.
        steps = {"range": [-0.03 * self.most, 1.15 * self.most], "nticks": 5, "showgrid": False}
        upright = {"range": [low - room / 2, end + room], "zeroline": True, "nticks": style.ticks}
        return steps, upright

    def in_words(self, moment: Moment) -> str:
        """Return the number before the first step and after the last."""
        taken = self.values(moment)
        return f"{number(taken[0])} at first, {number(taken[-1])} after {len(taken) - 1} steps"


@dataclass(frozen=True, kw_only=True)
class Stepper(Figure):
    """What takes the steps: a range for their number, and buttons that play them one by one.

    It is no plot: the browser makes its buttons. Its one number is that of the steps taken.

    Attributes:
        drag: the field that counts them.
        most: how many there are.
    """

    most: int
    height: int = 44

    KIND: ClassVar[str] = "stepper"

    def count(self, moment: Moment) -> int:
        """Return 1: there is one number."""
        return 1

    def taken(self, moment: Moment) -> int:
        """Return how many steps are taken."""
        return int(getattr(moment.scenario, self.drag))

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return how many steps are taken."""
        return [{"x": [self.taken(moment)]}]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return how many steps are taken: nothing for plotly.js."""
        return self.moving(moment, style)

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return no options: it has no axes."""
        return {}, {}

    def dragged_between(self, moment: Moment) -> tuple[float, float]:
        """Return from where to where its range goes."""
        return 0, self.most

    def drawn(self, moment: Moment) -> Drawn:
        """Return what the browser makes it of."""
        style = self.style(moment)
        large = {"rows": style.rows} if style.rows else {}
        meta = {"alt": self.in_words(moment)} | large
        layout: Drawn = {"title": {"text": self.heading(moment)}, "meta": meta}
        if self.is_future(moment):
            note = {"text": "not run yet"}
            return {"data": [], "layout": layout | {"annotations": [note]}, "state": "future"}
        figure: Drawn = {"data": self.traces(moment, style), "layout": layout}
        figure["stepper"] = {
            "field": self.drag,
            "label": self.called,
            "most": self.most,
            "moves": list(moment.moves.get(self.drag, ())),
        }
        if moment.step and moment.step not in self.lit:
            figure["state"] = "past"
        return figure

    def in_words(self, moment: Moment) -> str:
        """Return how many steps are taken, of how many."""
        return f"{self.heading(moment)}: {self.taken(moment)} of {self.most}"
