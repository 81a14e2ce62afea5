"""Pictures on a logarithmic axis: positive numbers as powers of ten above 1 and below it.

Their axes are linear ones of logarithms, with names for the powers of ten: bars begin at 1, and a
number that is merely small has its place, however small it is. Only what is exactly 0, or infinite,
has none: its bar ends at the edge, and says so.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from visualizer.figures.axes import below, decades_of
from visualizer.figures.bars import WIDTH, BarFigure, arrows_of, clipped, legend, tip_size
from visualizer.figures.curves import drawn_line
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import BLANK, Style
from visualizer.figures.numbers import finite, number
from visualizer.figures.palette import GHOST

# What stands at the tip of a bar that has no end, and how it is painted.
ENDLESS = {0.0: "0", math.inf: "∞"}
SHADOW = "rgba(128,132,142,0.35)"

# From so many decades on, an axis has names at powers of ten alone.
FINE = 2.2
# About so many names has an axis, and one on a projector.
NAMES, FEW_NAMES = 6, 4

SUPERSCRIPTS = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

# The place of the item pointed at, behind its bar.
BAND: Drawn = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
BAND |= {"line": {"width": 0}, "fillcolor": "rgba(128,132,142,0.22)"}


def band(place: int) -> Drawn:
    """Return what marks a place of an axis of places."""
    return BAND | {"x0": place - 0.5, "x1": place + 0.5}


def power_of_ten(exponent: int) -> str:
    """Return "10⁻⁸", or "1"."""
    text = str(exponent).replace("-", "−").translate(SUPERSCRIPTS)
    return f"10{text}" if exponent else "1"


def decade_names(low: float, high: float, most: int) -> Drawn:
    """Return options of an axis of logarithms from low to high, with about so many names."""
    if high - low <= FINE:
        factors = [m * 10.0**e for e in range(math.floor(low), math.ceil(high)) for m in (1, 2, 5)]
        named = {math.log10(factor): f"{factor:g}" for factor in factors}
    else:
        steps = (1, 2, 5, 10, 20, 50, 100, 200)
        step = next((s for s in steps if (high - low) / s <= most), 500)
        exponents = range(math.ceil(low / step) * step, math.floor(high) + 1, step)
        named = {float(exponent): power_of_ten(exponent) for exponent in exponents}
    shown = {at: name for at, name in named.items() if low <= at <= high}
    return {"tickmode": "array", "tickvals": list(shown), "ticktext": list(shown.values())}


@dataclass(frozen=True, kw_only=True)
class DecadeBars(BarFigure):
    """Positive numbers as bars from 1, down to what is smaller and up to what is larger.

    Attributes:
        other: the same numbers of something else, by their name among the values, as a line with
            points; drawn where there is such a value.
        ceiling: what the numbers cannot exceed, likewise, as a dashed line.
        labels: the value that says what bars, line and ceiling are called, in this order.
        note: the value that says in words what has no place on the axis; BLANK where all has one.
        pointed: the field of the scenario that counts the item pointed at.
    """

    other: str = ""
    ceiling: str = ""
    labels: str = "labels"
    note: str = ""
    pointed: str = "k"
    index: str = "k"

    def bounds(self, moment: Moment) -> tuple[float, float]:
        """Return how many decades the axis reaches below 1, and above it."""
        return -moment.ends[below(self.reach)], moment.ends[self.reach]

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return an axis of places, and one with names at powers of ten."""
        places, upright = super().axes(moment, style)
        names = decade_names(*self.bounds(moment), FEW_NAMES if style.rows else NAMES)
        return places, upright | names

    def kept(self, moment: Moment) -> int:
        """Return the item pointed at."""
        return int(getattr(moment.scenario, self.pointed))

    def texts(
        self, values: Sequence[float], arrows: Sequence[str], moment: Moment, style: Style
    ) -> list[str]:
        """Return what stands at the tips; what has no end says which it is.

        On a projector too, only numbers that all have room: one alone would cover the axis.
        """
        texts = super().texts(values, arrows, moment, replace(style, alone=None))
        return [
            BLANK if math.isnan(value) else ENDLESS.get(value, text)
            for value, text in zip(values, texts, strict=True)
        ]

    def lines(self, moment: Moment) -> dict[str, list[float | None]]:
        """Return the heights of the lines before the bars: they may leave the axis."""
        return {
            name: finite(decades_of(moment.values[name]).tolist())
            for name in (self.ceiling, self.other)
            if name in moment.values
        }

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the heights of lines and bars, and texts at the tips."""
        values, (low, high) = self.values(moment), self.bounds(moment)
        heights = decades_of(values).tolist()
        text = self.texts(values, arrows_of(heights, low, high), moment, style)
        lines = [{"y": heights} for heights in self.lines(moment).values()]
        bars = {"y": finite(clipped(heights, low, high)), "text": text, "marker": self.look(values)}
        return [*lines, bars]

    def look(self, values: Sequence[float]) -> Drawn:
        """Return how bars are painted: those that have no end are shadows."""
        colors = [SHADOW if value in ENDLESS else self.color for value in values]
        color = colors if SHADOW in colors else self.color
        return {"color": color, "line": {"width": 0}, "opacity": 0.75}

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the lines, and the bars behind them."""
        values = self.values(moment)
        *_, bars = self.moving(moment, style)
        places = list(range(len(values)))
        lines = [
            drawn_line(places, heights, GHOST if name == self.ceiling else self.color, style)
            | (DASHED if name == self.ceiling else points(self.color, style))
            for name, heights in self.lines(moment).items()
        ]
        bar = {
            "type": "bar",
            **bars,
            **self.at_tips(len(values), style),
            "customdata": finite(values),
            "hovertemplate": f"{self.called} %{{x}} = %{{customdata:.6g}}<extra></extra>",
            "width": WIDTH,
        }
        return [*lines, bar]

    def _legend(self, moment: Moment, style: Style) -> tuple[str, int]:
        """Return what bars and lines are called, where there are lines, and in how many lines."""
        lines, (bars, other, ceiling) = self.lines(moment), moment.values[self.labels]
        names = [f"▮{BLANK}{bars}"] if self.other in lines else []
        names += [f"●{BLANK}{other}"] if self.other in lines else []
        names += [f"┄{BLANK}{ceiling}"] if self.ceiling in lines else []
        return legend(names, self.column, style)

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return the band of the item pointed at, and room for the names of lines."""
        _, lines = self._legend(moment, style)
        top = style.margins["t"] + round(1.3 * tip_size(style) * lines)
        return {"shapes": [band(self.kept(moment))], "margin": {**style.margins, "t": top}}

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return the names of lines, and what has no place on the axis."""
        corner = {"xref": "paper", "yref": "paper", "showarrow": False}
        named, _ = self._legend(moment, style)
        notes: list[Drawn] = []
        if named:
            place = {"x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "align": "left"}
            notes.append(corner | place | {"text": named, "font": {"size": tip_size(style)}})
        if self.note:
            place = {"x": 0.5, "y": 0.98, "yanchor": "top", "text": moment.values[self.note]}
            notes.append(corner | place | {"font": {"size": style.text}})
        return {"annotations": notes} if notes else {}

    def in_words(self, moment: Moment) -> str:
        """Return the first number, the last one, and what has no place on the axis."""
        values = self.values(moment)
        ends = f"{self.called} 0: {number(values[0])}, {len(values) - 1}: {number(values[-1])}"
        return f"{ends}. {moment.values[self.note].strip()}" if self.note else ends


@dataclass(frozen=True, kw_only=True)
class Sweep(Figure):
    """A positive result over a positive number that is dragged, both logarithmic.

    Attributes:
        grid: the array of numbers at which the result is known, by its name among the values.
        now: the result at the number of the moment, likewise.
        other: the same results of something else, drawn where there is such a value.
        other_now: that at the number of the moment.
        labels: the value that says what both are called.
        marks: the value that holds numbers worth a mark, by their names.
        note: the value that says in words what has no place on the axis.
    """

    grid: str
    now: str
    other: str = ""
    other_now: str = ""
    labels: str = "labels"
    marks: str = "marks"
    note: str = ""

    GRIP = "line"

    def count(self, moment: Moment) -> int:
        """Return 1: nothing stands side by side."""
        return 1

    def dragged(self, moment: Moment) -> list[float]:
        """Return the number of the moment."""
        return [getattr(moment.scenario, self.drag)]

    def dragged_between(self, moment: Moment) -> tuple[float, float]:
        """Return the ends of the grid."""
        grid = moment.values[self.grid]
        return float(grid[0]), float(grid[-1])

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the curves, which stay, and the points on them."""
        (at,), (least, most) = self.dragged(moment), self.dragged_between(moment)
        found: list[Drawn] = []
        for name, now in self.shown(moment).items():
            (point,) = finite(decades_of([moment.values[now]]).tolist())
            is_seen = point is not None and least <= at <= most
            place = {"x": [at] if is_seen else [], "y": [point] if is_seen else []}
            found += [{"y": finite(decades_of(moment.values[name]).tolist())}, place]
        return found

    def bounds(self, moment: Moment) -> tuple[float, float]:
        """Return how many decades the axis reaches below 1, and above it."""
        return -moment.ends[below(self.reach)], moment.ends[self.reach]

    def shown(self, moment: Moment) -> dict[str, str]:
        """Return the names of curves, each with that of its point, the other one first."""
        pairs = {self.other: self.other_now, self.of or self.name: self.now}
        return {curve: now for curve, now in pairs.items() if curve in moment.values}

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the curves, each with its point."""
        grid, moving = moment.array(self.grid), self.moving(moment, style)
        found: list[Drawn] = []
        for i, name in enumerate(self.shown(moment)):
            line = drawn_line(grid, moving[2 * i]["y"], self.color, style)
            is_other = name == self.other
            if is_other:
                line["line"] = line["line"] | {"dash": "dot"}
            marker = {"color": self.color, "size": style.point or 11}
            marker |= {"symbol": "circle-open" if is_other else "circle"}
            look = {"type": "scatter", "mode": "markers", "marker": marker, "hoverinfo": "skip"}
            found += [line, look | moving[2 * i + 1]]
        return found

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return both axes."""
        low, high = self.bounds(moment)
        ends = [math.log10(end) for end in self.dragged_between(moment)]
        across = {"type": "log", "range": ends, "showgrid": False}
        across |= decade_named(*ends)
        names = decade_names(low, high, FEW_NAMES if style.rows else NAMES)
        return across, {"range": [low, high], "zeroline": True, **names}

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return the lines of the marks."""
        line = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
        line |= {"line": {"width": 1.5, "dash": "dash", "color": GHOST}}
        marks: Mapping[str, float] = moment.values[self.marks]
        top = style.margins["t"] + round(1.3 * tip_size(style))
        shapes = [line | {"x0": at, "x1": at} for at in marks.values()]
        return {"shapes": shapes, "margin": {**style.margins, "t": top}}

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return the names of the marks, away from each other, of the curves, and the note."""
        marks: Mapping[str, float] = moment.values[self.marks]
        note = {"yref": "paper", "showarrow": False, "font": {"size": tip_size(style)}}
        found: list[Drawn] = []
        for place, (name, at) in enumerate(sorted(marks.items(), key=lambda mark: mark[1])):
            side = "right" if place < len(marks) / 2 else "left"
            where = {"x": math.log10(at), "xanchor": side, "y": 1, "yanchor": "bottom"}
            found.append(note | where | {"text": name})
        main, other, _ = moment.values[self.labels]
        names = [f"━{BLANK}{main}", f"┈{BLANK}{other}"] if self.other in moment.values else []
        corner = note | {"xref": "paper", "x": 0.02, "y": 0.98, "xanchor": "left", "yanchor": "top"}
        words = [*names, *([moment.values[self.note]] if self.note else [])]
        return {"annotations": [*found, corner | {"text": "<br>".join(words), "align": "left"}]}

    def in_words(self, moment: Moment) -> str:
        """Return the number of the moment and its result."""
        (at,) = self.dragged(moment)
        return f"At {at:g}: {number(float(moment.values[self.now]))}"


# How a line is drawn that nothing exceeds.
DASHED: Drawn = {"line": {"color": GHOST, "width": 2, "dash": "dash", "simplify": False}}


def points(color: str, style: Style) -> Drawn:
    """Return the options of a line with a point at each of its places."""
    marker: dict[str, Any] = {"color": color, "size": style.point or 6}
    return {"mode": "lines+markers", "marker": marker}


def decade_named(low: float, high: float) -> Drawn:
    """Return the names of an axis that is logarithmic itself, from 10 ** low to 10 ** high."""
    values = [10.0**exponent for exponent in range(math.ceil(low), math.floor(high) + 1)]
    return {"tickmode": "array", "tickvals": values, "ticktext": [f"{v:g}" for v in values]}
