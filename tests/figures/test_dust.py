"""What rounding leaves of 0 is 0; what is small and true stays."""

import numpy as np
import pytest

from nnfs import Softmax
from visualizer.figures.dust import settled, softmax_terms


def run(z, g):
    layer = Softmax()
    s = layer.forward(np.array([z], dtype=float))[0]
    return s, layer.backward(np.array([g], dtype=float))[0]


def test_what_rounding_leaves_of_a_sum_of_0_is_0():
    terms = np.array([[0.1], [0.2], [-0.3]])
    sums = terms.sum(axis=0)
    assert sums[0] != 0
    assert settled(sums, terms) == [0.0]


@pytest.mark.parametrize("count", [2, 3, 10, 100, 1000])
@pytest.mark.parametrize("scale", [0.1, 5, 30])
def test_a_softmax_gradient_of_one_value_is_0_in_each_component(count, scale):
    rng, dust = np.random.default_rng(count), 0
    for size in (1e-300, 1e-5, 0.7, 1e5, 1e300):
        g = np.full(count, size * rng.uniform(0.5, 1))
        s, dx = run(rng.normal(0, scale, count), g)
        dust += np.count_nonzero(dx)
        np.testing.assert_array_equal(settled(dx, softmax_terms(s, g)), 0)
    assert dust or count < 10  # of few, the weights may add up to 1 exactly


@pytest.mark.parametrize(
    ("z", "g"),
    [
        ((25.0, 0.0, 0.0), (1.0, 0.0, 0.0)),  # dx of 3e-11, all of it true
        ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0 + 1e-13)),
        ((0.0, -200.0), (1.0, 0.0)),  # 1e-87 beside it
    ],
)
def test_a_small_true_value_is_not_swallowed(z, g):
    s, dx = run(z, g)
    dx = dx[dx != 0]
    kept = settled(run(z, g)[1], softmax_terms(s, np.array(g)))
    np.testing.assert_array_equal(kept[kept != 0], dx)


@pytest.mark.parametrize("value", [5e-324, 1e-300, 1e-17, -1e-9, 0.0])
def test_one_term_is_never_dust(value):
    sums = np.array([value, 1.0])
    np.testing.assert_array_equal(settled(sums, sums[np.newaxis]), sums)


def test_sums_just_above_dust_stay_and_those_below_go():
    terms = np.array([[1.0, 1.0], [-1.0, -1.0]])
    sums = np.array([10, 7]) * np.spacing(2.0)
    np.testing.assert_array_equal(settled(sums, terms), [sums[0], 0.0])


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_what_is_not_finite_stays(value):
    sums = np.array([value, 0.5])
    np.testing.assert_array_equal(settled(sums, sums[np.newaxis]), sums)


def test_the_sums_that_came_are_not_changed():
    terms = np.array([[0.1], [0.2], [-0.3]])
    sums = terms.sum(axis=0)
    before = sums.copy()
    settled(sums, terms)
    np.testing.assert_array_equal(sums, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dust_is_that_of_the_dtype(dtype):
    terms = np.array([[0.1], [0.2], [-0.3]], dtype)
    found = settled(terms.sum(axis=0), terms)
    assert found.dtype == dtype
    assert found == [0]


def test_the_terms_of_a_softmax_add_up_to_its_gradient():
    z, g = (0.3, -1.2, 0.7), (1.0, -0.5, 0.25)
    s, dx = run(z, g)
    np.testing.assert_allclose(softmax_terms(s, np.array(g)).sum(axis=0), dx, rtol=0, atol=1e-15)
