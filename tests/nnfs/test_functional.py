"""func_sigmoid and func_softmax against exact arithmetic and SciPy. Any warning fails."""

import numpy as np
import pytest
import scipy.special

from nnfs import func_sigmoid, func_softmax
from nnfs.functional import BLOCK

pytestmark = pytest.mark.filterwarnings("error")

FLOATS = (np.float16, np.float32, np.float64)
needs_longdouble = pytest.mark.skipif(
    np.finfo(np.longdouble).nmant <= np.finfo(np.float64).nmant,
    reason="here long double is float64, which cannot judge float64",
)

# Errors in units in the last place. exp is good to 0.6 in float64, to 2.6 in float32; the sum
# and the quotient add ½ each, and 1 unit of 1 + exp(−x) may be 2 of σ. float16 is computed in
# float32 and rounded once.
ULPS = {np.float64: 3.0, np.float32: 4.0, np.float16: 0.51}


def exact_sigmoid(x):
    """In long double, as SciPy's expit gives 0 where σ is still a subnormal number."""
    decay = np.exp(-np.abs(x.astype(np.longdouble)))
    return np.where(x >= 0, 1, decay) / (1 + decay)


def assert_accurate(sigmoid, dtype):
    """The oracle: every x whose σ(x) is a normal number, up to where σ is 1."""
    lowest, highest = np.log(np.finfo(dtype).tiny) + 0.01, -np.log(np.finfo(dtype).eps) + 3
    x = np.concatenate([np.linspace(lowest, highest, 50_001), np.linspace(-20, 20, 50_001)])
    x = x.astype(dtype)
    exact = exact_sigmoid(x)
    unit = np.spacing(exact.astype(dtype)).astype(np.longdouble)
    error = np.abs(sigmoid(x) - exact) / unit
    assert error.max() <= ULPS[dtype], f"{error.max():.3g} units at x = {x[error.argmax()]}"


