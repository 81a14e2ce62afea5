"""The Jacobian as a heat map: rows are outputs, columns are inputs."""

from dataclasses import dataclass

import numpy as np
from plotly.colors import hex_to_rgb
from plotly.utils import image_array_to_data_uri

from visualizer.figures.axes import FEW
from visualizer.figures.dust import ROUNDING, sum_of
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import LABELLED, USUAL, Lettering, Style, index_axis
from visualizer.figures.palette import DIVERGING

# Up to this many rows and columns, lines are seen between cells. Of more, a drag moves one picture
# in place of hundreds of cells.
LINED = 12
# Above this many rows a heat map of cells is slower than its picture.
PICTURE = 200
# How many pixels the picture has at most, on each side: as many as the plot on a small screen.
PIXELS = 280


@dataclass(frozen=True, kw_only=True)
class Heatmap(Figure):
    """J with 0 in the neutral colour, the number in each cell where there are a few.

    Of more, the cell that is pointed at says its number.

    Attributes:
        symbols: of output and input.
        sums: what each column adds up to, by its name among the values, for a line below the
            columns where there is room; none if empty.
        divisor: the field of the scenario by which the end of the axis is divided; none if empty.
    """

    symbols: tuple[str, str] = ("y", "x")
    sums: str = ""
    divisor: str = ""
    symbol: str = "J"
    index: str = "i,j"

    MARKS = "cells"

    def matrix(self, moment: Moment) -> np.ndarray:
        """Return J, shape (M, C)."""
        return moment.values[self.of or self.name]

    def count(self, moment: Moment) -> int:
        """Return the number of columns."""
        return self.matrix(moment).shape[1]

    def extents(self, moment: Moment) -> dict[str, int]:
        """Return the number of rows and of columns."""
        rows, columns = self.matrix(moment).shape
        return {"i": rows, "j": columns}

    def numbers(self, moment: Moment) -> None:
        """Return nothing: they are in its trace."""
        return None

    def end(self, moment: Moment) -> float:
        """Return the value of the darkest colour; −end on the other side."""
        divisor = getattr(moment.scenario, self.divisor) if self.divisor else 1.0
        return moment.ends[self.reach] / divisor

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the values of the cells, and their numbers."""
        J = self.matrix(moment)
        if len(J) > PICTURE:
            return [_picture(J, self.end(moment))]
        rows: list[list[float]] = J.tolist()
        return [{"z": rows, **self._texts(J, rows, style)}]

    def _texts(self, J: np.ndarray, rows: list[list[float]], style: Style) -> Drawn:
        """Return the numbers in the cells; nothing where they have no room."""
        lettering, columns = self._lettering(J, style), J.shape[1]
        if lettering is None:
            return {}
        texts = lettering.texts([value for row in rows for value in row])
        return {"text": [texts[i : i + columns] for i in range(0, len(texts), columns)]}

    def _lettering(self, J: np.ndarray, style: Style) -> Lettering | None:
        """Return how numbers are printed; None where so many would hide the colours."""
        return style.lettering(max(J.shape), self.column) if max(J.shape) <= FEW else None

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the cells; of a great many, a picture."""
        J, (moving,) = self.matrix(moment), self.moving(moment, style)
        if len(J) > PICTURE:
            return [moving]
        output, argument = self.symbols
        gap = 1 if max(J.shape) <= LINED else 0
        trace = {
            "type": "heatmap",
            **moving,
            "coloraxis": "coloraxis",
            "xgap": gap,
            "ygap": gap,
            "hovertemplate": f"∂{output} %{{y}} / ∂{argument} %{{x}} = %{{z}}<extra></extra>",
            # In the template itself it would print a hyphen for a minus.
            "zhoverformat": ".6g",
        }
        if lettering := self._lettering(J, style):
            # A size of its own, or plotly.js would choose one that changes with the numbers.
            trace |= {"texttemplate": "%{text}", "textfont": {"size": lettering.size}}
        return [trace]

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return columns from left to right, rows from top to bottom."""
        rows, columns = self.matrix(moment).shape
        upright = index_axis(rows, upright=True, style=style)
        below = (0.16 if style.rows else 0.11) * rows if self.has_sums(moment) else 0.0
        upright |= {"range": [rows - 0.5 + below, -0.5], "scaleanchor": False}
        return index_axis(columns, style=style), {**upright, **style.few}

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return the scale of colours, and a frame around the chosen column."""
        (rows, columns), end = self.matrix(moment).shape, self.end(moment)
        scale = [[i / 9, color] for i, color in enumerate(DIVERGING)]
        colors = {"cmin": -end, "cmax": end, "colorscale": scale, "showscale": False}
        j = moment.scenario.j
        frame = {"type": "rect", "x0": j - 0.48, "x1": j + 0.48, "y0": -0.48, "y1": rows - 0.52}
        frame |= {"line": {"width": 3 if columns <= LABELLED else 1}, "fillcolor": "rgba(0,0,0,0)"}
        return {"coloraxis": colors, "shapes": [frame]}

    def has_sums(self, moment: Moment) -> bool:
        """Tell whether the sums of the columns stand below them."""
        return bool(self.sums) and self.count(moment) <= FEW

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return the sums."""
        if not self.has_sums(moment):
            return {}
        note = {"y": len(self.matrix(moment)) - 0.5, "yanchor": "top", "showarrow": False}
        note |= {"hovertext": ROUNDING, "borderpad": 0, "font": {"size": style.text}}
        sums = moment.array(self.sums)
        return {
            "annotations": [{**note, "x": j, "text": sum_of(s, " ")} for j, s in enumerate(sums)]
        }

    def in_words(self, moment: Moment) -> str:
        """Return the rows of numbers, where they are printed."""
        J = self.matrix(moment)
        texts = self._texts(J, J.tolist(), USUAL).get("text")
        if texts is None:
            return f"{J.shape[0]} rows, {J.shape[1]} columns"
        return f"Rows: {'; '.join(', '.join(row) for row in texts)}"


def _picture(J: np.ndarray, end: float) -> Drawn:
    """One image in place of a million cells.

    A pixel of the screen may hold several entries: it shows the largest of them, by |value|. 0 is
    transparent, so that it has the colour of the page.
    """
    entries = -(-max(J.shape) // PIXELS)
    shown = _largest(J, entries)
    pixels = np.empty((*shown.shape, 4), np.uint8)
    pixels[..., :3] = np.where(shown[..., np.newaxis] > 0, *(_rgb(DIVERGING[i]) for i in (7, 2)))
    pixels[..., 3] = 255 * np.minimum(abs(shown) / end, 1)
    # An image has the centres of its pixels at x0, x0 + dx, ...
    place = {"x0": (entries - 1) / 2, "dx": entries, "y0": (entries - 1) / 2, "dy": entries}
    return {"type": "image", "source": image_array_to_data_uri(pixels, "auto", 1)} | place


def _largest(J: np.ndarray, count: int) -> np.ndarray:
    """Return of each block of count × count entries the one with the largest |value|."""
    for axis in (0, 1):
        starts = range(0, J.shape[axis], count)
        low, high = np.minimum.reduceat(J, starts, axis), np.maximum.reduceat(J, starts, axis)
        J = np.where(high > -low, high, low)
    return J


def _rgb(color: str) -> np.ndarray:
    return np.array(hex_to_rgb(color), np.uint8)
