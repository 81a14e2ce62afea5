"""A flow: how much of each upstream gradient reaches each input, as ribbons from left to right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from visualizer.figures.axes import SHORTEST
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import SMALLEST, Style, name_step
from visualizer.figures.numbers import number
from visualizer.figures.palette import DIVERGING

# More ribbons than of so many classes cannot be told apart.
MOST = 12

# Ribbons of negative and of positive terms: strong on a light and on a dark page.
COLORS = {-1: DIVERGING[2], 1: DIVERGING[7]}
OPACITY = 0.62

# Places are whole numbers: they are short in a message, and finer than a pixel. A class has so
# many from top to bottom, of which its node takes at most FULL.
SLOT, FULL = 1000, 860

# How far above a ribbon its number stands, for each pixel of its letters.
ABOVE = 11

# The largest term that is drawn as it is.
LARGEST = 1e300

# Where nodes end and ribbons begin, of a width of 1.
NODE = 0.035

# A ribbon is drawn through so many places from left to right.
PLACES = np.linspace(0, 1, 13)
BEND = PLACES**2 * (3 - 2 * PLACES)

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Widths(NamedTuple):
    """How wide everything is, in places.

    Attributes:
        ribbons: shape (C, C), from gᵢ to dxⱼ.
        left: of nodes, shape (C,).
        right: of nodes, shape (C,).
    """

    ribbons: np.ndarray
    left: np.ndarray
    right: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Flow(Figure):
    """Ribbons from each gᵢ to each dxⱼ, as wide as the term |gᵢ·Jᵢⱼ|, coloured by its sign.

    A node is as high as all of its ribbons together. At the right the positive ones lie above the
    negative ones, so that it is seen where they cancel. In a lecture it fills from left to right:
    the nodes of g, then the ribbons, then those of the result.

    Attributes:
        sources: the array of numbers at the left, by its name among the values.
        results: the same at the right.
        factors: numbers on the ribbons from each input to itself, likewise; none if empty.
        called_results: what one of the results is called.
        result_color: of their nodes.
        steps: of a lecture, at which there are ribbons, and results.
    """

    sources: str = "g"
    results: str = "dx"
    factors: str = ""
    called_results: str = "dx"
    result_color: str = ""
    steps: tuple[int, int] = (4, 5)

    def count(self, moment: Moment) -> int:
        """Return how many inputs there are."""
        return len(moment.values[self.sources])

    def is_drawn(self, moment: Moment) -> bool:
        """Tell whether there are so few inputs that ribbons can be told apart."""
        return self.count(moment) <= MOST

    def zooms(self, moment: Moment) -> bool:
        """Never."""
        return False

    def has_come(self, moment: Moment, part: int) -> bool:
        """Tell whether a part is shown at the step of the moment: 0 ribbons, 1 results."""
        return not 0 < moment.step < self.steps[part]

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the outlines of ribbons and nodes, and the numbers beside them."""
        if not self.is_drawn(moment):
            return []
        terms = self.terms(moment)
        widths = self.widths(terms, moment)
        ribbons: list[Drawn] = []
        if self.has_come(moment, 0):
            ribbons = [{"y": y} for y in _ribbons(np.sign(terms), widths.ribbons)]
        nodes = [_nodes(widths.left), _nodes(widths.right) if self.has_come(moment, 1) else []]
        middle = [int((i + 0.5) * SLOT) for i in range(len(terms))]
        places = middle * 2
        if self.factors:
            above = (widths.left / 2 + ABOVE * style.number).round().astype(int).tolist()
            places += [y - high for y, high in zip(middle, above, strict=True)]
        texts = {"y": places, "text": self.labels(moment, style)}
        return [*ribbons, *({"y": y} for y in nodes), texts]

    def terms(self, moment: Moment) -> np.ndarray:
        """Return the terms, so large at most that they can be added."""
        terms = np.nan_to_num(moment.values[self.of or self.name])
        return np.clip(terms, -LARGEST, LARGEST)

    def widths(self, terms: np.ndarray, moment: Moment) -> Widths:
        """Return how wide everything is; before there are ribbons, nodes are as high as |g|."""
        sizes = np.abs(terms)
        left, right = sizes.sum(axis=1), sizes.sum(axis=0)
        # What does not fit in the place of its class is not cut: everything becomes narrower.
        widest = max(moment.ends[self.reach], left.max(), right.max())
        parts = [FULL * (part / widest) for part in (sizes, left, right)]
        if not self.has_come(moment, 0):
            g = np.minimum(np.abs(np.nan_to_num(moment.values[self.sources])), LARGEST)
            parts[1] = FULL * (g / max(g.max(), SHORTEST))
        return Widths(*parts)

    def has_room(self, moment: Moment, style: Style) -> bool:
        """Tell whether there is room for numbers; on a projector they stand without names."""
        return self.count(moment) <= (4 if style.rows else 7)

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return wider margins for the large numbers of a projector, or that it is too much."""
        more: Drawn = {"margin": {**style.margin, "l": 90, "r": 90}} if style.rows else {}
        if self.is_drawn(moment):
            return more
        note = {"text": f"drawn up to<br>{MOST} inputs", "showarrow": False, "x": 0.5, "y": 0.6}
        note |= {"xref": "paper", "yref": "paper", "font": {"size": style.text}}
        return more | {"annotations": [note]}

    def labels(self, moment: Moment, style: Style) -> list[str]:
        """Return names and numbers: at the left, at the right, and on straight ribbons."""
        count = self.count(moment)
        has_room = self.has_room(moment, style)
        # Of more than have room above each other every second class is named, or every fifth.
        step = name_step(_room(style) / count, 0.9 * style.sizes[0 if has_room else 1][0])
        sides = [(self.called, self.sources, True)]
        sides.append((self.called_results, self.results, self.has_come(moment, 1)))
        labels: list[str] = []
        for called, name, is_shown in sides:
            numbered = [f"{called}{str(i).translate(SUBSCRIPTS)}" for i in range(count)]
            texts = self.named(moment) or numbered
            if has_room:
                numbers = [_short(value, style) for value in moment.array(name)]
                both = [f"{a}<br>{b}" for a, b in zip(texts, numbers, strict=True)]
                texts = numbers if style.rows else both
            named = [text if i % step == 0 else "" for i, text in enumerate(texts)]
            labels += named if is_shown else [""] * count
        if self.factors:
            texts = [f"× {_short(value, style)}" for value in moment.array(self.factors)]
            labels += texts if has_room and self.has_come(moment, 0) else [""] * count
        return labels

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return ribbons, of each gᵢ the negative and the positive ones; nodes; labels."""
        moving = self.moving(moment, style)
        if not moving:
            return []
        count = self.count(moment)
        *ribbons, _, _, _ = moving
        across = [*(NODE + (1 - 2 * NODE) * PLACES).round(4).tolist()]
        outline = _repeated([*across, *across[::-1]], count)
        looks: list[Drawn] = [
            {"x": outline, "fillcolor": COLORS[sign], "opacity": OPACITY}
            for sign in (-1, 1)
            for _ in range(count if ribbons else 0)
        ]
        for (a, b), color in zip(
            ((0, NODE), (1 - NODE, 1)), (self.color, self.result_color), strict=True
        ):
            looks.append({"x": _repeated([a, b, b, a], count), "fillcolor": color})
        outlines = [FILLED | look | part for look, part in zip(looks, moving, strict=False)]
        outlines = [outline | {"x": outline["x"] if outline["y"] else []} for outline in outlines]
        return [*outlines, self._texts(count, self.has_room(moment, style), style) | moving[-1]]

    def _texts(self, count: int, has_room: bool, style: Style) -> Drawn:
        """Return where names and numbers stand."""
        size = style.sizes[0 if has_room else 1][0]
        sides = [(-0.015, "middle left"), (1.015, "middle right")]
        sides += [(0.5, "middle center")] if self.factors else []
        return {
            "type": "scatter",
            "mode": "text",
            "x": [x for x, _ in sides for _ in range(count)],
            "textposition": [place for _, place in sides for _ in range(count)],
            "textfont": {"size": size},
            "cliponaxis": False,
            "hoverinfo": "skip",
        }

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return two axes of which nothing is seen, the classes from top to bottom."""
        hidden = {"visible": False}
        return hidden | {"range": [-0.02, 1.02]}, hidden | {"range": [SLOT * self.count(moment), 0]}

    def in_words(self, moment: Moment) -> str:
        """Return the largest terms, as far as the lecture has come."""
        if not self.is_drawn(moment) or not self.has_come(moment, 0):
            return f"{self.called} at the left"
        terms = moment.values[self.of or self.name]
        order = np.argsort(-np.abs(terms), axis=None, kind="stable")[:9]
        places = [np.unravel_index(k, terms.shape) for k in order]
        said = [
            f"{self.called} {i} to {self.called_results} {j}: {number(terms[i, j])}"
            for i, j in places
        ]
        return "; ".join(said)


# An outline without a line; several of them in one trace.
FILLED: Drawn = {"type": "scatter", "mode": "none", "fill": "toself", "hoverinfo": "skip"}


def _room(style: Style) -> float:
    """Return how much room classes have above each other in the smallest figure, in pixels."""
    return float(SMALLEST[1] - style.margin["t"] - style.margin["b"])


def _short(value: float, style: Style) -> str:
    """Return a number that has room in the margin."""
    return number(value, 2 if style.rows else 3)


def _ribbons(signs: np.ndarray, widths: np.ndarray) -> list[list[Any]]:
    """Return the outlines of the negative ribbons of each gᵢ, then of the positive ones.

    At either side they lie on each other in the order of the classes; at the right the positive
    ones lie above the others. A ribbon of the other sign has no width.
    """
    count = len(widths)
    middle = SLOT * (np.arange(count) + 0.5)
    left = middle[:, None] - widths.sum(axis=1)[:, None] / 2 + widths.cumsum(axis=1) - widths
    positive, negative = (np.where(signs == sign, widths, 0.0) for sign in (1, -1))
    stacked = np.where(
        signs > 0,
        positive.cumsum(axis=0) - positive,
        positive.sum(axis=0) + negative.cumsum(axis=0) - negative,
    )
    right = middle - widths.sum(axis=0) / 2 + stacked
    upper = left[..., None] + (right - left)[..., None] * BEND
    return [
        outline
        for part in (negative, positive)
        for outline in _outlines(upper, upper + part[..., None])
    ]


def _outlines(upper: np.ndarray, lower: np.ndarray) -> list[list[Any]]:
    """Return each row of ribbons as one line with gaps, in whole numbers."""
    rows = np.concatenate([upper, lower[..., ::-1]], axis=-1).round().astype(int).tolist()
    return [[y for outline in row for y in (*outline, None)] for row in rows]


def _nodes(heights: np.ndarray) -> list[Any]:
    """Return the outlines of nodes, around the middles of their places."""
    middle, half = SLOT * (np.arange(len(heights)) + 0.5), heights / 2
    corners = np.stack([middle - half, middle - half, middle + half, middle + half], axis=-1)
    rows = corners.round().astype(int).tolist()
    return [y for row in rows for y in (*row, None)]


def _repeated(outline: Sequence[float], count: int) -> list[Any]:
    """Return so many outlines as one line with gaps."""
    return [*outline, None] * count
