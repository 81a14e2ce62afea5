"""Slopes by differences: beside known derivatives, at kinks, in narrow types, where none helps."""

import numpy as np
import pytest

from visualizer.student.measure import slopes

EPS = float(np.finfo(np.float64).eps)
KNOWN = [
    (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    (np.exp, np.exp),
    (lambda x: x**3, lambda x: 3 * x**2),
    (lambda x: np.sqrt(x.var() + x), lambda x: None),
]


def at_all(function, x, eps=EPS):
    return slopes(lambda z: function(z)[np.newaxis], x, [(i,) for i in range(len(x))], eps)


@pytest.mark.parametrize(("function", "derivative"), KNOWN[:3])
def test_the_slope_is_the_derivative(function, derivative):
    x = np.linspace(-2, 2, 9)
    found = at_all(function, x)
    expected = np.diag(derivative(x))
    np.testing.assert_allclose(found.slope[:, 0], expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(found.low, found.slope)
    np.testing.assert_array_equal(found.high, found.slope)


def test_a_function_that_drops_imaginary_parts_is_measured_by_differences():
    def real(x):
        return np.abs(x) ** 2  # which the complex step takes for a constant

    x = np.array([0.5, -1.0, 2.0])
    found = at_all(real, x)
    np.testing.assert_allclose(found.slope[:, 0], np.diag(2 * x), atol=1e-8)
    assert (np.abs(found.slope[:, 0] - np.diag(2 * x)) <= found.error[:, 0]).all()


def test_a_function_that_refuses_complex_numbers_is_measured_by_differences():
    def strict(x):
        if x.dtype.kind == "c":
            raise TypeError("no complex numbers")
        return np.tanh(x)

    x = np.array([0.5, -1.0])
    np.testing.assert_allclose(
        at_all(strict, x).slope[:, 0], np.diag(1 - np.tanh(x) ** 2), atol=1e-8
    )


def test_at_a_kink_both_slopes_and_all_between_are_right():
    found = at_all(lambda x: np.maximum(x, 0), np.array([0.0, 1.0]))
    assert (found.low[0, 0, 0], found.high[0, 0, 0]) == (0, 1)
    assert (found.low[1, 0, 1], found.high[1, 0, 1]) == (1, 1)


@pytest.mark.parametrize(("dtype", "within"), [(np.float32, 2e-3), (np.float16, 0.1)])
def test_in_a_narrow_type_the_step_is_longer_and_the_error_is_known(dtype, within):
    def narrow(x):
        return np.tanh(x.astype(dtype)) if x.dtype.kind == "f" else np.tanh(x.real.astype(dtype))

    x = np.array([0.3, -0.8])
    found = at_all(narrow, x, float(np.finfo(dtype).eps))
    off = np.abs(found.slope[:, 0] - np.diag(1 - np.tanh(x) ** 2))
    assert off.max() < within
    assert (off <= found.error[:, 0] + 1e-3).all()


def test_what_is_less_than_its_own_error_is_0():
    found = at_all(lambda x: np.abs(x) * 0 + 1e-30 * x.real, np.array([3.0]))
    assert found.slope[0, 0, 0] == 0


def test_where_nothing_finite_comes_out_nothing_finite_is_claimed():
    found = at_all(lambda x: np.log(x.real), np.array([-1.0]))
    assert np.isnan(found.slope).all()


def test_no_places_give_arrays_without_rows():
    assert slopes(np.square, np.ones((1, 2)), [], EPS).slope.shape == (0, 1, 2)
