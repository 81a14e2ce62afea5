"""A table of numbers some of which are none: what a precision makes of a formula, word for word."""

import math
from dataclasses import dataclass

import numpy as np

from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import Style, titled
from visualizer.figures.numbers import number, shortened
from visualizer.figures.palette import DIVERGING

# How red a cell is that is wrong, on a scale that ends at 1; and what stands behind its number.
TINT, WRONG = 0.35, "✗"

# What JSON has no number for, as JavaScript calls it.
SPOKEN = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


@dataclass(frozen=True, kw_only=True)
class Cells(Figure):
    """A table: NaN and inf are said as such, 0 is 0 and no other number is, and 1 likewise.

    Attributes:
        rows: the names of the rows.
        short_rows: those on a projector.
        colors: that go with these names; one for each row, or "".
        columns: those of the columns, with words of the moment in braces.
        short_columns: those of the columns on a projector.
        wrong: the array that says which cells are wrong, by its name among the values.
        called_as: what an element is called, for each column.
    """

    rows: tuple[str, ...]
    short_rows: tuple[str, ...]
    colors: tuple[str, ...]
    columns: tuple[str, ...]
    short_columns: tuple[str, ...]
    wrong: str
    called_as: tuple[str, ...]
    index: str = "i,j"

    MARKS = "cells"

    def array(self, moment: Moment) -> np.ndarray:
        """Return the numbers, shape (R, C)."""
        return np.asarray(moment.values[self.of or self.name], float)

    def count(self, moment: Moment) -> int:
        """Return how many columns there are."""
        return len(self.columns)

    def zooms(self, moment: Moment) -> bool:
        """Never."""
        return False

    def extents(self, moment: Moment) -> dict[str, int]:
        """Return how many rows and columns there are."""
        return {"i": len(self.rows), "j": len(self.columns)}

    def numbers(self, moment: Moment) -> list[float | str | None]:
        """Return all numbers, row by row."""
        return [
            value if math.isfinite(value) else SPOKEN[str(value)]
            for value in self.array(moment).ravel().tolist()
        ]

    def elements(self, moment: Moment) -> Drawn:
        """Say what its elements are called: by their columns."""
        named = [moment.words(text) for text in self.called_as]
        return super().elements(moment) | {"called": named * len(self.rows)}

    def letters(self, style: Style) -> int:
        """Return how many letters have room in a cell, on a projector at the size of numbers."""
        room = self.column - self.margins(style)["l"] - style.margins["r"]
        return int(room / len(self.columns) / (0.52 * self.size(style)))

    def size(self, style: Style) -> int:
        """Return the size of the letters in cells."""
        return style.number if style.rows else 13

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the colours of cells, and what is printed in them."""
        values, wrong = self.array(moment), np.asarray(moment.values[self.wrong])
        letters = self.letters(style)
        rows = list(zip(values.tolist(), wrong.tolist(), strict=True))
        return [
            {
                "z": np.where(wrong, TINT, 0.0).tolist(),
                "text": [[cell(v, w, letters) for v, w in zip(*row, strict=True)] for row in rows],
            }
        ]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the cells."""
        return [
            {
                "type": "heatmap",
                **self.moving(moment, style)[0],
                "coloraxis": "coloraxis",
                "xgap": 1,
                "ygap": 1,
                "hoverinfo": "skip",
                "texttemplate": "%{text}",
                "textfont": {"size": self.size(style)},
            }
        ]

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return the columns, named above them, and the rows from top to bottom."""
        names = self.short_columns if style.rows else self.columns
        across: Drawn = {"range": [-0.5, len(names) - 0.5], "side": "top"}
        rows = self.short_rows if style.rows else self.rows
        colored = [named(*row, bool(style.rows)) for row in zip(rows, self.colors, strict=True)]
        upright: Drawn = {"range": [len(rows) - 0.5, -0.5], "ticktext": colored}
        look: Drawn = {"tickmode": "array", "showgrid": False, "ticklen": 0}
        across |= look | {"tickvals": list(range(len(names))), "tickangle": 0}
        across |= {"ticktext": [moment.words(name) for name in names]}
        return across, upright | look | {"tickvals": list(range(len(self.rows)))}

    def margins(self, style: Style) -> Drawn:
        """Return margins with room for the names of rows and columns."""
        left, above = (52, 30) if style.rows else (70, 20)
        return {**style.margins, "l": left, "t": style.margins["t"] + above, "b": 8}

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return the scale of colours, and the margins."""
        scale = [[i / 9, color] for i, color in enumerate(DIVERGING)]
        colors = {"cmin": -1, "cmax": 1, "colorscale": scale, "showscale": False}
        return {"coloraxis": colors, "margin": self.margins(style)}

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return the title: it may have numbers in it."""
        is_short = style.rows and self.short
        text = moment.words(self.short) if is_short else self.heading(moment)
        return {"title": titled(text, style)}

    def in_words(self, moment: Moment) -> str:
        """Return the rows."""
        return "; ".join(
            f"{name}: {', '.join(map(plainly, row))}"
            for name, row in zip(self.rows, self.array(moment).tolist(), strict=True)
        )


def plainly(value: float) -> str:
    """Return a number with three digits; exactly 0 and exactly 1 as 0 and 1."""
    if value in (0, 1):
        return f"{abs(value):.0f}"  # 0 has no sign
    if abs(1 - value) < 1e-3:
        return f"1{'−' if value < 1 else '+'}{power(abs(1 - value), 0)}"
    return power(value, 2) if abs(value) < 0.01 else number(value)


def power(value: float, digits: int) -> str:
    """Return a number with so many digits after the first one, times a power of ten."""
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


def cell(value: float, is_wrong: bool, letters: int) -> str:
    """Return what stands in a cell with room for so many letters: of a wrong one, with a cross."""
    text = plainly(value)
    if len(text) > letters and value not in (0, 1) and math.isfinite(value):
        near = abs(1 - value) < 1e-3
        text = ("<1" if value < 1 else ">1") if near else shortened(value, 3, letters)
    return f"{text} {WRONG}" if is_wrong and len(text) + 2 <= letters else text


def named(text: str, color: str, is_large: bool) -> str:
    """Return a name in its colour, or behind a square of it: small letters would be too faint."""
    if not color:
        return text
    shown = f"<b>{text}</b>" if is_large else "■"
    span = f'<span style="color:{color}">{shown}</span>'
    return span if is_large else f"{span} {text}"
