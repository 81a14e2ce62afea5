"""Dense: the layer with parameters, and with a Jacobian that is not symmetric."""

import numpy as np
import pytest

from nnfs import (
    Dense,
    ReLU,
    Sequential,
    Softmax,
    Tanh,
    Temperature,
    check_gradient,
    glorot_scale,
    he_scale,
    jacobian,
    numeric_vjp,
    relative_error,
)
from nnfs.gradient_check import TOLERANCES

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
X, G = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2))
SHAPES = [(1, 1, 1), (1, 3, 2), (5, 3, 2), (4, 2, 6)]


def dense(num_inputs=3, num_outputs=2):
    layer = Dense(num_inputs, num_outputs, seed=1)
    layer.bias = np.linspace(-1, 1, num_outputs)
    return layer


def numeric_parameter_gradient(layer, name, x, g, method):
    """∂L/∂W or ∂L/∂b by changing one parameter at a time."""

    def forward_with(value):
        changed = Dense(*layer.weights.shape)
        changed.weights, changed.bias = layer.weights, layer.bias
        setattr(changed, name, value)
        return changed.forward(x)

    return numeric_vjp(forward_with, getattr(layer, name), g, method)


def test_dense_has_its_known_values():
    layer = Dense(2, 2)
    layer.weights, layer.bias = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 20.0])
    np.testing.assert_array_equal(layer.forward([[1, 1], [0, 2]]), [[14, 26], [16, 28]])
    np.testing.assert_array_equal(layer.backward([[1, 0], [0, 1]]), [[1, 3], [2, 4]])
    np.testing.assert_array_equal(layer.grad_weights, [[1, 0], [1, 2]])
    np.testing.assert_array_equal(layer.grad_bias, [1, 1])


@pytest.mark.parametrize("method", TOLERANCES)
@pytest.mark.parametrize(("batch", "inputs", "outputs"), SHAPES)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_input_gradient_agrees_with_finite_differences(method, batch, inputs, outputs, dtype):
    x, g = RNG.normal(size=(batch, inputs)), RNG.normal(size=(batch, outputs))
    report = check_gradient(dense(inputs, outputs), x.astype(dtype), g.astype(dtype), method)
    assert report.ok, str(report)


@pytest.mark.parametrize("method", TOLERANCES)
@pytest.mark.parametrize("name", ["weights", "bias"])
@pytest.mark.parametrize(("batch", "inputs", "outputs"), SHAPES)
def test_the_parameter_gradients_agree_with_finite_differences(
    method, name, batch, inputs, outputs
):
    layer = dense(inputs, outputs)
    x, g = RNG.normal(size=(batch, inputs)), RNG.normal(size=(batch, outputs))
    layer.forward(x)
    layer.backward(g)
    numeric = numeric_parameter_gradient(layer, name, x, g, method)
    # y is linear, so only rounding is left: 1e-16 of a sum near 10, divided by the step.
    atol = {"forward": 1e-6, "central": 1e-8, "complex": 1e-13}[method]
    np.testing.assert_allclose(getattr(layer, f"grad_{name}"), numeric, rtol=0, atol=atol)


def test_the_parameter_oracle_rejects_a_mean_where_the_sum_belongs():
    layer = dense()
    layer.forward(X)
    layer.backward(G)
    numeric = numeric_parameter_gradient(layer, "weights", X, G, "central")
    assert relative_error(layer.grad_weights / len(X), numeric).min() > 0.5


def test_the_jacobian_is_the_transposed_weights_for_every_sample():
    layer = dense()
    np.testing.assert_array_equal(jacobian(layer, X), [layer.weights.T] * len(X))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64])
def test_results_have_the_dtype_of_the_data_and_parameters_stay_float64(dtype):
    layer = dense()
    assert layer.forward(X.astype(dtype)).dtype == dtype
    assert layer.backward(G.astype(dtype)).dtype == dtype
    assert (layer.grad_weights.dtype, layer.grad_bias.dtype) == (dtype, dtype)
    assert (layer.weights.dtype, layer.bias.dtype) == (np.float64, np.float64)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_results_agree_with_float64_to_the_precision_of_the_data(dtype):
    narrow, wide = dense(), dense()
    # Three products below 4, rounded once each, as are x, W and b.
    atol = 32 * np.finfo(dtype).eps
    np.testing.assert_allclose(narrow.forward(X.astype(dtype)), wide.forward(X), rtol=0, atol=atol)
    np.testing.assert_allclose(
        narrow.backward(G.astype(dtype)), wide.backward(G), rtol=0, atol=atol
    )


def test_a_model_of_dense_layers_keeps_float32():
    model = Sequential(Dense(3, 4), Tanh(), Dense(4, 2), Softmax())
    assert model.forward(X.astype(np.float32)).dtype == np.float32
    assert model.backward(G.astype(np.float32)).dtype == np.float32


def test_a_fresh_dense_layer_has_the_documented_state():
    layer = Dense(3, 2)
    assert (layer.layer_name, layer.index) == ("Dense", 0)
    assert layer.trainable == ("weights", "bias")
    assert layer.grad_weights is None
    assert layer.grad_bias is None
    np.testing.assert_array_equal(layer.output, np.zeros(1))
    np.testing.assert_array_equal(layer.bias, np.zeros(2))


