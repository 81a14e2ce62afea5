"""The U: the error of a numeric gradient over the step of its differences, both logarithmic."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from visualizer.figures.axes import below
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import BLANK, Style
from visualizer.figures.numbers import number
from visualizer.figures.palette import GHOST

# How many decades lie below the end of the axis of gradients: three more than float64 has digits.
DECADES = 19

# A slope below this is none: the error does not fall.
FALLS = 0.5

# How far from its point a label stands, in decades: usually, and on a projector.
OFF, LARGE_OFF = 0.75, 1.3
# How far above the best forward difference the left arm is named, in decades.
ABOVE_BEST = 1.5
# How many decades of steps the name of a ring takes.
NAME = 3.7
# How far from each other curves are named on their left arms, where they have no other.
SPREAD = 0.3
# How far beside a line words stand, in decades.
BESIDE = 0.45
# Where the line of allowed errors is labelled: so many decades below the top, and at this step at
# most.
DOWN, FURTHEST = 4.7, 1e-6

# What the number above the knob takes of the upper margin, in pixels: usually, and on a projector.
NUMBER, LARGE_NUMBER = 18, 34


class Curve(NamedTuple):
    """One way of taking differences, as it looks on every such picture.

    Attributes:
        name: of its numbers, among those of the moment.
        called: on the picture.
        label: at one of its arms, with {} for the slope that was measured there.
        short: the same on a projector.
        along: how far up its right arm the label stands, as a share of its length; below 0, as far
            up the left one, where the error is to stay as it is.
        place: of the label beside that point, as Plotly calls it.
        is_left: whether the name of its best step stands to the left of it; if not, where there is
            room to the right.
        color: of its curve.
        dash: of its curve, as Plotly calls it.
        from_step: the step of a lecture at which it comes.
    """

    name: str
    called: str
    label: str
    short: str
    along: float
    place: str
    is_left: bool
    color: str
    dash: str = "solid"
    from_step: int = 0


class Measured(NamedTuple):
    """What was measured of one way.

    Attributes:
        errors: at each step, shape (S,).
        error: at the step in use.
        best: the best step; NaN if there is none.
        best_error: the error there.
        truncation: the slope of the right arm; NaN if there is none.
        rounding: that of the left arm.
    """

    errors: Sequence[float]
    error: float
    best: float
    best_error: float
    truncation: float
    rounding: float

    @property
    def falls(self) -> bool:
        """Whether the error falls with the step, so that there is an arm to be labelled."""
        return self.truncation > FALLS

    @property
    def rises(self) -> bool:
        """Whether it rises again for smaller steps."""
        return self.rounding < -FALLS

    @property
    def has_best(self) -> bool:
        """Whether there is a best step, and a place for it on logarithmic axes."""
        return self.falls and _is_seen(self.best_error)

    def slope(self, along: float) -> float:
        """Return the slope of the arm on which a label stands; NaN if it is not what it says."""
        if along > 0:
            return self.truncation if self.falls else math.nan
        return self.rounding if self.falls and abs(self.rounding) < FALLS else math.nan


class Label(NamedTuple):
    """Words on the picture, in the colour of all text: no other one is read well in both themes.

    Attributes:
        at: the point beside which they stand; None where there is nothing to say.
        text: what is said.
        place: beside the point, as Plotly calls it.
    """

    at: tuple[float, float] | None
    text: str
    place: str


@dataclass(frozen=True, kw_only=True)
class StepErrors(Figure):
    """Errors over the step h, a curve for each way of taking differences; h is a handle.

    An error of exactly 0 has no place on a logarithmic axis: the curve has a gap there, and a note
    in the corner says how many there are.

    Attributes:
        steps: where the errors are known, from large to small.
        curves: the ways; the value named by `of` has what was measured of each, by name.
        allowed: the errors up to which a check passes at each step, by their name among the values.
        theory: the best steps in theory, each with its name, likewise.
        gradient: the name of the axis of g: errors are shown down to DECADES below its end.
        allowed_from: the step of a lecture at which they come.
        note: how many errors are 0, in words, by its name among the values.
        limit: what is said of the errors that are allowed.
        lost: the largest step that is lost in rounding, likewise; 0 where none is.
        lost_words: what is said of such steps.
        flat: what stands at errors that do not fall; {…} stands for a value.
    """

    steps: Sequence[float]
    curves: tuple[Curve, ...]
    allowed: str
    theory: str
    note: str
    limit: str
    lost: str
    lost_words: str
    flat: str
    allowed_from: int = 0
    gradient: str = "g"

    GRIP, KNOB = "line", "top"

    def count(self, moment: Moment) -> int:
        """Return 1: nothing stands side by side."""
        return 1

    def dragged(self, moment: Moment) -> list[float]:
        """Return the step."""
        return [getattr(moment.scenario, self.drag)]

    def dragged_between(self, moment: Moment) -> tuple[float, float]:
        """Return how far the step goes: as far as errors are known."""
        return min(self.steps), max(self.steps)

    def measured(self, moment: Moment) -> list[Measured | None]:
        """Return what was measured of each way; None before its step."""
        found = moment.values[self.of or self.name]
        return [
            None if 0 < moment.step < curve.from_step else found[curve.name]
            for curve in self.curves
        ]

    def upright(self, moment: Moment) -> tuple[int, int]:
        """Return the powers of ten between which errors are shown."""
        end = max(moment.ends[self.gradient], moment.ends.get(below(self.gradient), 0.0))
        top = math.ceil(math.log10(moment.ends[self.reach]) - 1e-9)
        return math.ceil(math.log10(end) - 1e-9) - DECADES, top

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return what is allowed, the curves, the best steps, the words, and the step in use."""
        found = self.measured(moment)
        curves = [{"y": _seen(one.errors if one else [0.0] * len(self.steps))} for one in found]
        return [
            {"y": _seen(self._allowed(moment))},
            *curves,
            self._theory(moment),
            self._best(found),
            self._words(self._labels(found, moment, style), moment),
            *self._now(found, moment),
        ]

    def _allowed(self, moment: Moment) -> list[float]:
        """Return what is allowed at each step; 0, which is not drawn, before its step."""
        errors = moment.array(self.allowed)
        return [0.0] * len(errors) if 0 < moment.step < self.allowed_from else errors

    def _theory(self, moment: Moment) -> Drawn:
        """Return an upright line at each best step of theory, its name beside it."""
        low, high = (10.0**end for end in self.upright(moment))
        steps = moment.values[self.theory]
        return {
            "x": [x for step in steps.values() for x in (step, step, None)],
            "y": [y for _ in steps for y in (high / 10**0.6, low, None)],
            "text": [text for name in steps for text in (name, BLANK, BLANK)],
        }

    def _best(self, found: Sequence[Measured | None]) -> Drawn:
        """Return a ring at the best step of each way, where there is one that can be drawn."""
        known = [one if one and one.has_best else None for one in found]
        return {
            "x": [one.best if one else 1.0 for one in known],
            "y": [one.best_error if one else None for one in known],
        }

    def _labels(
        self, found: Sequence[Measured | None], moment: Moment, style: Style
    ) -> list[Label]:
        """Return the names of the best steps, then of the arms, and of errors that do not fall."""
        labels: list[Label] = []
        for curve, one in zip(self.curves, found, strict=True):
            labels.append(self._name(curve, one, labels, style))
        for curve, one in zip(self.curves, found, strict=True):
            slope = one.slope(curve.along) if one else math.nan
            at = self._at(one, curve.along) if one and not math.isnan(slope) else None
            at = (at[0], at[1] * 10**BESIDE) if at and curve.along < 0 else at
            text = (curve.short if style.rows else curve.label).format(_slope(slope))
            labels.append(Label(at, text, curve.place))
        first = found[0]
        is_arm = first is not None and first.rises and _is_seen(first.best_error)
        at = (min(self.steps), first.best_error * 10**ABOVE_BEST) if first and is_arm else None
        text = f"rounding, slope {_slope(first.rounding)}" if first and is_arm else ""
        labels.append(Label(at, "rounding" if style.rows else text, "middle right"))
        labels.append(Label(self._flat(found, moment), moment.words(self.flat), "bottom center"))
        labels.append(Label(self._limit(moment), self.limit, "middle right"))
        lost = moment.values[self.lost]
        errors = first.errors if first else ()
        at = (math.sqrt(lost * min(self.steps)), errors[-1]) if first and lost else None
        labels.append(Label(at, self.lost_words, "top center"))
        return labels

    def _flat(self, found: Sequence[Measured | None], moment: Moment) -> tuple[float, float] | None:
        """Return where it is said that errors do not fall: below the least of them."""
        middle = len(self.steps) // 2
        errors = [one.errors[middle] for one in found if one and _is_seen(one.errors[middle])]
        return (self.steps[middle], min(errors) / 10**BESIDE) if errors else None

    def _limit(self, moment: Moment) -> tuple[float, float] | None:
        """Return where it is said what is allowed: to the right of the limit, or above it."""
        _, high = self.upright(moment)
        errors = self._allowed(moment)
        if not _is_seen(errors[0]):
            return None
        below_top = 10.0 ** (high - DOWN)
        last = len(errors) - 1
        place = next((i for i, error in enumerate(errors) if error >= below_top), last)
        if self.steps[place] > FURTHEST:
            place = int(np.argmin(np.abs(np.log10(self.steps) - math.log10(FURTHEST))))
        return self.steps[place], errors[place] * 10**BESIDE

    def _name(
        self, curve: Curve, one: Measured | None, before: Sequence[Label], style: Style
    ) -> Label:
        """Return the name of a ring, below it, and below the name of another one that is there."""
        has_room = one is not None and one.best * 10**NAME < max(self.steps)
        place = "middle left" if curve.is_left or not has_room else "middle right"
        if one is None or not one.has_best:
            only = self._at(one, -SPREAD * (len(before) + 1)) if one and one.rises else None
            return Label(only, curve.called, "middle right" if only else place)
        off = LARGE_OFF if style.rows else OFF
        x, y = one.best, one.best_error / 10**off
        for label in before:
            if label.at and label.place == place:
                across, up = math.log10(label.at[0] / x), math.log10(label.at[1] / y)
                if abs(across) < NAME and abs(up) < off:
                    y = label.at[1] / 10**off
        text = curve.called if style.rows else f"{curve.called}, best {number(one.best)}"
        return Label((x, y), text, place)

    def _words(self, labels: Sequence[Label], moment: Moment) -> Drawn:
        """Return labels as a trace moves them; one that says nothing keeps a place all the same."""
        low, high = self.upright(moment)
        waiting = (math.sqrt(min(self.steps) * max(self.steps)), 10.0 ** ((low + high) / 2))
        places = [label.at or waiting for label in labels]
        return {
            "x": [x for x, _ in places],
            "y": [y for _, y in places],
            "text": [label.text if label.at and label.text else BLANK for label in labels],
            "textposition": [label.place for label in labels],
        }

    def _at(self, one: Measured, share: float) -> tuple[float, float] | None:
        """Return the point of a curve at a share of its right arm, or if negative of its left."""
        if math.isnan(one.best):
            return None
        steps = np.log10(self.steps)
        end = steps.max() if share > 0 else steps.min()
        wanted = math.log10(one.best) + abs(share) * (end - math.log10(one.best))
        seen = [i for i, error in enumerate(one.errors) if _is_seen(error)]
        place = min(seen, key=lambda i: abs(steps[i] - wanted), default=None)
        return None if place is None else (self.steps[place], one.errors[place])

    def _now(self, found: Sequence[Measured | None], moment: Moment) -> list[Drawn]:
        """Return the line of the step in use, and the error of each way on it."""
        (step,) = self.dragged(moment)
        low, high = (10.0**end for end in self.upright(moment))
        errors = [one.error if one and _is_seen(one.error) else None for one in found]
        line = {"x": [step, step], "y": [low, high]}
        return [line, *({"x": [step], "y": [error]} for error in errors)]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return everything, with its look."""
        moving, count = self.moving(moment, style), len(self.curves)
        allowed, curves, now = moving[0], moving[1 : count + 1], moving[-count:]
        theory, best, labels, line = moving[count + 1 : -count]
        colors = [curve.color for curve in self.curves]
        lines = {"type": "scatter", "mode": "lines", "x": list(self.steps), "hoverinfo": "skip"}
        size = style.text if style.rows else style.text - 1
        thin = {"color": GHOST, "width": (style.line or 2) / 2 + 0.5}
        text = {"type": "scatter", "hoverinfo": "skip", "cliponaxis": False}
        return [
            lines | {"line": thin | {"dash": "dash"}} | allowed,
            *(
                self._curve(curve, style) | moved
                for curve, moved in zip(self.curves, curves, strict=True)
            ),
            text
            | {"mode": "lines+text", "line": thin | {"dash": "dot", "width": 1}}
            | {"textposition": "middle right", "textfont": {"size": style.text + 1}}
            | theory,
            text
            | {"mode": "markers"}
            | {"marker": {"symbol": "circle-open", "size": style.point or 14, "color": colors}}
            | best,
            text | {"mode": "text", "textfont": {"size": size}} | labels,
            lines | {"line": {"color": GHOST, "width": style.line or 2}} | line,
            *(
                text
                | {"mode": "markers", "marker": {"size": style.point or 9, "color": color}}
                | at
                for color, at in zip(colors, now, strict=True)
            ),
        ]

    def _curve(self, curve: Curve, style: Style) -> Drawn:
        look = {"color": curve.color, "width": style.line or 2, "dash": curve.dash}
        return {
            **{"type": "scatter", "mode": "lines+markers", "x": list(self.steps)},
            **{"line": look | {"simplify": False}, "marker": {"size": 3, "color": curve.color}},
            "hoverinfo": "skip",
        }

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return both axes."""
        axis: Drawn = {"type": "log", "dtick": 4 if style.rows else 2, "exponentformat": "power"}
        axis |= {"tickfont": {"size": 11}, "tickangle": 0}
        ends = [math.log10(end) for end in self.dragged_between(moment)]
        across = {"range": [ends[0] - 0.3, ends[1] + 0.3]}
        return axis | across, axis | {"range": [*self.upright(moment)]}

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return a margin with room for the number above the knob."""
        top = style.margins["t"] + (LARGE_NUMBER if style.rows else NUMBER)
        return {"margin": style.margins | {"t": top}}

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return the note."""
        # Of as many lines in any case: then a drag changes its words, and nothing else.
        text = moment.values[self.note] or (BLANK if style.rows else f"{BLANK}<br>{BLANK}")
        corner: Drawn = {"text": text, "align": "right"}
        corner |= {"x": 0.99, "y": 0.01, "xref": "paper", "yref": "paper", "showarrow": False}
        corner |= {"xanchor": "right", "yanchor": "bottom", "borderpad": 0}
        size = style.text if style.rows else style.text - 1
        return {"annotations": [corner | {"font": {"size": size}}]}

    def in_words(self, moment: Moment) -> str:
        """Return the step in use, and of each way its error there and its best step."""
        (step,) = self.dragged(moment)
        said = [
            f"{curve.called}: {one.error:.2g}"
            + (f", best {one.best_error:.2g} at {one.best:.2g}" if one.falls else "")
            for curve, one in zip(self.curves, self.measured(moment), strict=True)
            if one
        ]
        return f"At h = {step:g} the error is: {'; '.join(said)}"


def _slope(value: float) -> str:
    """Return a slope as it is printed; 0 has no sign."""
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def _is_seen(error: float) -> bool:
    """Tell whether an error has a place on a logarithmic axis."""
    return 0 < error < math.inf


def _seen(errors: Sequence[float]) -> list[float | None]:
    """Return the errors, with a gap where one has no place."""
    return [error if _is_seen(error) else None for error in errors]
