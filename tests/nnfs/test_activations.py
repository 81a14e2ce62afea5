"""The contract of every activation in ACTIVATIONS; a new one is tested without being named."""

import copy

import numpy as np
import pytest

from nnfs import ACTIVATIONS, ReLU, Sigmoid, Softmax, Tanh, Temperature

pytestmark = pytest.mark.filterwarnings("error")

FLOATS = (np.float16, np.float32, np.float64)
# Softmax looks across a row and wants rows; all others work element by element, on any shape.
ELEMENTWISE = tuple(activation for activation in ACTIVATIONS if activation is not Softmax)

every_activation = pytest.mark.parametrize("activation", ACTIVATIONS)
X = np.random.default_rng(0).normal(size=(4, 6))
G = np.random.default_rng(1).normal(size=(4, 6))


@pytest.mark.parametrize(
    ("layer", "x", "y", "g", "dx"),
    [
        (Sigmoid(), [0.0, np.log(3)], [0.5, 0.75], [4.0, 16.0], [1.0, 3.0]),
        (Softmax(), [np.log([1.0, 3.0])], [[0.25, 0.75]], [[16.0, 0.0]], [[3.0, -3.0]]),
        (Softmax(), [[5, 5, 5]], [[1 / 3] * 3], [[9, 0, 0]], [[2.0, -1.0, -1.0]]),
        (Tanh(), [0.0, np.log(3)], [0.0, 0.8], [2.0, 25.0], [2.0, 9.0]),
        (ReLU(), [-2.0, 0.0, 3.0], [0.0, 0.0, 3.0], [5.0, 5.0, 5.0], [0.0, 0.0, 5.0]),
        (Temperature(4), [-2.0, 8.0], [-0.5, 2.0], [1.0, 2.0], [0.25, 0.5]),
    ],
    ids=repr,
)
def test_an_activation_has_its_known_values(layer, x, y, g, dx):
    # The logarithm is rounded, and what follows multiplies that by a small number.
    np.testing.assert_allclose(layer.forward(x), y, rtol=1e-15)
    np.testing.assert_allclose(layer.backward(g), dx, rtol=1e-15)


@every_activation
def test_a_fresh_activation_has_the_documented_state(activation):
    layer = activation()
    assert (layer.layer_name, layer.index, layer.trainable) == (activation.__name__, 0, None)
    np.testing.assert_array_equal(layer.output, np.zeros(1))


@every_activation
def test_forward_returns_the_output_that_it_keeps(activation):
    layer = activation()
    assert layer.forward(X) is layer.output


@every_activation
@pytest.mark.parametrize("dtype", FLOATS)
def test_forward_keeps_the_dtype(activation, dtype):
    assert activation().forward(X.astype(dtype)).dtype == dtype


@every_activation
@pytest.mark.parametrize("x", [[[1, 2], [3, 4]], np.array([[1, 2]], np.int8), [[True, False]]])
def test_forward_makes_float64_of_integers_and_lists(activation, x):
    y = activation().forward(x)
    np.testing.assert_array_equal(y, activation().forward(np.array(x, np.float64)))
    assert y.dtype == np.float64


@every_activation
@pytest.mark.parametrize("order", ["<", ">"])
def test_backward_takes_both_byte_orders(activation, order):
    x, g = (a.astype(np.dtype(np.float64).newbyteorder(order)) for a in (X, G))
    layer, native = activation(), activation()
    layer.forward(x)
    native.forward(X)
    np.testing.assert_array_equal(layer.backward(g), native.backward(G))


@every_activation
@pytest.mark.parametrize("x_dtype", FLOATS)
@pytest.mark.parametrize("g_dtype", [*FLOATS, np.int64])
def test_backward_has_the_wider_dtype_of_gradient_and_output(activation, x_dtype, g_dtype):
    layer = activation()
    layer.forward(X.astype(x_dtype))
    g = np.ones(X.shape, g_dtype)
    wider = np.float64 if g_dtype is np.int64 else np.result_type(g_dtype, x_dtype)
    assert layer.backward(g).dtype == wider


@every_activation
@pytest.mark.parametrize("dtype", FLOATS)
def test_backward_agrees_with_itself_in_float64(activation, dtype):
    x, g = X.astype(dtype), G.astype(dtype)
    narrow, wide = activation(), activation()
    narrow.forward(x)
    wide.forward(x.astype(np.float64))
    # |g| < 4, |J| ≤ 1, and a handful of roundings, also of the output that is reused.
    atol = 16 * np.finfo(dtype).eps
    np.testing.assert_allclose(narrow.backward(g), wide.backward(g.astype(float)), 0, atol)


def read_only(a):
    a = a.copy()
    a.flags.writeable = False
    return a


LAYOUTS = {
    "plain": np.array,
    "read-only": read_only,
    "Fortran": np.asfortranarray,
    "every other column": lambda a: np.repeat(a, 2, axis=1)[:, ::2],
    "backwards": lambda a: a[::-1, ::-1].copy()[::-1, ::-1],
    "big-endian": lambda a: a.astype(">f8"),
    "list": lambda a: a.tolist(),
    "empty": lambda a: a[:0],
}


