"""What is true of every backward pass, each property with a layer that it rejects."""

import numpy as np
import pytest

from nnfs import ACTIVATIONS, ReLU, Sigmoid, Softmax, Tanh, check_gradient, wrong_passes
from nnfs.gradient_check import TOLERANCES

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
X, G, H = RNG.normal(size=(3, 5, 4))


def gradient(layer, x, g):
    layer.forward(x)
    return layer.backward(g)


def zero_in_zero_out(layer):
    np.testing.assert_array_equal(gradient(layer, X, np.zeros_like(X)), np.zeros_like(X))


def linear_in_g(layer):
    together = gradient(layer, X, 2 * G - 3 * H)
    apart = 2 * gradient(layer, X, G) - 3 * gradient(layer, X, H)
    np.testing.assert_allclose(together, apart, rtol=0, atol=1e-14)  # a dozen roundings near 10


def rows_independent(layer):
    # Vector loops may round a row differently at another offset: a few units in the last place,
    # times the cancellation in the centred gradient.
    for n in range(len(X)):
        row = slice(n, n + 1)
        np.testing.assert_allclose(layer.forward(X)[row], layer.forward(X[row]), rtol=1e-15)
        apart = gradient(layer, X[row], G[row])
        np.testing.assert_allclose(gradient(layer, X, G)[row], apart, rtol=1e-12)


def leaves_inputs_alone(layer):
    x, g = X.copy(), G.copy()
    gradient(layer, x, g)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(g, G)


def keeps_float32(layer):
    assert gradient(layer, X.astype(np.float32), G.astype(np.float32)).dtype == np.float32


def sums_to_zero(layer):
    # Four terms below 1, each rounded.
    np.testing.assert_allclose(gradient(layer, X, G).sum(axis=1), 0, atol=1e-15)


def blind_to_a_shift_of_z(layer):
    # A shift by 100 rounds z to 100 · 2⁻⁵³ = 1e-14, and s by as much.
    np.testing.assert_allclose(layer.forward(X + 100), layer.forward(X), rtol=1e-13)


def blind_to_a_shift_of_g(layer):
    # The same rounding, of g.
    np.testing.assert_allclose(gradient(layer, X, G + 100), gradient(layer, X, G), atol=1e-13)


def gradient_agrees(layer, method="central"):
    report = check_gradient(layer, X, G, method)
    assert report.ok, str(report)


EVERY_LAYER = (
    zero_in_zero_out,
    linear_in_g,
    rows_independent,
    leaves_inputs_alone,
    keeps_float32,
    gradient_agrees,
)
SOFTMAX_ONLY = (sums_to_zero, blind_to_a_shift_of_z, blind_to_a_shift_of_g)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("property_holds", EVERY_LAYER, ids=lambda p: p.__name__)
def test_every_activation(activation, property_holds):
    property_holds(activation())


@pytest.mark.parametrize("property_holds", SOFTMAX_ONLY, ids=lambda p: p.__name__)
def test_softmax(property_holds):
    property_holds(Softmax())


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("method", TOLERANCES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (6, 1), (3, 5)])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_gradient_agrees_with_finite_differences(activation, method, shape, dtype):
    x, g = np.random.default_rng(2).normal(size=(2, *shape)).astype(dtype)
    report = check_gradient(activation(), x, g, method)
    assert report.ok, str(report)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("method", TOLERANCES)
def test_the_gradient_agrees_where_the_layer_saturates(activation, method):
    x = np.array([[30.0, -30.0, 0.5, -300.0], [1e-3, 8.0, -8.0, 16.0]])
    report = check_gradient(activation(), x, G[:2], method)
    assert report.ok, str(report)


@pytest.mark.parametrize("activation", [Sigmoid, Tanh, ReLU])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 2)])
def test_the_gradient_of_an_elementwise_layer_agrees_on_any_shape(activation, shape):
    x, g = np.random.default_rng(3).normal(size=(2, *shape))
    report = check_gradient(activation(), x, g)
    assert report.ok, str(report)


# Negative controls: layers that are wrong in one respect.


def broken(base, change):
    """A layer whose gradient dx is changed, knowing g and the output y."""

    class Broken(base):
        def backward(self, grad_next):
            return change(super().backward(grad_next), grad_next, self.output)

    return Broken()


def mistaken(base, wrong):
    """A layer whose backward pass is one of the catalogue."""

    class Mistaken(base):
        def backward(self, grad_next):
            return wrong(self, None, self.match_gradient(grad_next))

    return Mistaken()


class OverTheBatch(Softmax):
    def forward(self, X_input):
        self.output = Softmax().forward(X_input.T).T
        return self.output


class ChangesItsInput(Sigmoid):
    def forward(self, X_input):
        X_input *= 0.5
        return super().forward(X_input)


offset = broken(Sigmoid, lambda dx, g, y: dx + 1e-12)
quadratic = broken(Sigmoid, lambda dx, g, y: dx * np.abs(g))
changes_the_gradient = broken(Sigmoid, lambda dx, g, y: np.multiply(dx, 1, out=g))
widens = broken(Sigmoid, lambda dx, g, y: dx * np.float64(1))
elementwise = mistaken(Softmax, wrong_passes.elementwise)
flattened_batch = mistaken(Softmax, wrong_passes.flattened_batch)
slightly_off = broken(Softmax, lambda dx, g, y: 1.001 * dx)
sign_flipped = broken(Softmax, lambda dx, g, y: -dx)
not_a_number = broken(Softmax, lambda dx, g, y: dx * np.nan)
infinite = broken(Softmax, lambda dx, g, y: np.full_like(dx, np.inf))

# Those of the catalogue are in test_wrong_passes.py.
WRONG_GRADIENTS = (
    *(quadratic, OverTheBatch(), slightly_off, sign_flipped, not_a_number, infinite),
)


@pytest.mark.parametrize(
    ("property_fails", "wrong"),
    [
        (zero_in_zero_out, offset),
        (linear_in_g, quadratic),
        (rows_independent, OverTheBatch()),
        (rows_independent, flattened_batch),
        (leaves_inputs_alone, ChangesItsInput()),
        (leaves_inputs_alone, changes_the_gradient),
        (keeps_float32, widens),
        (sums_to_zero, elementwise),
        (blind_to_a_shift_of_z, Sigmoid()),
        (blind_to_a_shift_of_g, elementwise),
    ],
)
def test_a_property_rejects_a_layer_without_it(property_fails, wrong):
    with pytest.raises(AssertionError):
        property_fails(wrong)


@pytest.mark.parametrize("method", TOLERANCES)
@pytest.mark.parametrize("wrong", WRONG_GRADIENTS)
def test_finite_differences_reject_a_wrong_gradient(wrong, method):
    with pytest.raises(AssertionError, match="elements fail"):
        gradient_agrees(wrong, method)
