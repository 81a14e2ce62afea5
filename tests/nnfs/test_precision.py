"""Exact values, errors in units in the last place, and the number from which something holds."""

from fractions import Fraction
from math import floor, log

import numpy as np
import pytest

from nnfs import Exact, error_in_ulps, exact_sigmoid_slope, first_float, func_sigmoid

DTYPES = (np.float16, np.float32, np.float64)
BITS = {np.float16: 11, np.float32: 24, np.float64: 53}
POINTS = [0.0, -0.0, 1e-9, 0.3, -1.7, 5.0, -12.25, 36.75, 40.0, -300.0, 700.5]


def exp(x):
    """exp of a fraction, by its series after halving: to more than 60 digits, without `decimal`."""
    halvings = max(0, floor(log(float(abs(x)) + 1e-300, 2)) + 8)
    small, term, total = x / 2**halvings, Fraction(1), Fraction(0)
    for k in range(1, 40):
        total += term
        term *= small / k
        term = Fraction(round(term * 2**400), 2**400)
    for _ in range(halvings):
        total *= total
        scale = 2 ** (300 + max(0, -floor(log(float(total), 2))) if total else 300)
        total = Fraction(round(total * scale), scale)
    return total


def slope(x):
    """σ′ of a float, as a fraction."""
    e = exp(-abs(Fraction(x)))
    return e / (1 + e) ** 2


def off(exact, x):
    """How far two float64 together are from σ′(x), relatively."""
    (high,), (low,) = exact
    true = slope(x)
    return float(abs(Fraction(float(high)) + Fraction(float(low)) - true) / true)


@pytest.mark.parametrize("x", POINTS)
def test_the_exact_slope_has_more_than_thirty_digits(x):
    exact = exact_sigmoid_slope([x])
    # Two float64 hold 106 bits, 1.2e-32; where the second is subnormal, fewer.
    assert off(exact, x) < (1e-31 if abs(x) < 650 else 1e-15)
    assert abs(exact.low[0]) <= np.spacing(exact.high[0]) / 2


def test_the_oracle_finds_that_float64_alone_is_not_exact():
    y = func_sigmoid([5.0])
    assert off(Exact(y * (1 - y), np.zeros(1)), 5.0) > 1e-16
    assert off(Exact(func_sigmoid([5.0]) * func_sigmoid([-5.0]), np.zeros(1)), 5.0) > 1e-18


def test_the_exact_slope_is_even_has_any_shape_and_goes_on_to_0():
    x = np.array([[0.5, 3.0], [40.0, 800.0]])
    one, other = exact_sigmoid_slope(x), exact_sigmoid_slope(-x)
    np.testing.assert_array_equal(one, other)
    assert one.high.shape == one.low.shape == (2, 2)
    assert one.high[1, 1] == one.low[1, 1] == 0


def test_a_number_is_taken_as_exactly_what_it_is():
    x = np.array([0.1], np.float32)
    np.testing.assert_array_equal(exact_sigmoid_slope(x), exact_sigmoid_slope([float(x[0])]))
    assert exact_sigmoid_slope(x).low != exact_sigmoid_slope([0.1]).low


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_is_rounded_correctly_is_half_a_unit_off_at_most(dtype):
    x = np.linspace(-8, 8, 100)
    exact = exact_sigmoid_slope(x)
    error = error_in_ulps(exact.high.astype(dtype), exact)
    assert error.max() <= 0.5
    neighbour = error_in_ulps(np.nextafter(exact.high.astype(dtype), dtype(1)), exact)
    assert (neighbour > error).all()
    assert neighbour.max() == pytest.approx(1.5, abs=0.6)


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_has_no_digit_left_is_off_by_all_bits(dtype):
    exact = exact_sigmoid_slope(np.linspace(0, 5, 20))
    error = error_in_ulps(np.zeros(20, dtype), exact)
    assert (2.0 ** (BITS[dtype] - 1) <= error).all()
    assert (error <= 2.0 ** BITS[dtype]).all()


def test_the_error_of_what_is_no_number_is_none():
    exact = exact_sigmoid_slope([1.0, 1.0])
    error = error_in_ulps(np.array([np.nan, np.inf]), exact)
    assert np.isnan(error[0])
    assert np.isinf(error[1])


def test_below_the_smallest_number_0_is_less_than_a_unit_off():
    """float16 has no number between 0 and 6e-8: at 18, where σ′ is 1.5e-8, 0 is right."""
    assert error_in_ulps(np.float16([0.0]), exact_sigmoid_slope([18.0]))[0] < 0.5


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_first_number_is_found_exactly(dtype):
    target = dtype(7.3)
    found = first_float(lambda x: x >= target, 0, 1000, dtype)
    assert found == float(target)
    assert found == float(dtype(found))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("bound", [5e-8, 1e-3, 1.0, 999.0])
def test_of_two_neighbours_it_holds_for_the_second(dtype, bound):
    def holds(x):
        return x > dtype(bound)

    found = dtype(first_float(holds, 0, 1000, dtype))
    assert holds(found)
    assert not holds(np.nextafter(found, dtype(0)))


def test_of_all_float16_it_finds_the_one_that_a_look_at_each_finds():
    every = np.arange(np.float16(1000).view(np.int16) + 1, dtype=np.int16).view(np.float16)

    def vanishes(x):
        y = 1 / (1 + np.exp(-x))
        return y * (1 - y) == 0

    with np.errstate(over="ignore"):
        assert first_float(vanishes, 0, 1000, np.float16) == every[vanishes(every)][0]


def test_where_it_holds_now_and_then_the_last_number_counts_for_which_it_does_not():
    """e / (1 + e) rounds to 1 and below it in turns; each number of a stretch is looked at."""

    def is_one(x):
        e = np.exp(x)
        return e / (1 + e) == 1

    start, stop = np.array([16, 18], np.float32).view(np.int32)
    every = np.arange(start, stop, dtype=np.int32).view(np.float32)
    not_yet = np.flatnonzero(~is_one(every))
    first = np.flatnonzero(is_one(every))[0]
    assert first < not_yet[-1]  # it flickers: the first number for which it holds is another one
    with np.errstate(over="ignore"):
        found = first_float(lambda x: is_one(np.minimum(x, 80)), 0, 1000, np.float32)
    assert found == every[not_yet[-1] + 1]


def test_what_never_holds_is_found_nowhere():
    assert first_float(lambda x: x < 0, 0, 1000, np.float64) is None


@pytest.mark.parametrize(
    ("low", "high", "message"),
    [
        (-1, 5, "expected 0 <= low < high, got -1 and 5"),
        (5, 5, "expected 0 <= low < high"),
        (2, 5, "expected a number where it does not hold, got 2"),
    ],
)
def test_ends_between_which_nothing_can_be_found_are_refused(low, high, message):
    with pytest.raises(ValueError, match=message):
        first_float(lambda x: x > 1, low, high, np.float64)


def test_what_is_not_numeric_is_refused_by_name():
    with pytest.raises(TypeError, match="exact_sigmoid_slope, x: expected numbers"):
        exact_sigmoid_slope(["a"])
