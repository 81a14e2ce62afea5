"""How numbers are printed, and how far an axis reaches."""

import math
import re

import numpy as np
import pytest

from visualizer.exchange.formulas import latex
from visualizer.figures.layout import Lettering, lettering
from visualizer.figures.numbers import axis_limit, number, numbers, shortened


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (2.0, "2.000"),
        (-0.25, "−0.250"),
        (0.0001, "0.0001"),
        (-0.00049, "−0.0005"),
        (0.0005, "0.0005"),
        (-0.0006, "−0.0006"),
        (0.00096, "0.0010"),
        (0.0010, "0.001"),
        (0.00009, "9.0e−05"),
        (-1e-300, "−1.0e−300"),
        (99999.0, "99999.000"),
        (100000.0, "1.0e+05"),
        (math.inf, "inf"),
        (-math.inf, "−inf"),
        (math.nan, "NaN"),
    ],
)
def test_a_number_is_printed_with_fixed_digits_until_they_say_nothing(value, text):
    assert number(value) == text


@pytest.mark.parametrize("digits", [2, 3, 6])
def test_only_0_is_printed_as_0(digits):
    for size in np.geomspace(1e-6, 1, 200):
        assert re.search("[1-9]", number(size, digits))
        assert re.search("[1-9]", number(-size, digits))
    assert not re.search("[1-9]", number(0.0, digits))


@pytest.mark.parametrize("digits", [1, 2, 3, 6])
def test_many_numbers_are_printed_as_each_alone(digits):
    edges = [0.0, -0.0, 10.0**-digits, 0.5 * 10.0**-digits, 99999.9999999, 1e5, 1e308]
    edges += [math.inf, math.nan, *np.geomspace(1e-7, 1e6, 500).tolist()]
    values = edges + [-value for value in edges]
    assert numbers(values, digits) == [number(value, digits) for value in values]


WRITERS = {
    "alone": lambda value: number(value),
    "two digits": lambda value: number(value, 2),
    "many": lambda value: numbers([1.0, value])[1],
    "without room": lambda value: shortened(value, 3, 6),
    "with hardly any": lambda value: shortened(value, 2, 5),
    "LaTeX": lambda value: latex(value),
}


def values_of_all_sizes(least, largest):
    """Values that are drawn, and those where one form of a text ends and the next begins."""
    edges = [m * 10.0**e for e in range(-6, 6) for m in (0.5, 0.949, 0.95, 0.96, 1, 1.5, 4.9)]
    drawn = np.exp(np.random.default_rng(1).uniform(np.log(least), np.log(largest), 2000)).tolist()
    values = [value for value in edges + drawn if least <= value <= largest]
    return values + [-value for value in values]


def read(text):
    """The number that a text stands for, and the unit of its last digit."""
    text = text.replace("−", "-").replace(r" \cdot 10^{", "e").replace("}", "")
    mantissa, _, exponent = text.partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return float(text), unit


def misleads(value, text):
    """Tell whether a text is off by more than half its last digit, or by as much as it says."""
    found, unit = read(text)
    slack = 1 + 1e-9  # the rounding of this oracle
    return abs(found - value) > 0.5 * unit * slack or abs(found - value) > 0.5 * abs(value) * slack


@pytest.mark.parametrize("writer", WRITERS)
def test_what_is_printed_is_off_by_at_most_half_its_last_digit(writer):
    for value in values_of_all_sizes(1e-9, 1e8):
        text = WRITERS[writer](value)
        assert text in ("<0", ">0") or not misleads(value, text), (value, text)
        assert text not in ("<0", ">0") or text == ("<0" if value < 0 else ">0")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0005, "0.001"), (0.0006, "0.001"), (0.25, "0.24"), (0.0004, "0.000"), (-1.0, "1.000")],
)
def test_the_oracle_finds_a_text_that_misleads(value, text):
    assert misleads(value, text)


