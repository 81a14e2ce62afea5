"""How the fields of a scenario are read from text and written to it: what comes is not trusted."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Rows = tuple[tuple[float, ...], ...]

MAX_CLASSES = 1000
MAX_BATCH = 256
MAX_VALUE = 1e308


class Refused(ValueError):
    """A value that cannot be used. Its text says what came and what is allowed."""


@dataclass(frozen=True)
class Codec:
    """How one field is read from text and written to it.

    Attributes:
        parse: text to value; raises Refused.
        format: value to text, such that `parse(format(v)) == v`.
        in_link: whether the field belongs in the address bar, or only in messages.
    """

    parse: Callable[[str], Any]
    format: Callable[[Any], str]
    in_link: bool = True


def parse_number(text: str) -> float:
    """Return a finite number of at most MAX_VALUE in absolute value, or raise Refused.

    Python would also take 1_0, digits of other scripts, and spaces around the number.
    """
    try:
        is_plain = text.isascii() and "_" not in text and text == text.strip()
        value = float(text) if is_plain else math.nan
    except ValueError:
        value = math.nan
    if not abs(value) <= MAX_VALUE:
        raise Refused(f"expected a number between −1e308 and 1e308, got {quoted(text)}")
    if value == 0 and text.lower().partition("e")[0].strip("+-0."):
        raise Refused(
            f"expected 0, or a number that float64 does not round to 0, got {quoted(text)}"
        )
    return value


def format_number(value: float) -> str:
    """Return the shortest text that reads back as the same float64: 2, 0.1, 1e-07."""
    return repr(float(value)).removesuffix(".0")


def parse_rows(text: str) -> Rows:
    """Return "2,1;0,3" as ((2, 1), (0, 3)): rows of equal length, or raise Refused."""
    lines = text.split(";", MAX_BATCH)
    if len(lines) > MAX_BATCH:
        raise Refused(f"expected at most {MAX_BATCH} rows, got more")
    rows = []
    for line in lines:
        cells = line.split(",", MAX_CLASSES)
        if len(cells) > MAX_CLASSES:
            raise Refused(f"expected at most {MAX_CLASSES} numbers in a row, got more")
        rows.append(tuple(map(parse_number, cells)))
    lengths = sorted({len(row) for row in rows})
    if len(lengths) > 1:
        raise Refused(f"expected rows of one length, got {lengths[0]} and {lengths[-1]} numbers")
    return tuple(rows)


def format_rows(rows: Rows) -> str:
    """Return ((2, 1), (0, 3)) as "2,1;0,3"."""
    return ";".join(",".join(format_number(value) for value in row) for row in rows)


def number_between(low: float, high: float) -> Codec:
    """Return the codec of a number in [low, high]."""

    def parse(text: str) -> float:
        try:
            value = parse_number(text)
        except Refused:
            value = math.nan
        if not low <= value <= high:
            raise Refused(f"expected a number from {low:g} to {high:g}, got {quoted(text)}")
        return value

    return Codec(parse, format_number)


def whole_between(low: int, high: int) -> Codec:
    """Return the codec of a whole number from low to high, neither of them below 0."""

    def parse(text: str) -> int:
        # isascii: isdigit alone also takes superscripts, which int refuses.
        is_whole = text.isascii() and text.isdigit() and len(text) < 10
        if not (is_whole and low <= int(text) <= high):
            raise Refused(f"expected a whole number from {low} to {high}, got {quoted(text)}")
        return int(text)

    return Codec(parse, str)


def index_below(count: int) -> Codec:
    """Return the codec of a whole number from 0 to count − 1."""
    return whole_between(0, count - 1)


def names_among(allowed: tuple[str, ...]) -> Codec:
    """Return the codec of a choice of names, such as "elementwise,flattened_batch"."""

    def parse(text: str) -> tuple[str, ...]:
        chosen = tuple(text.split(",", len(allowed))) if text else ()
        for name in chosen:
            if name not in allowed:
                raise Refused(f"expected some of {', '.join(allowed)}, got {quoted(name)}")
        return tuple(dict.fromkeys(chosen))

    return Codec(parse, ",".join)


def one_of(allowed: tuple[str, ...]) -> Codec:
    """Return the codec of one name."""

    def parse(text: str) -> str:
        if text not in allowed:
            raise Refused(f"expected one of {', '.join(allowed)}, got {quoted(text)}")
        return text

    return Codec(parse, str)


def tab_among(tabs: Iterable[str]) -> Codec:
    """Return the codec of the tab that is open; no text stands for the usual one."""
    name = one_of(tuple(tabs))
    return Codec(lambda text: name.parse(text) if text else "", str)


ROWS = Codec(parse_rows, format_rows)
OPTIONAL_ROWS = Codec(lambda text: parse_rows(text) if text else (), format_rows)


def _parse_flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise Refused(f"expected 0 or 1, got {quoted(text)}")
    return text == "1"


FLAG = Codec(_parse_flag, lambda value: str(int(value)))


def quoted(text: str) -> str:
    """Return what came, cut short and set as code: shown as it is, never as markup."""
    if not text.strip():
        return "nothing"
    shown = repr(text if len(text) <= 40 else text[:40] + "…")[1:-1]
    return "`" + shown.replace("`", "'") + "`"
