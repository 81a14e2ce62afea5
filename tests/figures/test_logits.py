"""Logits beside what a precision can hold, and a gradient over how far its target lies behind."""

import math

import numpy as np
import pytest

from tests.figures.drawing import LOOK, assert_plotly_takes, moment
from visualizer.figures.logits import GapCurves, OverflowBars

BARS = OverflowBars(name="z", overflows=(1.5, 3.0, 700.0), drag="z", **LOOK)
CURVES = GapCurves(
    name="loss",
    of="two_step",
    gaps=(1.0, 10.0, 1000.0),
    right="right",
    crosses="crosses",
    gap="gap",
    now="now",
    across="behind by",
    **LOOK,
)
VALUES = {
    "two_step": np.array([[-1.0, 0.0, 0.0], [-1.0, -1.0, math.nan], [-1.0, -1.0, -0.00049]]),
    **{"right": np.full(3, -1.0), "crosses": np.array([11.09, 88.7, 709.8])},
    **{"gap": 10.0, "now": np.array([0.0, math.nan, -1.0])},
}


def bars(end, rows=0):
    values = moment({"z": [1.0, 2.0]}, end=end, rows=rows)
    values.scenario.z = ((1.0, 2.0),)
    return BARS.drawn(values)


def curves(rows=0, **more):
    return CURVES.drawn(moment(VALUES | more, rows=rows))


@pytest.mark.parametrize("figure", [bars(2.0), bars(2.0, 2), curves(), curves(2)])
def test_plotly_takes_both(figure):
    assert_plotly_takes(figure)


@pytest.mark.parametrize(("end", "count"), [(1.0, 0), (2.0, 1), (5.0, 2), (800.0, 3)])
def test_only_overflows_that_the_axis_shows_have_a_line(end, count):
    shapes = bars(end)["layout"]["shapes"]
    assert [shape["y0"] for shape in shapes] == [1.5, 3.0, 700.0][:count]


def test_words_say_where_exp_overflows():
    assert (
        "exp overflows in float16 from 1.50, float32 from 3.00" in bars(2)["layout"]["meta"]["alt"]
    )


def test_what_is_no_number_ends_a_curve_and_has_no_point():
    right, half, single, *_, points = curves()["data"]
    assert right["y"] == [-1.0] * 3
    assert half["y"] == [-1.0, 0.0, 0.0]
    assert single["y"] == [-1.0, -1.0, None]
    assert points["y"] == [0.0, -1.0]
    assert "float32 NaN" in curves()["layout"]["meta"]["alt"]


def test_crosses_have_their_numbers():
    crosses = curves()["data"][-2]
    assert crosses["x"] == [11.09, 88.7, 709.8]
    assert crosses["text"] == ["11.1", "88.7", "710"]
    assert crosses["marker"]["symbol"] == "x"


@pytest.mark.parametrize(("gap", "here"), [(0.0, 1.0), (10.0, 10.0), (2000.0, 1000.0)])
def test_logits_beyond_the_axis_stand_at_its_end(gap, here):
    assert curves(gap=gap)["data"][-3]["x"] == [here, here]
