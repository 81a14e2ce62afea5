"""What a figure is: everything about one picture, said once, and three ways to draw it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from visualizer.figures.axes import Axis, below
from visualizer.figures.layout import COLUMN, LABELLED, LARGE, USUAL, Style, layout
from visualizer.figures.numbers import finite, round_step

# A figure as plotly.js takes it, with what the browser needs besides: data, layout, handles, …
Drawn = dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """What figures are given: the numbers of a moment, and how they are looked at.

    Attributes:
        scenario: what the page shows.
        values: the arrays that its numbers are, by name.
        ends: where each axis ends, by name.
        moves: the figures that move with each field that can be dragged.
        rows: how many figures stand above each other on a projector; 0 for the usual size.
    """

    scenario: Any
    values: Mapping[str, Any]
    ends: Mapping[str, float]
    moves: Mapping[str, Sequence[str]]
    rows: int = 0

    @property
    def step(self) -> int:
        """The step of the lecture; 0 where everything is shown."""
        return getattr(self.scenario, "step", 0)

    def array(self, name: str) -> list[float]:
        """Return one of the arrays as plain numbers."""
        return np.asarray(self.values[name]).tolist()

    def words(self, text: str) -> str:
        """Return a text with the fields of the scenario and the values that it names in it."""
        if "{" not in text:
            return text
        return text.format_map({**vars(self.scenario), **self.values})


@dataclass(frozen=True, kw_only=True)
class Figure(ABC):
    """Template of all figures. A kind says how its numbers become traces and axes.

    Attributes:
        name: in its key on the page, `<page>_<name>`, and for what draws it anew.
        title: what is seen; {j} stands for the field j of the scenario, or for a value.
        short: its title on a projector.
        color: of what it shows.
        of: the array that it shows, by its name among the values; as `name` if empty.
        axis: what it is measured on.
        lit: the steps of a lecture at which it is lit; it appears at the first of them.
        drag: the field of the scenario that its handles edit; none if empty.
        follows: whether its handles also move in a drag by themselves: they are tied to each other,
            or another figure drags the same field.
        shared: whether a handle that moves all bars stands beside them.
        symbol: what one of its items is called, such as z in "z 0"; as `drag` or `name` if empty.
        hint: added to the title where there are handles.
        crowded: added to the title where there are too many items for handles.
        select: the field that a click on one of its elements sets, and a drag of one.
        index: how its elements are numbered, as "i" or "i,j"; "" if it has none to point at.
        made_of: the elements whose product one of its own is, as in ("g:{i}", "J:{i},{j}"): each
            the name of an array, and its place. Over an index that is not its own goes a sum.
        together: other elements that are lit with one of its own.
        moves_with: the fields whose drag moves its numbers; () for all.
        names: of its items, where there are just as many; else they are numbered.
        height: in pixels.
        tall: the share that it takes of the room that a window higher than 720 pixels has.
        spans: how many of the figures that stand above each other it is as high as, on a projector.
        column: its width in a window of 1280 × 720, in pixels.
        clears: fields that an edit by its handles leaves empty, as it says the same in another way.
    """

    name: str = field(kw_only=False)
    title: str = field(kw_only=False)
    short: str = ""
    color: str = ""
    of: str = ""
    axis: Axis | None = None
    lit: Collection[int] = ()
    drag: str = ""
    follows: bool = False
    shared: bool = True
    symbol: str = ""
    hint: str = ""
    crowded: str = ""
    select: str = ""
    index: str = ""
    made_of: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    moves_with: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    height: int = 250
    tall: float = 0.0
    spans: float = 1.0
    column: int = COLUMN
    clears: tuple[str, ...] = ()

    MARKS = ""  # what its elements are drawn as: "bars", "cells", "points" or "rows"
    KIND: ClassVar[str] = "figure"  # which class in the browser draws it: see KINDS in live.js
    # What is taken hold of: "bar" moves up and down, "curve" along the first trace, by x, "line",
    # which stands upright at a value of the horizontal axis, along that, and "plane", one handle
    # for two numbers, anywhere in what the first trace encloses.
    GRIP: ClassVar[str] = "bar"
    KNOB: ClassVar[str] = "foot"  # of such a line, where it is taken hold of: "foot" or "top"

    @abstractmethod
    def count(self, moment: Moment) -> int:
        """Return how many items stand beside each other."""

    @abstractmethod
    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return for each trace the arrays that move while something is dragged."""

    @abstractmethod
    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return all of what plotly.js draws."""

    @abstractmethod
    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return the options of the horizontal and of the vertical axis."""

    @abstractmethod
    def in_words(self, moment: Moment) -> str:
        """Return the numbers in words, for those who do not see them."""

    def more(self, moment: Moment, style: Style) -> Drawn:
        """Return options of the layout that only this kind has."""
        return {}

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return options of the layout that change in a drag."""
        return {}

    def drawn(self, moment: Moment) -> Drawn:
        """Return the whole figure, as it looks at the step of the moment."""
        style = self.style(moment)
        if self.is_future(moment):
            return self._not_run_yet(moment, style)
        figure: Drawn = {"data": self.traces(moment, style), "layout": self.layout(moment, style)}
        if self.select:
            figure["select"] = {"field": self.select, "count": self.count(moment)}
        if self.index:
            figure["elements"] = self.elements(moment)
        if self.drag:
            figure["handles"] = self._handles(moment)
        if self.is_past(moment):
            figure["state"] = "past"
        return figure

    def moved(self, moment: Moment) -> Drawn:
        """Return what a drag moves of it: arrays for each trace, and parts of the layout."""
        if self.is_future(moment):
            return {"data": []}
        style = self.style(moment)
        moved: Drawn = {"data": self.moving(moment, style), "layout": self.live(moment, style)}
        if self.index and (numbers := self.numbers(moment)) is not None:
            moved["numbers"] = numbers
        if self.follows:
            moved["handles"] = self.dragged(moment)
        return moved

    def style(self, moment: Moment) -> Style:
        """Return how large everything is."""
        if not moment.rows:
            return USUAL
        rows = moment.rows / self.spans
        return replace(LARGE, rows=rows, handle=self.has_shared_handle(moment))

    def has_shared_handle(self, moment: Moment) -> bool:
        """Tell whether a handle that moves all items stands beside it."""
        has_bars = bool(self.drag) and self.GRIP == "bar"
        return has_bars and self.shared and self.count(moment) <= LABELLED

    def is_past(self, moment: Moment) -> bool:
        """Tell whether it is faded: its step is over, or `past` names it, as it is of before."""
        is_over = moment.step and moment.step not in self.lit
        return bool(is_over) or self.name in moment.values.get("past", ())

    def is_future(self, moment: Moment) -> bool:
        """Tell whether it shows nothing yet: its step is to come, or `not_run` names it."""
        if self.name in moment.values.get("not_run", ()):
            return True
        return bool(self.lit) and 0 < moment.step < min(self.lit)

    def values(self, moment: Moment) -> list[Any]:
        """Return the numbers that it shows."""
        return moment.array(self.of or self.name)

    def extents(self, moment: Moment) -> dict[str, int]:
        """Return how far each index goes that tells its elements apart."""
        return {self.index: self.count(moment)}

    def numbers(self, moment: Moment) -> list[float | str | None] | None:
        """Return the number of each element; None where they are in the first trace, unclipped."""
        return [*finite(self.values(moment))]

    def elements(self, moment: Moment) -> Drawn:
        """Say what its elements are called, what they are made of, and their numbers.

        The browser lights what belongs together by it. In a name {i} stands for an index; one that
        is not an index of this figure, but a field of the scenario, has its value there.
        """
        own = self.extents(moment)

        def filled(template: str) -> str:
            def value(found: re.Match[str]) -> str:
                name = found[1]
                known = name not in own and hasattr(moment.scenario, name)
                return str(getattr(moment.scenario, name)) if known else found[0]

            return re.sub(r"{(\w+)}", value, template)

        place = ",".join(f"{{{index}}}" for index in self.index.split(","))
        numbers = self.numbers(moment)
        return {
            "name": filled(f"{self.of or self.name}:{place}"),
            "marks": self.MARKS,
            "places": own,
            "symbol": self.called,
            "madeOf": [filled(template) for template in self.made_of],
            "together": [filled(template) for template in (*self.together, *self.after())],
            "after": [filled(template) for template in self.after()],
            **({} if numbers is None else {"numbers": numbers}),
        }

    def after(self) -> tuple[str, ...]:
        """Name the elements of other figures that it draws once more, behind its own."""
        return ()

    def heading(self, moment: Moment) -> str:
        """Return the title, with the hint that fits."""
        hint = ""
        if self.hint or self.crowded:
            hint = self.hint if self.count(moment) <= LABELLED else self.crowded
        return moment.words(self.title + hint)

    def layout(self, moment: Moment, style: Style) -> Drawn:
        """Return title, axes, margins, and the words for those who do not see it."""
        frame = self._frame(moment, style, f"{self.heading(moment)}. {self.in_words(moment)}")
        return frame | self.more(moment, style) | self.live(moment, style)

    def _not_run_yet(self, moment: Moment, style: Style) -> Drawn:
        """Return the empty frame, which says so; no number of it leaves the server."""
        frame = self._frame(moment, style, f"{self.heading(moment)}: not run yet")
        size = style.text if style.rows else 18
        note = {"text": "not run yet", "showarrow": False, "font": {"size": size}}
        note |= {"x": 0.5, "y": 0.7, "xref": "paper", "yref": "paper"}
        return {"data": [], "layout": frame | {"annotations": [note]}, "state": "future"}

    def _frame(self, moment: Moment, style: Style, alt: str) -> Drawn:
        """Return the layout of every figure, whatever its kind."""
        xaxis, yaxis = self.axes(moment, style)
        if names := self.named(moment):
            xaxis |= {"tickmode": "array", "tickvals": list(range(len(names))), "ticktext": names}
        is_short = style.rows and self.short
        frame = layout(
            title=moment.words(self.short) if is_short else self.heading(moment),
            alt=alt,
            xaxis=xaxis,
            yaxis=yaxis,
            height=self.height,
            zoom=self.zooms(moment),
            column=self.column,
            style=style,
        )
        if self.tall:
            frame["meta"]["tall"] = self.tall
        return frame

    def breadth(self, scenario: Any) -> float:
        """Return how much of its row it takes, beside the others there."""
        return 1.0

    def named(self, moment: Moment) -> list[str]:
        """Return the names of its items; none where there are more or fewer items."""
        return list(self.names) if len(self.names) == self.count(moment) else []

    def _handles(self, moment: Moment) -> Drawn | None:
        """Say which items can be dragged, how far, and in which steps; None if too many."""
        values = self.dragged(moment)
        if len(values) > LABELLED:
            return None
        low, high = self.dragged_between(moment)
        dragged = getattr(moment.scenario, self.drag)
        has_row = isinstance(dragged, tuple) and len(dragged) > 1
        return {
            "field": self.drag,
            "row": moment.scenario.row if has_row else 0,
            "at": self.edits_at(moment),
            "values": values,
            "min": low,
            "max": high,
            "step": round_step(self.reach_of(low, high) / 100),
            "labels": self.labels_of(moment, values),
            "together": f"all of {self.called}" if self.has_shared_handle(moment) else None,
            "grip": self.GRIP,
            "sizes": self.style(moment).number_sizes,
            "knob": self.KNOB,
            "moves": list(moment.moves.get(self.drag, ())),
            **({"clears": list(self.clears)} if self.clears else {}),
        }

    @property
    def called(self) -> str:
        """What one of its items is called."""
        return self.symbol or self.drag or self.name

    @property
    def measures(self) -> tuple[Axis, ...]:
        """The axes that it needs to know the ends of."""
        return (self.axis,) if self.axis else ()

    @property
    def reach(self) -> str:
        """The name of the axis that it is measured on."""
        if self.axis is None:
            raise TypeError(f"{self.name}: such a figure needs an axis")
        return self.axis.name

    def zooms(self, moment: Moment) -> bool:
        """Tell whether there are so many items that a part of them can be enlarged."""
        return self.count(moment) > LABELLED

    def dragged(self, moment: Moment) -> list[float]:
        """Return the values of its handles."""
        return self.values(moment)

    def edits_at(self, moment: Moment) -> int | None:
        """Return the place in a row that its only handle edits; None where all are edited."""
        return None

    def labels_of(self, moment: Moment, values: Sequence[float]) -> list[str]:
        """Return the name of each handle: a number that is no row needs no place in its name."""
        if not isinstance(getattr(moment.scenario, self.drag), tuple):
            return [self.called]
        return [f"{self.called} {i}" for i in self.named(moment) or range(len(values))]

    def reach_of(self, low: float, high: float) -> float:
        """Return the length of a hundred steps, on an axis between these ends."""
        return max(-low, high)

    def dragged_between(self, moment: Moment) -> tuple[float, float]:
        """Return how far a handle goes: to the ends of the axis."""
        end = moment.ends[self.reach]
        return -moment.ends.get(below(self.reach), end), end

    def having(self, **changes: Any) -> Self:
        """Return the same figure with other words, another size, or no handles."""
        return replace(self, **changes)
