"""Axes that have names: figures that share one reach equally far, and it stays through a drag."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from visualizer.figures.numbers import axis_limit

# The end of the longest axis, with room for numbers at its tips: plotly.js cuts a range off at 1e-4
# of the largest float.
LONGEST = 1e304
# That of the shortest one: parts of it are still numbers that can be divided by.
SHORTEST = 1e-300

# Up to this many items, an axis shows them beside what they could be at most.
FEW = 10

# An axis and its end, as a message has them: ASCII digits, as in links.
END = re.compile(r"([^:]*):(\d+\.?\d*(?:e[+-]?\d+)?)", re.ASCII)
# No page has more axes; what else a message names is not read.
MOST_AXES = 20


@dataclass(frozen=True)
class Axis:
    """How far an axis reaches: to `end` and, where it does not begin at 0, to −end.

    Attributes:
        name: by which figures share it.
        over: the array that it shows, by its name among the values; as `name` if empty.
        least: below this it does not shrink: room to drag.
        crowded: the same for more than ten items in a row.
        most: the end that it never exceeds.
        room: how many times as far as the largest value it reaches when it is fitted.
        grows: whether it makes room for a value that leaves it. If not, the bar is cut, with an
            arrow: a result may go anywhere, and an axis that moves in a drag shows nothing.
        share: the name of another axis, and the share of that one's end that this one shows too,
            even if it does not grow by itself.
    """

    name: str
    over: str = ""
    least: float = SHORTEST
    crowded: float | None = None
    most: float = LONGEST
    room: float = 1.0
    grows: bool = True
    share: tuple[str, float] | None = None

    def end(self, kept: float, values: Mapping[str, Any], ends: Mapping[str, float]) -> float:
        """Return where it ends: where it did, as long as that will do, or fitted to its values.

        Args:
            kept: the end that it has; 0 for none.
            values: the arrays of the moment.
            ends: of the axes that are known already, by name.
        """
        array = np.abs(np.asarray(values.get(self.over or self.name, ()), float))
        largest = 0.0
        if self.grows or not kept:
            largest = float(np.max(array, where=np.isfinite(array), initial=0.0))
        if self.share:
            largest = max(largest, ends[self.share[0]] * self.share[1])
        if kept and largest <= kept:
            return kept
        least = self.least
        if self.crowded is not None and array.shape[-1] > FEW:
            least = self.crowded
        fitted = axis_limit([min(LONGEST, self.room * largest)], least)
        return max(kept, min(self.most, LONGEST, fitted))


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
        before = kept.get(axis.name, 0.0)
        is_usable = SHORTEST <= before <= min(LONGEST, axis.most)
        found[axis.name] = axis.end(before if is_usable else 0.0, values, found)
    return found


def parse_ends(text: str) -> dict[str, float]:
    """Return where axes end, from text such as "z:5,dx:0.5"; what cannot be read is left out."""
    parts = [END.fullmatch(part) for part in text.split(",")[:MOST_AXES]]
    found = {part[1]: float(part[2]) for part in parts if part}
    return {name: end for name, end in found.items() if 0 < end < math.inf}


def format_ends(ends: Mapping[str, float]) -> str:
    """Return where axes end, as the text that `parse_ends` reads."""
    return ",".join(f"{name}:{float(end)!r}" for name, end in ends.items())
