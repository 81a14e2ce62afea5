"""The gradient check is itself checked: what it finds, and that it can fail."""

import dataclasses

import numpy as np
import pytest

from nnfs import (
    ReLU,
    Sigmoid,
    Softmax,
    check_gradient,
    compare_gradients,
    numeric_vjp,
    relative_error,
    rounding_floor,
)
from nnfs.gradient_check import SINGLE_STEPS, SINGLE_TOLERANCES, STEPS, TOLERANCES

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
X, G = RNG.normal(size=(2, 3, 4))
every_method = pytest.mark.parametrize("method", STEPS)


def right():
    return Softmax().forward(X) * (G - (Softmax().forward(X) * G).sum(axis=1, keepdims=True))


# Truncation of x³ at x = 2 (f″ = 12, f‴ = 6) plus rounding 2⁻⁵² · 8 / h, from the docstring.
ERRORS = {"forward": 12e-8 + 2e-7, "central": 1e-12 + 2e-9, "complex": 1e-15}


@every_method
def test_the_numeric_derivative_of_a_cube_is_that_of_the_textbook(method):
    dx = numeric_vjp(lambda x: x**3, [2.0], [1.0], method)
    np.testing.assert_allclose(dx, [12], rtol=0, atol=2 * ERRORS[method])


@every_method
def test_the_numeric_gradient_weighs_every_output_by_g(method):
    A = np.arange(6.0).reshape(2, 3)
    dx = numeric_vjp(lambda x: A @ x, [1.0, 2.0, 3.0], [1.0, -2.0], method)
    np.testing.assert_allclose(dx, A.T @ [1.0, -2.0], rtol=1e-6)  # the coarsest method's rounding


@pytest.mark.parametrize(("step", "error"), [(1e-1, 1e-2), (1e-2, 1e-4), (1e-3, 1e-6)])
def test_the_error_of_central_differences_falls_with_the_square_of_the_step(step, error):
    dx = numeric_vjp(lambda x: x**3, [2.0], [1.0], "central", step)
    # h² f‴ / 6 = h², and rounding of 1e-12 at the smallest step.
    assert dx[0] - 12 == pytest.approx(error, abs=1e-11)


@every_method
@pytest.mark.parametrize("shape", [(), (3,), (0,), (0, 3), (2, 3, 2)])
def test_any_shape_can_be_checked(method, shape):
    report = check_gradient(Sigmoid(), np.full(shape, 0.3), np.ones(shape), method)
    assert report.ok
    assert report.numeric.shape == shape
    assert report.numeric.dtype == np.float64


@every_method
@pytest.mark.parametrize("factor", [1.001, 0.999, -1, 0, 500, np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_off_by_a_factor_fails(method, factor):
    assert not check_gradient(Softmax(), X, G, method, analytic=factor * right()).ok


@every_method
def test_one_wrong_element_is_found_and_named(method):
    analytic = right()
    analytic[2, 1] *= 1.001
    report = check_gradient(Softmax(), X, G, method, analytic=analytic)
    assert np.argwhere(~report.passed).tolist() == [[2, 1]]
    assert report.worst == (2, 1)
    assert "1 of 12 elements fail; worst at (2, 1)" in str(report)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_not_finite_is_the_worst(value):
    analytic = 1.5 * right()
    analytic[1, 3] = value
    assert check_gradient(Softmax(), X, G, analytic=analytic).worst == (1, 3)


def test_an_infinite_numeric_gradient_fails_even_against_its_like():
    class Overflows:
        def forward(self, X_input):
            return np.where(X_input > 1, np.inf, 0.0)

        def backward(self, grad_next):
            return np.full_like(grad_next, np.inf)

    assert not check_gradient(Overflows(), [1.0], [1.0], "forward", 0.5).ok


@every_method
def test_a_saturated_layer_passes_by_the_absolute_floor(method):
    report = check_gradient(Sigmoid(), [40.0, -40.0], [1.0, 1.0], method)
    assert report.ok, str(report)


def test_the_floor_does_not_hide_an_error_where_the_layer_is_not_saturated():
    for method in STEPS:
        floor = check_gradient(Softmax(), X, G, method).floor
        assert floor < 1e-3 * np.abs(right()).min()


def test_the_report_says_that_all_pass():
    report = check_gradient(Softmax(), X, G)
    assert str(report).startswith("central step 1e-06: all 12 elements pass; worst at (")


def test_the_report_of_nothing_says_so():
    assert str(check_gradient(Sigmoid(), [], [])) == "central step 1e-06: nothing to check"


def test_a_report_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        check_gradient(Sigmoid(), [0.0], [1.0]).tolerance = 1.0


def test_the_state_of_the_layer_and_its_inputs_stay():
    layer, x, g = Softmax(), X.copy(), G.copy()
    y = layer.forward(X + 1)
    check_gradient(layer, x, g)
    numeric_vjp(layer, x, g)
    assert layer.output is y
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(g, G)


def test_relative_error_has_its_known_values():
    error = relative_error([0.0, 1.0, 1.0, 1.0, -2.0], [0.0, 1.0, 0.0, -1.0, -1.0])
    np.testing.assert_array_equal(error, [0, 0, 1, 2, 0.5])


@pytest.mark.parametrize("size", [5e-324, 1e-300, 1e308])
def test_relative_error_neither_overflows_nor_vanishes(size):
    np.testing.assert_array_equal(relative_error([size], [-size]), [2])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_relative_error_is_nan_where_a_value_is_not_finite(value):
    pair = [value, 1.0, value], [1.0, value, value]
    assert np.isnan(relative_error(*pair)).all()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"method": "exact"}, ValueError, "expected one of forward, central, complex, got 'exact'"),
        ({"step": 0}, ValueError, "expected a finite number above 0, got 0"),
        ({"step": -1e-6}, ValueError, "above 0, got -1e-06"),
        ({"step": np.nan}, ValueError, "above 0, got nan"),
        ({"grad_next": G[0]}, ValueError, r"expected the shape of the output, \(3, 4\), got \(4,"),
        ({"analytic": G[0]}, ValueError, r"shape of X_input, \(3, 4\), got \(4,\)"),
        ({"grad_next": 1j * G}, TypeError, "expected real numbers, got complex128"),
        ({"X_input": "x"}, TypeError, "expected numbers, got str"),
        ({"layer": np.sin}, TypeError, "an object with forward and backward, got ufunc"),
        ({"layer": len, "analytic": G}, TypeError, "got builtin_function_or_method"),
    ],
)
def test_a_wrong_argument_is_named_with_what_came(arguments, error, message):
    with pytest.raises(error, match=message):
        check_gradient(**({"layer": Softmax(), "X_input": X, "grad_next": G} | arguments))


