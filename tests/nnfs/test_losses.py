"""Losses: values against SciPy, gradients against differences, and the ends 0 and 1."""

import numpy as np
import pytest
from scipy.special import expit, log_expit, log_softmax, rel_entr, xlogy

from nnfs import (
    CrossEntropy,
    Sigmoid,
    Softmax,
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    check_gradient,
    cross_entropy,
    cross_entropy_from_logits,
    mean_squared_error,
    numeric_vjp,
)

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
Z = RNG.normal(size=(5, 4))
Y, T = Softmax().forward(Z), Softmax().forward(RNG.normal(size=(5, 4)))
LOSSES = (cross_entropy, binary_cross_entropy, mean_squared_error)
every_loss = pytest.mark.parametrize("loss", LOSSES)
FLOATS = [np.float16, np.float32, np.float64]

ORACLES = {
    # Cross-entropy is the relative entropy of t to y plus the entropy of t.
    cross_entropy: lambda y, t: (rel_entr(t, y) - xlogy(t, t)).sum(axis=1),
    binary_cross_entropy: lambda y, t: -(xlogy(t, y) + xlogy(1 - t, 1 - y)).sum(axis=1),
    mean_squared_error: lambda y, t: ((y - t) ** 2).mean(axis=1),
}


def assert_gradient(loss, gradient):
    numeric = numeric_vjp(lambda y: loss(y, T).value, Y, np.ones(len(Y)), "central")
    # Central differences of a loss near 1: 1e-16 / 1e-6, and h² f‴/6 = 1e-12 · 2/y³ with y > 0.02.
    np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-8)


@every_loss
def test_the_value_agrees_with_scipy(loss):
    np.testing.assert_allclose(loss(Y, T).value, ORACLES[loss](Y, T), rtol=1e-14)  # a few roundings


@every_loss
def test_the_gradient_agrees_with_central_differences(loss):
    assert_gradient(loss, loss(Y, T).gradient)


@every_loss
@pytest.mark.parametrize("factor", [1.001, -1, np.nan, 1 / len(Y)])
def test_central_differences_reject_a_gradient_off_by_a_factor(loss, factor):
    with pytest.raises(AssertionError):
        assert_gradient(loss, factor * loss(Y, T).gradient)


def test_losses_have_their_known_values():
    y, t = [[0.25, 0.75]], [[1.0, 0.0]]
    assert cross_entropy(y, t).value == pytest.approx([np.log(4)])
    assert binary_cross_entropy(y, t).value == pytest.approx([2 * np.log(4)])
    assert mean_squared_error(y, t).value == pytest.approx([0.5625])
    np.testing.assert_array_equal(cross_entropy(y, t).gradient, [[-4, 0]])
    np.testing.assert_array_equal(binary_cross_entropy(y, t).gradient, [[-4, 4]])
    np.testing.assert_array_equal(mean_squared_error(y, t).gradient, [[-0.75, 0.75]])


@every_loss
@pytest.mark.parametrize("dtype", FLOATS)
def test_value_and_gradient_keep_the_dtype(loss, dtype):
    value, gradient = loss(Y.astype(dtype), T.astype(dtype))
    assert (value.dtype, gradient.dtype) == (dtype, dtype)


@every_loss
def test_inputs_stay_as_they_were(loss):
    y, t = Y.copy(), T.copy()
    loss(y, t)
    np.testing.assert_array_equal(y, Y)
    np.testing.assert_array_equal(t, T)


@every_loss
def test_samples_do_not_influence_each_other(loss):
    value, gradient = loss(Y, T)
    alone = loss(Y[2:3], T[2:3])
    # Vector loops may round differently at another offset.
    np.testing.assert_allclose(value[2:3], alone.value, rtol=1e-15)
    np.testing.assert_allclose(gradient[2:3], alone.gradient, rtol=1e-15)


def test_softmax_and_cross_entropy_collapse_to_s_minus_t():
    layer = Softmax()
    s = layer.forward(Z)
    dz = layer.backward(cross_entropy(s, T).gradient)
    # Σt = 1 up to rounding, and terms t/s up to 20.
    np.testing.assert_allclose(dz, s - T, rtol=0, atol=1e-14)


