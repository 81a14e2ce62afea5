"""What is left of a gradient behind each layer of a model."""

import numpy as np
import pytest

from nnfs import Dense, ReLU, Sequential, Sigmoid, Tanh, jacobian, length, trace_chain

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
X, G = RNG.normal(size=(5, 4)), RNG.normal(size=(5, 4))


def model(activation=Sigmoid, layers=6, scale=1.0):
    rng = np.random.default_rng(1)
    return Sequential(*(Sequential(Dense(4, 4, rng, scale), activation()) for _ in range(layers)))


@pytest.mark.parametrize("activation", [Sigmoid, Tanh, ReLU])
def test_what_is_left_is_the_product_of_the_gains(activation):
    trace = trace_chain(model(activation), X, G)
    product = trace.gain[::-1].cumprod()[::-1]
    np.testing.assert_allclose(trace.left, product, rtol=1e-14)  # six products
    assert trace.factor**6 == pytest.approx(trace.left[0], rel=1e-13)


def test_the_lengths_are_those_of_the_gradients_that_the_layers_pass_on():
    chain = model(Tanh)
    trace = trace_chain(chain, X, G)
    g = G
    for k in range(5, -1, -1):
        assert trace.arrives[k] == pytest.approx(np.linalg.norm(g), rel=1e-15)
        g = chain.layers[k].backward(g)
        assert trace.arrives[k] * trace.gain[k] == pytest.approx(np.linalg.norm(g), rel=1e-14)
    np.testing.assert_array_equal(trace.gradients[0], g)


def test_a_gain_is_that_of_the_jacobian_of_the_layer():
    """For one sample: |Jᵀ·g| / |g|, with J by `jacobian`, row by row."""
    chain = model(Tanh)
    trace = trace_chain(chain, X[:1], G[:1])
    J = jacobian(chain.layers[2], chain.layers[1].output)[0]
    g = trace.gradients[3][0]
    gain = np.linalg.norm(J.T @ g) / np.linalg.norm(g)
    assert trace.gain[2] == pytest.approx(gain, rel=1e-13)
    # The negative control: J is not symmetric, and J·g has another length.
    assert np.linalg.norm(J @ g) / np.linalg.norm(g) != pytest.approx(gain, rel=1e-3)


def test_no_sigmoid_layer_gains_more_than_a_quarter_of_the_norm_of_its_weights():
    chain = model(Sigmoid, scale=0.5)
    gain = trace_chain(chain, X, G).gain
    norms = [np.linalg.norm(layer.layers[0].weights, 2) for layer in chain.layers]
    assert (gain <= 0.25 * np.array(norms)).all()
    # The bound says something: without the quarter, a ReLU comes near it, and above a quarter.
    chain = model(ReLU, layers=2, scale=0.5)
    assert (trace_chain(chain, abs(X), G).gain > 0.25 * np.array(norms[:2])).any()


def test_a_length_knows_no_square_that_is_too_small_or_too_large():
    for size in (1e-300, 1e-160, 1.0, 1e160, 1e300):
        assert length(size * np.array([[3.0], [-4.0]])) == pytest.approx(5 * size, rel=1e-15)
    assert length([5e-324, 0.0]) == 5e-324
    assert np.sqrt(np.sum(np.square([3e-200, 4e-200]))) == 0  # what it is there for


def test_what_has_no_length_is_0_or_infinite():
    assert length(np.zeros((2, 3))) == 0
    assert length([]) == 0
    assert length([1.0, -np.inf]) == np.inf
    assert np.isnan(length([1.0, np.nan]))


def test_where_nothing_arrives_there_is_no_gain():
    chain = Sequential(ReLU(), ReLU(), ReLU())
    trace = trace_chain(chain, [[-1.0, -2.0]], [[3.0, 4.0]])
    np.testing.assert_array_equal(trace.arrives, [0, 0, 5])
    np.testing.assert_array_equal(trace.gain, [np.nan, np.nan, 0])
    np.testing.assert_array_equal(trace.left, [0, 0, 0])


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"^Sequential\.backward, grad_next: expected"):
        trace_chain(model(), X, G[0])
    with pytest.raises(TypeError, match="expected numbers"):
        length(["a"])
