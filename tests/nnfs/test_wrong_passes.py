"""Every wrong pass is rejected where it is wrong, and we know where it happens to be right."""

import numpy as np
import pytest

from nnfs import (
    ACTIVATIONS,
    CrossEntropy,
    Dense,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
    check_gradient,
    func_softmax,
    jacobian,
)
from nnfs.gradient_check import STEPS
from nnfs.wrong_passes import (
    WRONG_PASSES,
    elementwise,
    first_to_last,
    flattened_batch,
    input_for_output,
    output_for_slope,
    sigmoid_derivative,
    tanh_derivative,
    without_activations,
    without_complement,
    without_coupling,
    without_derivative,
    without_gradient,
    without_square,
    without_transpose,
    without_weight,
)

pytestmark = pytest.mark.filterwarnings("error")

X = np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]])
G = np.array([[1.0, -2.0, 0.5], [-3.0, 0.1, 1.0]])  # its signs are not those of X


def chain():
    """Two dense layers of other weights, with a tanh between them."""
    return Sequential(Dense(3, 3, seed=1), Tanh(), Dense(3, 3, seed=2))


MAKE = {layer: layer for layer in (*ACTIVATIONS, CrossEntropy)}
MAKE |= {Dense: lambda: Dense(3, 3), Sequential: chain}
# J of these is symmetric for every input: J·g is Jᵀ·g, and no input shows the mistake.
ALWAYS_RIGHT = {(Softmax, without_transpose), (Sigmoid, without_transpose)}
PAIRS = [(layer, wrong) for layer, passes in WRONG_PASSES.items() for wrong in passes]
WRONG = [pair for pair in PAIRS if pair not in ALWAYS_RIGHT]


def check(layer, wrong, x, g, method="central"):
    x, g = np.array(x, float), np.array(g, float)
    layer.forward(x)
    return check_gradient(layer, x, g, method, analytic=wrong(layer, x, g))


def name(value):
    return getattr(value, "__name__", None)


@pytest.mark.parametrize("method", STEPS)
@pytest.mark.parametrize(("layer", "wrong"), WRONG, ids=name)
def test_the_gradient_check_rejects(layer, wrong, method):
    assert not check(MAKE[layer](), wrong, X, G, method).ok


@pytest.mark.parametrize("method", STEPS)
@pytest.mark.parametrize("layer", WRONG_PASSES, ids=name)
def test_the_right_pass_passes_at_the_same_input(layer, method):
    report = check_gradient(MAKE[layer](), X, G, method)
    assert report.ok, str(report)


@pytest.mark.parametrize(("layer", "wrong"), sorted(ALWAYS_RIGHT, key=str), ids=name)
def test_no_transpose_is_missed_where_the_jacobian_is_symmetric(layer, wrong):
    assert check(MAKE[layer](), wrong, X, G, "complex").ok


# Where a wrong pass coincides with the right one, so that no check there can tell them apart.
@pytest.mark.parametrize(
    ("layer", "wrong", "x", "g"),
    [
        pytest.param(Softmax(), flattened_batch, X[:1], G[:1], id="batch of one"),
        pytest.param(Softmax(), flattened_batch, [[0, 0]] * 2, [[1, -1]] * 2, id="mean g is 0"),
        pytest.param(Softmax(), without_coupling, [[0, 0]], [[1, -1]], id="mean g is 0"),
        pytest.param(Softmax(), elementwise, [[1000, 0]], [[1, 2]], id="saturated: J is 0"),
        pytest.param(Softmax(), input_for_output, [[0.5, 0.5]], [[1, 2]], id="z is its softmax"),
        pytest.param(Softmax(), without_derivative, X, 0 * G, id="g is 0"),
        pytest.param(Sigmoid(), input_for_output, [0.6590460684074066], [2], id="x = σ(x)"),
        pytest.param(Sigmoid(), input_for_output, [0.40105813754154696], [2], id="x = 1 − σ(x)"),
        pytest.param(Sigmoid(), without_derivative, X, 0 * G, id="g is 0"),
        pytest.param(Softmax(), without_weight, [[1, 2]], [[3, 3]], id="g is all the same"),
        pytest.param(Sigmoid(), without_complement, [-800.0], [2], id="y is 0"),
        pytest.param(Sigmoid(), without_gradient, X, 0 * G + 1, id="g is 1"),
        pytest.param(Sigmoid(), tanh_derivative, [40.0], [2], id="y is 1"),
        pytest.param(Tanh(), sigmoid_derivative, [40.0], [2], id="y is 1"),
        pytest.param(Tanh(), without_square, [0.0], [2], id="y is 0"),
        pytest.param(ReLU(), output_for_slope, [-2.0, 1.0], [3, 4], id="y is 0 or 1"),
    ],
)
def test_the_wrong_pass_is_right_where(layer, wrong, x, g):
    report = check(layer, wrong, x, g, "complex")
    assert report.ok, str(report)