def test_softmax_and_cross_entropy_agree_with_log_softmax():
    value = cross_entropy(Softmax().forward(Z), T).value
    np.testing.assert_allclose(value, -(T * log_softmax(Z, axis=1)).sum(axis=1), rtol=1e-14)


def test_the_collapse_is_lost_where_softmax_has_underflowed():
    layer = Softmax()
    t = [[1.0, 0.0]]
    s = layer.forward([[-1000.0, 0.0]])
    np.testing.assert_array_equal(layer.backward(cross_entropy(s, t).gradient), [[0, 0]])
    np.testing.assert_array_equal(s - t, [[-1, 1]])


def assert_from_logits(value, gradient):
    """The oracle: SciPy's log_softmax, and the gradient through the layer itself."""
    layer = Softmax()
    s = layer.forward(Z)
    # A few roundings; of the gradient, of terms t/s up to 20.
    np.testing.assert_allclose(value, -(T * log_softmax(Z, axis=1)).sum(axis=1), rtol=1e-14)
    through = layer.backward(cross_entropy(s, T).gradient)
    np.testing.assert_allclose(gradient, through, rtol=0, atol=1e-14)


def test_the_loss_from_logits_agrees_with_softmax_and_cross_entropy():
    assert_from_logits(*cross_entropy_from_logits(Z, T))


def test_the_oracle_of_the_loss_from_logits_rejects_probabilities_in_their_place():
    s = Softmax().forward(Z)
    value, gradient = cross_entropy_from_logits(Z, T)
    for wrong in (cross_entropy_from_logits(s, T), (value, s), (value, T - s), (-value, gradient)):
        with pytest.raises(AssertionError):
            assert_from_logits(*wrong)


def test_the_gradient_by_logits_agrees_with_differences_for_a_target_of_any_sum():
    t = 0.7 * T + 0.1
    numeric = numeric_vjp(lambda z: cross_entropy_from_logits(z, t).value, Z, np.ones(len(Z)))
    # Central differences of a loss near 1.
    np.testing.assert_allclose(cross_entropy_from_logits(Z, t).gradient, numeric, atol=1e-8)


def test_the_loss_from_logits_keeps_what_an_underflow_of_softmax_loses():
    value, gradient = cross_entropy_from_logits([[-1000.0, 0.0]], [[1.0, 0.0]])
    np.testing.assert_array_equal(value, [1000])
    np.testing.assert_array_equal(gradient, [[-1, 1]])


@pytest.mark.parametrize("z", [[-1e308, 1e308], [-np.inf, 0.0], [0.0, 1000.0]])
def test_a_right_answer_costs_nothing_at_any_logits(z):
    value, gradient = cross_entropy_from_logits([z], [[0.0, 1.0]])
    np.testing.assert_array_equal(value, [0])
    np.testing.assert_array_equal(gradient, [[0, 0]])


@pytest.mark.parametrize("dtype", FLOATS)
def test_the_loss_from_logits_keeps_the_dtype(dtype):
    value, gradient = cross_entropy_from_logits(Z.astype(dtype), T.astype(dtype))
    assert (value.dtype, gradient.dtype) == (dtype, dtype)
    exact = cross_entropy_from_logits(Z, T)
    atol = 16 * np.finfo(dtype).eps  # a dozen roundings of numbers below 4
    np.testing.assert_allclose(value, exact.value, rtol=0, atol=atol)
    np.testing.assert_allclose(gradient, exact.gradient, rtol=0, atol=atol)


def test_the_loss_from_logits_names_its_arguments():
    with pytest.raises(ValueError, match=r"from_logits: expected logits and target of one shape"):
        cross_entropy_from_logits([1.0, 2.0], [1.0, 0.0])
    with pytest.raises(ValueError, match=r"target: expected values in \[0, 1\], got 2"):
        cross_entropy_from_logits([[1.0, 2.0]], [[2.0, 0.0]])
    with pytest.raises(TypeError, match="logits: expected numbers, got NoneType"):
        cross_entropy_from_logits(None, [[1.0, 0.0]])


