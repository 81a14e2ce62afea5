"""Logarithmic pictures: what is small has its place, and what is 0 says so."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from tests.figures.drawing import assert_plotly_takes
from visualizer.figures import Axis, DecadeBars, Moment, Sweep
from visualizer.figures.decades import SHADOW, decade_names, power_of_ten
from visualizer.figures.layout import BLANK
from visualizer.figures.palette import GHOST

LOOK = {"title": "t", "short": "t", "color": "#112233", "axis": Axis("axis", decades=True)}
BARS = DecadeBars("left", other="beside", ceiling="most", note="note", **LOOK)
SWEEP = Sweep(
    "curve", grid="grid", now="now", other="beside", other_now="then", drag="scale", **LOOK
)
USUAL = {"labels": ("Sigmoid", "Tanh", "at most 1"), "note": BLANK}


def moment(values, *, low=3.0, high=2.0, rows=0, **scenario):
    fields = {"j": 0, "k": 1, "row": 0, "step": 0, "scale": 1.0} | scenario
    arrays = {n: np.array(v) if isinstance(v, list) else v for n, v in (USUAL | values).items()}
    ends = {"axis": high, "axis-": low}
    return Moment(SimpleNamespace(**fields), arrays, ends, {}, rows)


def bars(values, **more):
    return BARS.drawn(moment({"left": values}, **more))["data"][-1]


def test_a_bar_begins_at_1_and_ends_at_its_power_of_ten():
    assert bars([1.0, 0.01, 100.0])["y"] == [0, -2, 2]


@pytest.mark.parametrize("value", [5e-324, 1e-200, 1e-3, 1e300])
def test_however_small_a_number_is_it_has_its_place(value):
    found = bars([value], low=400.0, high=400.0)
    assert found["y"] == [math.log10(value)]
    assert found["customdata"] == [value]
    assert found["text"] != ["0"]
    assert found["marker"]["color"] != SHADOW


def test_a_bar_that_leaves_the_axis_is_cut_and_an_arrow_says_where_it_goes():
    found = bars([1e-9, 1e9, 0.5])
    assert found["y"][:2] == [-3, 2]
    assert [text[:1] for text in found["text"]] == ["▼", "▲", "0"]
    assert "0" not in found["text"]


def test_what_is_exactly_0_or_infinite_is_a_shadow_that_says_so():
    found = bars([0.0, math.inf, 0.5])
    assert found["y"][:2] == [-3, 2]
    assert found["text"][:2] == ["0", "∞"]
    assert found["marker"]["color"] == [SHADOW, SHADOW, LOOK["color"]]


def test_what_is_no_number_has_no_bar_and_no_text():
    found = bars([math.nan, 0.5])
    assert (found["y"][0], found["text"][0]) == (None, BLANK)


def test_where_numbers_have_no_room_0_is_still_said():
    found = bars([0.5] * 20 + [0.0, 1e-9])
    assert found["text"] == [""] * 20 + ["0", "▼"]


def test_on_a_projector_no_number_stands_alone():
    assert set(bars([0.5] * 20, rows=2)["text"]) == {""}


def test_lines_before_the_bars_may_leave_the_axis():
    values = {"left": [0.5, 0.5], "beside": [1e-9, 10.0], "most": [1e9, 0.0]}
    ceiling, other, found = BARS.drawn(moment(values))["data"]
    assert ceiling["y"] == [pytest.approx(9), None]
    assert ceiling["line"]["color"] == GHOST
    assert other["y"] == [pytest.approx(-9), 1]
    assert (other["mode"], found["type"]) == ("lines+markers", "bar")


def test_what_is_drawn_is_named_only_where_there_is_more_than_bars():
    assert [n["text"] for n in BARS.drawn(moment({"left": [1.0]}))["layout"]["annotations"]] == [
        BLANK
    ]
    values = {"left": [1.0], "beside": [1.0], "most": [1.0]}
    named, _ = BARS.having(column=600).drawn(moment(values))["layout"]["annotations"]
    for text in ("Sigmoid", "Tanh", "at most 1"):
        assert text in named["text"].replace(BLANK, " ")
    without = BARS.drawn(moment({"left": [1.0], "most": [1.0]}))["layout"]["annotations"][0]
    assert "Sigmoid" not in without["text"]


def test_what_has_no_place_is_said_in_the_picture_and_to_those_who_do_not_see_it():
    layout = BARS.drawn(moment({"left": [0.0], "note": "layer 3 passes on 0"}))["layout"]
    assert layout["annotations"][-1]["text"] == "layer 3 passes on 0"
    assert "layer 3 passes on 0" in layout["meta"]["alt"]


def test_the_item_pointed_at_has_a_band_behind_it():
    (shape,) = BARS.drawn(moment({"left": [1.0] * 4}, k=2))["layout"]["shapes"]
    assert (shape["x0"], shape["x1"]) == (1.5, 2.5)


def test_elements_have_the_numbers_themselves_and_not_their_logarithms():
    figure = BARS.having(made_of=("gain:{k}", "arrives:{k}"))
    told = figure.drawn(moment({"left": [0.25, 0.0, 4.0]}))["elements"]
    assert told["name"] == "left:{k}"
    assert told["numbers"] == [0.25, 0, 4]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.4, 0.4, ["0.5", "1", "2"]),
        (-1, 1, ["0.1", "0.2", "0.5", "1", "2", "5"]),
        (-5.5, 1, ["10⁻⁴", "10⁻²", "1"]),
        (-40, 30, ["10⁻⁴⁰", "10⁻²⁰", "1", "10²⁰"]),
        (-1100, 0, ["10⁻¹⁰⁰⁰", "10⁻⁸⁰⁰", "10⁻⁶⁰⁰", "10⁻⁴⁰⁰", "10⁻²⁰⁰", "1"]),
    ],
)
def test_names_stand_at_round_numbers(low, high, expected):
    names = decade_names(low, high, 6)
    assert names["ticktext"] == expected
    for at, text in zip(names["tickvals"], names["ticktext"], strict=True):
        assert low <= at <= high
        plain = text.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
        is_power = text != plain
        assert at == pytest.approx(float(plain[2:]) if is_power else math.log10(float(plain)))


def test_a_power_of_ten_is_written_with_its_exponent_above():
    assert [power_of_ten(e) for e in (-12, 0, 3)] == ["10⁻¹²", "1", "10³"]


GRID = [0.01, 0.1, 1.0, 10.0]
CURVE = {"grid": GRID, "curve": [1e-6, 1e-4, 1e-2, 1.0], "now": 1e-2}


def sweep(values=None, **more):
    marks = {"marks": {"Low": 0.2, "High": 0.5}}
    return SWEEP.drawn(moment(CURVE | marks | (values or {}), low=6.0, high=1.0, **more))


def test_a_sweep_has_a_handle_on_its_grid_and_a_point_on_its_curve():
    figure = sweep()
    handles = figure["handles"]
    assert (handles["grip"], handles["values"]) == ("line", [1.0])
    assert (handles["min"], handles["max"]) == (0.01, 10)
    curve, point = figure["data"]
    assert (curve["x"], curve["y"]) == (GRID, [-6, -4, -2, 0])
    assert (point["x"], point["y"]) == ([1.0], [-2])
    assert figure["layout"]["xaxis"]["type"] == "log"  # so that the handle moves by decades


def test_marks_are_lines_with_names_that_stand_away_from_each_other():
    layout = sweep()["layout"]
    assert [(s["x0"], s["x1"]) for s in layout["shapes"]] == [(0.2, 0.2), (0.5, 0.5)]
    low, high = (n for n in layout["annotations"] if n["text"] in ("Low", "High"))
    assert (low["xanchor"], high["xanchor"]) == ("right", "left")
    assert low["x"] == pytest.approx(math.log10(0.2))


def test_a_number_beyond_the_grid_has_no_point_on_the_curve():
    (_, point) = sweep(scale=1e12)["data"]
    assert (point["x"], point["y"]) == ([], [])
    (_, point) = sweep({"now": 0.0})["data"]
    assert (point["x"], point["y"]) == ([], [])


def test_a_curve_has_a_gap_where_the_result_is_exactly_0():
    assert sweep({"curve": [0.0, 1e-4, 1e-2, 1.0]})["data"][0]["y"][0] is None


def test_the_other_curve_lies_behind_and_is_named():
    other = {"beside": [1.0, 1.0, 1.0, 1.0], "then": 1.0}
    figure = sweep(other)
    assert [trace["mode"] for trace in figure["data"]] == ["lines", "markers"] * 2
    assert figure["data"][0]["y"] == [0, 0, 0, 0]
    words = " ".join(n["text"] for n in figure["layout"]["annotations"])
    assert "Sigmoid" in words.replace(BLANK, " ")
    assert "Tanh" in words.replace(BLANK, " ")


@pytest.mark.parametrize("rows", [0, 2])
def test_plotly_takes_all_of_it(rows):
    values = {"left": [0.0, 0.5, math.inf, math.nan], "beside": [1.0] * 4, "most": [2.0] * 4}
    assert_plotly_takes(BARS.drawn(moment(values, rows=rows)))
    assert_plotly_takes(sweep(rows=rows))
