"""Outlines of how numbers are spread: wide where many of them are."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.figures.drawing import assert_plotly_takes
from visualizer.figures import Moment, Spread
from visualizer.figures.spread import HALF, PALE

FIGURE = Spread(
    "mean", "t", short="t", shares="shares", heights="heights", other="others", color="#112233"
)
HEIGHTS = [0.0, 0.5, 1.0]
VALUES = {"shares": [[1, 2, 1], [0, 0, 4]], "heights": HEIGHTS, "mean": [0.5, 1.0]}


def drawn(rows=0, **more):
    values = {name: np.array(value, float) for name, value in {**VALUES, **more}.items()}
    scenario = SimpleNamespace(k=1, j=0, step=0)
    labels = {"labels": ("Sigmoid", "Tanh", "")}
    return FIGURE.drawn(Moment(scenario, values | labels, {}, {}, rows))


def outline(trace, place, heights=3):
    """The left and the right edge of an outline, from the lowest height to the highest."""
    start = place * (2 * heights + 1)
    both = trace["x"][start : start + 2 * heights]
    return both[:heights], both[heights:][::-1]


def test_an_outline_is_as_wide_as_the_share_that_lies_there():
    left, right = outline(drawn()["data"][0], 0)
    widths = np.subtract(right, left)
    np.testing.assert_allclose(widths, [HALF, 2 * HALF, HALF], atol=2e-3)  # to three digits
    np.testing.assert_allclose(np.add(left, right) / 2, 0, atol=1e-3)


def test_each_outline_is_widest_where_most_are_however_many_there_are():
    left, right = outline(drawn()["data"][0], 1)
    np.testing.assert_allclose(np.subtract(right, left), [0, 0, 2 * HALF], atol=2e-3)


def test_outlines_have_gaps_between_them_and_heights_for_each_edge():
    trace = drawn()["data"][0]
    assert [i for i, x in enumerate(trace["x"]) if x is None] == [6, 13]
    assert trace["y"] == [*HEIGHTS, *HEIGHTS[::-1], None] * 2


def test_beside_others_each_is_one_half():
    main, others, _ = drawn(others=[[1, 1, 1], [1, 1, 1]])["data"]
    left, right = outline(main, 0)
    assert (min(left), max(right)) == (-HALF, 0)
    left, right = outline(others, 0)
    assert (min(left), max(right)) == (0, HALF)
    assert others["opacity"] == PALE < main["opacity"]


def test_others_are_named_where_there_are_some():
    assert "annotations" not in drawn()["layout"]
    (named,) = drawn(others=VALUES["shares"])["layout"]["annotations"]
    assert "Sigmoid" in named["text"]
    assert "Tanh" in named["text"]


def test_where_there_is_no_number_there_is_no_outline():
    found = drawn(shares=[[0, 0, 0], [1, 1, 1]], mean=[np.nan, 0.5])["data"]
    assert outline(found[0], 0) == ([0, 0, 0], [0, 0, 0])
    assert found[-1]["y"] == [None, 0.5]


def test_the_means_are_what_can_be_pointed_at():
    figure = drawn()
    assert figure["elements"]["marks"] == "points"
    assert figure["elements"]["numbers"] == [0.5, 1]
    assert figure["data"][-1]["x"] == [0, 1]


@pytest.mark.parametrize("rows", [0, 2])
def test_plotly_takes_all_of_it(rows):
    assert_plotly_takes(drawn(rows=rows, others=VALUES["shares"]))
