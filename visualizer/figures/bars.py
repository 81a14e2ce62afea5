"""Bars: one number per class, on an axis that stays where it is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from typing import Any

import numpy as np

from visualizer.figures.axes import FEW, LONGEST, below, column
from visualizer.figures.dust import ROUNDING, sum_of
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import BLANK, LABELLED, SUM, Style, apart, index_axis
from visualizer.figures.numbers import finite, number
from visualizer.figures.palette import GHOST

# How ghosts are told apart, in the order in which they are chosen.
HATCHES = ("/", "\\", "x", "-", "|", "+", ".")

# The size of an arrow that stands alone, in pixels.
ARROW = 11

# What an axis of values keeps beyond its ends for numbers at tips, as a share of its length. Where
# bars are dragged, their axis has room as it is, unless the figure is a low one.
ROOM, HANDLE_ROOM, LARGE_ROOM = 0.11, 0.04, 0.16
LOW = 200
# What it keeps on a projector where bars can be dragged to its very end.
LARGE_HANDLE_ROOM = 0.34

# How much of its place a bar takes.
WIDTH = 0.72

# How high an arrowhead at the edge is, as a share of the axis.
CHEVRON = 0.05

# How much of its place all ghosts take together.
GHOSTS = 0.54

# What says of a ghost's bar whether it is right.
RIGHT, WRONG = "✓", "✗"

# The margins in which a sum and a mean have room in large letters, in pixels.
SUM_ROOM, MEAN_ROOM = 66, 80

# As many lines name ghosts.
LEGEND = 2


@dataclass(frozen=True, kw_only=True)
class BarFigure(Figure):
    """Template of figures of bars: an index axis, and an axis of values that bars may leave.

    A bar longer than the axis ends at its edge, and an arrow at its tip says so, before the number
    where there is room for one.

    Attributes:
        low: where the axis begins; at −end if None.
    """

    low: float | None = None
    index: str = "i"

    MARKS = "bars"

    def bounds(self, moment: Moment) -> tuple[float, float]:
        """Return where the axis of values begins and ends."""
        name = self.measure(moment)
        end = moment.ends[name]
        return (-moment.ends.get(below(name), end) if self.low is None else self.low), end

    def dragged_between(self, moment: Moment) -> tuple[float, float]:
        """Return how far a bar can be dragged: to the ends of its axis."""
        return self.bounds(moment)

    def measure(self, moment: Moment) -> str:
        """Return the name of the axis of values."""
        return self.reach

    @property
    def most(self) -> float:
        """Where its axis ends at the most: from there on a bar that is dragged needs room."""
        return self.axis.most if self.axis else LONGEST

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return an axis of places, and one on which a full bar keeps room for its number."""
        is_full = self.drag and moment.ends[self.measure(moment)] == self.most
        if style.rows:
            room = LARGE_HANDLE_ROOM if is_full else LARGE_ROOM
        else:
            room = HANDLE_ROOM if self.drag and self.height > LOW and not is_full else ROOM
        low, end = self.bounds(moment)
        upright = _value_axis(low, end, room, style)
        # Its room is none to drag into.
        full = {"tickvals": [low, (low + end) / 2, end]} if is_full else {}
        return self.places(moment, style), upright | full

    def places(self, moment: Moment, style: Style) -> Drawn:
        """Return the axis of places."""
        return index_axis(self.count(moment), style=style)

    def count(self, moment: Moment) -> int:
        """Return how many bars there are."""
        return len(self.values(moment))

    def texts(
        self, values: Sequence[float], arrows: Sequence[str], moment: Moment, style: Style
    ) -> list[str]:
        """Return what stands at the tips: each number behind its arrow.

        Where numbers have no room the arrows stay, and on a projector the number that is kept.
        """
        if lettering := style.lettering(len(values), self.column):
            return lettering.texts(values, arrows)
        texts = [arrow.strip() for arrow in arrows]
        if style.alone:
            kept = self.kept(moment)
            (texts[kept],) = style.alone.texts([values[kept]], [arrows[kept]])
        return texts

    def uncovered(
        self, texts: Sequence[str], tips: Sequence[float], moment: Moment, style: Style
    ) -> list[str]:
        """Return the texts at tips, without those that would lie over one that counts before."""
        count = len(texts)
        ranges = (-0.5, count - 0.5), self.bounds(moment)
        lettering, width = style.lettering(count, self.column), self.plot_width(style)
        if lettering is None:
            return list(texts)
        return apart(texts, range(count), tips, ranges, self.kept(moment), lettering.size, width)

    def plot_width(self, style: Style) -> int:
        """Return how wide the plot is inside its axes, in pixels."""
        return int(self.column - style.margins["l"] - style.margins["r"])

    def kept(self, moment: Moment) -> int:
        """Return the bar whose number is printed large where not all have room."""
        return getattr(moment.scenario, "j", 0)

    def at_tips(self, count: int, style: Style) -> Drawn:
        """Return the options that print texts at the tips of so many bars, whole and upright."""
        lettering = style.lettering(count, self.column)
        size = lettering.size if lettering else style.number if style.rows else ARROW
        return TIPS | {"textfont": {"size": size}}


