"""Every wrong pass is rejected where it is wrong, and we know where it happens to be right."""

import numpy as np
import pytest

from nnfs import Dense, Sigmoid, Softmax, check_gradient
from nnfs.gradient_check import STEPS
from nnfs.wrong_passes import (
    WRONG_PASSES,
    elementwise,
    flattened_batch,
    input_for_output,
    without_coupling,
    without_derivative,
    without_transpose,
)

pytestmark = pytest.mark.filterwarnings("error")

X = np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]])
G = np.array([[1.0, -2.0, 0.5], [3.0, 0.1, -1.0]])
MAKE = {Softmax: Softmax, Sigmoid: Sigmoid, Dense: lambda: Dense(3, 3)}
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
    ],
)
def test_the_wrong_pass_is_right_where(layer, wrong, x, g):
    report = check(layer, wrong, x, g, "complex")
    assert report.ok, str(report)


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
