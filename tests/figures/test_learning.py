"""The learning curve: its points lie on its curves, and its names where the losses differ."""

import numpy as np
import pytest

from tests.figures.drawing import LOOK, assert_plotly_takes
from tests.figures.drawing import moment as bare
from visualizer.figures import Axis, LearningCurve, places_between
from visualizer.figures.layout import BLANK

PLACES = places_between(-20, 20, 81)
X = np.array(PLACES)
ENDS = {"axis": 1.0, "L": 4.0}


def steep_of(x, t=1.0):
    """|dx| of two losses for a target and its opposite: a step, and a bump."""
    rising, bumps = 1 / (1 + np.exp(-x)), [0.1 * np.exp(-((x + a) ** 2)) for a in (1, -1)]
    one, other = (rising, 1 - rising) if t < 0.5 else (1 - rising, rising)
    return np.array([[one, other], bumps])


def figure(**more):
    words = {"compared": ("entropy", "squares"), "short_names": ("E", "S")}
    sides = {"sides": ("all<br>wrong", "all<br>right"), "short_sides": ("wrong", "right")}
    fields = {"places": PLACES, "losses": "L", "loss_color": "#123456", "upper": Axis("L")}
    return LearningCurve("steep", **{**LOOK, **words, **sides, **fields, "drag": "z", **more})


def moment(z=1.0, t=1.0, rows=0, **more):
    at = np.append(X, z)
    values = {"z": [0.5, z], "t": [0, t], "steep": steep_of(at, t), "L": 4 * steep_of(at, t)}
    found = bare(values | more, rows=rows, j=1, z=((0.5, z),))
    return type(found)(found.scenario, found.values, ENDS, {}, rows)


def drawn(at, **more):
    return figure(**more).drawn(at)


@pytest.mark.parametrize("rows", [0, 2])
@pytest.mark.parametrize("more", [{}, {"deeper": "deep"}])
def test_plotly_takes_it(rows, more):
    deep = {"deep": np.linspace(0, 1, len(PLACES) + 1)}
    assert_plotly_takes(drawn(moment(rows=rows, **deep), **more))


def points_of(panel):
    """Each point of a panel, with the height of its curve there, between its places."""
    *curves, _, points = panel
    for curve, x, y in zip(curves, points["x"], points["y"], strict=True):
        yield float(np.interp(x, curve["x"], curve["y"])), y


@pytest.mark.parametrize("z", [-8.0, 0.3, 20.0])
def test_every_point_lies_on_its_curve(z):
    data = drawn(moment(z))["data"]
    assert [trace.get("yaxis") for trace in data] == [None] * 6 + ["y2"] * 6
    for panel, scale in ((data[:6], 1), (data[6:], 4)):
        for height, y in points_of(panel):
            assert y == pytest.approx(height, abs=0.01 * scale)  # half a unit between places


def test_the_oracle_finds_a_point_beside_its_curve():
    data = drawn(moment(0.3))["data"]
    data[5]["y"] = data[5]["y"][::-1]
    assert max(abs(height - y) for height, y in points_of(data[:6])) > 0.1


def test_the_loss_of_the_page_is_coloured_and_its_opposite_target_dashed():
    lines = drawn(moment())["data"][:4]
    assert [line["line"]["dash"] for line in lines] == ["dash", "solid", "dash", "solid"]
    colors = [line["line"]["color"] for line in lines]
    assert colors[0] == colors[1] != colors[2] == colors[3] == LOOK["color"]
    np.testing.assert_allclose(lines[3]["y"], steep_of(X)[0, 0], atol=1e-4)
    np.testing.assert_allclose(lines[2]["y"], steep_of(X)[0, 1], atol=1e-4)


def names(found):
    """The six texts of the lower panel: high, middle and low, at the left and at the right."""
    return [note["text"] for note in found["layout"]["annotations"][-6:]]


def test_losses_are_named_where_the_target_is_wrong():
    left = ["entropy", "all<br>wrong", "squares", BLANK, "all<br>right", BLANK]
    assert names(drawn(moment(t=1.0))) == left
    assert names(drawn(moment(t=0.0))) == [*left[3:], *left[:3]]
    assert names(drawn(moment(t=1.0, rows=2)))[:3] == ["E", "wrong", "S"]


def test_losses_that_are_alike_there_are_named_as_both():
    flat = 0.01 * steep_of(np.append(X, 1.0))
    assert names(drawn(moment(steep=flat)))[:3] == [BLANK, "all<br>wrong", "both"]


def test_the_line_below_the_title_says_what_is_solid():
    first = drawn(moment(t=0.8))["layout"]["annotations"][0]["text"]
    assert first == "solid: t₁ = 0.80, dashed: 0.20"


def test_it_drags_one_number_of_its_row():
    handles = drawn(moment(-3.0))["handles"]
    assert (handles["field"], handles["at"], handles["values"]) == ("z", 1, [-3.0])
    assert (handles["min"], handles["max"], handles["grip"]) == (-20, 20, "line")
    assert handles["labels"] == ["z 1 on the learning curve"]
    assert handles["together"] is None


def test_an_input_beyond_the_picture_stands_at_its_edge_with_its_own_heights():
    *_, line, points = drawn(moment(-300.0))["data"][:6]
    assert line["x"] == [-20, -20]
    assert points["x"] == [-20] * 4
    assert points["customdata"][3] == 1


def test_both_panels_have_an_axis_of_a_name():
    assert [axis.name for axis in figure().measures] == ["axis", "L"]
    layout = drawn(moment())["layout"]
    assert layout["yaxis"]["domain"][1] < layout["yaxis2"]["domain"][0]


def test_the_alternative_text_has_the_numbers_of_both_losses():
    alt = drawn(moment(1.0))["layout"]["meta"]["alt"]
    assert "At z = 1.000, by entropy L is 1.076 and |dz| is 0.269" in alt
    assert "by squares" in alt
