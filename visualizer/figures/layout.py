"""What all figures share. Fonts, text and grid colours come from the theme, in the browser."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from visualizer.figures.numbers import numbers, shortened

Options = dict[str, Any]

# Above this many classes there is no room for a name under each, and no handle on each.
LABELLED = 32

# The size of text, in pixels.
TEXT = 13

# What the sum of terms is called on their axis.
SUM = "sum"

# How wide a figure is in a window of 1280 × 720: where three stand beside each other, and four.
COLUMN, NARROW_COLUMN = 368, 274

# The least room that a figure has there: its width, and its height.
SMALLEST = (NARROW_COLUMN, 250)

# The least room inside the axes of a curve: on the page with the lowest figures, Practice.
LOWEST_PLOT = (240, 116)

# A text that is not seen, for which Plotly keeps a place; none for "".
BLANK = "\u00a0"

# What a number below 1 has before its point, after its sign.
BARE = re.compile(r"^(−?)0\.")

# Sizes of numbers beside each other, in pixels, with the digits after the point.
SIZES = ((13, 3), (11, 3), (13, 2), (11, 2), (10, 2))

# The same on every figure, so that input j stands in one column from figure to figure.
MARGIN: Options = {"l": 44, "r": 44, "t": 40, "b": 28, "autoexpand": False}


class Lettering(NamedTuple):
    """How numbers are printed that stand beside each other.

    Attributes:
        size: of the letters, in pixels.
        digits: after the point.
        letters: how many fit, the point among them.
    """

    size: int
    digits: int
    letters: int

    def texts(self, values: Sequence[float], arrows: Sequence[str] = ()) -> list[str]:
        """Return the numbers, each behind its arrow if there are some; all in one style if it fits.

        That is one with as many digits, with the 0 before the point or without. What has an arrow
        before it, or needs more digits, is shortened alone.
        """
        arrows = arrows or [""] * len(values)
        texts = self._alike(values)
        for i, (arrow, text) in enumerate(zip(arrows, texts, strict=True)):
            letters = self.letters - len(arrow)
            if len(text) > letters:
                text = shortened(values[i], self.digits, letters)
            texts[i] = arrow + text
        return texts

    def _alike(self, values: Sequence[float]) -> list[str]:
        texts = numbers(values, self.digits)
        for digits in range(self.digits, 1, -1):
            plain = numbers(values, digits)
            for style in (plain, [BARE.sub(r"\1.", text) for text in plain]):
                usual = [t for t, v in zip(style, values, strict=True) if not 0 < abs(v) < 0.01]
                if max(map(len, usual), default=0) <= self.letters:
                    return style
        return texts


@dataclass(frozen=True)
class Style:
    """How large everything is that a figure draws.

    Attributes:
        text: size of all letters but those of titles and numbers, in pixels.
        title: size of the title, in pixels; None for what Plotly takes.
        number: size of a number that has none beside it, in pixels.
        sizes: of numbers beside each other, in pixels, each with the digits after the point.
        margin: around the plot.
        line: the width of all lines, in pixels; None for that of each.
        point: the size of all points, in pixels; None for that of each.
        stretched: by how much longer an axis of bars is, for larger numbers beyond the longest.
        ticks: about how many an upright axis of bars has.
        few: what says the same of any other upright axis; nothing where Plotly chooses.
        alone: how a number is printed where there is no room for all of them; None for not at all.
        rows: how many of its height stand above each other on a projector; 0 for the usual size.
        handle: whether a handle that moves all items stands beside them.
    """

    text: int
    title: int | None
    number: int
    sizes: tuple[tuple[int, int], ...]
    margin: Options
    line: float | None = None
    point: int | None = None
    stretched: float = 1.0
    ticks: int = 5
    few: Mapping[str, int] = field(default_factory=dict)
    alone: Lettering | None = None
    rows: float = 0
    handle: bool = False

    @property
    def margins(self) -> Options:
        """The margin, with room for the handle that moves all."""
        return self.margin | {"r": 50} if self.handle and self.rows else self.margin

    @property
    def number_sizes(self) -> list[int]:
        """The sizes of numbers beside each other, the largest first, in pixels."""
        return sorted({size for size, _ in self.sizes}, reverse=True)

    def lettering(self, count: int, column: int) -> Lettering | None:
        """Return how to print so many numbers beside each other; None where none fits."""
        return lettering(count, column, self.margins["l"] + self.margins["r"], self.sizes)


USUAL = Style(text=TEXT, title=None, number=12, sizes=SIZES, margin=MARGIN)
# For the back row of a lecture hall. Numbers that stand alone are as long as two digits and a sign.
LARGE = Style(
    text=20,
    title=26,
    number=28,
    sizes=((28, 2), (20, 2)),
    margin={"l": 54, "r": 16, "t": 52, "b": 40, "autoexpand": False},
    line=4,
    point=16,
    stretched=1.15,
    ticks=4,  # plotly.js chooses 0 and the limit on either side
    few={"nticks": 3},
    alone=Lettering(28, 2, len("−0.00")),
)
# How wide the names of places may be where it is not said which figure they stand on.
WIDEST_MARGIN = LARGE.margin | {"r": 50}


def layout(
    title: str,
    alt: str,
    xaxis: Options,
    yaxis: Options,
    height: int,
    zoom: bool,
    column: int = COLUMN,
    style: Style = USUAL,
) -> Options:
    """Return a layout with fixed margins and axes; zoom only where labels give way to it.

    Args:
        title: what is seen.
        alt: the same in words with its numbers, for those who do not see it.
        xaxis: options of the horizontal axis.
        yaxis: options of the vertical axis.
        height: in pixels.
        zoom: whether a part can be enlarged.
        column: the width of the figure in a window of 1280 × 720, in pixels.
        style: how large everything is.
    """
    fixed: Options = {"fixedrange": not zoom, "automargin": False, "zeroline": False}
    fixed |= {"exponentformat": "e"}
    large = {"tickfont": {"size": style.text}} if style.rows else {}
    return {
        "title": _title(title, style),
        "xaxis": fixed | xaxis | large,
        "yaxis": fixed | yaxis | large,
        "margin": style.margins,
        "height": height,
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": "zoom" if zoom else False,
        "uirevision": "keep",
        "meta": {"alt": plain(alt), "column": column} | ({"rows": style.rows} if large else {}),
        "font": {"size": style.text},
    }


def _title(text: str, style: Style) -> Options:
    """Return a title in the upper left corner."""
    place = {"x": 0, "xref": "paper", "y": 1, "yref": "container", "yanchor": "top"}
    font = {"font": {"size": style.title}} if style.title else {}
    return {"text": text, **place, "pad": {"t": 10}, "automargin": False, **font}


@cache
def lettering(
    count: int,
    column: int = COLUMN,
    margins: int = MARGIN["l"] + MARGIN["r"],
    sizes: tuple[tuple[int, int], ...] = SIZES,
) -> Lettering | None:
    """Return how to print numbers that stand beside each other; None where none fits.

    Args:
        count: of the numbers.
        column: the width of the figure, in pixels.
        margins: left and right of the plot together, in pixels.
        sizes: of letters, each with the digits after the point; the first one that fits is taken.
    """
    for size, digits in sizes:
        # A letter is half as wide as its size, a point half as wide as a letter.
        letters = int(0.97 * (column - margins) / count / (0.5 * size) + 0.5)
        if letters >= len("−0.") + digits:
            return Lettering(size, digits, letters)
    return None


def apart(
    texts: Sequence[str],
    x: Sequence[float],
    y: Sequence[float],
    ranges: tuple[Sequence[float], Sequence[float]],
    first: int,
    size: int,
    width: float = LOWEST_PLOT[0],
) -> list[str]:
    """Return the texts at points, each blank where it would lie over one that counts before it.

    Args:
        texts: shape (C,).
        x: of the points, shape (C,).
        y: of the points, shape (C,).
        ranges: of both axes, each from low to high.
        first: the point that counts before all others; then they count in order.
        size: of the letters, in pixels.
        width: inside the axes, in pixels.
    """
    (left, right), (low, high) = ranges
    height = LOWEST_PLOT[1]
    places = [
        (width * a / (right - left), height * b / (high - low)) for a, b in zip(x, y, strict=True)
    ]

    def covers(i: int, k: int) -> bool:
        letters = max(len(texts[i]), len(texts[k]))
        across, up = (abs(a - b) for a, b in zip(places[i], places[k], strict=True))
        return across < 0.6 * size * letters and up < 1.2 * size

    printed: list[int] = []
    for i in sorted(range(len(texts)), key=lambda i: i != first):
        if not any(covers(k, i) for k in printed):
            printed.append(i)
    return [text if i in printed else BLANK for i, text in enumerate(texts)]


def plain(text: str) -> str:
    """Return the text without the tags that plotly.js understands."""
    return re.sub(r"</?su[bp]>", "", text) if "<" in text else text


def index_axis(
    count: int, *, upright: bool = False, total: bool = False, style: Style = USUAL
) -> Options:
    """Return an axis of `count` places, numbered from 0.

    Args:
        count: how many places.
        upright: whether they stand above each other.
        total: whether the last place is that of the sum of all others.
        style: how large their names are.
    """
    axis: Options = {"range": [-0.5, count - 0.5], "showgrid": False}
    if count - total <= LABELLED:
        axis |= place_names(count, upright, total, style)
    elif total:
        axis["labelalias"] = {str(count - 1): ""}  # it is no class
    return axis


def name_step(distance: float, extent: float) -> int:
    """Return which places have a name where each takes some room: all, or every 2nd, 5th, 10th."""
    return next(step for step in (1, 2, 5, 10) if step * distance >= extent)


def place_names(count: int, upright: bool, total: bool, style: Style) -> Options:
    """Name as many places of an axis as there is room for: all, or every 2nd, 5th, 10th.

    Args:
        count: how many places.
        upright: whether they stand above each other.
        total: whether the last one is "sum", which is always named.
        style: how large the names are.
    """
    column, row = SMALLEST
    size, margin = style.text, WIDEST_MARGIN if style.rows else style.margin
    room = row - margin["t"] - margin["b"] if upright else column - margin["l"] - margin["r"]
    distance = room / count  # from place to place

    def extent(name: str) -> float:
        return size * (0.9 if upright else 0.5 * len(name) + 0.25)

    last = count - total
    names = [f"i={i}" if total else str(i) for i in range(last)]
    if total and extent(names[-1]) > distance:
        names = [str(i) for i in range(last)]
    step = name_step(distance, extent(names[-1]))
    shown = {i: names[i] for i in range(0, last, step)}
    if total:
        free = (extent(names[-1]) + extent(SUM)) / 2
        shown = {i: name for i, name in shown.items() if (last - i) * distance >= free}
        shown[last] = SUM
    return {
        "tickmode": "array",
        "tickvals": list(shown),
        "ticktext": list(shown.values()),
        "tickangle": 0,
    }
