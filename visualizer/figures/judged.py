"""A heat map whose cells are judged: those that are wrong are marked, and not by colour alone."""

from dataclasses import dataclass

import numpy as np

from visualizer.figures.bars import WRONG
from visualizer.figures.figure import Drawn, Moment
from visualizer.figures.heatmap import Heatmap
from visualizer.figures.layout import BLANK, Style
from visualizer.figures.numbers import finite

# The size of a mark in a cell that has no room for a number, in pixels.
MARK = 11
# A mark, and what stands between it and a number.
MARKED = f"{WRONG} "


@dataclass(frozen=True, kw_only=True)
class JudgedHeatmap(Heatmap):
    """A matrix with a mark in each cell that is wrong, before its number where there is room.

    What is not a number has no colour, and says so.

    Attributes:
        right: the name of the value that says of each cell whether it is right, of its shape.
    """

    right: str = "agrees"

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the values of the cells, and what stands in them."""
        J = self.matrix(moment)
        return [{"z": [finite(row) for row in J.tolist()], "text": self._marked(J, moment, style)}]

    def _marked(self, J: np.ndarray, moment: Moment, style: Style) -> list[list[str]]:
        right = moment.values[self.right].ravel().tolist()
        marks = ["" if is_right else MARKED for is_right in right]
        lettering = self._lettering(J, style)
        # Plotly draws no label for an empty text, and has none to be moved later.
        plain = [mark or BLANK for mark in marks]
        texts = lettering.texts(J.ravel().tolist(), marks) if lettering else plain
        columns = J.shape[1]
        return [texts[i : i + columns] for i in range(0, len(texts), columns)]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the cells, each with its text."""
        (trace,) = super().traces(moment, style)
        if "texttemplate" not in trace:
            size = style.text if style.rows else MARK
            trace |= {"texttemplate": "%{text}", "textfont": {"size": size}}
        return [trace]

    def in_words(self, moment: Moment) -> str:
        """Return how many cells are wrong, and the rows of numbers where they are printed."""
        right = moment.values[self.right]
        wrong = int(np.count_nonzero(~right))
        return f"{wrong} of {right.size} cells disagree. {super().in_words(moment)}"