def test_relative_error_refuses_two_shapes():
    with pytest.raises(ValueError, match=r"two equal shapes, got \(2,\) and \(1,\)"):
        relative_error([1, 2], [1])


def test_every_method_has_a_step_and_a_tolerance():
    every = (STEPS, TOLERANCES, SINGLE_STEPS, SINGLE_TOLERANCES)
    assert len({tuple(each) for each in every}) == 1


@every_method
@pytest.mark.parametrize("layer", [Sigmoid, Softmax])
def test_float32_can_be_checked_in_its_own_precision(layer, method):
    report = check_gradient(layer(), X, G, method, dtype=np.float32)
    assert report.ok, str(report)
    assert report.step == SINGLE_STEPS[method]
    assert report.floor > 1e6 * check_gradient(layer(), X, G, method, report.step).floor


@every_method
def test_in_float32_a_gradient_that_is_off_by_a_few_percent_fails(method):
    wrong = 1.05 * right()
    assert not check_gradient(Softmax(), X, G, method, analytic=wrong, dtype=np.float32).ok


@every_method
def test_the_numeric_gradient_has_the_precision_that_was_asked_for(method):
    single, double = (numeric_vjp(np.square, X, G, method, dtype=d) for d in ("f4", "f8"))
    assert (single.dtype, double.dtype) == (np.float32, np.float64)
    assert not np.array_equal(single, double)


def test_a_layer_runs_in_the_precision_of_its_check():
    seen = set()

    class Looks(Sigmoid):
        def forward(self, X_input):
            seen.add(X_input.dtype)
            return super().forward(X_input)

    for method in STEPS:
        check_gradient(Looks(), X, G, method, dtype=np.float32)
    assert seen == {np.dtype(np.float32), np.dtype(np.complex64)}


def test_a_step_too_small_for_the_precision_changes_nothing_and_the_check_says_so():
    """x + h is x in float32: the numeric gradient is 0, and more than all of it is allowed."""
    report = check_gradient(Sigmoid(), [1.0], [1.0], step=1e-12, dtype=np.float32)
    assert report.numeric[0] == 0
    assert report.allowed[0] > 1e5 * report.analytic[0]


def test_what_is_allowed_is_what_decides():
    report = check_gradient(Softmax(), X, G, analytic=1.0000005 * right())
    np.testing.assert_array_equal(report.error <= report.allowed, report.passed)
    np.testing.assert_array_equal(report.relative_error <= report.allowed_relative, report.passed)
    wrong = check_gradient(Softmax(), X, G, analytic=1.00001 * right())
    assert not wrong.passed.any()
    assert not (wrong.relative_error <= wrong.allowed_relative).any()


def test_where_both_gradients_are_0_the_tolerance_is_allowed():
    report = check_gradient(ReLU(), [-1.0, 2.0], [1.0, 1.0])
    assert report.allowed_relative[0] == report.tolerance
    assert report.allowed_relative[1] == pytest.approx(report.tolerance + report.floor)


def test_two_gradients_are_compared_as_the_check_does_it():
    wrong = right()
    wrong[1, 2] += 1e-3
    checked = check_gradient(Softmax(), X, G, analytic=wrong)
    y = Softmax().forward(X)
    compared = compare_gradients(wrong, checked.numeric, G * y, "central", 1e-6)
    assert str(compared) == str(checked)
    assert np.argwhere(~compared.passed).tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dtype": np.float16}, "dtype: expected float64 or float32, got float16"),
        ({"dtype": int}, "dtype: expected float64 or float32, got int64"),
        ({"method": "exact"}, "expected one of forward, central, complex, got 'exact'"),
        ({"step": -1}, "above 0, got -1"),
        ({"numeric": [1.0]}, r"two equal shapes, got \(2,\) and \(1,\)"),
    ],
)
def test_a_comparison_refuses_what_it_does_not_know(change, message):
    known = {"analytic": [1.0, 2.0], "numeric": [1.0, 2.0], "weighted": [1.0, 1.0]}
    with pytest.raises(ValueError, match=message):
        compare_gradients(**(known | {"method": "central", "step": 1e-6} | change))


def test_the_floor_goes_with_the_step_the_precision_and_what_is_added_up():
    y = [[1.0, -2.0], [0.5, 0.5]]
    floor = rounding_floor("central", [1e-3, 1e-6], y)
    np.testing.assert_allclose(floor, [8 * 2.0**-52 * 3 / 1e-3, 8 * 2.0**-52 * 3 / 1e-6])
    assert rounding_floor("complex", [1e-3, 1e-6], y).tolist() == [8 * 2.0**-52 * 3] * 2
    assert rounding_floor("forward", 1e-3, y, np.float32) == 2.0**29 * floor[0]
    assert rounding_floor("forward", 1e-3, []) == 0