# How texts stand at the tips of bars.
TIPS: Drawn = {
    "textposition": "outside",
    "textangle": 0,
    "cliponaxis": False,
    "constraintext": "none",
}


@dataclass(frozen=True, kw_only=True)
class Bars(BarFigure):
    """One bar per value, its number at its tip.

    Ghosts are other values for the same bars: drawn behind them, each hatched its own way and named
    in a line below the title. They have arrows and no numbers, and where somebody has judged them,
    a mark on each bar that says whether it is right.

    Attributes:
        ghosts: the name of the value that holds them, arrays by label; none if empty.
        total: the sum of all values, by its name among the values: where it is always 0, that is
            said in the corner. None if empty.
        note: what is said in the corner in place of that, by its name; nothing if empty.
        short_note: the same on a projector.
        marks: the name of the value that says of a ghost which of its bars are right, by label.
        stands_out: whether the bar that is selected stands out, where there are no ghosts.
        crossed: the array of other values for the same bars, by its name among the values: each is
            a line across its bar. One beyond the axis is an arrowhead at its edge. None if empty.
    """

    ghosts: str = ""
    total: str = ""
    note: str = ""
    short_note: str = ""
    marks: str = "marks"
    stands_out: bool = False
    crossed: str = ""

    def behind(self, moment: Moment) -> dict[str, list[float]]:
        """Return the ghosts."""
        ghosts = moment.values[self.ghosts] if self.ghosts else {}
        return {label: np.asarray(values).tolist() for label, values in ghosts.items()}

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return heights, and texts at the tips."""
        values, (low, high) = self.values(moment), self.bounds(moment)
        behind = self.behind(moment)
        ghosts = [
            {
                "y": finite(clipped(other, low, high)),
                "text": self.tips(label, other, len(behind), moment, style),
                "customdata": finite(other),
            }
            for label, other in behind.items()
        ]
        text = self.texts(values, arrows_of(values, low, high), moment, style)
        bars = {"y": finite(clipped(values, low, high)), "text": text}
        return [*ghosts, *self._lines_across(moment), bars]

    def _lines_across(self, moment: Moment) -> list[Drawn]:
        """Return the line across each bar, with gaps between them; none where there are none."""
        if not self.crossed:
            return []
        low, high = self.bounds(moment)
        lines: list[float | None] = []
        for value in moment.array(self.crossed):
            end = min(max(value, low), high)
            side = end - math.copysign(CHEVRON * (high - low), value) if end != value else end
            lines += [*finite([side, end, side]), None]
        return [{"y": lines}]

    def tips(
        self, label: str, ghost: Sequence[float], ghosts: int, moment: Moment, style: Style
    ) -> list[str]:
        """Return what stands at the tips of one of so many ghosts: arrows, and marks with room."""
        low, high = self.bounds(moment)
        arrows = [arrow.strip() for arrow in arrows_of(ghost, low, high)]
        right = moment.values.get(self.marks, {}).get(label)
        room = (self.column - style.margins["l"] - style.margins["r"]) / len(ghost)
        if right is None or room * GHOSTS / ghosts < tip_size(style):
            return [arrow or BLANK for arrow in arrows]
        signs = [RIGHT if is_right else WRONG for is_right in right.tolist()]
        return [f"{arrow}{mark}" for arrow, mark in zip(arrows, signs, strict=True)]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the ghosts, and the bars before them."""
        values, behind = self.values(moment), self.behind(moment)
        *others, bars = self.moving(moment, style)
        ghosts, lines = others[: len(behind)], others[len(behind) :]
        marker: Drawn = {"color": self.color, "line": {"width": 0}}
        if self.stands_out and not behind:
            j = moment.scenario.j
            marker["opacity"] = [1.0 if i == j else 0.6 for i in range(len(values))]
        bar = {
            "type": "bar",
            **bars,
            **self.at_tips(len(values), style),
            "customdata": finite(values),
            "hovertemplate": f"{self.called} %{{x}} = %{{customdata:.6g}}<extra></extra>",
            "marker": marker,
            # Beside ghosts the bar takes the left half of its place, and overlaps the first.
            **({"offset": -0.46, "width": 0.46} if behind else {"width": WIDTH}),
        }
        looks = [_ghost(behind, place, style) for place in range(len(behind))]
        crossing = [_crossing(len(values), self.color, style) | line for line in lines]
        return [*(ghost | look for ghost, look in zip(ghosts, looks, strict=True)), *crossing, bar]

    def elements(self, moment: Moment) -> Drawn:
        """Say what the ghosts behind the bars are called, each with its hatch."""
        ghosts = [_hatched(place, label) for place, label in enumerate(self.behind(moment))]
        return super().elements(moment) | ({"ghosts": ghosts} if ghosts else {})

    def in_words(self, moment: Moment) -> str:
        """Return the values."""
        return f"{self.called}: {_listed(self.values(moment))}"

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return that bars and ghosts share their places, and room for what is said above them."""
        named, lines = _legend(list(self.behind(moment)), self.column, style)
        more: Drawn = {"barmode": "overlay"}
        margin = dict(style.margins)
        if named or self.note:
            margin["t"] += round(1.3 * tip_size(style) * max(lines, 1))
        if self.total and style.rows:
            margin["r"] = SUM_ROOM
        return more if margin == style.margins else more | {"margin": margin}

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return the names of the ghosts, and the sum."""
        corner = {"y": 1, "xref": "paper", "yref": "paper", "yanchor": "bottom", "showarrow": False}
        notes = []
        named, _ = _legend(list(self.behind(moment)), self.column, style)
        if named:
            names = {"text": named, "x": 0, "xanchor": "left", "align": "left"}
            notes.append(corner | names | {"font": {"size": tip_size(style)}})
        if self.note:
            said = moment.values[self.short_note if style.rows else self.note]
            # Aligned as it is anchored, it keeps its place in a patch, however long its number is.
            note = {"text": said, "x": 1, "xanchor": "right", "align": "right"}
            notes.append(corner | note | {"font": {"size": tip_size(style)}})
        if self.total:
            # In the margin, on the line of 0.
            text = sum_of(float(moment.values[self.total]))
            place = {"x": 1, "xref": "paper", "xanchor": "left", "y": 0, "yanchor": "middle"}
            total = {"text": text, "hovertext": ROUNDING, "showarrow": False, "borderpad": 0}
            notes.append(place | total | {"font": {"size": style.text}})
        return {"annotations": notes} if notes else {}


