"""The complex step differentiates everything in nnfs, forward and backward: one table.

A function that conjugates (`vecdot`, `abs`) or drops the imaginary part is right for every real
input, and has a wrong complex step. Central differences, which need real inputs only, tell.
"""

import numpy as np
import pytest

from nnfs import (
    ACTIVATIONS,
    Dense,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
    Temperature,
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    cross_entropy,
    cross_entropy_from_logits,
    func_sigmoid,
    func_softmax,
    jacobian,
    mean_squared_error,
    numeric_vjp,
    softmax_jacobian,
    vjp_terms,
)

pytestmark = pytest.mark.filterwarnings("error")

X = np.array([[0.3, -1.2, 0.7], [-0.4, 0.9, 1.6]])  # away from 0, where ReLU has a kink
G = np.array([[1.0, -0.5, 0.25], [-2.0, 0.75, 1.5]])
Y, T = func_softmax(X), func_softmax(G)

LAYERS = {
    **{activation.__name__: activation for activation in ACTIVATIONS},
    "Temperature(0.5)": lambda: Temperature(0.5),
    "Dense": lambda: Dense(3, 3, seed=1),
    "Sequential": lambda: Sequential(Dense(3, 4), Tanh(), Dense(4, 3), Temperature(2), Softmax()),
    "Sequential with ReLU": lambda: Sequential(Dense(3, 3), ReLU(), Sigmoid()),
}
LOSSES = (cross_entropy, binary_cross_entropy, mean_squared_error)


def backward_at(make, x, g):
    """Jᵀ·g at x: the input enters through the output that the layer keeps."""
    layer = make()
    layer.forward(x)
    return layer.backward(g)


def directions(make):
    """What to differentiate of a layer: its forward pass, and its backward pass by g and by x."""
    return {
        "forward": (lambda x: make().forward(x), X),
        "backward, by g": (lambda g: backward_at(make, X, g), G),
        "backward, by x": (lambda x: backward_at(make, x, G), X),
        "jacobian": (lambda x: jacobian(make(), x), X),
    }


TABLE = {
    "func_sigmoid": (func_sigmoid, X),
    "func_softmax": (func_softmax, X),
    "softmax_jacobian": (softmax_jacobian, Y),
    "vjp_terms, by J": (lambda J: vjp_terms(J, G), softmax_jacobian(Y)),
    "vjp_terms, by g": (lambda g: vjp_terms(softmax_jacobian(Y), g), G),
}
for name, make in LAYERS.items():
    TABLE |= {f"{name}, {what}": row for what, row in directions(make).items()}
for loss in (cross_entropy_from_logits, binary_cross_entropy_from_logits):
    TABLE[f"{loss.__name__}, value"] = lambda z, loss=loss: loss(z, T).value, X
    TABLE[f"{loss.__name__}, gradient"] = lambda z, loss=loss: loss(z, T).gradient, X
for loss in LOSSES:
    TABLE[f"{loss.__name__}, value"] = lambda y, loss=loss: loss(y, T).value, Y
    TABLE[f"{loss.__name__}, gradient"] = lambda y, loss=loss: loss(y, T).gradient, Y
    TABLE[f"{loss.__name__}, value by t"] = lambda t, loss=loss: loss(Y, t).value, T


def assert_complex_step(function, at):
    # Every output counts, each with a weight of its own.
    weights = np.random.default_rng(0).uniform(0.5, 1.5, np.shape(function(at)))
    complex_step = numeric_vjp(function, at, weights, "complex")
    central = numeric_vjp(function, at, weights, "central")
    # Central differences of numbers near 10: 1e-15 / 1e-6, and h² f‴/6 with f‴ up to 2/y³ = 2000.
    np.testing.assert_allclose(complex_step, central, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("row", TABLE)
def test_the_complex_step_agrees_with_central_differences(row):
    assert_complex_step(*TABLE[row])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("y", [-0.1, 1.5])
def test_a_loss_judges_a_complex_probability_by_its_real_part(loss, y):
    if loss is mean_squared_error:
        assert np.iscomplexobj(loss([[y + 1j]], [[0.5]]).value)
        return
    with pytest.raises(ValueError, match=r"output: expected values in \[0, 1\], got"):
        loss([[y + 1e-200j]], [[0.5]])
    assert np.isfinite(loss([[0 - 2j, 1 + 2j]], [[0.5, 0.5]]).value).all()


# Negative controls: right for real numbers, wrong for complex ones.


class ConjugatingSoftmax(Softmax):
    def backward(self, grad_next):
        g, s = self.match_gradient(grad_next), self.output
        return s * (g - np.vecdot(s, g)[:, np.newaxis])


class AbsoluteTanh(Tanh):
    def backward(self, grad_next):
        return self.match_gradient(grad_next) * (1 - np.abs(self.output) ** 2)


class RealSigmoid(Sigmoid):
    def forward(self, X_input):
        self.output = func_sigmoid(np.real(X_input))
        return self.output


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (ConjugatingSoftmax, "backward, by x"),
        (AbsoluteTanh, "backward, by x"),
        (RealSigmoid, "forward"),
        (RealSigmoid, "backward, by x"),
    ],
)
def test_the_table_rejects_a_layer_that_is_right_for_real_numbers_only(wrong, what):
    np.testing.assert_array_equal(wrong().forward(X), wrong.__base__().forward(X))
    np.testing.assert_allclose(
        backward_at(wrong, X, G), backward_at(wrong.__base__, X, G), rtol=1e-12
    )
    with pytest.raises(AssertionError):
        assert_complex_step(*directions(wrong)[what])


def test_the_table_rejects_a_loss_that_conjugates():
    with pytest.raises(AssertionError):
        assert_complex_step(lambda y: np.vecdot(y - T, y - T) / 3, Y)
