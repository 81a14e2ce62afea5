"""The U of a gradient check: its arms, its best step, and that the measurement can fail."""

import numpy as np
import pytest

from nnfs import (
    CrossEntropy,
    Dense,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
    difference_quotients,
    jacobian,
    numeric_vjp,
    step_in_theory,
    study_steps,
)
from nnfs.gradient_check import STEPS
from nnfs.step_size import THEORY

pytestmark = pytest.mark.filterwarnings("error")

X, G = np.array([0.7, -1.2, 0.3]), np.array([1.0, -2.0, 0.5])
H = np.geomspace(1e-1, 1e-15, 57)
CURVED = {
    "sigmoid": Sigmoid,
    "softmax": Softmax,
    "tanh": Tanh,
    "cross-entropy": CrossEntropy,
    "chain": lambda: Sequential(Dense(3, 3, 1), Tanh(), Dense(3, 3, 2)),
}
DTYPES = [np.float64, np.float32]
every_method = pytest.mark.parametrize("method", STEPS)
every_dtype = pytest.mark.parametrize("dtype", DTYPES)


def errors_of(layer, method, dtype, x=X, g=G, wrong=0.0):
    """The largest error at each step, and the largest gradient, to which `wrong` is added."""
    g = g.astype(dtype)
    layer.forward(x.astype(dtype)[np.newaxis])
    analytic = layer.backward(g[np.newaxis])[0].astype(float) + wrong
    D = difference_quotients(layer, x, H, method, dtype)
    numeric = (g[:, np.newaxis] * D).sum(axis=1).astype(float)
    return np.abs(numeric - analytic).max(axis=1), np.abs(analytic).max()


def studied(layer, method, dtype, **more):
    errors, size = errors_of(layer, method, dtype, **more)
    return study_steps(H, errors, 4 * np.finfo(dtype).eps * size, 0.1 * size)


U = [(layer, method, dtype) for layer in CURVED for method in THEORY for dtype in DTYPES]
# Its loss is 3 and bends little, so in float32 rounding rules up to the largest step.
U.remove(("cross-entropy", "central", np.float32))


@pytest.mark.parametrize(("layer", "method", "dtype"), U)
def test_the_arms_of_the_u_have_the_slopes_of_theory(layer, method, dtype):
    study = studied(CURVED[layer](), method, dtype)
    # Near its end the other error has a part in it; in float32 an arm is a decade long.
    assert study.truncation == pytest.approx({"forward": 1, "central": 2}[method], abs=0.15)
    assert study.rounding == pytest.approx(-1, abs=0.25)  # a random walk of its own


@every_dtype
@pytest.mark.parametrize("method", THEORY)
@pytest.mark.parametrize("layer", CURVED)
def test_the_best_step_is_near_the_one_of_theory(layer, method, dtype):
    best = studied(CURVED[layer](), method, dtype).best
    # f″ and f‴ are not f: their quotient moves it by its square or cube root.
    assert 1 / 15 < best / step_in_theory(method, dtype) < 15


def test_the_step_of_theory_is_a_root_of_the_precision():
    assert step_in_theory("forward") == 2.0**-26
    assert step_in_theory("central") == pytest.approx(2.0 ** (-52 / 3))
    assert step_in_theory("forward", np.float32) == pytest.approx(2.0**-11.5)


@pytest.mark.parametrize("layer", CURVED)
def test_the_complex_step_falls_with_the_square_and_does_not_come_back(layer):
    study = studied(CURVED[layer](), "complex", np.float64)
    assert study.truncation == pytest.approx(2, abs=0.25)
    assert study.rounding == pytest.approx(0, abs=0.1)
    assert study.best < 1e-6


def test_the_measurement_of_slopes_finds_other_slopes():
    for power in (0.5, 3.0):
        study = study_steps(H, H**power + 1e-17 / H, least=0)
        assert study.truncation == pytest.approx(power, abs=0.1)


@every_method
def test_a_wrong_gradient_has_no_arm_that_falls(method):
    study = studied(Softmax(), method, np.float64, wrong=np.array([0.0, 0.1, 0.0]))
    assert not study.truncation > 0.5


def test_where_the_curve_does_not_bend_forward_differences_gain_a_power():
    """σ″(0) = 0: what was taken for slope 1 is measured, not written down."""
    study = studied(Sigmoid(), "forward", np.float64, x=np.zeros(3))
    assert study.truncation == pytest.approx(2, abs=0.15)


def test_errors_of_0_leave_no_arm_and_the_largest_step_is_the_best():
    errors, _ = errors_of(ReLU(), "complex", np.float64)
    assert (errors == 0).all()
    study = study_steps(H, errors, least=0)
    assert study.best == H[0]
    assert np.isnan([study.truncation, study.rounding]).all()


def test_a_step_that_is_right_by_luck_is_not_the_best():
    errors = H**2 + 1e-15 / H
    errors[50] = 0
    assert study_steps(H, errors, least=0).best == pytest.approx(5e-6, rel=0.5)


def test_where_no_error_is_finite_nothing_is_found():
    assert np.isnan(study_steps(H, np.full(57, np.nan), least=0)).all()


@every_dtype
@every_method
@pytest.mark.parametrize("layer", CURVED)
def test_the_quotients_weighted_by_g_are_the_numeric_gradient(layer, method, dtype):
    made, steps = CURVED[layer](), [1e-2, 1e-4]
    D = difference_quotients(made, X, steps, method, dtype)
    assert (D.shape, D.dtype) == ((2, 3, 3), dtype)
    for quotients, step in zip(D, steps, strict=True):
        one = numeric_vjp(made, X[None], G[None], method, step, dtype)[0]
        # Another size of a batch may be summed in another order: a few units, over the step.
        rounding = 0 if method == "complex" else 20 * np.finfo(dtype).eps / step
        np.testing.assert_allclose(G @ quotients, one, rtol=1e-5, atol=rounding)


def test_the_quotients_of_a_layer_that_is_not_square_are_its_jacobian():
    layer = Dense(3, 2, 5)
    (D,) = difference_quotients(layer, X, [0.5])
    np.testing.assert_allclose(D, jacobian(layer, X[np.newaxis])[0], rtol=1e-14)


def test_the_layer_and_its_inputs_stay():
    layer, x = Softmax(), X.copy()
    y = layer.forward(x[np.newaxis] + 1)
    for method in STEPS:
        difference_quotients(layer, x, H, method)
    assert layer.output is y
    np.testing.assert_array_equal(x, X)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"method": "exact"}, ValueError, "one of forward, central, complex, got 'exact'"),
        ({"steps": [1e-3, 0.0]}, ValueError, "expected a finite number above 0, got 0.0"),
        ({"steps": 1e-3}, ValueError, r"one axis, got \(3,\) and \(\)"),
        ({"x": [X]}, ValueError, r"one axis, got \(1, 3\) and \(57,\)"),
        ({"x": 1j * X}, TypeError, "expected real numbers, got complex128"),
        ({"dtype": np.float16}, ValueError, "expected float64 or float32, got float16"),
    ],
)
def test_a_wrong_argument_is_named_with_what_came(arguments, error, message):
    with pytest.raises(error, match=message):
        difference_quotients(**({"function": Softmax(), "x": X, "steps": H} | arguments))


def test_what_theory_does_not_know_is_named():
    with pytest.raises(ValueError, match="expected one of forward, central, got 'complex'"):
        step_in_theory("complex")
    with pytest.raises(ValueError, match=r"of one length, got \(2,\) and \(3,\)"):
        study_steps([1, 2], [1, 2, 3], least=0)
