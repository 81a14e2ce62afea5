"""The kinds of fields that a scenario has: how each is read and written, and what it has to fit.

A field is declared like `z: Rows = rows("2,1,0.1", least=2)`. How fields relate is part of that:
`rows(..., like="z")` has the shape of z, `index_of("z")` counts its columns.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, field, replace
from typing import Any

from visualizer.scenario.codecs import (
    MAX_BATCH,
    MAX_CLASSES,
    MAX_VALUE,
    ROWS,
    Codec,
    Rows,
    index_below,
    names_among,
    number_between,
    one_of,
    parse_rows,
    tab_among,
    whole_between,
)

# From a scenario, a field, and whether a user set it, to what the field has to be, and messages
# about what was given up. What follows another field silently gives none.
Rule = Callable[[Any, Field[Any], bool], tuple[Any, list[str]]]

# A row adds up to 1 if it does so to rounding; what is scaled has so many digits.
ADDS_UP, DIGITS = 1e-9, 6


def rows(
    default: str,
    *,
    least: int = 1,
    most: int = MAX_CLASSES,
    low: float = -MAX_VALUE,
    high: float = MAX_VALUE,
    single: bool = False,
    rising: bool = False,
    like: str = "",
    distributed: Callable[[Any], bool] | None = None,
    called: str = "",
) -> Any:
    """Return a field of numbers, a row for each sample.

    Args:
        default: as a link has it.
        least: how many numbers a row has at least.
        most: how many it has at most.
        low: no number is below.
        high: none is above.
        single: whether there is one sample only.
        rising: whether the numbers of a row are put in rising order, as those of a stretch: when
            one end is dragged past the other, it becomes the other.
        like: the field whose shape it has.
        distributed: tells of a scenario whether each row has to add up to 1. Where it does not,
            the number j of the scenario stays and the others are scaled, silently: so a drag of
            one bar is one number to say. The field j has to be declared before this one.
        called: its name on screen; that of the field if empty.
    """
    shaped = _shaped_like(like) if like else _rows_of(least, most, single)

    def rule(scenario: Any, item: Field[Any], given: bool) -> tuple[Any, list[str]]:
        value, messages = shaped(scenario, item, given)
        if rising:
            value = tuple(tuple(sorted(row)) for row in value)
        outside = [x for row in value for x in row if not low <= x <= high]
        if outside:
            messages = [
                f"{scenario.called(item.name)}: expected numbers from {low:g} to {high:g}, got "
                f"{outside[0]:g}. They are cut."
            ]
            value = tuple(tuple(min(max(x, low), high) for x in row) for row in value)
        if distributed and distributed(scenario):
            value = tuple(scaled_to_one(row, scenario.j) for row in value)
        return value, messages

    between = {"least": least, "most": most, "between": (low, high), "rising": rising}
    return _field(parse_rows(default), ROWS, rule, called=called, **between)


def index_of(of: str, *, row: bool = False, default: int = 0, called: str = "") -> Any:
    """Return a field that counts the columns of another one, or its rows.

    Args:
        of: a field of rows; or of a whole number, which is how many there are.
        row: whether it counts rows.
        default: as long as nothing else is said.
        called: its name on screen; that of an input, or of a sample, if empty.
    """
    codec = index_below(MAX_BATCH if row else MAX_CLASSES)
    called = called or ("Sample" if row else "Input j")
    return _field(default, codec, _below_count_of(of, row), called=called, of=of)


def number(
    default: float,
    low: float,
    high: float,
    *,
    divides: str = "",
    within: str = "",
    called: str = "",
) -> Any:
    """Return a field that is a number from low to high.

    Args:
        default: as long as nothing else is said.
        low: the least value.
        high: the greatest value.
        divides: the field of rows whose quotient by this number has to stay finite; none if empty.
        within: the field whose first row has it between its ends, which push it; none if empty.
        called: its name on screen; that of the field if empty.
    """
    rule = _keeps_finite(divides) if divides else _pushed_by(within) if within else None
    return _field(default, number_between(low, high), rule, between=(low, high), called=called)


def whole(default: int, low: int, high: int, *, called: str = "") -> Any:
    """Return a field that is a whole number from low to high, with its name on screen."""
    return _field(default, whole_between(low, high), between=(low, high), called=called)


def choice(default: str, *others: str, called: str = "") -> Any:
    """Return a field that is one of some names, with its own name on screen."""
    return _field(default, one_of((default, *others)), allowed=(default, *others), called=called)


def names(*allowed: str, called: str = "") -> Any:
    """Return a field that is any of some names, with its own name on screen."""
    return _field((), names_among(allowed), allowed=allowed, called=called)


def tab(tabs: Mapping[str, str]) -> Any:
    """Return the field of the tab that is open; of those named, the first if none is said."""
    return _field("", tab_among(tabs), _usual_tab, tabs=tabs, called="Tab")


def unlinked(default: Any, codec: Codec, *, called: str = "") -> Any:
    """Return a field that messages carry, and the address bar leaves out."""
    return _field(default, replace(codec, in_link=False), called=called)


def _field(default: Any, codec: Codec, rule: Rule | None = None, **more: Any) -> Any:
    return field(default=default, metadata={"codec": codec, "rule": rule, **more})


def _rows_of(least: int, most: int, single: bool) -> Rule:
    """Return the rule of what others follow: as many numbers and rows as there may be."""

    def rule(scenario: Any, item: Field[Any], given: bool) -> tuple[Any, list[str]]:
        value: Rows = getattr(scenario, item.name)
        if not least <= len(value[0]) <= most:
            bound = f"at least {least}" if len(value[0]) < least else f"at most {most}"
            expected = f"{least}" if least == most else bound
            return item.default, [
                f"{item.name}: expected {expected} numbers in a row, got {len(value[0])}. "
                "The default is shown instead."
            ]
        if single and len(value) > 1:
            message = f"{item.name}: expected one row, got {len(value)}. The first is shown."
            return value[:1], [message]
        return value, []

    return rule


def _shaped_like(other: str) -> Rule:
    """Return the rule of a gradient: a one-hot one where it does not fit."""

    def rule(scenario: Any, item: Field[Any], given: bool) -> tuple[Rows, list[str]]:
        value, model = getattr(scenario, item.name), getattr(scenario, other)
        batch, classes = len(model), len(model[0])
        came = (len(value), len(value[0]))
        if came == (batch, classes):
            return value, []
        message = (
            f"{item.name}: expected {batch} × {classes} numbers, as many as {other} has, got "
            f"{came[0]} × {came[1]}. A one-hot gradient is shown instead."
        )
        return one_hot(batch, classes), [message] if given else []

    return rule


def _keeps_finite(other: str) -> Rule:
    """Return the rule of a divisor: its default where the largest quotient would overflow."""

    def rule(scenario: Any, item: Field[Any], given: bool) -> tuple[Any, list[str]]:
        value, rows = getattr(scenario, item.name), getattr(scenario, other)
        if value >= 1 or max(abs(x) for row in rows for x in row) / value < math.inf:
            return value, []
        return item.default, [
            f"{item.name}: {other} / {item.name} leaves the range of float64 at "
            f"{item.name} = {value:g}. {item.name} is {item.default:g} now."
        ]

    return rule


def _pushed_by(other: str) -> Rule:
    """Return the rule of a number within a stretch: the nearest one that is."""

    def rule(scenario: Any, item: Field[Any], given: bool) -> tuple[float, list[str]]:
        row = getattr(scenario, other)[0]
        return min(max(getattr(scenario, item.name), min(row)), max(row)), []

    return rule


def _below_count_of(other: str, row: bool) -> Rule:
    """Return the rule of an index: 0 where the other field has no such row or column."""

    def rule(scenario: Any, item: Field[Any], given: bool) -> tuple[int, list[str]]:
        index, model = getattr(scenario, item.name), getattr(scenario, other)
        count = model if isinstance(model, int) else len(model) if row else len(model[0])
        if index < count:
            return index, []
        called = scenario.called(item.name)
        message = f"{called}: expected a whole number from 0 to {count - 1}, got {index}. "
        return 0, [message + "It is 0 now."] if given else []

    return rule


def _usual_tab(scenario: Any, item: Field[Any], given: bool) -> tuple[str, list[str]]:
    """Open the tab of what is shown where none is named."""
    return getattr(scenario, item.name) or scenario.usual_tab, []


def scaled_to_one(row: Sequence[float], kept: int) -> tuple[float, ...]:
    """Return numbers in [0, 1] that add up to 1: one stays, and the others share what it leaves.

    They keep their proportions, or share alike if all of them are 0. They are rounded to DIGITS, so
    that a link stays short; what that leaves goes to the largest of them.

    Args:
        row: at least two numbers in [0, 1].
        kept: the place of the one that stays.
    """
    if abs(math.fsum(row) - 1) <= ADDS_UP:
        return tuple(row)
    rest, scale = 1 - row[kept], 10**DIGITS
    others = [place for place in range(len(row)) if place != kept]
    total = math.fsum(row[place] for place in others)
    shares = {i: rest * (row[i] / total) if total else rest / len(others) for i in others}
    # Rounded down, but for what float64 has rounded itself: so the largest only gains.
    scaled = {i: math.floor(round(scale * share, 3)) / scale for i, share in shares.items()}
    largest = max(others, key=lambda i: shares[i])
    left = rest - math.fsum(scaled[place] for place in others if place != largest)
    scaled[largest] = round(left, 2 * DIGITS)
    return tuple(scaled.get(place, row[place]) for place in range(len(row)))


def one_hot(batch: int, classes: int) -> Rows:
    """Return 1 for class 0, else 0, in every row: Jᵀ·g is then row 0 of J."""
    return tuple(tuple(float(j == 0) for j in range(classes)) for _ in range(batch))
