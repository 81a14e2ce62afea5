"""A formula with live numbers, its symbols in the colours of the figures that show them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import Style, plain
from visualizer.figures.numbers import number

# After these a negative number stands in brackets: "g − (−0.160)".
OPERATORS = "−+·/×"

# How much longer than its text a formula is, in letters, with its numbers in it.
NUMBERS = 10

# What looks like a name and is an operator: it stands upright, with room on both sides.
OPERATOR_NAMES = ("Σ", "Π", "log")

# A word of a formula: a number to fill in, the power of one, a fraction, a symbol with its index,
# or anything else.
NUMBER, POWER = re.compile(r"{(\w+)}"), re.compile(r"{(\w+)}\^{(\w+)}")
FRACTION = re.compile(r"(\w+)/(\w+)")
INDEXED = re.compile(r"(\w+)_([a-z]{1,2})")


class Symbol(NamedTuple):
    """How a value is written in a formula.

    Attributes:
        text: what it is called.
        color: of the figures that show it.
        of: the element that it stands for, if that is not one of its own name.
    """

    text: str
    color: str
    of: str = ""


@dataclass(frozen=True, kw_only=True)
class Formula(Figure):
    """A formula for the chosen input, in symbols and in numbers, in MathML.

    It is written with spaces between its words: `dx_j = s_j ( g_j − Σ s_i g_i ) = {s} ( {g} − …`.
    `_j` is the chosen input, `_i` every one, `_ij` a place of a matrix; `{s}` is the number of a
    value at the chosen input, `{s}^{n}` its power.
    A line may be broken before each "=", and behind each ";".

    Attributes:
        text: returns what is written, from the scenario.
        symbols: by the names of values.
    """

    text: Callable[[Any], str]
    symbols: Mapping[str, Symbol]
    height: int = 44

    KIND: ClassVar[str] = "formula"

    def count(self, moment: Moment) -> int:
        """Return 1: it is about one input."""
        return 1

    def breadth(self, scenario: Any) -> float:
        """Return its length, with room for its numbers: a longer formula takes more of its row."""
        return len(self.text(scenario)) + NUMBERS

    def words_of(self, moment: Moment) -> list[str]:
        """Return what is written, word by word."""
        return self.text(moment.scenario).split()

    def printed_numbers(self, moment: Moment) -> list[str]:
        """Return the numbers in it, in their order."""
        words = self.words_of(moment)
        found = []
        for before, word in zip(["", *words], words, strict=False):
            if match := POWER.fullmatch(word):
                found += [_printed(name, moment) for name in match.groups()]
            elif match := NUMBER.fullmatch(word):
                text = _printed(match[1], moment)
                is_operand = before in OPERATORS or NUMBER.fullmatch(before)
                found.append(f"({text})" if text[0] == "−" and before and is_operand else text)
        return found

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the numbers."""
        return [{"text": self.printed_numbers(moment)}]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the numbers: nothing for plotly.js."""
        return self.moving(moment, style)

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return no options: it has no axes."""
        return {}, {}

    def in_words(self, moment: Moment) -> str:
        """Return the formula as plain text with its numbers."""
        numbers = iter(self.printed_numbers(moment))
        spoken = [self._spoken(word, moment, numbers) for word in self.words_of(moment)]
        return re.sub(r"\( | (?=\))", lambda m: m[0].strip(), " ".join(spoken))

    def drawn(self, moment: Moment) -> Drawn:
        """Return the whole formula: its lines as trees of elements, and its numbers."""
        figure = super().drawn(moment)
        return figure if self.is_future(moment) else figure | {"formula": self.lines(moment)}

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return the words for those who do not see it: they have its numbers in them."""
        rows = {"rows": style.rows} if style.rows else {}
        return {"meta": {"alt": plain(f"{self.heading(moment)}. {self.in_words(moment)}")} | rows}

    def lines(self, moment: Moment) -> list[list[Drawn]]:
        """Return the parts between which a line may be broken, each a row of elements.

        An element has a tag and either a text, children, or the place of its number; and where it
        shows an item of a figure, the name of that item and its colour.
        """
        lines: list[list[Drawn]] = [[]]
        places = iter(range(2 * len(self.words_of(moment))))
        for word in self.words_of(moment):
            if word == "=":
                lines.append([])
            lines[-1].append(self._element(word, moment.scenario.j, places))
            if word == ";":
                lines.append([])
        return lines

    def _element(self, word: str, j: int, places: Iterator[int]) -> Drawn:
        if match := NUMBER.fullmatch(word):
            return {"tag": "mn", "number": next(places), **self._named(match[1], str(j))}
        if match := POWER.fullmatch(word):
            numbers = [{"tag": "mn", "number": next(places)} for _ in match.groups()]
            return {"tag": "msup", "children": numbers, **self._named(match[1], str(j))}
        if match := FRACTION.fullmatch(word):
            return {"tag": "mfrac", "children": [_leaf(match[1]), _leaf(match[2])]}
        if match := INDEXED.fullmatch(word):
            indices = [str(j) if letter == "j" else letter for letter in match[2]]
            symbol = _leaf(self._text(match[1]))
            return {
                "tag": "msub",
                "children": [symbol, _leaf(_joined(indices))],
                **self._named(match[1], ",".join(indices)),
            }
        return _leaf(self._text(word)) | self._named(word, str(j))

    def _named(self, name: str, index: str) -> Drawn:
        """Say which element of which value is shown, as in "g:0"; that of every input is "g:*"."""
        if name not in self.symbols:
            return {}
        place, symbol = index.replace("i", "*"), self.symbols[name]
        return {"of": symbol.of or f"{name}:{place}", "color": symbol.color}

    def _text(self, name: str) -> str:
        return self.symbols[name].text if name in self.symbols else name

    def _spoken(self, word: str, moment: Moment, numbers: Iterator[str]) -> str:
        if NUMBER.fullmatch(word):
            return next(numbers)
        if POWER.fullmatch(word):
            return f"{next(numbers)} to the power of {next(numbers)}"
        if match := INDEXED.fullmatch(word):
            j = str(moment.scenario.j)
            indices = [j if letter == "j" else letter for letter in match[2]]
            return f"{self._text(match[1])} {_joined(indices)}"
        return self._text(word)

    def layout(self, moment: Moment, style: Style) -> Drawn:
        """Return the title and the words for those who do not see it."""
        return {"title": {"text": self.heading(moment)}, **self.live(moment, style)}


def _printed(name: str, moment: Moment) -> str:
    """Return a number of the chosen input, or one that is the same for all; whole as it stands."""
    value = moment.values[name] if name in moment.values else getattr(moment.scenario, name)
    if isinstance(value, int):
        return str(value)
    return number(float(value[moment.scenario.j] if np.ndim(value) else value))


def _joined(indices: Sequence[str]) -> str:
    """Return the indices of one symbol: "i1", and "i,12" where one of them has two digits."""
    return ("," if max(map(len, indices)) > 1 else "").join(indices)


def _leaf(text: str) -> Drawn:
    """Return a number, an identifier or an operator."""
    is_name = text[0].isalpha() and text not in OPERATOR_NAMES
    tag = "mn" if text[0].isdigit() else "mi" if is_name else "mo"
    return {"tag": tag, "text": text}
