"""The Jacobian that `backward` shows, against closed form and finite differences."""

import numpy as np
import pytest

from nnfs import (
    ACTIVATIONS,
    Dense,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
    jacobian,
    numeric_vjp,
    softmax_jacobian,
    vjp_terms,
)

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 4))


def numeric_jacobian(function, X_input):
    """Row i of each block is Jᵀ·eᵢ by the complex step, without `backward`."""
    num_outputs = function.forward(X_input).shape[1]
    one_hot = np.eye(num_outputs)
    rows = [numeric_vjp(function, X_input, [e] * len(X_input), "complex") for e in one_hot]
    return np.stack(rows, axis=1)


def assert_jacobian(layer, J):
    # The complex step cancels nothing: a few roundings of numbers near 1 remain.
    np.testing.assert_allclose(J, numeric_jacobian(layer, X), rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    "layer",
    [
        *(activation() for activation in ACTIVATIONS),
        *(Dense(4, num_outputs) for num_outputs in (2, 4, 6)),
        Sequential(Dense(4, 5), Tanh(), Dense(5, 3), Softmax()),
    ],
    ids=repr,
)
def test_the_jacobian_agrees_with_the_complex_step(layer):
    assert_jacobian(layer, jacobian(layer, X))


@pytest.mark.parametrize("layer", [Softmax(), Dense(4, 2)], ids=repr)
def test_without_an_input_it_is_that_of_the_last_forward_pass(layer):
    layer.forward(X)
    np.testing.assert_array_equal(jacobian(layer), jacobian(layer, X))


def test_without_an_input_there_has_to_be_a_forward_pass():
    with pytest.raises(RuntimeError, match="Softmax"):
        jacobian(Softmax())


def test_the_oracle_rejects_a_transposed_jacobian():
    with pytest.raises(AssertionError):
        assert_jacobian(Dense(4, 4), jacobian(Dense(4, 4), X).swapaxes(1, 2))


def test_the_oracle_rejects_the_diagonal_alone():
    J = jacobian(Softmax(), X) * np.eye(4)
    with pytest.raises(AssertionError):
        assert_jacobian(Softmax(), J)


def test_rows_are_outputs_and_columns_are_inputs():
    assert jacobian(Dense(4, 2), X).shape == (3, 2, 4)


def test_the_jacobian_of_softmax_has_its_known_values():
    J = jacobian(Softmax(), [np.log([1.0, 3.0])])
    # The logarithm is rounded once.
    np.testing.assert_allclose(J, [[[3 / 16, -3 / 16], [-3 / 16, 3 / 16]]], rtol=1e-15)


def test_the_jacobian_of_softmax_agrees_with_the_closed_form():
    layer = Softmax()
    # The same products in another order.
    np.testing.assert_allclose(
        jacobian(layer, X), softmax_jacobian(layer.forward(X)), rtol=0, atol=1e-16
    )


@pytest.mark.parametrize("layer", [Sigmoid(), Softmax(), Dense(4, 2)], ids=repr)
def test_each_sample_has_a_block_of_its_own(layer):
    alone = [jacobian(layer, X[n : n + 1])[0] for n in range(len(X))]
    np.testing.assert_allclose(jacobian(layer, X), alone, rtol=1e-13)  # vector loops differ in ulps


@pytest.mark.parametrize("layer", [Sigmoid(), Softmax(), Dense(4, 2)], ids=repr)
def test_the_terms_add_up_to_what_backward_returns(layer):
    g = RNG.normal(size=layer.forward(X).shape)
    terms = vjp_terms(jacobian(layer, X), g)
    # Four terms near 1, summed in another order.
    np.testing.assert_allclose(terms.sum(axis=1), layer.backward(g), rtol=0, atol=1e-15)


def test_a_term_is_one_upstream_gradient_times_one_entry():
    J, g = np.arange(6.0).reshape(1, 2, 3), [[10.0, -1.0]]
    np.testing.assert_array_equal(vjp_terms(J, g), [[[0, 10, 20], [-3, -4, -5]]])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_jacobian_keeps_the_dtype(dtype):
    assert jacobian(Softmax(), X.astype(dtype)).dtype == dtype
    assert softmax_jacobian(X.astype(dtype)).dtype == dtype


def test_the_state_of_the_layer_stays():
    layer = Dense(4, 2)
    y = layer.forward(X)
    jacobian(layer, X + 1)
    assert layer.output is y
    assert layer.grad_weights is None


def test_an_empty_batch_has_no_blocks():
    assert jacobian(Softmax(), X[:0]).shape == (0, 4, 4)


def test_the_closed_form_is_symmetric():
    J = softmax_jacobian(Softmax().forward(X))
    np.testing.assert_array_equal(J, J.swapaxes(1, 2))


def test_the_closed_form_has_rank_one_less_than_classes():
    assert np.linalg.matrix_rank(softmax_jacobian(Softmax().forward(X))).tolist() == [3, 3, 3]


def test_the_closed_form_has_eigenvalues_between_0_and_a_half():
    values = np.linalg.eigvalsh(softmax_jacobian([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]]))
    # eigvalsh is good to a few units in the last place of the largest eigenvalue.
    assert values.min() >= -1e-15
    assert values.max() == pytest.approx(0.5, abs=1e-15)


@pytest.mark.parametrize("x", [1.0, np.ones(3), np.ones((2, 2, 2))])
def test_an_input_that_is_not_2d_is_refused(x):
    with pytest.raises(ValueError, match=r"X_input: expected shape .*, got \("):
        jacobian(Sigmoid(), x)
    with pytest.raises(ValueError, match=r"output: expected shape .*, got \("):
        softmax_jacobian(x)


@pytest.mark.parametrize(("J", "g"), [((3, 4), (3,)), ((2, 3, 4), (2, 4)), ((2, 3, 4), (1, 3))])
def test_terms_of_shapes_that_do_not_fit_are_refused(J, g):
    with pytest.raises(ValueError, match=r"expected J of shape .* got \(.*\) and \("):
        vjp_terms(np.ones(J), np.ones(g))


def test_what_is_not_numbers_is_refused():
    for call in (lambda: jacobian(Sigmoid(), "x"), lambda: softmax_jacobian(None)):
        with pytest.raises(TypeError, match="expected numbers, got"):
            call()
