"""Sequential: the chain rule, one layer at a time."""

import copy
import pickle

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
    check_gradient,
    jacobian,
    numeric_vjp,
    softmax_jacobian,
)
from nnfs.gradient_check import TOLERANCES

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
X, G = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 2))


def model():
    return Sequential(Dense(3, 5), Tanh(), Dense(5, 2, seed=1), Softmax())


def test_forward_and_backward_go_through_the_layers_in_order():
    first, second = Temperature(2), Sigmoid()
    row = Sequential(first, second)
    np.testing.assert_array_equal(row.forward([[0.0, 4.0]]), Sigmoid().forward([[0.0, 2.0]]))
    np.testing.assert_array_equal(row.backward([[8.0, 0.0]]), [[1.0, 0.0]])  # 8 · ¼ · ½
    np.testing.assert_array_equal(first.output, [[0.0, 2.0]])


@pytest.mark.parametrize("method", TOLERANCES)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_gradient_agrees_with_finite_differences(method, dtype):
    report = check_gradient(model(), X.astype(dtype), G.astype(dtype), method)
    assert report.ok, str(report)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("method", TOLERANCES)
def test_every_activation_fits_between_two_dense_layers(activation, method):
    row = Sequential(Dense(3, 4), activation(), Dense(4, 2, seed=1))
    report = check_gradient(row, X, G, method)
    assert report.ok, str(report)


def test_finite_differences_reject_a_chain_in_the_wrong_order():
    class FirstToLast(Sequential):
        def backward(self, grad_next):
            for layer in self.layers:
                grad_next = layer.backward(grad_next)
            return grad_next

    assert not check_gradient(FirstToLast(Dense(3, 3), Sigmoid()), X, X).ok


def test_the_jacobian_is_the_product_of_those_of_the_layers():
    row = model()
    row.forward(X)
    inputs = [X, *(layer.output for layer in row.layers[:-1])]
    product = np.eye(3)
    for layer, x in zip(row.layers, inputs, strict=True):
        product = jacobian(layer, x) @ product
    # Sums of five terms near 1, multiplied in another order.
    np.testing.assert_allclose(jacobian(row, X), product, rtol=0, atol=1e-14)


def from_place(row, place):
    """What is behind a place of a model, as a function of what stands there."""

    def tail(x):
        for layer in copy.deepcopy(row).layers[place:]:
            x = layer.forward(x)
        return x

    return tail


@pytest.mark.parametrize("place", range(5))
def test_the_gradient_at_every_place_is_that_of_all_that_is_behind_it(place):
    row = model()
    row.forward(X)
    there = [X, *(layer.output for layer in row.layers)][place]
    numeric = numeric_vjp(from_place(row, place), there, G)
    # Central differences of numbers near 1: rounding of 1e-16 / 1e-6.
    np.testing.assert_allclose(row.gradients(G)[place], numeric, rtol=0, atol=1e-9)


def test_the_oracle_finds_gradients_that_are_one_place_off():
    row = Sequential(Dense(3, 3), Sigmoid(), Dense(3, 3, seed=1))
    row.forward(X)
    there = row.layers[0].output
    numeric = numeric_vjp(from_place(row, 1), there, X)
    assert np.abs(row.gradients(X)[2] - numeric).max() > 0.1


def test_the_gradients_begin_with_that_of_the_input_and_end_with_the_one_given():
    row = model()
    row.forward(X)
    gradients = row.gradients(G)
    np.testing.assert_array_equal(gradients[0], row.backward(G))
    np.testing.assert_array_equal(gradients[-1], G)
    with pytest.raises(ValueError, match=r"^Sequential\.backward, grad_next: expected"):
        row.gradients(G[0])
    with pytest.raises(RuntimeError, match=r"^Sequential\.backward"):
        model().gradients(G)


@pytest.mark.parametrize("T", [0.5, 1.0, 3.0])
def test_a_temperature_divides_the_jacobian_of_a_softmax(T):
    row = Sequential(Temperature(T), Softmax())
    s = row.forward(X)
    # s (1 − s) with s near 1 loses a digit; else a few roundings.
    np.testing.assert_allclose(jacobian(row, X), softmax_jacobian(s) / T, rtol=0, atol=1e-15)