def test_layers_in_the_wrong_order_are_missed_where_their_order_makes_no_difference():
    layer = Sequential(Dense(2, 2), Tanh(), Dense(2, 2))
    for part, scale in ((layer.layers[0], 2.0), (layer.layers[2], 3.0)):
        part.weights = np.diag([scale, scale])
    assert check(layer, first_to_last, [[0.5, -1.0]], [[1.0, 2.0]], "complex").ok


def test_forgotten_activations_are_missed_where_their_slope_is_1():
    layer = Sequential(Dense(2, 2), Tanh(), Dense(2, 2))
    assert check(layer, without_activations, [[0.0, 0.0]], [[1.0, 2.0]], "complex").ok


def test_no_transpose_is_missed_where_the_weights_are_symmetric():
    layer = Dense(3, 3)
    layer.weights = layer.weights + layer.weights.T
    assert check(layer, without_transpose, X, G, "complex").ok


@pytest.mark.parametrize(("layer", "wrong"), PAIRS, ids=name)
def test_a_wrong_pass_leaves_the_layer_and_its_inputs_alone(layer, wrong):
    made, x, g = MAKE[layer](), X.copy(), G.copy()
    y = made.forward(x).copy()
    wrong(made, x, g)
    np.testing.assert_array_equal(made.output, y)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(g, G)


@pytest.mark.parametrize(("layer", "wrong"), PAIRS, ids=name)
def test_a_wrong_pass_looks_right_by_shape_and_dtype(layer, wrong):
    made = MAKE[layer]()
    made.forward(X)
    dx = wrong(made, X, G)
    assert (dx.shape, dx.dtype) == (X.shape, np.float64)


# What the signs of a formula mean in NumPy, for rows of samples.
SIGNS = {
    "Σₙᵢ sₙᵢgₙᵢ": "np.sum(s * g)",
    "Σᵢ gᵢ": "np.sum(g, axis=1, keepdims=True)",
    "Σᵢ sᵢgᵢ": "np.sum(s * g, axis=1, keepdims=True)",
    "Σᵢ zᵢgᵢ": "np.sum(z * g, axis=1, keepdims=True)",
    "J·g": "np.matvec(J, g)",
    "W₁·g": "np.matvec(W1, g)",
    "W₂·g": "np.matvec(W2, g)",
    "W₁·(": "np.matvec(W1, ",
    "W₂·(": "np.matvec(W2, ",
    "a′": "slope",
    "²": "**2",
    "⊙": "*",
    "−": "-",
    "[": "(",
    "]": ")",
}


def evaluated(formula, layer):
    y = layer.forward(X)
    for sign, meaning in SIGNS.items():
        formula = formula.replace(sign, meaning)
    s = func_softmax(X) if isinstance(layer, CrossEntropy) else y
    known = {"np": np, "x": X, "z": X, "y": y, "s": s, "g": G, "J": jacobian(layer)}
    if isinstance(layer, Sequential):
        first, _, last = layer.layers
        known |= {"W1": first.weights, "W2": last.weights}
        known |= {"slope": 1 - np.tanh(X @ first.weights) ** 2}
    return eval(formula, known)


@pytest.mark.parametrize(("layer", "wrong"), PAIRS, ids=name)
def test_the_formula_is_what_the_wrong_pass_computes(layer, wrong):
    made = MAKE[layer]()
    made.forward(X)
    # The same factors in another order.
    expected = evaluated(WRONG_PASSES[layer][wrong], MAKE[layer]())
    np.testing.assert_allclose(wrong(made, X, G), expected, rtol=1e-14, atol=1e-16)


def test_no_formula_of_a_layer_is_that_of_another_wrong_pass():
    values = [
        [evaluated(formula, MAKE[layer]()) for formula in passes.values()]
        for layer, passes in WRONG_PASSES.items()
    ]
    for of_a_layer in values:
        for i, value in enumerate(of_a_layer):
            assert not any(np.allclose(value, other) for other in of_a_layer[:i])


@pytest.mark.parametrize(("layer", "wrong"), PAIRS, ids=name)
def test_a_wrong_pass_says_what_is_wrong_and_who_makes_it(layer, wrong):
    mistake, who = " ".join(wrong.__doc__.split()).split(". ", 1)
    assert mistake
    assert who.startswith("Made by those who")
    assert who.endswith(".")