@dataclass(frozen=True, kw_only=True)
class TermBars(BarFigure):
    """The terms gᵢ·∂yᵢ/∂xⱼ of one input as bars that start where the last one ended.

    So the end of the last term is the sum, drawn again as a bar from 0 in its own colour. What lies
    beyond the axis is cut off there, and an arrow says so.

    Attributes:
        total: the array of all sums, by its name among the values.
        total_color: of the sum.
    """

    total: str = "dx"
    total_color: str = ""
    index: str = "i,j"
    made_of: tuple[str, ...] = ("g:{i}", "J:{i},{j}")

    def extents(self, moment: Moment) -> dict[str, int]:
        """Return how many terms there are: those of the chosen input."""
        return {"i": self.kept(moment)}

    def after(self) -> tuple[str, ...]:
        """Name their sum."""
        return (f"{self.total}:{{j}}",)

    def measure(self, moment: Moment) -> str:
        """Return the name of the axis of the chosen input, where each has one."""
        own = column(self.reach, moment.scenario.j)
        return own if own in moment.ends else self.reach

    def values(self, moment: Moment) -> list[float]:
        """Return the terms of the chosen input."""
        return moment.values[self.of or self.name][:, moment.scenario.j].tolist()

    def sum(self, moment: Moment) -> float:
        """Return their sum, as `backward` returned it."""
        return float(moment.values[self.total][moment.scenario.j])

    def count(self, moment: Moment) -> int:
        """Return the number of terms, with their sum."""
        return len(moment.values[self.of or self.name]) + 1

    def kept(self, moment: Moment) -> int:
        """Return the place of the sum."""
        return self.count(moment) - 1

    def places(self, moment: Moment, style: Style) -> Drawn:
        """Return the axis of places, the last one that of the sum."""
        return index_axis(self.count(moment), total=True, style=style)

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return where the terms begin, how far they go, and what stands at their ends."""
        terms, total, (low, high) = self.values(moment), self.sum(moment), self.bounds(moment)
        ends = list(accumulate(terms, initial=0.0))
        *seen, sum_seen = clipped([*ends, total], low, high)
        *beyond, sum_beyond = arrows_of([*ends, total], low, high)
        # A term is cut where it ends beyond the axis, and where it comes back from there; one of
        # no height has nothing to lose.
        arrows = [
            (after or before) if start != end else ""
            for (before, after), (start, end) in zip(pairwise(beyond), pairwise(ends), strict=True)
        ]
        text = self.texts([*terms, total], [*arrows, sum_beyond], moment, style)
        if style.rows or len(terms) > FEW:
            text = self.uncovered(text, [*seen[1:], sum_seen], moment, style)
        heights = [*(end - start for start, end in pairwise(seen)), sum_seen]
        return [{"base": finite([*seen[:-1], 0.0]), "y": finite(heights), "text": text}]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the terms and their sum."""
        terms, (moving,) = self.values(moment), self.moving(moment, style)
        colors = [self.color] * len(terms) + [self.total_color]
        return [
            {
                "type": "bar",
                "x": list(range(len(terms) + 1)),
                **moving,
                **self.at_tips(len(terms) + 1, style),
                "customdata": finite([*terms, self.sum(moment)]),
                "hovertemplate": "%{x}: %{customdata:.6g}<extra></extra>",
                "marker": {"color": colors, "line": {"width": 0}},
                "width": WIDTH,
            }
        ]

    def in_words(self, moment: Moment) -> str:
        """Return the terms and their sum."""
        return f"Terms: {_listed(self.values(moment))}; their sum: {number(self.sum(moment))}"

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Name the sum where its place has no room for a name."""
        place = self.kept(moment)
        if place <= LABELLED:
            # A large number at the last bar is wider than its place.
            alone = style.rows and not style.lettering(place + 1, self.column)
            return {"margin": {**style.margins, "r": SUM_ROOM}} if alone else {}
        note = {"text": SUM, "x": place, "y": 1, "yref": "paper", "yanchor": "bottom"}
        note |= {"showarrow": False, "xanchor": "right"}
        return {"annotations": [note | ({"font": {"size": style.text}} if style.rows else {})]}


@dataclass(frozen=True, kw_only=True)
class CentringBars(BarFigure):
    """Each value as a bar that hangs on the weighted mean of all, as wide as its weight.

    What stands above the line becomes positive, what hangs below it negative; the area of a bar
    is weight times deviation, and all areas add up to 0.

    Attributes:
        weights: the array of weights, adding up to 1, by its name among the values.
        mean: the weighted mean, by its name.
    """

    weights: str = "s"
    mean: str = "mean"

    def elements(self, moment: Moment) -> Drawn:
        """Say that its bars are the values themselves, drawn around their mean."""
        return super().elements(moment) | {"symbol": self.of or self.name}

    def _mean(self, moment: Moment) -> float:
        return float(moment.values[self.mean])

    def _deviations(self, moment: Moment) -> list[float]:
        mean = self._mean(moment)
        return [value - mean for value in self.values(moment)]

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the bars, and the line that they hang on."""
        values, mean = self.values(moment), self._mean(moment)
        low, high = self.bounds(moment)
        at, *seen = clipped([mean, *values], low, high)
        arrows = arrows_of(values, low, high)
        texts = self.texts(self._deviations(moment), arrows, moment, style)
        bar = {
            "base": finite([at] * len(values)),
            "y": finite(v - at for v in seen),
            "width": [0.9 * weight for weight in moment.array(self.weights)],
            "text": self.uncovered(texts, seen, moment, style) if style.rows else texts,
        }
        return [bar, {"y": finite([at] * 2), "text": ["", f"mean<br>{number(mean)}"]}]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the bars, and the line that they hang on."""
        bars, line = self.moving(moment, style)
        count = self.count(moment)
        bar = {
            "type": "bar",
            **bars,
            **self.at_tips(count, style),
            "customdata": finite(self._deviations(moment)),
            "hovertemplate": "g %{x} − mean = %{customdata:.6g}<extra></extra>",
            "marker": {"color": self.color, "line": {"width": 0}},
        }
        mean = {
            "type": "scatter",
            "mode": "lines+text",
            "x": [-0.5, count - 0.5],
            **line,
            "textposition": "middle right",
            "textfont": {"size": style.number},
            "cliponaxis": False,
            "line": {"color": self.color, "width": style.line or 2, "dash": "dash"},
            "hoverinfo": "skip",
        }
        return [bar, mean]

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return a margin in which the mean has room, in large letters."""
        return {"margin": {**style.margin, "r": MEAN_ROOM}} if style.rows else {}

    def plot_width(self, style: Style) -> int:
        """Return how wide the plot is, beside the margin of the mean."""
        return super().plot_width(style) - (MEAN_ROOM - style.margins["r"] if style.rows else 0)

    def in_words(self, moment: Moment) -> str:
        """Return the mean, and by how much each value differs from it."""
        deviations = _listed(self._deviations(moment))
        return f"Mean {number(self._mean(moment))}; deviations: {deviations}"