def test_the_weights_follow_the_seed():
    np.testing.assert_array_equal(Dense(3, 2, seed=7).weights, Dense(3, 2, seed=7).weights)
    assert not np.array_equal(Dense(3, 2, seed=7).weights, Dense(3, 2, seed=8).weights)


def test_the_weights_have_the_variance_one_over_num_inputs():
    # 40 000 draws: the variance is known to √(2 / 40 000) = 0.7 %; five times that.
    assert Dense(400, 100).weights.var() * 400 == pytest.approx(1, rel=0.035)


def test_a_generator_goes_on_where_it_is():
    rng = np.random.default_rng(7)
    first, second = Dense(3, 3, rng), Dense(3, 3, rng)
    np.testing.assert_array_equal(first.weights, Dense(3, 3, seed=7).weights)
    assert not np.array_equal(first.weights, second.weights)


def test_the_scale_multiplies_the_weights_of_the_seed():
    # A product with 2 is exact.
    np.testing.assert_array_equal(Dense(3, 2, 7, 2.0).weights, 2 * Dense(3, 2, 7, 1.0).weights)
    np.testing.assert_array_equal(Dense(3, 2, scale=0).weights, np.zeros((3, 2)))


@pytest.mark.parametrize("scale", [-1.0, np.inf, np.nan])
def test_a_scale_that_is_negative_or_not_finite_is_refused(scale):
    with pytest.raises(ValueError, match="expected a finite number, 0 or above, got"):
        Dense(3, 2, scale=scale)


def growth(scale, activation, width=400):
    """By what the mean square grows per layer on the way forward and back, over four layers."""
    rng = np.random.default_rng(0)
    layers = [layer for _ in range(4) for layer in (Dense(width, width, rng, scale), activation())]
    model, (x, g) = Sequential(*layers), rng.normal(size=(2, 50, width))
    forward = np.mean(model.forward(x) ** 2) / np.mean(x**2)
    backward = np.mean(model.backward(g) ** 2) / np.mean(g**2)
    return forward**0.25, backward**0.25


# The mean square of 400 activations is known to √(2 / 400) = 7 %, and samples share the weights:
# twice that, while the wrong scale is off by a factor of two.
def assert_kept(ratios):
    np.testing.assert_allclose(ratios, 1, rtol=0.14)


def test_the_he_scale_keeps_the_mean_square_through_relu():
    assert_kept(growth(he_scale(400), ReLU))


def test_the_glorot_scale_keeps_the_mean_square_through_a_linear_layer():
    assert_kept(growth(glorot_scale(400, 400), lambda: Temperature(1)))


@pytest.mark.parametrize(
    ("scale", "activation", "ratio"),
    [(glorot_scale(400, 400), ReLU, 0.5), (he_scale(400), lambda: Temperature(1), 2)],
    ids=["Glorot before ReLU", "He before a linear layer"],
)
def test_the_other_scale_is_rejected_there(scale, activation, ratio):
    ratios = growth(scale, activation)
    np.testing.assert_allclose(ratios, ratio, rtol=0.14)
    with pytest.raises(AssertionError):
        assert_kept(ratios)


def test_the_glorot_scale_is_between_the_two_directions():
    assert glorot_scale(100, 400) == pytest.approx(0.004**0.5)
    assert 400**-0.5 < glorot_scale(100, 400) < 100**-0.5


@pytest.mark.parametrize("sizes", [(0, 2), (2, 0), (-1, 2)])
def test_a_layer_without_inputs_or_outputs_is_refused(sizes):
    with pytest.raises(ValueError, match="expected at least one input and one output, got"):
        Dense(*sizes)


@pytest.mark.parametrize("shape", [(), (3,), (2, 2), (3, 4), (1, 2, 3)])
def test_a_failed_forward_says_what_came_and_keeps_the_output(shape):
    layer = dense()
    y = layer.forward(X)
    with pytest.raises(ValueError, match=r"expected shape \(batch_size, 3\), got \("):
        layer.forward(np.ones(shape))
    assert layer.output is y


def test_a_failed_backward_keeps_the_gradients():
    layer = dense()
    layer.forward(X)
    layer.backward(G)
    before = layer.grad_weights
    with pytest.raises(ValueError, match=r"expected the shape of the output, \(5, 2\), got \(2,\)"):
        layer.backward(G[0])
    assert layer.grad_weights is before


def test_backward_before_forward_names_the_class():
    with pytest.raises(RuntimeError, match=r"^Dense\.backward"):
        Dense(3, 2).backward(G)


def test_inputs_stay_as_they_were():
    layer, x, g = dense(), X.copy(), G.copy()
    layer.forward(x)
    layer.backward(g)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(g, G)


def test_an_empty_batch_has_zero_parameter_gradients():
    layer = dense()
    layer.forward(X[:0])
    assert layer.backward(G[:0]).shape == (0, 3)
    np.testing.assert_array_equal(layer.grad_weights, np.zeros((3, 2)))
