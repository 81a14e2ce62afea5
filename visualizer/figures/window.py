"""Curves over a stretch of x that a user drags at its ends, in each precision, on logarithms."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from visualizer.figures.axes import Axis, below
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import BLANK, Style, apart
from visualizer.figures.numbers import number, round_step
from visualizer.figures.palette import DOUBLE, GHOST, HALF, SINGLE

# How precisions look: a coarse one is a broad line, on which the finer ones are still seen.
COLORS = (HALF, SINGLE, DOUBLE)
WIDTHS = (6.0, 3.5, 1.8)
NAMES = ("float16", "float32", "float64")

# The share of the height, below a logarithmic axis, in which 0 has its place: a level for each.
CELLAR = 0.38
# The share above it in which words stand that no curve crosses.
ATTIC = 0.1
LEVELS = (0.12, 0.36, 0.6)  # below them there is room for the numbers of handles

# The room inside the axes in a window of 1280 × 720, and there on a projector, in pixels.
PLOT, LARGE_PLOT = (280, 182), (298, 140)

# What a window has on either side where it shows a single number.
POINT = 2.0

# A logarithm of this has no more digits than a line can show.
DECIMALS = 4


@dataclass(frozen=True)
class Window(Axis):
    """A stretch of an axis, of either sign: from low to high, such as 4 to 9.

    It begins and ends a little beyond what it shows. `most` is how far it goes at most, on either
    side of 0, and `least` what it has at least beyond each end. Its ends are kept as shares of
    `most`, counted from the other side: all are above 0, like those of any axis.
    """

    def ends(
        self, kept: Mapping[str, float], values: Mapping[str, Any], found: Mapping[str, float]
    ) -> dict[str, float]:
        """Return where it ends, by name: where it did, as long as that will do, or fitted."""
        shown = np.asarray(values[self.over or self.name], float)
        low, high = float(shown.min()), float(shown.max())
        names = self.name, below(self.name)
        if all(0 < kept.get(name, 0.0) <= 2 for name in names):
            left, right = self.span(kept)
            if left <= low <= high <= right and right - left >= self.least:
                return {name: kept[name] for name in names}
        share = (self.room - 1) / 2 * (high - low)
        margin = max(self.least, share or POINT)  # around a point there is room to drag
        step = round_step(margin / 10)
        left = max(-self.most, step * math.floor((low - margin) / step))
        right = min(self.most, step * math.ceil((high + margin) / step))
        return {self.name: 1 + right / self.most, below(self.name): 1 - left / self.most}

    def span(self, ends: Mapping[str, float]) -> tuple[float, float]:
        """Return where it begins and ends."""
        right, left = ends[self.name] - 1, 1 - ends[below(self.name)]
        return round(left * self.most, 9), round(right * self.most, 9)


class Sample(NamedTuple):
    """What one precision makes of a formula over a stretch, written in two ways.

    Attributes:
        x: numbers of that precision, rising, shape (N,).
        naive: as it is written first, shape (N,).
        stable: as it keeps its digits.
        naive_error: in units in the last place.
        stable_error: likewise.
    """

    x: np.ndarray
    naive: np.ndarray
    stable: np.ndarray
    naive_error: np.ndarray
    stable_error: np.ndarray


class Break(NamedTuple):
    """A number from which on a formula gives 0, or nothing.

    Attributes:
        precision: its place among NAMES.
        x: the number; what is broken lies on its side away from 0.
        gives: "0" or "NaN".
        is_naive: whether the formula is the one that is written first.
        before: what the formula gives at the number before it.
    """

    precision: int
    x: float
    gives: str
    is_naive: bool
    before: float


# From a scenario and a stretch to what each precision makes of it.
Sampled = Callable[[Any, float, float], Sequence[Sample]]


@dataclass(frozen=True, kw_only=True)
class WindowFigure(Figure):
    """Template of figures over a window of x, computed where it begins and ends, and not in a drag.

    What is outside of the chosen range is shaded; when the hand lets go, the window closes in on
    the range. A dashed line stands at the probe, the x at which numbers are shown.

    Attributes:
        window: the axis of x.
        sampled: computes the curves.
        chosen: the field of the range, by its two ends.
        probe: the field of the probe.
    """

    window: Window
    sampled: Sampled
    chosen: str = "x"
    probe: str = "at"

    GRIP = "line"

    def count(self, moment: Moment) -> int:
        """Return how many precisions there are."""
        return len(NAMES)

    def zooms(self, moment: Moment) -> bool:
        """Never: the range is what zooms."""
        return False

    def upright(self, moment: Moment) -> tuple[float, float]:
        """Return where the upright axis begins and ends, in decades."""
        raise NotImplementedError

    def lines(self, moment: Moment) -> list[Drawn]:
        """Return the curves, each as x and y."""
        raise NotImplementedError

    def marks(self, moment: Moment, style: Style) -> Drawn:
        """Return the points at the probe, one for each precision."""
        raise NotImplementedError

    def samples(self, moment: Moment) -> Sequence[Sample]:
        """Return the curves over the window."""
        return self.sampled(moment.scenario, *self.window.span(moment.ends))

    def dragged(self, moment: Moment) -> list[float]:
        """Return where its handles stand: at both ends, or at the probe."""
        value = getattr(moment.scenario, self.drag)
        return list(value[0]) if isinstance(value, tuple) else [value]

    def dragged_between(self, moment: Moment) -> tuple[float, float]:
        """Return how far a handle goes: to the ends of the window, where the field allows it."""
        low, high = moment.scenario.said_of(self.drag)["between"]
        left, right = self.window.span(moment.ends)
        return max(low, left), min(high, right)

    def reach_of(self, low: float, high: float) -> float:
        """Return the length of a hundred steps: half of the window."""
        return (high - low) / 2

    def labels_of(self, moment: Moment, values: Sequence[float]) -> list[str]:
        """Return the names of the handles."""
        if len(values) == 1:
            return [self.called]
        return [f"{self.called} from", f"{self.called} to"]

    def moved(self, moment: Moment) -> Drawn:
        """Return what a drag moves, and where its handles have been pushed."""
        return super().moved(moment) | {"handles": self.dragged(moment)}

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the shade, and what stands at the probe; the curves stay."""
        at = float(getattr(moment.scenario, self.probe))
        still: list[Drawn] = [{}] * self.still(moment)
        return [{"x": self._shade(moment)}, *still, {"x": [at, at]}, self.marks(moment, style)]

    def still(self, moment: Moment) -> int:
        """Return how many traces stay while something is dragged."""
        return len(self.lines(moment))

    def _shade(self, moment: Moment) -> list[float | None]:
        """Return two rectangles, outside of the range."""
        left, right = self.window.span(moment.ends)
        low, high = getattr(moment.scenario, self.chosen)[0]
        return [left, left, low, low, None, high, high, right, right]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the shade, the curves, the probe, and the points on it."""
        shade, *_, probe, marks = self.moving(moment, style)
        bottom, top = self.upright(moment)
        walls = [bottom, top, top, bottom, None, bottom, top, top, bottom]
        line = {"color": GHOST, "width": 1.5, "dash": "dash"}
        still = {"type": "scatter", "hoverinfo": "skip"}
        filled = {"mode": "none", "fill": "toself", "fillcolor": "rgba(128,132,142,0.2)"}
        return [
            still | filled | {"y": walls} | shade,
            *(still | {"mode": "lines"} | line for line in self.lines(moment)),
            still | {"mode": "lines", "line": line, "y": [bottom, top]} | probe,
            {"type": "scatter", "mode": "markers", "cliponaxis": False} | marks,
        ]

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return the window, and the decades."""
        left, right = self.window.span(moment.ends)
        bottom, top = self.upright(moment)
        across = {"range": [left, right], "showgrid": False, "nticks": 5 if style.rows else 7}
        return across, {"range": [bottom, top], "tickmode": "array"}