@every_activation
@pytest.mark.parametrize("layout", LAYOUTS)
def test_inputs_of_any_layout_stay_as_they_were_and_give_the_same_result(activation, layout):
    whole = slice(0) if layout == "empty" else slice(None)
    x, g = LAYOUTS[layout](X), LAYOUTS[layout](G)
    x_before, g_before = copy.deepcopy((x, g))
    layer, plain = activation(), activation()
    # Vector loops may round the last bits differently when the stride differs.
    np.testing.assert_allclose(layer.forward(x), plain.forward(X)[whole], rtol=1e-14)
    np.testing.assert_allclose(layer.backward(g), plain.backward(G)[whole], rtol=1e-12)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(g, g_before)


@every_activation
def test_results_are_new_arrays(activation):
    layer, g = activation(), G.copy()
    y = layer.forward(X)
    assert not np.shares_memory(y, X)
    dx = layer.backward(g)
    assert not np.shares_memory(dx, g)
    assert not np.shares_memory(dx, layer.output)


@pytest.mark.parametrize("activation", ELEMENTWISE)
@pytest.mark.parametrize("shape", [(), (0,), (5,), (2, 0), (2, 3, 4)])
def test_an_elementwise_activation_keeps_any_shape(activation, shape):
    layer = activation()
    assert np.shape(layer.forward(np.ones(shape))) == shape
    assert np.shape(layer.backward(np.ones(shape))) == shape


@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 4), (2, 0)])
def test_softmax_refuses_what_is_not_rows_of_classes(shape):
    with pytest.raises(ValueError, match=r"expected shape \(batch_size, num_classes\).*got \("):
        Softmax().forward(np.ones(shape))


@every_activation
def test_backward_before_forward_names_the_class(activation):
    with pytest.raises(RuntimeError, match=rf"^{activation.__name__}\.backward"):
        activation().backward(G)


@every_activation
@pytest.mark.parametrize(
    ("x", "error"), [(None, TypeError), ("text", TypeError), ([[1, 2], [3]], ValueError)]
)
def test_a_failed_forward_says_what_came_and_keeps_the_output(activation, x, error):
    layer = activation()
    y = layer.forward(X)
    with pytest.raises(error, match=r"expected .*, got "):
        layer.forward(x)
    assert layer.output is y


@every_activation
@pytest.mark.parametrize(
    ("g", "error"),
    [(G[0], ValueError), (G.T, ValueError), (1.0, ValueError), (None, TypeError)],
    ids=["row", "transposed", "scalar", "None"],
)
def test_a_failed_backward_says_what_came_and_keeps_the_output(activation, g, error):
    layer = activation()
    y = layer.forward(X)
    with pytest.raises(error, match=rf"^{activation.__name__}.backward.*expected .*, got "):
        layer.backward(g)
    assert layer.output is y


@every_activation
@pytest.mark.parametrize("size", [1e4, 1e30, 1e308])
def test_extreme_inputs_give_finite_results_without_a_warning(activation, size):
    layer = activation()
    assert np.isfinite(layer.forward([[size, -size, 0.0], [-size, -size, size]])).all()
    assert np.isfinite(layer.backward([[1.0, -2.0, 3.0]] * 2)).all()


@pytest.mark.parametrize("T", [0, -1.0, np.nan, np.inf])
def test_a_temperature_that_is_not_above_0_is_refused(T):
    with pytest.raises(ValueError, match="expected a finite number above 0, got"):
        Temperature(T)


@pytest.mark.parametrize("g", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("x", [-1.0, 0.0])
def test_relu_lets_nothing_through_where_it_is_0(x, g):
    layer = ReLU()
    layer.forward([x])
    np.testing.assert_array_equal(layer.backward([g]), [0])


@pytest.mark.parametrize("dtype", [*FLOATS, np.complex64, np.complex128])
def test_a_quotient_beyond_the_range_stops_at_the_largest_number(dtype):
    largest = np.finfo(dtype).max
    y = Temperature(0.5).forward(np.array([[largest, -largest, 1.0]], dtype))
    np.testing.assert_array_equal(y, np.array([[largest, -largest, 2.0]], dtype))
    assert y.dtype == dtype
    np.testing.assert_array_equal(Softmax().forward(y), [[1, 0, 0]])


@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
@pytest.mark.parametrize("T", [0.5, 2.0])
def test_what_is_infinite_before_a_temperature_is_infinite_after_it(T, dtype):
    y = Temperature(T).forward(np.array([[-np.inf, np.inf, 1e308]], dtype))
    np.testing.assert_array_equal(np.isinf(y), [[True, True, False]])
    np.testing.assert_array_equal(np.sign(y.real), [[-1, 1, 1]])


@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
def test_a_logit_of_minus_infinity_has_probability_0_at_any_temperature(dtype):
    for T in (0.5, 2.0):
        y = Temperature(T).forward(np.array([[-np.inf, 1.0, 1.0]], dtype))
        np.testing.assert_array_equal(Softmax().forward(y), [[0, 0.5, 0.5]])