def _ghost(behind: dict[str, list[float]], place: int, style: Style) -> Drawn:
    """Return how one of the ghosts looks: all share the right half of the place of each bar."""
    label = list(behind)[place]
    width = GHOSTS / len(behind)
    pattern = {"shape": HATCHES[place % len(HATCHES)], "fgcolor": GHOST, "size": 8}
    line = {"width": 1.5, "color": GHOST}
    return {
        "type": "bar",
        **TIPS,
        "textfont": {"size": tip_size(style)},
        "offset": -0.08 + place * width,
        "width": width,
        "hovertemplate": f"{label} %{{x}}: %{{customdata:.6g}}<extra></extra>",
        "marker": {"color": "rgba(128,132,142,0.25)", "line": line, "pattern": pattern},
    }


def _crossing(count: int, color: str, style: Style) -> Drawn:
    """Return how the lines across so many bars look: wider than these, and of their colour."""
    half = 0.66 * WIDTH
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(chain(*([i - half, i, i + half, None] for i in range(count)))),
        "cliponaxis": False,
        "line": {"color": color, "width": style.line or 3, "simplify": False},
        "hoverinfo": "skip",
    }


def tip_size(style: Style) -> int:
    """Return the size of what stands at the tips of ghosts, and of names of what is drawn."""
    return style.text if style.rows else ARROW