def assert_binary_from_logits(value, gradient):
    """The oracle: SciPy's log_expit and expit, and the gradient through the layer itself."""
    layer = Sigmoid()
    y = layer.forward(Z)
    expected = -(T * log_expit(Z) + (1 - T) * log_expit(-Z)).sum(axis=1)
    # A few roundings of numbers near 1; of the gradient, of terms t/y up to 20.
    np.testing.assert_allclose(value, expected, rtol=1e-14)
    np.testing.assert_allclose(gradient, expit(Z) - T, rtol=0, atol=1e-15)
    through = layer.backward(binary_cross_entropy(y, T).gradient)
    np.testing.assert_allclose(gradient, through, rtol=0, atol=1e-14)


def test_the_binary_loss_from_logits_agrees_with_scipy_and_with_the_layer():
    assert_binary_from_logits(*binary_cross_entropy_from_logits(Z, T))


def test_the_oracle_of_the_binary_loss_rejects_what_is_another_loss():
    value, gradient = binary_cross_entropy_from_logits(Z, T)
    others = (
        binary_cross_entropy_from_logits(expit(Z), T),
        cross_entropy_from_logits(Z, T),
        (value, T - expit(Z)),
        (-value, gradient),
        (value * (1 + 1e-12), gradient),
    )
    for wrong in others:
        with pytest.raises(AssertionError):
            assert_binary_from_logits(*wrong)


def test_the_binary_loss_from_logits_keeps_what_a_rounded_sigmoid_loses():
    layer, t = Sigmoid(), [[0.0, 1.0]]
    y = layer.forward([[40.0, -1000.0]])
    np.testing.assert_array_equal(layer.backward(binary_cross_entropy(y, t).gradient), [[0, 0]])
    value, gradient = binary_cross_entropy_from_logits([[40.0, -1000.0]], t)
    np.testing.assert_array_equal(gradient, [[1, -1]])
    np.testing.assert_allclose(value, [1040], rtol=1e-15)


@pytest.mark.parametrize("z", [[-1e308, 1e308], [-np.inf, np.inf]])
def test_two_right_answers_cost_nothing_at_any_logits(z):
    value, gradient = binary_cross_entropy_from_logits([z], [[0.0, 1.0]])
    np.testing.assert_array_equal(value, [0])
    np.testing.assert_array_equal(gradient, [[0, 0]])


@pytest.mark.parametrize("dtype", FLOATS)
def test_the_binary_loss_from_logits_keeps_the_dtype(dtype):
    value, gradient = binary_cross_entropy_from_logits(Z.astype(dtype), T.astype(dtype))
    assert (value.dtype, gradient.dtype) == (dtype, dtype)
    exact = binary_cross_entropy_from_logits(Z, T)
    atol = 16 * np.finfo(dtype).eps  # a dozen roundings of numbers below 8
    np.testing.assert_allclose(value, exact.value, rtol=0, atol=atol)
    np.testing.assert_allclose(gradient, exact.gradient, rtol=0, atol=atol)


def test_the_binary_loss_from_logits_names_its_arguments():
    with pytest.raises(ValueError, match=r"from_logits: expected logits and target of one shape"):
        binary_cross_entropy_from_logits([1.0, 2.0], [1.0, 0.0])
    with pytest.raises(ValueError, match=r"target: expected values in \[0, 1\], got 2"):
        binary_cross_entropy_from_logits([[1.0, 2.0]], [[2.0, 0.0]])
    with pytest.raises(TypeError, match="binary_cross_entropy_from_logits, logits: expected"):
        binary_cross_entropy_from_logits(None, [[1.0, 0.0]])


def test_sigmoid_and_binary_cross_entropy_collapse_to_y_minus_t():
    layer = Sigmoid()
    y = layer.forward(Z)
    dz = layer.backward(binary_cross_entropy(y, T).gradient)
    np.testing.assert_allclose(dz, y - T, rtol=0, atol=1e-14)  # a few roundings of t/y · y


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("loss", [cross_entropy, binary_cross_entropy])
def test_the_surprise_at_probability_zero_stops_at_the_smallest_normal_number(loss, dtype):
    value, gradient = loss(np.array([[0]], dtype), np.array([[1]], dtype))
    tiny = np.finfo(dtype).tiny
    # log and quotient are rounded to the dtype.
    assert value[0] == pytest.approx(-np.log(float(tiny)), rel=float(np.finfo(dtype).eps))
    assert gradient[0, 0] == -1 / tiny


