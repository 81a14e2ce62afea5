"""Ribbons from g to dx: as wide as the terms, in the right colours, and where they meet."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from visualizer.figures import Axis, Flow, Moment
from visualizer.figures.flow import COLORS, FULL, MOST, SLOT

FLOW = Flow("flow", "t", axis=Axis("flow"), result_color="#111111", color="#222222", symbol="g")
TERMS = np.array([[0.2, -0.15, -0.05], [0.1, 0.1, -0.2], [0.0, 0.05, -0.05]])


def moment(terms=TERMS, end=0.5, step=0, rows=0, **values):
    """A moment of such terms; g and dx are numbers to be printed."""
    terms = np.asarray(terms, float)
    count = len(terms)
    arrays = {"flow": terms, "g": np.arange(count) - 1.0, "dx": terms.sum(axis=0), **values}
    return Moment(SimpleNamespace(step=step, j=0), arrays, {"flow": end}, {}, rows)


def ribbons(figure, count):
    """By (i, j) and sign: from where, to where, and how wide at both ends, in shares of a node."""
    found = {}
    for k, trace in enumerate(figure["data"][: 2 * count]):
        sign = (-1, 1)[k // count]
        assert trace["fillcolor"] == COLORS[sign]
        outlines = np.array(trace["y"], float).reshape(count, -1)[:, :-1]
        half = outlines.shape[1] // 2
        for j, line in enumerate(outlines):
            (top, bottom), end = (line[0], line[-1]), (line[half - 1], line[half])
            if bottom - top > 0:
                found[k % count, j] = (sign, top, end[0], bottom - top, end[1] - end[0])
    return found


def test_ribbons_are_as_wide_as_the_terms_and_have_the_colour_of_their_sign():
    found = ribbons(FLOW.drawn(moment()), 3)
    assert set(found) == {(i, j) for i, j in np.ndindex(3, 3) if TERMS[i, j]}
    for (i, j), (sign, _, _, *widths) in found.items():
        assert sign == np.sign(TERMS[i, j])
        # Edges are whole numbers.
        np.testing.assert_allclose(widths, FULL * abs(TERMS[i, j]) / 0.5, atol=1)


def test_ribbons_lie_on_each_other_without_gaps_at_both_sides():
    found = ribbons(FLOW.drawn(moment()), 3)
    for place, side in ((0, 1), (1, 2)):
        for node in range(3):
            spans = sorted(
                (entry[side], entry[side] + entry[side + 2])
                for key, entry in found.items()
                if key[place] == node
            )
            assert len(spans) > 1
            for (_, end), (begin, _) in pairwise(spans):
                assert abs(end - begin) <= 1
            middle = (spans[0][0] + spans[-1][1]) / 2
            assert abs(middle - SLOT * (node + 0.5)) <= 1


def test_at_a_result_what_adds_lies_above_what_takes_away():
    found = ribbons(FLOW.drawn(moment()), 3)
    for j in range(3):
        ends = {s: [e[2] for (_, k), e in found.items() if k == j and e[0] == s] for s in (-1, 1)}
        assert max(ends[1], default=-np.inf) < min(ends[-1], default=np.inf)


def test_nodes_are_as_high_as_their_ribbons_together():
    left, right = (
        np.array(trace["y"], float).reshape(3, 5) for trace in FLOW.drawn(moment())["data"][6:8]
    )
    for nodes, axis in ((left, 1), (right, 0)):
        high = FULL * np.abs(TERMS).sum(axis=axis) / 0.5
        np.testing.assert_allclose(nodes[:, 2] - nodes[:, 0], high, atol=1)


def test_the_scale_stays_until_a_node_fills_its_place_and_then_all_become_narrower():
    usual, wide = (ribbons(FLOW.drawn(moment(TERMS * by)), 3) for by in (1, 10))
    assert usual[0, 0][3] == pytest.approx(FULL * 0.4, abs=1)
    assert max(sum(e[3] for k, e in wide.items() if k[0] == i) for i in range(3)) <= FULL + 3
    halved = ribbons(FLOW.drawn(moment(end=1.0)), 3)
    assert halved[0, 0][3] == pytest.approx(FULL * 0.2, abs=1)


@pytest.mark.parametrize("value", [0.0, 1e308, np.inf, np.nan, 5e-324])
def test_extreme_terms_are_drawn_within_the_frame(value):
    figure = FLOW.drawn(moment(np.full((2, 2), value)))
    heights = [y for trace in figure["data"][:-1] for y in trace["y"] if y is not None]
    assert min(heights) >= 0
    assert max(heights) <= 2 * SLOT


def test_the_labels_have_names_and_numbers_where_there_is_room():
    assert FLOW.drawn(moment())["data"][-1]["text"][:3] == [
        "g₀<br>−1.000",
        "g₁<br>0.000",
        "g₂<br>1.000",
    ]
    many = FLOW.drawn(moment(np.eye(11)))["data"][-1]["text"]
    assert many[10] == "g₁₀"
    assert many[11] == "dx₀"


def test_factors_stand_above_the_straight_ribbons():
    flow = FLOW.having(factors="slopes")
    figure = flow.drawn(moment(np.diag([0.1, 0.2]), slopes=np.array([0.25, 0.2])))
    texts = figure["data"][-1]
    assert texts["text"][4:] == ["× 0.250", "× 0.200"]
    assert len(texts["x"]) == len(texts["y"]) == len(texts["textposition"]) == 6
    assert texts["y"][5] < 1.5 * SLOT - FULL * 0.4 / 2


def test_too_many_classes_are_not_drawn_and_the_empty_frame_says_so():
    figure = FLOW.drawn(moment(np.eye(MOST + 1)))
    assert figure["data"] == FLOW.moved(moment(np.eye(MOST + 1)))["data"] == []
    (note,) = figure["layout"]["annotations"]
    assert f"up to<br>{MOST} inputs" in note["text"]
    assert "annotations" not in FLOW.drawn(moment(np.eye(MOST)))["layout"]