def _hatched(place: int, label: str) -> str:
    """Return the name of a ghost behind a sign that looks like its hatch."""
    return f"{HATCHES[place % len(HATCHES)]}{BLANK}{label}"


def _legend(labels: Sequence[str], column: int, style: Style) -> tuple[str, int]:
    """Return the names of ghosts, each behind its hatch, in as many lines as they need."""
    return legend([_hatched(*named) for named in enumerate(labels)], column, style)


def legend(names: Sequence[str], column: int, style: Style) -> tuple[str, int]:
    """Return names beside each other, in as many lines as they need; of too many, how many more."""
    room = (column - style.margins["l"] - style.margins["r"]) / (0.52 * tip_size(style))
    lines: list[str] = []
    for name in names:
        if lines and len(lines[-1]) + len(name) + 3 <= room:
            lines[-1] += f" · {name}"
        else:
            lines.append(name)
    if len(lines) > LEGEND:
        hidden = sum(line.count(" · ") + 1 for line in lines[LEGEND:])
        lines = [*lines[: LEGEND - 1], f"{lines[LEGEND - 1]} and {hidden} more"]
    return "<br>".join(lines), len(lines)


def _value_axis(low: float, high: float, share: float, style: Style) -> Drawn:
    """Return an axis on which the tip of a full bar keeps room for its number inside the plot."""
    room = share * (high - low)
    ends = [low - (room if low < 0 else 0), high + room]
    axis: Drawn = {
        "range": [style.stretched * end for end in ends],
        "nticks": style.ticks,
        "zeroline": True,
    }
    if not 1e-99 <= high < 1e100:  # the margin is too narrow for "−1e+100" in the usual size
        axis["tickfont"] = {"size": 11}
    return axis


def _listed(values: Sequence[float]) -> str:
    """The numbers in words, as many as have room for a name."""
    return ", ".join(number(v) for v in values[:LABELLED])


def arrows_of(values: Sequence[float], low: float, high: float) -> list[str]:
    """Say of each value whether it lies beyond the axis, and on which side."""
    return ["▲ " if v > high else "▼ " if v < low else "" for v in values]


def clipped(values: Sequence[float], low: float, high: float) -> list[Any]:
    """Return what is seen of each value on an axis from low to high."""
    return [min(max(v, low), high) for v in values]