def test_the_bounds_of_the_docstring_hold():
    value, gradient = cross_entropy([[0.0, 1.0]], [[1.0, 0.0]])
    assert 708.3 < value[0] <= 708.4
    assert 4.4e307 < -gradient[0, 0] <= 4.5e307


def test_a_class_of_weight_zero_adds_exactly_zero_also_at_probability_zero():
    value, gradient = cross_entropy([[0.0, 1.0]], [[0.0, 1.0]])
    assert value[0] == 0
    np.testing.assert_array_equal(gradient, [[0, -1]])


def test_a_loss_of_nothing_is_not_minus_zero():
    assert not np.signbit(cross_entropy([[0.0, 1.0]], [[0.0, 1.0]]).value[0])


def test_binary_cross_entropy_is_as_bounded_at_one_as_at_zero():
    at_one, at_zero = binary_cross_entropy([[1.0]], [[0.0]]), binary_cross_entropy([[0.0]], [[1.0]])
    np.testing.assert_array_equal(at_one.value, at_zero.value)
    np.testing.assert_array_equal(at_one.gradient, -at_zero.gradient)


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_binary_cross_entropy_of_a_right_answer_is_zero(y):
    value, gradient = binary_cross_entropy([[y]], [[y]])
    assert value[0] == 0
    assert gradient[0, 0] == (1 if y == 0 else -1)


def test_nothing_is_special_for_squared_error_at_the_ends():
    value, gradient = mean_squared_error([[0.0, 1.0]], [[1.0, 1.0]])
    assert value[0] == 0.5
    np.testing.assert_array_equal(gradient, [[-1, 0]])


@every_loss
@pytest.mark.parametrize("shapes", [((2,), (2,)), ((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 0),) * 2])
def test_shapes_that_do_not_fit_are_refused(loss, shapes):
    with pytest.raises(ValueError, match=rf"{loss.__name__}: expected .*, got \(.*\) and \("):
        loss(*(np.full(shape, 0.5) for shape in shapes))


@pytest.mark.parametrize("loss", [cross_entropy, binary_cross_entropy])
@pytest.mark.parametrize("value", [-0.1, 1.5])
@pytest.mark.parametrize("name", ["output", "target"])
def test_what_is_no_probability_is_refused(loss, value, name):
    arguments = {"output": [[0.5]], "target": [[0.5]]} | {name: [[value]]}
    with pytest.raises(ValueError, match=rf"{name}: expected values in \[0, 1\], got {value}"):
        loss(**arguments)


@every_loss
def test_what_is_not_numbers_is_refused(loss):
    with pytest.raises(TypeError, match=f"{loss.__name__}, target: expected numbers, got NoneType"):
        loss(Y, None)


LOGITS = np.array([[2.0, 1.0, 0.1], [-3.0, 0.5, 0.0]])


@pytest.mark.parametrize("target", range(3))
def test_the_layer_of_cross_entropies_has_the_loss_of_each_target(target):
    layer, t = CrossEntropy(), np.eye(3)[[target, target]]
    value, gradient = cross_entropy_from_logits(LOGITS, t)
    np.testing.assert_array_equal(layer.forward(LOGITS)[:, target], value)
    np.testing.assert_allclose(layer.backward(t), gradient, atol=1e-16)


@pytest.mark.parametrize("method", ["forward", "central", "complex"])
def test_the_layer_of_cross_entropies_passes_its_gradient_check(method):
    g = np.array([[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]])
    report = check_gradient(CrossEntropy(), LOGITS, g, method)
    assert report.ok, str(report)
    assert not check_gradient(CrossEntropy(), LOGITS, g, method, analytic=-report.analytic).ok


def test_the_layer_of_cross_entropies_keeps_the_dtype_and_refuses_what_is_no_batch():
    layer = CrossEntropy()
    assert layer.forward(LOGITS.astype(np.float32)).dtype == np.float32
    assert layer.backward(np.ones((2, 3), np.float32)).dtype == np.float32
    with pytest.raises(ValueError, match=r"expected shape \(batch_size, num_classes\), got \(3,\)"):
        layer.forward(LOGITS[0])
    with pytest.raises(TypeError, match="expected numbers, got str"):
        layer.forward("z")
    with pytest.raises(RuntimeError, match="CrossEntropy"):
        CrossEntropy().backward([[1.0]])
