"""The triangle: where probabilities stand, and how its arrows are drawn."""

import math

import numpy as np
import pytest

from visualizer.figures.triangle import (
    CORNERS,
    HEAD,
    LARGEST_HEAD,
    arrows,
    middles,
    place_of,
    shares_at,
)

CORNER_SHARES = np.eye(3)


def test_each_corner_is_one_class_and_all_sides_are_1_long():
    np.testing.assert_allclose(place_of(CORNER_SHARES), CORNERS)
    for one, other in ((0, 1), (1, 2), (2, 0)):
        assert math.dist(CORNERS[one], CORNERS[other]) == pytest.approx(1)


@pytest.mark.parametrize(("rows", "count"), [(1, 1), (2, 3), (10, 55), (11, 66)])
def test_middles_fill_the_triangle_evenly(rows, count):
    points = middles(rows)
    assert points.shape == (count, 3)
    np.testing.assert_allclose(points.sum(axis=1), 1)
    assert points.min() == pytest.approx(1 / (3 * rows))
    np.testing.assert_allclose(points.mean(axis=0), 1 / 3)
    places = place_of(points)
    apart = np.hypot(*(places[:, None] - places).T) + 9 * np.eye(count)
    if count > 1:
        np.testing.assert_allclose(apart.min(axis=1), 1 / rows)  # each has a neighbour that near


def test_a_place_reads_back_as_its_probabilities():
    rng = np.random.default_rng(0)
    for s in rng.dirichlet([1, 1, 1], 50):
        inside = 0.01 + 0.97 * s
        np.testing.assert_allclose(shares_at(tuple(place_of(inside)), 0.01), inside, atol=1e-12)


def test_a_place_beyond_an_edge_counts_as_one_on_it():
    for place in ((-1.0, 0.0), (2.0, 0.0), (0.5, 3.0), (0.5, -1.0)):
        shares = shares_at(place, 0.01)
        assert shares.min() == pytest.approx(0.01)
        assert shares.sum() == pytest.approx(1)
    np.testing.assert_allclose(shares_at((0.5, 3.0), 0.01), [0.01, 0.01, 0.98])


def drawn(feet, ways):
    """The five points of each arrow, and the gap behind it."""
    line = arrows(np.array(feet, float), np.array(ways, float))
    points = list(zip(line["x"], line["y"], strict=True))
    return [points[i : i + 6] for i in range(0, len(points), 6)]


def test_an_arrow_goes_from_its_foot_to_its_tip_and_has_two_barbs_of_one_length():
    ((foot, tip, left, again, right, gap),) = drawn([(0.2, 0.3)], [(0.1, 0.05)])
    assert (foot, tip, again, gap) == ((0.2, 0.3), (0.3, 0.35), (0.3, 0.35), (None, None))
    length = math.hypot(0.1, 0.05)
    expected = min(HEAD * length, LARGEST_HEAD)
    for barb in (left, right):
        assert math.dist(tip, barb) == pytest.approx(expected, abs=2e-4)
        assert math.dist(foot, barb) < length
    assert left != right


def test_an_arrow_without_length_is_a_point_and_keeps_its_number_of_points():
    ((*points, gap),) = drawn([(0.2, 0.3)], [(0, 0)])
    assert set(points) == {(0.2, 0.3)}
    assert gap == (None, None)


def test_arrows_have_gaps_between_them_and_none_is_lost():
    assert len(drawn([(0, 0), (1, 0), (0, 1)], [(0.1, 0), (0, 0), (0, 0.1)])) == 3


def test_what_is_no_number_is_drawn_nowhere():
    ((foot, tip, *_),) = drawn([(0.2, 0.3)], [(math.nan, 0)])
    assert foot == (0.2, 0.3)
    assert tip[0] is None
