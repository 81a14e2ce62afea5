"""A table among the figures: a row for each element, its numbers live in a drag."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import Style
from visualizer.figures.numbers import finite, number

# What says of an element whether it passes.
YES, NO = "✓", "✗"

# A table has room for so many rows in any case: few rows are no higher than they need.
LEAST_ROWS = 5
# Of more rows, each is so low on a projector that its letters are smaller than others.
FEW_ROWS = 7

# How much of the room above the first row the names of the columns take, in rows.
HEAD = 1.1

# Behind the row that stands out.
SHADE = {True: "rgba(128,132,142,0.20)", False: "rgba(214,51,108,0.20)"}


class Column(NamedTuple):
    """One column.

    Attributes:
        title: above it; {…} stands for a field of the scenario, or for a value.
        of: the array of its numbers, or of booleans, by its name among the values.
        right: where it ends, as a share of the width.
        large: the same on a projector; 0 where it is not shown there.
        digits: after the point of its numbers.
        from_step: the step of a lecture at which it comes.
    """

    title: str
    of: str
    right: float
    large: float
    digits: int = 3
    from_step: int = 0


@dataclass(frozen=True, kw_only=True)
class Table(Figure):
    """Numbers in rows, one a row for each element, with one row that stands out.

    Attributes:
        columns: from left to right.
        stands_out: the index of the row that stands out, by its name among the values.
        passes: whether that row stands out for good, likewise.
    """

    columns: tuple[Column, ...]
    stands_out: str
    passes: str
    index: str = "j"

    MARKS = "rows"

    def count(self, moment: Moment) -> int:
        """Return how many rows there are."""
        return len(moment.values[self.of or self.name])

    def zooms(self, moment: Moment) -> bool:
        """Never."""
        return False

    def has_come(self, column: Column, moment: Moment) -> bool:
        """Tell whether a column is shown at the step of the moment, and in its size."""
        has_room = not moment.rows or column.large > 0
        return has_room and not 0 < moment.step < column.from_step

    def texts(self, column: Column, moment: Moment) -> list[str]:
        """Return what stands in a column; nothing before its step."""
        values: list[Any] = moment.array(column.of)
        if not self.has_come(column, moment):
            return [""] * len(values)
        digits = min(column.digits, 3) if moment.rows else column.digits
        return [_printed(value, digits) for value in values]

    def numbers(self, moment: Moment) -> list[float | str | None]:
        """Return the number of each row, by which it is linked; none before its column comes."""
        of = self.of or self.name
        waits = any(c.of == of and not self.has_come(c, moment) for c in self.columns)
        return [None] * self.count(moment) if waits else [*finite(self.values(moment))]

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return where the row lies that stands out, and the texts of each column."""
        texts = [{"text": self.texts(column, moment)} for column in self.columns]
        last = self.columns[-1]
        at = int(moment.values[self.stands_out])
        shown = self.has_come(last, moment)
        outline = [at - 0.5, at - 0.5, at + 0.5, at + 0.5] if shown else [None] * 4
        fill = SHADE[bool(moment.values[self.passes])]
        return [{"y": outline, "fillcolor": fill}, {}, *texts]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the shade, the names of the rows, and the columns."""
        shade, _, *columns = self.moving(moment, style)
        count = self.count(moment)
        look: Drawn = {"type": "scatter", "mode": "none", "fill": "toself", "hoverinfo": "skip"}
        names = [f"{self.called}{_subscript(i)}" for i in range(count)]
        text: Drawn = {
            "type": "scatter",
            "mode": "text",
            "y": list(range(count)),
            "hoverinfo": "skip",
        }
        text |= {"textfont": {"size": self._size(count, style)}, "cliponaxis": False}
        left = {"x": [0.01] * count, "textposition": "middle right"}
        return [
            look | {"x": [0, 1, 1, 0]} | shade,
            text | left | {"text": names},
            *(
                text | {"x": [_right(column, style)] * count, "textposition": "middle left"} | moved
                for column, moved in zip(self.columns, columns, strict=True)
            ),
        ]

    def _size(self, count: int, style: Style) -> int:
        """Return how large numbers are: on a projector as large as so many rows have room for."""
        if not style.rows:
            return style.text
        return style.number if count <= LEAST_ROWS else style.text if count <= FEW_ROWS else 16

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return two axes of which nothing is seen, the rows from top to bottom."""
        rows = max(self.count(moment), LEAST_ROWS)
        hidden = {"visible": False}
        return hidden | {"range": [0, 1]}, hidden | {"range": [rows - 0.5, -0.5 - HEAD]}

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return margins without axes, the names of the columns, and a frame around a row."""
        frame = {"type": "rect", "x0": 0.002, "x1": 0.998, "fillcolor": "rgba(0,0,0,0)"}
        j = moment.scenario.j
        frame |= {"y0": j - 0.46, "y1": j + 0.46, "line": {"width": 1.5}}
        margin = style.margins | {"l": 8, "r": 8, "b": 4}
        return {"margin": margin, "shapes": [frame], "annotations": self._head(moment, style)}

    def _head(self, moment: Moment, style: Style) -> list[Drawn]:
        return [
            {
                "text": moment.words(column.title),
                **{"x": _right(column, style), "xanchor": "right"},
                **{"y": -0.5 - HEAD / 2, "yanchor": "middle"},
                **{"showarrow": False, "borderpad": 0, "font": {"size": style.text}},
            }
            for column in self.columns
            if self.has_come(column, moment)
        ]

    def in_words(self, moment: Moment) -> str:
        """Return the rows."""
        shown = [column for column in self.columns if self.has_come(column, moment)]
        heads = [moment.words(column.title) for column in shown]
        texts = [self.texts(column, moment) for column in shown]
        rows = [
            f"{self.called} {i}: " + ", ".join(map(" ".join, zip(heads, row, strict=True)))
            for i, row in enumerate(zip(*texts, strict=True))
        ]
        return "; ".join(rows)


def _right(column: Column, style: Style) -> float:
    """Return where a column ends."""
    return column.large if style.rows else column.right


def _printed(value: Any, digits: int) -> str:
    """Return a number, or whether something passes; nothing but 0 is printed as 0."""
    if isinstance(value, bool):
        return YES if value else NO
    return number(value, digits) if value else "0"


def _subscript(index: int) -> str:
    return str(index).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