@pytest.mark.parametrize("writer", WRITERS)
def test_0_is_printed_without_a_sign_and_nothing_else_as_0(writer):
    write = WRITERS[writer]
    assert write(0.0) == write(-0.0)
    assert not re.search("[1-9−+<>-]", write(0.0))
    for value in values_of_all_sizes(1e-300, 1.0):
        assert re.search("[1-9<>]", write(value))


def test_a_printed_number_has_no_hyphen_for_a_minus():
    assert "-" not in "".join(number(v) for v in (-1.0, -1e-9, -1e9, -math.inf))


@pytest.mark.parametrize(
    ("value", "digits", "letters", "text"),
    [
        (-0.0001, 3, 6, "−.0001"),
        (-0.0034, 2, 5, "−.003"),
        (0.0034, 2, 5, ".003"),
        (-0.00034, 2, 5, "<0"),
        (0.00034, 2, 5, "3e−4"),
        (-0.00034, 2, 6, "−3e−4"),
        (-3.4e-12, 2, 5, "<0"),
        (3.4e-12, 2, 6, "3e−12"),
        (3.4e-12, 2, 5, ">0"),
        (3.4e-123, 2, 5, ">0"),
        (5.8e-6, 3, 6, "6e−6"),
        (-12.3456, 3, 6, "−12.35"),
        (123.0, 2, 4, "123"),
        (1e300, 2, 5, "1e+300"),
        (0.6, 2, 3, "0.6"),
        (0.6, 2, 1, ".6"),
        (-0.06, 2, 4, "−.06"),
        (0.00007, 3, 6, "7e−5"),
        (9.99, 2, 3, "10"),
    ],
)
def test_a_number_without_room_keeps_its_sign_and_the_digits_that_fit(value, digits, letters, text):
    assert shortened(value, digits, letters) == text


def test_what_is_printed_fits():
    style = lettering(6)
    rng = np.random.default_rng(0)
    values = rng.normal(size=200) * 10.0 ** rng.integers(-9, 2, 200)
    assert max(map(len, style.texts(values))) <= style.letters
    assert style.texts([-0.25, 0.0]) == ["−0.250", "0.000"]
    assert style.texts([-0.25, 0.0], ["▼ ", ""]) == ["▼ −0.25", "0.000"]


def test_more_digits_are_printed_when_asked_for():
    assert number(1 / 3, 6) == "0.333333"


@pytest.mark.parametrize(
    ("values", "least", "limit"),
    [
        ([2, 1, 0.1], 5.0, 5.0),
        ([-6], 5.0, 10.0),
        ([11], 5.0, 20.0),
        ([-20], 5.0, 20.0),
        ([20.1], 5.0, 50.0),
        ([1000, 999], 5.0, 1000.0),
        ([], 5.0, 5.0),
        ([math.nan, math.inf, 7], 5.0, 10.0),
        ([0.04], 0.05, 0.05),
        ([1e308], 5.0, 1e308),
    ],
)
def test_an_axis_ends_at_one_two_or_five(values, least, limit):
    assert axis_limit(values, least) == limit


def test_no_value_lies_beyond_its_axis():
    rng = np.random.default_rng(0)
    for exponent in rng.uniform(-300, 307.9, 500):
        values = (rng.normal(size=3) * 10**exponent).clip(-1e308, 1e308).tolist()
        limit = axis_limit(values, 1e-305)
        assert max(map(abs, values)) <= limit < math.inf
        # The next lower limit is at least two fifths of this one: no axis is mostly empty.
        assert limit == 1e-305 or max(map(abs, values)) > limit * 0.39


def test_numbers_beside_each_other_have_one_style():
    assert Lettering(10, 3, 5).texts([0.16, -0.065, 0.5]) == [".160", "−.065", ".500"]
    assert Lettering(10, 2, 4).texts([0.16, -0.065, 0.5]) == [".16", "−.07", ".50"]
    assert Lettering(10, 3, 5).texts([0.16, 0.065, 0.5]) == ["0.160", "0.065", "0.500"]