def assert_scipy_softmax(softmax):
    """The oracle: rows of very different height, so that each needs its own maximum."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(8, 7)) * 3
    z += np.array([0, 1, -1, 1e4, -1e4, 1e5, -1e5, 700])[:, np.newaxis]
    # Both shift and exponentiate the same numbers; seven terms are summed in another order.
    np.testing.assert_allclose(softmax(z), scipy.special.softmax(z, axis=1), rtol=1e-14)


def test_sigmoid_has_its_known_values():
    known = [1.0, 0.75, 0.5, 0.25, 0.0]
    x = [np.inf, np.log(3), 0.0, -np.log(3), -np.inf]
    np.testing.assert_allclose(func_sigmoid(x), known, rtol=4e-16)  # one rounding, of log 3


@pytest.mark.parametrize("dtype", FLOATS)
def test_sigmoid_takes_infinities_overflow_and_nan_side_by_side(dtype):
    largest = np.finfo(dtype).max
    x = np.array([np.nan, np.inf, largest, 0, -largest, -np.inf], dtype)
    np.testing.assert_array_equal(func_sigmoid(x), [np.nan, 1, 1, 0.5, 0, 0])


# A small array is computed by the formula, a large one block by block; each judged by one oracle.
SIZES = {
    "small": lambda x: np.concatenate([func_sigmoid(part) for part in np.array_split(x, 20)]),
    "large": lambda x: func_sigmoid(np.tile(x, 4))[: x.size],
}


def test_the_sizes_are_on_both_sides_of_a_block():
    elements = 100_002  # of the oracle
    assert elements / 20 * 8 < BLOCK  # float64
    assert elements * 4 * 4 > BLOCK  # float32, also for float16


@needs_longdouble
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", FLOATS)
def test_sigmoid_is_accurate_over_the_whole_normal_range(dtype, size):
    assert_accurate(SIZES[size], dtype)


@needs_longdouble
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", FLOATS)
def test_sigmoid_is_accurate_beside_an_overflow_of_exp(dtype, size):
    # One max makes exp(x) overflow, and its whole block takes the other way.
    largest = np.array([np.finfo(dtype).max], dtype)
    assert_accurate(lambda x: SIZES[size](np.concatenate([largest, x]))[1:], dtype)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("function", [func_sigmoid, func_softmax])
def test_the_values_at_the_ends_do_not_depend_on_the_size(function, dtype):
    largest = np.finfo(dtype).max
    ends = np.array([[-np.inf, -largest, 0], [largest, -largest, 0], [np.inf, 0, np.nan]], dtype)
    repeated = np.tile(ends, (BLOCK // 16, 1))
    assert repeated.nbytes > BLOCK // 2  # of float16, which is computed in float32
    result = function(repeated)
    np.testing.assert_array_equal(result[:3], function(ends))
    np.testing.assert_array_equal(result[-3:], function(ends))


@pytest.mark.parametrize("function", [func_sigmoid, func_softmax])
@pytest.mark.parametrize("size", [1, BLOCK // 16])
def test_nothing_is_raised_where_numpy_is_told_to_raise_everything(function, size):
    with np.errstate(all="raise"):
        result = function(np.tile([[1e308, -1e308, -800.0, 1e308]], (size, 1)))
    assert np.isfinite(result).all()


def test_a_large_complex_softmax_agrees_with_a_small_one():
    z = np.random.default_rng(0).normal(size=(2, 3, BLOCK // 16)).view(np.complex128)
    z = z.reshape(-1, 6)
    assert z.nbytes > BLOCK
    # A division, or a product with the reciprocal: a rounding apart.
    np.testing.assert_allclose(func_softmax(z)[:50], func_softmax(z[:50]), rtol=1e-14)


@needs_longdouble
def test_sigmoid_fades_through_the_subnormal_numbers():
    x = np.linspace(-745, -709, 1001)
    # A subnormal number is rounded to a multiple of 5e-324, twice.
    np.testing.assert_allclose(func_sigmoid(x), exact_sigmoid(x).astype(float), rtol=0, atol=1e-323)


@pytest.mark.parametrize("size", [1e4, 1e30, 1e308])
def test_sigmoid_agrees_with_scipy_at_the_extremes(size):
    x = np.array([-size, size])
    np.testing.assert_array_equal(func_sigmoid(x), scipy.special.expit(x))


@pytest.mark.parametrize("dtype", FLOATS)
def test_sigmoid_is_0_and_1_at_the_ends_of_each_dtype(dtype):
    ends = np.array([np.finfo(dtype).min, np.finfo(dtype).max], dtype)
    np.testing.assert_array_equal(func_sigmoid(ends), [0, 1])


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_sigmoid_covers_arrays_that_do_not_fill_their_blocks(extra):
    x = np.linspace(-5, 5, 2 * BLOCK // 8 + extra)
    np.testing.assert_allclose(func_sigmoid(x), scipy.special.expit(x), rtol=1e-15)  # a few ulps


@pytest.mark.parametrize("shape", [(1, 10), (300, 1000), (3, 70_000)])
def test_softmax_agrees_with_scipy_within_and_across_blocks(shape):
    z = np.random.default_rng(0).normal(size=shape)
    # Up to 70 000 terms summed pairwise: log₂(70 000) · 2⁻⁵³ = 2e-15.
    np.testing.assert_allclose(func_softmax(z), scipy.special.softmax(z, axis=1), rtol=4e-15)


def test_softmax_takes_the_maximum_of_each_row():
    assert_scipy_softmax(func_softmax)


@pytest.mark.parametrize("size", [1e4, 1e30, 1e308])
def test_softmax_agrees_with_scipy_at_the_extremes(size):
    z = np.array([[-size, 0.0, size / 2], [size, size, -size], [-size, -size, -size]])
    with np.errstate(over="ignore"):  # SciPy itself warns: −1e308 − 1e308 is −inf
        expected = scipy.special.softmax(z, axis=1)
    np.testing.assert_allclose(func_softmax(z), expected, rtol=1e-15)  # thirds, one rounding


def test_a_logit_of_minus_infinity_has_probability_zero():
    np.testing.assert_array_equal(func_softmax([[-np.inf, 2.0, 2.0]]), [[0, 0.5, 0.5]])


@pytest.mark.parametrize("row", [[-np.inf, -np.inf], [np.inf, 0.0], [np.nan, 0.0]])
def test_a_row_without_a_finite_maximum_is_nan_and_leaves_the_others_alone(row):
    s = func_softmax([row, [1.0, 1.0]])
    np.testing.assert_array_equal(s, [[np.nan, np.nan], [0.5, 0.5]])


def test_nan_passes_through_the_sigmoid():
    np.testing.assert_array_equal(func_sigmoid([np.nan, 0.0]), [np.nan, 0.5])


@pytest.mark.parametrize("z", [0.3, [0.1, 0.2], np.zeros((2, 2, 2)), np.zeros((3, 0))])
def test_softmax_refuses_what_is_not_rows_of_classes(z):
    with pytest.raises(ValueError, match=r"batch_size, num_classes.*got \("):
        func_softmax(z)


@pytest.mark.parametrize("function", [func_sigmoid, func_softmax])
@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_complex_values_on_the_real_axis_agree_with_real_ones(function, dtype):
    x = np.array([[-1e4, -30.0, -1.0, 0.0, 1.0, 30.0]])
    y = function(x.astype(dtype))
    assert y.dtype == dtype
    # exp is good to a few units in the last place of the dtype, real or complex.
    np.testing.assert_allclose(y, function(x), rtol=8 * np.finfo(dtype).eps, atol=1e-44)


# Negative controls: each oracle rejects what it is there to reject.


@needs_longdouble
@pytest.mark.parametrize("dtype", FLOATS)
def test_the_exact_oracle_rejects_the_tanh_form_which_cancels(dtype):
    with pytest.raises(AssertionError, match="units at x"):
        assert_accurate(lambda x: (0.5 * (1 + np.tanh(x / 2))).astype(dtype), dtype)


@needs_longdouble
def test_the_exact_oracle_rejects_float32_arithmetic_for_float64():
    with pytest.raises(AssertionError, match="units at x"):
        assert_accurate(lambda x: func_sigmoid(np.maximum(x, -80).astype(np.float32)), np.float64)


@pytest.mark.parametrize(
    "naive",
    [lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)],
    ids=["sigmoid", "softmax"],
)
def test_the_naive_formula_warns_of_overflow(naive):
    with pytest.raises(RuntimeWarning, match="overflow"):
        naive(np.array([[-1e4, 1e4]]))


def shifted_by_the_global_maximum(z):
    e = np.exp(z - z.max())
    with np.errstate(invalid="ignore"):  # 0 / 0 in the rows far below the maximum
        return e / e.sum(axis=1, keepdims=True)


def normalised_over_the_batch(z):
    return func_softmax(z.T).T


@pytest.mark.parametrize("wrong", [shifted_by_the_global_maximum, normalised_over_the_batch])
def test_the_scipy_oracle_rejects(wrong):
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_scipy_softmax(wrong)