@dataclass(frozen=True, kw_only=True)
class FallingCurves(WindowFigure):
    """Values above 0 over x by their logarithm, and below them, in a cellar, exactly 0.

    A curve that becomes 0 falls into the cellar, where each precision has a level. Where it is not
    a number the curve ends, and a cross says so.

    Attributes:
        axis: of decades; what it shows of the range has to be less than what the window does.
        breaks: from a scenario to the numbers at which curves break off.
    """

    breaks: Callable[[Any], Sequence[Break]]
    axis: Window
    index: str = "i"

    MARKS = "points"

    def floor(self, moment: Moment) -> tuple[float, float]:
        """Return the lowest and the highest decade above the cellar."""
        return self.axis.span(moment.ends)

    def upright(self, moment: Moment) -> tuple[float, float]:
        """Return where the axis begins and ends: with the cellar, and room for words on top."""
        low, high = self.floor(moment)
        unit = (high - low) / (1 - CELLAR - ATTIC)
        return low - CELLAR * unit, high + ATTIC * unit

    def level(self, precision: int, moment: Moment) -> float:
        """Return where 0 of a precision is drawn."""
        low, _ = self.floor(moment)
        bottom, _ = self.upright(moment)
        return round(low - LEVELS[precision] * (low - bottom), DECIMALS)

    def heights(
        self, values: Sequence[float], precision: int, moment: Moment
    ) -> list[float | None]:
        """Return where values are drawn; what is not a number is missing."""
        level = self.level(precision, moment)
        return [
            None if not value < math.inf else round(math.log10(value), DECIMALS) if value else level
            for value in values
        ]

    def lines(self, moment: Moment) -> list[Drawn]:
        """Return of each precision the stable curve, dashed, and the naive one."""
        return [
            {
                "x": sample.x.tolist(),
                "y": self.heights(y.astype(float).tolist(), i, moment),
                "line": {"color": COLORS[i], "width": width, "dash": dash, "simplify": False},
            }
            for i, sample in enumerate(self.samples(moment))
            for y, dash, width in (
                (sample.stable, "dot", WIDTHS[i] * 0.7),
                (sample.naive, "solid", WIDTHS[i]),
            )
        ]

    def still(self, moment: Moment) -> int:
        """Return how many traces stay: two curves for each precision, the breaks, their numbers."""
        return 2 * len(NAMES) + 2

    def shown(self, moment: Moment) -> list[Break]:
        """Return the breaks in the window."""
        left, right = self.window.span(moment.ends)
        return [b for b in self.breaks(moment.scenario) if left <= b.x <= right]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the curves, with marks where they break off, and the numbers of these."""
        shade, *curves, probe, marks = super().traces(moment, style)
        broken, numbers = self._breaks(moment, style), self._numbers(moment, style)
        return [shade, *curves, broken, numbers, probe, marks]

    def _breaks(self, moment: Moment, style: Style) -> Drawn:
        """Return the marks: filled where the naive form breaks off, else open; a cross for NaN."""
        shown = self.shown(moment)
        symbols = [
            "x" if b.gives == "NaN" else "circle" if b.is_naive else "circle-open" for b in shown
        ]
        colors = [COLORS[b.precision] for b in shown]
        return {
            "type": "scatter",
            "mode": "markers",
            "x": [b.x for b in shown],
            "y": [self.level(b.precision, moment) for b in shown],
            "customdata": [self._said(b, moment) for b in shown],
            "hovertemplate": "%{customdata}<extra></extra>",
            "marker": {
                **{"symbol": symbols, "size": style.point or 9, "color": colors},
                "line": {"width": 2, "color": colors},
            },
        }

    def _said(self, mark: Break, moment: Moment) -> str:
        form = moment.words("{naive_form}" if mark.is_naive else "{stable_form}")
        return f"{NAMES[mark.precision]}: {form} is {mark.gives} from {number(mark.x, 2)}"

    def _numbers(self, moment: Moment, style: Style) -> Drawn:
        """Return the numbers of naive breaks, at the height from which the curve falls."""
        shown = [b for b in self.shown(moment) if b.is_naive and b.before > 0]
        left, right = self.window.span(moment.ends)
        x, y = [b.x for b in shown], [math.log10(b.before) for b in shown]
        ranges = (left, right), self.upright(moment)
        crowded = self.floor(moment)[1] - ATTIC * (ranges[1][1] - ranges[1][0])  # below the words
        # That of the precision in view counts before the others.
        first = [NAMES[b.precision] == moment.scenario.p for b in shown]
        texts = [f"{BLANK}{number(b.x, 2)}{BLANK}" for b in shown]  # off the line that falls
        if shown:
            place = first.index(True) if any(first) else 0
            plot = LARGE_PLOT if style.rows else PLOT
            texts = apart(texts, x, y, ranges, place, style.number, *plot)
        return {
            **{"type": "scatter", "mode": "text", "x": x, "y": y, "text": texts},
            "textposition": [
                f"{'top' if up < crowded else 'middle'} {'right' if b.x > 0 else 'left'}"
                for b, up in zip(shown, y, strict=True)
            ],
            "textfont": {"size": style.number},
            **{"hoverinfo": "skip", "cliponaxis": False},
        }

    def marks(self, moment: Moment, style: Style) -> Drawn:
        """Return the naive values at the probe."""
        at = float(getattr(moment.scenario, self.probe))
        values = self.values(moment)
        heights = [self.heights([v], i, moment)[0] for i, v in enumerate(values)]
        # What is not a number has a cross on the level of its precision.
        levels = [self.level(i, moment) for i in range(len(values))]
        return {
            "x": [at] * len(values),
            "y": [low if y is None else y for y, low in zip(heights, levels, strict=True)],
            "hoverinfo": "skip",
            "marker": {
                "color": list(COLORS),
                "size": style.point or 10,
                "symbol": ["x" if y is None else "circle" for y in heights],
            },
        }

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return both axes: powers of ten, and 0 in the cellar."""
        across, upright = super().axes(moment, style)
        low, high = self.floor(moment)
        powers = decades(low, high, 3 if style.rows else 4)
        places = [*powers, self.level(1, moment)]
        return across, upright | {"tickvals": places, "ticktext": [*map(power, powers), "0"]}

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return the line between the axis and the cellar, and which form looks how."""
        low, _ = self.floor(moment)
        place = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": low, "y1": low}
        shapes = [place | {"line": {"color": GHOST, "width": 1}, "layer": "below"}]
        if style.rows:
            return {"shapes": shapes}
        words = moment.words("—— {naive_form}   ····· {stable_form}")
        return {"shapes": shapes, "annotations": [on_top(words, style)]}

    def in_words(self, moment: Moment) -> str:
        """Return the breaks in the window."""
        said = [self._said(mark, moment) for mark in self.shown(moment)]
        return "; ".join(said) or "Nothing breaks off here"


@dataclass(frozen=True, kw_only=True)
class ErrorCurves(WindowFigure):
    """Errors in units in the last place over x, by their logarithm.

    Attributes:
        errors: those at the probe, by their names among the values, each of shape (3,).
        against: what they are measured against.
    """

    against: str
    errors: tuple[str, str] = ("naive_error", "stable_error")

    # From a tenth of a unit, as which smaller errors are drawn, to what float64 has, and words.
    LEAST, MOST = -1.0, 19.5

    def upright(self, moment: Moment) -> tuple[float, float]:
        """Return where the axis begins and ends."""
        return self.LEAST - 0.7, self.MOST

    def heights(self, errors: np.ndarray) -> list[float | None]:
        """Return where errors are drawn; what is not a number is missing."""
        with np.errstate(divide="ignore"):
            places = np.maximum(np.log10(errors), self.LEAST).round(2)
        return [y if math.isfinite(y) else None for y in places.tolist()]

    def lines(self, moment: Moment) -> list[Drawn]:
        """Return of each precision the error of the stable form, dashed, and of the naive one."""
        return [
            {
                "x": sample.x.tolist(),
                "y": self.heights(errors),
                "line": {"color": COLORS[i], "width": width, "dash": dash, "simplify": False},
            }
            for i, sample in enumerate(self.samples(moment))
            for errors, dash, width in (
                (sample.stable_error, "dot", 1.5),
                (sample.naive_error, "solid", 2.5),
            )
        ]

    def still(self, moment: Moment) -> int:
        """Return how many traces stay: two curves for each precision."""
        return 2 * len(NAMES)

    def marks(self, moment: Moment, style: Style) -> Drawn:
        """Return the errors at the probe, those of the stable form as rings."""
        at = float(getattr(moment.scenario, self.probe))
        naive, stable = (self.heights(moment.values[name]) for name in self.errors)
        ring, point = ["circle-open"] * len(stable), ["circle"] * len(naive)
        return {
            "x": [at] * (len(stable) + len(naive)),
            "y": [*stable, *naive],
            "hoverinfo": "skip",
            "marker": {
                "color": [*COLORS, *COLORS],
                "size": style.point or 10,
                "symbol": [*ring, *point],
                "line": {"width": 2},
            },
        }

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return both axes: x, and powers of ten from a tenth on."""
        across, upright = super().axes(moment, style)
        powers = [0, 8, 16] if style.rows else [0, 4, 8, 12, 16]
        names = ["≤ 0.1", *(power(p) if p else "1" for p in powers)]
        return across, upright | {"tickvals": [self.LEAST, *powers], "ticktext": names}

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Say what the errors are measured against."""
        return {"annotations": [on_top(self.against, style)]}

    def in_words(self, moment: Moment) -> str:
        """Return the errors at the probe."""
        naive, stable = (moment.array(name) for name in self.errors)
        said = [
            f"{name}: {spoken(a)} and {spoken(b)}"
            for name, a, b in zip(NAMES, naive, stable, strict=True)
        ]
        return moment.words("At {probe}, {naive_form} and {stable_form}, ") + "; ".join(said)


def on_top(words: str, style: Style) -> Drawn:
    """Return words in the corner above the curves."""
    return {
        **{"text": words, "showarrow": False, "xref": "paper", "yref": "paper"},
        **{"x": 0.01, "xanchor": "left", "y": 1.0, "yanchor": "top", "borderpad": 0},
        "font": {"size": style.text if style.rows else 12},
    }


def spoken(error: float) -> str:
    """Return an error as a text of two digits."""
    return f"{error:.2g}" if math.isfinite(error) else "NaN"


def decades(low: float, high: float, most: int) -> list[int]:
    """Return at most so many round powers of ten between two, and at least one of them."""
    for step in (1, 2, 5, 10, 20, 50, 100, 200):
        found = list(range(step * math.ceil(low / step), math.floor(high) + 1, step))
        if len(found) <= most:
            return found or [math.floor(high)]
    raise ValueError(f"decades: expected ends less than {200 * most} apart, got {low} and {high}")


def power(exponent: int) -> str:
    """Return a power of ten as plotly.js sets it."""
    return f"10<sup>{exponent}</sup>".replace("-", "−")
