"""The triangle of three probabilities: a point, the field of its pushes, and the way that it goes.

A corner is one class for certain, the middle is all three alike. What is computed here is where to
draw, and no number that is shown.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from visualizer.figures.axes import below
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import BLANK, Style
from visualizer.figures.numbers import number
from visualizer.figures.palette import GHOST

# The corners: class 0 and 1 at the foot, class 2 on top. Each side is 1 long.
HEIGHT = math.sqrt(3) / 2
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, HEIGHT]])

# How long an arrow is whose largest component is as long as its axis: in the field; at the point,
# the push and the way of s, which is a quarter of the push at most.
FIELD, PUSH, WAY = 0.13, 0.24, 0.72
# In a drag g may leave what the axis was fitted to: no arrow is longer than so many times that.
LONGEST = 2.0

# The head of an arrow: its share of the length, its length at most, and half of its angle.
HEAD, LARGEST_HEAD, ANGLE = 0.38, 0.035, 0.45

# Room around the triangle for the names of its corners.
ACROSS, UPRIGHT = (-0.08, 1.08), (-0.09, 0.94)
LARGE_ACROSS, LARGE_UPRIGHT = (-0.1, 1.1), (-0.12, 0.92)


def middles(rows: int) -> np.ndarray:
    """Return points that fill the triangle evenly, in so many rows, shape (rows (rows + 1) / 2, 3).

    They are the middles of the small triangles that stand upright, as probabilities.
    """
    counts = [(i, j) for i in range(rows) for j in range(rows - i)]
    first, second = np.array(counts, float).T
    return np.column_stack([first, second, rows - 1 - first - second]) / rows + 1 / (3 * rows)


def place_of(shares: np.ndarray) -> np.ndarray:
    """Return where probabilities stand, or which way their changes go: (…, 3) to (…, 2)."""
    return np.asarray(shares) @ CORNERS


def shares_at(place: Sequence[float], least: float) -> np.ndarray:
    """Return the probabilities at a place, none below `least`, shape (3,).

    A place that is too near an edge, or beyond it, counts as one that is just far enough inside.
    """
    across, up = place
    top = up / HEIGHT
    shares = np.array([1 - across - top / 2, across - top / 2, top])
    free = np.maximum(shares - least, 0)
    return least + (1 - 3 * least) * free / free.sum()


def arrows(feet: np.ndarray, ways: np.ndarray) -> Drawn:
    """Return arrows as one line with gaps: shape (N, 2) each; one without length is a point."""
    lengths = np.hypot(*ways.T)[:, np.newaxis]
    head = np.minimum(HEAD, LARGEST_HEAD / np.maximum(lengths, 1e-9)) * -ways
    tips, (sine, cosine) = feet + ways, (math.sin(ANGLE), math.cos(ANGLE))
    turn = np.array([[cosine, sine], [-sine, cosine]])
    parts = (feet, tips, tips + head @ turn, tips, tips + head @ turn.T)
    gaps = np.full((len(feet), 1), np.nan)
    x, y = (np.hstack([*(part[:, [k]] for part in parts), gaps]).ravel() for k in (0, 1))
    return {"x": drawn_at(x), "y": drawn_at(y)}


def drawn_at(places: np.ndarray) -> list[float | None]:
    """Return coordinates to a hundredth of a pixel; none where there is no number."""
    rounded = np.round(places, 4).tolist()
    return [value if math.isfinite(value) else None for value in rounded]


@dataclass(frozen=True, kw_only=True)
class Triangle(Figure):
    """Three probabilities as a point that can be dragged, and where gradient descent takes it.

    The first trace is where a hand can take it. Elements are the corners, each a probability. Its
    axis is that of the bars of the gradient: the largest of them and the longest arrow belong
    together.

    Attributes:
        start: the array of probabilities that is dragged, by its name among the values.
        grid: where the arrows of the field stand, as probabilities, shape (N, 3).
        field: the array of pushes there, shape (N, 3).
        push: that of the push at the point, shape (3,), and way: of how the point moves then.
        path: that of all probabilities on the way, the last of them where the point is now.
        most: how many steps a path has at most.
        least: no probability is dragged below this.
        bounded: whether the start is as near an edge as that, by its name.
        push_color: of pushes.
        pushes, goes: what the two kinds of arrows are called; on a projector up to the comma.
        from_steps: the steps of a lecture at which the field, the arrows at the point, and the
            path come.
    """

    start: str
    grid: np.ndarray
    field: str
    push: str
    way: str
    path: str
    most: int
    least: float
    bounded: str
    push_color: str
    pushes: str
    goes: str
    from_steps: tuple[int, int, int] = (0, 0, 0)
    index: str = "i"

    MARKS = "points"
    GRIP = "plane"

    def count(self, moment: Moment) -> int:
        """Return 3: the corners."""
        return len(CORNERS)

    def zooms(self, moment: Moment) -> bool:
        """Never."""
        return False

    def has_shared_handle(self, moment: Moment) -> bool:
        """Never: there is one point."""
        return False

    def dragged(self, moment: Moment) -> list[float]:
        """Return where the start stands: to the right, and upwards."""
        return place_of(moment.values[self.start]).tolist()

    def dragged_between(self, moment: Moment) -> tuple[float, float]:
        """Return how far it goes, either way: it ends before, where the triangle does."""
        return 0.0, 1.0

    def labels_of(self, moment: Moment, values: Sequence[float]) -> list[str]:
        """Return the name of the handle."""
        return [f"point {self.called}"]

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return field, path, both arrows, the start, and where the point is now."""
        values = moment.values
        path = self._path(moment)
        across, up = path.T
        now = path[-1:]
        return [
            {},
            {},
            self._arrows(0, self.grid, values[self.field], FIELD, moment),
            {"x": drawn_at(across), "y": drawn_at(up)},
            self._arrows(1, values[self.path][-1:], [values[self.push]], PUSH, moment),
            self._arrows(1, values[self.path][-1:], [values[self.way]], WAY, moment),
            {"x": drawn_at(path[0, :1]), "y": drawn_at(path[0, 1:])},
            {"x": drawn_at(now[:, 0]), "y": drawn_at(now[:, 1])},
            {},
        ]

    def _path(self, moment: Moment) -> np.ndarray:
        """Return the places on the way, the last of them again and again, shape (most + 1, 2).

        As many at every step: so a patch can move them.
        """
        taken = place_of(moment.values[self.path])
        return np.vstack([taken, np.repeat(taken[-1:], self.most + 1 - len(taken), axis=0)])

    def _arrows(
        self,
        part: int,
        feet: np.ndarray,
        ways: np.ndarray | list[np.ndarray],
        longest: float,
        moment: Moment,
    ) -> Drawn:
        """Return arrows on the scale of the axis; none before their step of a lecture."""
        if self._waits(part, moment):
            return {"x": [], "y": []}
        name = self.reach
        end = max(moment.ends[name], moment.ends.get(below(name), 0.0))
        drawn = place_of(np.asarray(ways)) / end
        lengths = np.hypot(*drawn.T)[:, np.newaxis]
        return arrows(place_of(feet), longest * drawn / np.maximum(1, lengths / LONGEST))

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the edge of what can be reached, the triangle, all that moves, and the corners."""
        moving = self.moving(moment, style)
        wide = style.line or 2.5
        size = style.point or 12
        small = {
            "color": self.color,
            "size": size / 2.4,
            "opacity": float(not self._waits(2, moment)),
        }
        # Open, and not of no colour: where something else is lit, a fill would be black.
        ring = {"color": self.color, "symbol": "circle-open", "size": size + 4}
        ring["line"] = {"width": wide}
        inner = self.least + (1 - 3 * self.least) * np.eye(3)
        looks: list[Drawn] = [
            _outline(inner) | _line(GHOST, 1, dash="dot"),
            _outline(np.eye(3)) | _line(GHOST, 1.5),
            _line(self.push_color, 0.6 * wide) | {"opacity": 0.75},
            _line(self.color, wide) | {"mode": "lines+markers", "marker": small},
            _line(self.push_color, 1.6 * wide),
            _line(self.color, 1.6 * wide),
            _points(ring),
            _points({"color": self.color, "size": size}),
            self._corners(style),
        ]
        return [look | moved for look, moved in zip(looks, moving, strict=True)]

    def _corners(self, style: Style) -> Drawn:
        """Return the corners with their names."""
        return {
            "type": "scatter",
            "mode": "markers+text",
            "x": CORNERS[:, 0].tolist(),
            "y": CORNERS[:, 1].tolist(),
            "text": list(self.names),
            # The words at the top stand in the left corner.
            "textposition": ["bottom center"] * 2
            + ["middle right" if style.rows else "top center"],
            "textfont": {"size": style.text},
            "cliponaxis": False,
            "marker": {"color": GHOST, "size": 6},
            "hoverinfo": "skip",
        }

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return two axes on one scale, neither of them seen."""
        across, upright = (LARGE_ACROSS, LARGE_UPRIGHT) if style.rows else (ACROSS, UPRIGHT)
        unseen = {"visible": False, "showgrid": False, "constrain": "domain"}
        one_scale = {"scaleanchor": "x", "constraintoward": "middle"}
        return unseen | {"range": list(across)}, unseen | one_scale | {"range": list(upright)}

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return margins for a triangle as large as it may be: nothing is aligned with it."""
        return {"margin": {**style.margin, "l": 8, "r": 8, "b": 22}}

    def named(self, moment: Moment) -> list[str]:
        """Return no names of places: they stand at the corners."""
        return []

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return what the arrows are, whether the start is at its bound, and all of it in words."""
        words = f"{self.heading(moment)}. {self.in_words(moment)}"
        said = f"{self.called} = {_listed(moment.values[self.start])}"
        ratio = (UPRIGHT[1] - UPRIGHT[0]) / (ACROSS[1] - ACROSS[0])
        meta = self._frame(moment, style, words)["meta"] | {"said": said, "ratio": ratio}
        return {"annotations": [*self._legend(moment, style), self._bound(moment, style)]} | {
            "meta": meta
        }

    def _legend(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return what each colour of arrows is, in the corner that the triangle leaves free."""
        if self._waits(1, moment):
            return []
        place = {"x": 0, "y": 1, "xref": "paper", "yref": "paper", "showarrow": False}
        place |= {"xanchor": "left", "yanchor": "top", "borderpad": 0}
        notes = []
        kinds = ((self.pushes, self.push_color), (self.goes, self.color))
        for line, (words, color) in enumerate(kinds):
            down = {"yshift": -1.5 * style.text * line}
            notes.append(place | down | {"text": "→", "font": {"size": style.text, "color": color}})
            right = {"xshift": 1.3 * style.text, "font": {"size": style.text}}
            said = words.partition(",")[0] if style.rows else words
            notes.append(place | down | right | {"text": said})
        return notes

    def _bound(self, moment: Moment, style: Style) -> Drawn:
        """Return the words at the foot, where a hand can take the start no further."""
        at_bound = bool(moment.values[self.bounded])
        note = {"x": 0.5, "y": 0, "xref": "paper", "yref": "paper", "showarrow": False}
        note |= {"yanchor": "bottom", "borderpad": 0, "font": {"size": style.text}}
        words = f"at the edge: no {self.called} below {self.least:g} by hand"
        return note | {"text": words if at_bound else BLANK}

    def in_words(self, moment: Moment) -> str:
        """Return the start, where the point is now, the push there, and which way it goes."""
        values = moment.values
        path = values[self.path]
        words = [f"Start: {_listed(path[0])}"]
        if not self._waits(2, moment):
            words.append(f"after {len(path) - 1} steps: {_listed(path[-1])}")
        if not self._waits(1, moment):
            words.append(f"push there: {_listed(values[self.push])}")
            words.append(f"way of the point: {_listed(values[self.way])}")
        return "; ".join(words)

    def _waits(self, part: int, moment: Moment) -> bool:
        """Tell whether a part comes at a later step of the lecture."""
        return 0 < moment.step < self.from_steps[part]


def _listed(values: Sequence[float] | np.ndarray) -> str:
    return ", ".join(number(value) for value in values)


def _line(color: str, width: float, **more: str) -> Drawn:
    """Return how a line looks."""
    line = {"color": color, "width": width, "simplify": False, **more}
    return {"type": "scatter", "mode": "lines", "line": line, "hoverinfo": "skip"}


def _points(marker: Drawn) -> Drawn:
    """Return how points look, also those on the edge."""
    look = {"type": "scatter", "mode": "markers", "marker": marker, "hoverinfo": "skip"}
    return look | {"cliponaxis": False}


def _outline(corners: np.ndarray) -> Drawn:
    """Return the closed line through three points, given as probabilities."""
    across, up = place_of(np.vstack([corners, corners[:1]])).T
    return {"x": across.tolist(), "y": up.tolist()}
