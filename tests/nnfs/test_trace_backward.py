"""trace_backward: one run of a layer gives what jacobian, vjp_terms and backward give apart."""

import numpy as np
import pytest

from nnfs import (
    ACTIVATIONS,
    Dense,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
    Temperature,
    jacobian,
    trace_backward,
    vjp_terms,
)

pytestmark = pytest.mark.filterwarnings("error")

X = np.array([0.5, -1.0, 2.0])
LAYERS = {
    **{activation.__name__: activation for activation in ACTIVATIONS},
    "Softmax at T": lambda: Sequential(Temperature(0.5), Softmax()),
    "Dense, fewer outputs": lambda: Dense(3, 2, seed=1),
    "Dense, more outputs": lambda: Dense(3, 5, seed=1),
    "Dense, one output": lambda: Dense(3, 1, seed=1),
    "Sequential": lambda: Sequential(Dense(3, 4), Tanh(), Dense(4, 2), Softmax()),
}
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)


def gradient_for(make):
    return np.array([3.0, -1.0, 0.5, 2.0, -0.25])[: make().forward(X[np.newaxis]).shape[1]]


def assert_trace(trace, make):
    """The oracle: the same by the functions that take a batch, from a layer of its own."""
    layer, x, g = make(), X[np.newaxis], gradient_for(make)[np.newaxis]
    J = jacobian(layer, x)
    expected = layer.forward(x)[0], J[0], vjp_terms(J, g)[0], layer.backward(g)[0]
    for name, came, wanted in zip(trace._fields, trace, expected, strict=True):
        assert came.shape == wanted.shape, name
        # A row may be rounded differently in another batch: sums of five terms near 1.
        np.testing.assert_allclose(came, wanted, rtol=1e-14, atol=1e-15, err_msg=name)


@every_layer
def test_the_trace_is_what_the_single_functions_give(make):
    assert_trace(trace_backward(make(), X, gradient_for(make)), make)


@every_layer
def test_the_columns_of_the_terms_add_up_to_dx(make):
    trace = trace_backward(make(), X, gradient_for(make))
    np.testing.assert_allclose(trace.terms.sum(axis=0), trace.dx, rtol=0, atol=1e-14)


class OverTheBatch(Sigmoid):
    """Samples influence each other: g is centred over all of them."""

    def backward(self, grad_next):
        return super().backward(grad_next - grad_next.mean(axis=0))


@pytest.mark.parametrize(
    ("trace", "make"),
    [
        (trace_backward(OverTheBatch(), X, [3.0, -1.0, 0.5]), Sigmoid),
        (trace_backward(Softmax(), X, [3.0, -1.0, 0.25]), Softmax),
        (trace_backward(Softmax(), 1.000001 * X, [3.0, -1.0, 0.5]), Softmax),
        (trace_backward(Dense(3, 2, seed=2), X, [3.0, -1.0]), LAYERS["Dense, fewer outputs"]),
    ],
    ids=["samples mixed", "another g", "another x", "another layer"],
)
def test_the_oracle_rejects(trace, make):
    with pytest.raises(AssertionError, match=r"output|J|terms|dx"):
        assert_trace(trace, make)


@pytest.mark.parametrize("field", ["J", "terms"])
def test_the_oracle_rejects_a_transposed_matrix(field):
    def square():
        return Dense(3, 3, seed=1)

    trace = trace_backward(square(), X, gradient_for(square))
    with pytest.raises(AssertionError, match=field):
        assert_trace(trace._replace(**{field: getattr(trace, field).T}), square)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex128])
def test_the_trace_keeps_the_dtype(dtype):
    for part in trace_backward(Softmax(), X.astype(dtype), np.ones(3, dtype)):
        assert part.dtype == dtype


def test_lists_are_taken_and_inputs_stay():
    x, g = X.copy(), np.array([1.0, 0.0, 0.0])
    trace = trace_backward(Sigmoid(), x, g)
    np.testing.assert_array_equal(trace.dx, trace_backward(Sigmoid(), [*X], [1, 0, 0]).dx)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(g, [1, 0, 0])


@pytest.mark.parametrize(("x", "g"), [([[1.0, 2.0]], [1.0, 2.0]), ([1.0, 2.0], [[1.0, 2.0]])])
def test_a_batch_is_refused(x, g):
    with pytest.raises(ValueError, match=r"expected x of shape .* got \(.*\) and \("):
        trace_backward(Sigmoid(), x, g)


def test_a_gradient_of_another_shape_is_refused_with_that_of_the_sample():
    with pytest.raises(ValueError, match=r"expected the shape of the output, \(2,\), got \(3,\)"):
        trace_backward(Dense(3, 2), X, [1.0, 2.0, 3.0])


def test_what_is_not_numbers_is_refused():
    with pytest.raises(TypeError, match="trace_backward, x: expected numbers, got str"):
        trace_backward(Sigmoid(), "x", [1.0])
