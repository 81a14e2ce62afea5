"""Logits beside what each precision can hold: where exp overflows, and where a target is lost."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from visualizer.figures.bars import Bars
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import Style
from visualizer.figures.numbers import finite, number
from visualizer.figures.palette import GHOST
from visualizer.figures.window import COLORS, NAMES, WIDTHS

# What the curves reach, with room for the numbers of the crosses.
LOWEST, HIGHEST = -1.45, 0.25


@dataclass(frozen=True, kw_only=True)
class OverflowBars(Bars):
    """Bars with a line for each precision, at the number from which exp of it is infinite.

    Attributes:
        overflows: those numbers.
    """

    overflows: Sequence[float]

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return the lines, as far as the axis shows them."""
        low, high = self.bounds(moment)
        across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1}
        shapes = [
            across | {"y0": x, "y1": x, "line": {"color": color, "width": 2, "dash": "dot"}}
            for x, color in zip(self.overflows, COLORS, strict=True)
            if low <= x <= high
        ]
        return super().more(moment, style) | {"shapes": shapes}

    def in_words(self, moment: Moment) -> str:
        """Return the values, and where exp overflows."""
        ends = [f"{a} from {number(x, 2)}" for a, x in zip(NAMES, self.overflows, strict=True)]
        return f"{super().in_words(moment)}. exp overflows in {', '.join(ends)}"


@dataclass(frozen=True, kw_only=True)
class GapCurves(Figure):
    """From −1, where the gradient belongs, to 0, where it is lost; on a logarithmic axis.

    A cross says from where on it is not a number. Points stand where the logits are.

    Attributes:
        across: what the axis of gaps is called.
        gaps: at which the curves are known, rising.
        right: the array of the way that holds, by its name among the values, shape (D,).
        crosses: the array of gaps from which the naive way is NaN, for each precision.
        gap: the one of the logits, by its name.
        now: the gradients there, for each precision.
    """

    across: str
    gaps: Sequence[float]
    right: str
    crosses: str
    gap: str
    now: str

    def count(self, moment: Moment) -> int:
        """Return how many precisions there are."""
        return len(NAMES)

    def zooms(self, moment: Moment) -> bool:
        """Never."""
        return False

    def _here(self, moment: Moment) -> float:
        """Return where the logits are, on the axis."""
        return min(max(float(moment.values[self.gap]), self.gaps[0]), self.gaps[-1])

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the curves, the crosses, the line at the logits and the points on it."""
        here, now = self._here(moment), moment.array(self.now)
        crosses = moment.array(self.crosses)
        seen = [(i, now[i]) for i in range(len(now)) if math.isfinite(now[i])]
        return [
            {"y": _rounded(moment.array(self.right))},
            *({"y": _rounded(curve)} for curve in self.values(moment)),
            {"x": [here, here]},
            {"x": crosses, "text": [number(x, 0 if x >= 100 else 1) for x in crosses]},
            {"x": [here] * len(seen), "y": [y for _, y in seen]},
        ]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return all of them, the way that holds as a broad line behind them."""
        right, *curves, line, crosses, points = self.moving(moment, style)
        look = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "x": list(self.gaps)}
        widths = [{"color": COLORS[i], "width": WIDTHS[i]} for i in range(len(curves))]
        return [
            look | {"line": {"color": GHOST, "width": 9}, "opacity": 0.35} | right,
            *(
                look | {"line": width | {"simplify": False}} | curve
                for width, curve in zip(widths, curves, strict=True)
            ),
            look
            | {"line": {"color": GHOST, "width": 1.5, "dash": "dash"}, "y": [LOWEST, HIGHEST]}
            | line,
            {
                "type": "scatter",
                "mode": "markers+text",
                "hoverinfo": "skip",
                "y": [-1.0] * len(COLORS),
                "cliponaxis": False,
                "textposition": "bottom center",
                "textfont": {"size": style.number},
                "marker": {"symbol": "x", "size": style.point or 9, "color": list(COLORS)},
            }
            | crosses,
            {
                "type": "scatter",
                "mode": "markers",
                "hoverinfo": "skip",
                "marker": {"color": list(COLORS), "size": style.point or 10},
            }
            | points,
        ]

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return both axes."""
        ends = [math.log10(self.gaps[0]), math.log10(self.gaps[-1])]
        across: Drawn = {"type": "log", "range": ends, "showgrid": False}
        across |= {"tickvals": [1, 10, 100, 1000]}
        across |= {"title": {"text": self.across, "standoff": 4, "font": {"size": style.text}}}
        return across, {"range": [LOWEST, HIGHEST], "tickvals": [-1, 0], "ticktext": ["−1", "0"]}

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Name the axis of gaps, in a margin that has room for it."""
        below = style.margins["b"] + (28 if style.rows else 18)
        return {"margin": {**style.margins, "b": below}}

    def in_words(self, moment: Moment) -> str:
        """Return the gradients at the logits."""
        here, now = float(moment.values[self.gap]), moment.array(self.now)
        said = [f"{name} {number(y)}" for name, y in zip(NAMES, now, strict=True)]
        return f"{number(here, 1)} behind: {', '.join(said)}"


def _rounded(values: Sequence[float]) -> list[float | None]:
    """Return numbers as long as a line can show; what is not a number is missing."""
    return finite(round(value, 3) for value in values)