def test_sequential_numbers_its_layers():
    assert [layer.index for layer in model().layers] == [0, 1, 2, 3]


def test_trainable_names_the_parameters_by_layer():
    assert model().trainable == ("0.weights", "0.bias", "2.weights", "2.bias")
    assert Sequential(ReLU(), Softmax()).trainable is None


def test_a_nested_row_is_a_layer_like_any_other():
    nested = Sequential(Sequential(Dense(3, 5), Tanh()), Sequential(Dense(5, 2, seed=1), Softmax()))
    flat = model()
    np.testing.assert_array_equal(nested.forward(X), flat.forward(X))
    np.testing.assert_array_equal(nested.backward(G), flat.backward(G))


def test_a_fresh_row_has_the_documented_state():
    row = model()
    assert (row.layer_name, row.index) == ("Sequential", 0)
    np.testing.assert_array_equal(row.output, np.zeros(1))


def test_backward_before_forward_names_the_class():
    with pytest.raises(RuntimeError, match=r"^Sequential\.backward"):
        model().backward(G)


def test_a_failed_forward_in_the_middle_keeps_the_output():
    row = Sequential(Sigmoid(), Dense(3, 2))
    y = row.forward(X)
    with pytest.raises(ValueError, match=r"Dense\.forward, X_input: expected shape"):
        row.forward(np.ones((4, 9)))
    assert row.output is y


def test_a_failed_backward_names_the_row_not_a_layer_in_it():
    row = model()
    row.forward(X)
    with pytest.raises(ValueError, match=r"^Sequential\.backward, grad_next: expected .*, got "):
        row.backward(G[0])


def test_a_row_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one layer, got none"):
        Sequential()


def test_the_same_layer_twice_is_refused():
    layer = Sigmoid()
    with pytest.raises(ValueError, match="same object twice"):
        Sequential(layer, layer)


@pytest.mark.parametrize("not_a_layer", [[Sigmoid(), Softmax()], Sigmoid, np.tanh, 3])
def test_what_is_not_a_layer_is_refused(not_a_layer):
    with pytest.raises(TypeError, match="Sequential: expected layers, got"):
        Sequential(not_a_layer)


@pytest.mark.parametrize("place", [0, 1])
def test_a_layer_of_another_model_is_refused_and_keeps_its_number(place):
    theirs = model()
    shared = theirs.layers[place]
    expected = rf"{shared.layer_name}\(index={place}\) belongs to another model"
    with pytest.raises(ValueError, match=expected):
        Sequential(Temperature(2), Tanh(), shared)
    assert [layer.index for layer in theirs.layers] == [0, 1, 2, 3]


def test_a_row_that_is_refused_takes_no_layer():
    free = Tanh()
    with pytest.raises(ValueError, match="belongs to another model"):
        Sequential(free, model().layers[0])
    assert Sequential(Sigmoid(), free).layers[1].index == 1


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))]
)
def test_a_copy_of_a_layer_may_join_another_model(duplicate):
    theirs = model()
    ours = Sequential(Temperature(2), duplicate(theirs.layers[0]))
    assert [layer.index for layer in ours.layers] == [0, 1]
    np.testing.assert_array_equal(ours.forward(X), theirs.layers[0].forward(X / 2))


@pytest.mark.parametrize(
    "duplicate", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))]
)
def test_a_copy_of_a_model_runs_without_a_trace_on_it(duplicate):
    ours = model()
    y = ours.forward(X)
    twin = duplicate(ours)
    np.testing.assert_array_equal(twin.backward(G), ours.backward(G))
    twin.forward(X + 1)
    assert ours.layers[-1].output is y
    assert [layer.index for layer in twin.layers] == [0, 1, 2, 3]


def test_a_model_may_be_part_of_one_other():
    inner = model()
    assert Sequential(inner, Tanh()).layers[0] is inner
    with pytest.raises(ValueError, match="belongs to another model"):
        Sequential(inner)
