"""Axes that have names: figures that share one reach equally far, and it stays through a drag."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

# The end of the longest axis, with room for numbers at its tips: plotly.js cuts a range off at 1e-4
# of the largest float.
LONGEST = 1e304
# That of the shortest one: parts of it are still numbers that can be divided by.
SHORTEST = 1e-300

# Up to this many items, an axis shows them beside what they could be at most.
FEW = 6
# Up to this many columns of a matrix, each has an axis of its own.
FEW_COLUMNS = 12

# An axis and its end, as a message has them: ASCII digits, as in links.
END = re.compile(r"([^:]*):(\d+\.?\d*(?:e[+-]?\d+)?)", re.ASCII)
# No page has more axes; what else a message names is not read.
MOST_AXES = 40


@dataclass(frozen=True)
class Axis:
    """How far an axis reaches: to `end` and, where it does not begin at 0, to −end.

    Attributes:
        name: by which figures share it.
        over: the array that it shows, by its name among the values; as `name` if empty.
        least: below this it does not shrink, so that next to nothing looks like it.
        crowded: the same for more than a few items in a row.
        most: the end that it never exceeds.
        room: how many times as far as the largest value it reaches when it is fitted.
        grows: whether it makes room for a value that leaves it. If not, the bar is cut, with an
            arrow: a result may go anywhere, and an axis that moves in a drag shows nothing.
        share: the name of another axis, and the share of that one's end that this one shows too,
            even if it does not grow by itself.
        sides: how much of the longer side of 0 the shorter one has at least; each reaches only as
            far as it has to. The end below 0 is kept too, without its sign, under the name that
            `below` gives. If 0, both sides are equally long.
        columns: whether each column of a matrix has an axis of its own, under the name that
            `column` gives, where there are a few of them.
        decades: whether it is logarithmic: it ends so many powers of ten above 1, and below it.
    """

    name: str
    over: str = ""
    least: float = SHORTEST
    crowded: float | None = None
    most: float = LONGEST
    room: float = 1.0
    grows: bool = True
    share: tuple[str, float] | None = None
    sides: float = 0.0
    columns: bool = False
    decades: bool = False

    def ends(
        self, kept: Mapping[str, float], values: Mapping[str, Any], found: Mapping[str, float]
    ) -> dict[str, float]:
        """Return where it ends, by name: where it did, as long as that will do, or fitted.

        Args:
            kept: the ends of all axes so far, as far as they are known.
            values: the arrays of the moment.
            found: the ends of the axes that are known already.
        """
        array = np.asarray(values.get(self.over or self.name, ()), float)
        if self.decades:
            array = decades_of(array)
        least = self.least
        if self.crowded is not None and array.shape[-1] > FEW:
            least = self.crowded
        if not self.columns or array.shape[-1] > FEW_COLUMNS:
            return self._ends(self.name, array.ravel(), least, kept, found)
        return {
            name: end
            for j, shown in enumerate(array.T)
            for name, end in self._ends(column(self.name, j), shown, least, kept, found).items()
        }

    def _ends(
        self,
        name: str,
        shown: NDArray[np.float64],
        least: float,
        kept: Mapping[str, float],
        found: Mapping[str, float],
    ) -> dict[str, float]:
        """Return the ends of one axis, from the values that it shows."""
        if self.sides:
            return self._sides(name, shown, least, kept, found)
        before = self._usable(kept.get(name, 0.0))
        largest = largest_of(abs(shown)) if self.grows or not before else 0.0
        return {name: self._end(before, max(largest, self._shared(found)), least)}

    def _sides(
        self,
        name: str,
        shown: NDArray[np.float64],
        least: float,
        kept: Mapping[str, float],
        found: Mapping[str, float],
    ) -> dict[str, float]:
        """Return the ends of one axis above and below 0, each from the values on its side."""
        largest = {name: largest_of(shown), below(name): largest_of(-shown)}
        is_small = self.room * max(largest.values()) < least
        ends: dict[str, float] = {}
        for (side, most), other in zip(largest.items(), reversed(largest.values()), strict=True):
            before = self._usable(kept.get(side, 0.0))
            wanted = most if self.grows or not before else 0.0
            share = self._shared(found, is_below=side != name)
            at_least = least if is_small else max(SHORTEST, self.sides * self.room * other)
            ends[side] = self._end(before, max(wanted, share), at_least)
        return ends

    def _usable(self, kept: float) -> float:
        """Return an end that may come from outside; 0 if it cannot be drawn, or is never had."""
        return kept if SHORTEST <= kept <= min(LONGEST, self.most) else 0.0

    def _shared(self, found: Mapping[str, float], is_below: bool = False) -> float:
        if not self.share:
            return 0.0
        name, share = self.share
        end = found[name]
        return share * (found.get(below(name), end) if is_below else end)

    def _end(self, kept: float, largest: float, least: float) -> float:
        """Return one end: the kept one, if it shows the largest value, or one that does."""
        if kept and largest <= kept:
            return kept
        return max(kept, min(self.most, LONGEST, tight(max(self.room * largest, least))))


def decades_of(values: ArrayLike) -> NDArray[np.float64]:
    """Return how many powers of ten each value lies above 1: −∞ for 0, however small the others."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log10(np.asarray(values, float))


def below(name: str) -> str:
    """Return the name of the end below 0 of an axis that has one of its own."""
    return f"{name}-"


def column(name: str, j: int) -> str:
    """Return the name of the axis of column j."""
    return f"{name}.{j}"


def largest_of(values: NDArray[np.float64]) -> float:
    """Return the largest finite value, at least 0; of a matrix there may be a million."""
    return float(np.max(values, initial=0.0, where=np.isfinite(values)))


def tight(value: float) -> float:
    """Return the value, rounded up to two digits: an end as short as its text."""
    if not 0 < value < LONGEST:
        return value
    power = math.floor(math.log10(value)) - 1
    digits = math.ceil(round(value / 10.0**power, 9)) if power > -300 else 0
    return float(f"{digits}e{power}") if digits else value


def ends(
    axes: Iterable[Axis], kept: Mapping[str, float], values: Mapping[str, Any]
) -> dict[str, float]:
    """Return where each axis ends, by name.

    Args:
        axes: of all figures of a page; of two with one name, the first counts.
        kept: where they ended before. It may come from outside: an end that cannot be drawn, or
            that its axis never has, is fitted anew.
        values: the arrays of the moment.
    """
    named = {axis.name: axis for axis in reversed(list(axes))}
    found: dict[str, float] = {}
    for axis in sorted(named.values(), key=lambda axis: axis.share is not None):
        found |= axis.ends(kept, values, found)
    return found


def parse_ends(text: str) -> dict[str, float]:
    """Return where axes end, from text such as "z:5,dx:0.5"; what cannot be read is left out."""
    parts = [END.fullmatch(part) for part in text.split(",")[:MOST_AXES]]
    found = {part[1]: float(part[2]) for part in parts if part}
    return {name: end for name, end in found.items() if 0 < end < math.inf}


def format_ends(ends: Mapping[str, float]) -> str:
    """Return where axes end, as the text that `parse_ends` reads."""
    return ",".join(f"{name}:{float(end)!r}" for name, end in ends.items())
