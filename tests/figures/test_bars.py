"""Bars, term bars and centring bars: what they draw are the numbers that they were given."""

import numpy as np
import pytest

from tests.figures.drawing import END, LOOK, assert_plotly_takes, moment
from visualizer.figures import Axis, Bars, CentringBars, TermBars
from visualizer.figures.layout import BLANK


def bars(values, ghosts=None, j=0, **more):
    figure = Bars(name="z", ghosts="ghosts" if ghosts else "", **LOOK | more)
    return figure.drawn(moment({"z": values, "ghosts": ghosts or {}}, j=j))


def term_bars(terms, total):
    figure = TermBars(name="terms", total_color="#111111", **LOOK)
    return figure.drawn(moment({"terms": np.transpose([terms]), "dx": [total]}))


def centring_bars(values, weights, mean):
    figure = CentringBars(name="g", **LOOK)
    return figure.drawn(moment({"g": values, "s": weights, "mean": mean}))


def trace(values, **more):
    return bars(values, **more)["data"][0]


def drawn_axis(count):
    return bars([1.0] * count)["layout"]["xaxis"]


@pytest.mark.parametrize(
    "figure",
    [
        bars([1, -2, 3], j=1, stands_out=True),
        bars([0.5] * 1000, low=0.0),
        term_bars([0.1, -0.3], -0.2),
        term_bars([0.1] * 100, 10.0),
        centring_bars([1, 0, 0], [0.5, 0.25, 0.25], 0.5),
        centring_bars([1.0] * 100, [0.01] * 100, 1.0),
    ],
)
def test_plotly_takes_every_figure_of_bars(figure):
    assert_plotly_takes(figure)


def test_the_oracle_rejects_an_option_that_plotly_does_not_know():
    figure = bars([1.0])
    figure["layout"]["titel"] = "t"
    with pytest.raises(ValueError, match="titel"):
        assert_plotly_takes(figure)


def test_each_bar_has_its_value():
    assert trace([1.0, -0.5, 0.25])["y"] == [1.0, -0.5, 0.25]


def test_a_bar_longer_than_the_axis_ends_at_its_edge_and_an_arrow_says_so():
    drawn = trace([5.0, -7.0, 2.0])
    assert drawn["y"] == [2.0, -2.0, 2.0]
    assert drawn["text"] == ["▲ 5.000", "▼ −7.000", "2.000"]


def test_a_ghost_longer_than_the_axis_has_an_arrow_too_and_no_number():
    ghost, _ = bars([1.0] * 3, ghosts={"a": [5, -7, 1]})["data"]
    assert ghost["y"] == [2, -2, 1]
    assert ghost["text"] == ["▲", "▼", BLANK]
    assert ghost["textposition"] == "outside"


def test_the_full_number_is_shown_on_hover_also_beyond_the_axis():
    assert trace([5.0, 0.1234567])["customdata"] == [5.0, 0.1234567]


@pytest.mark.parametrize(("count", "labelled"), [(12, True), (13, False), (33, False)])
def test_above_12_bars_have_no_numbers(count, labelled):
    assert any(trace([1.0] * count)["text"]) is labelled
    terms = term_bars([0.01] * (count - 1), 1.0)["data"][0]
    assert any(terms["text"]) is labelled


@pytest.mark.parametrize("count", [13, 32, 100])
def test_without_room_for_numbers_there_is_an_arrow_on_the_bars_that_are_cut_and_on_no_other(count):
    rest = [0.0] * (count - 2)
    assert trace([5.0, -7.0, *rest])["text"] == ["▲", "▼", *([""] * (count - 2))]
    terms = term_bars([1.5, 1.0, *rest], 2.5)["data"][0]
    assert terms["text"] == ["", "▲", *([""] * (count - 2)), "▲"]


def test_the_selected_bar_stands_out():
    opacity = trace([1.0, 1.0, 1.0], j=1, stands_out=True)["marker"]["opacity"]
    assert opacity[1] == 1.0
    assert max(opacity[0], opacity[2]) < 1.0


def test_ghosts_are_named_behind_their_hatches_for_what_is_pointed_at():
    figure = bars([1.0, 1.0], ghosts={"a": [5, 0.5], "b": [1, 2]}, index="j")
    assert figure["elements"]["ghosts"] == [f"/{BLANK}a", f"\\{BLANK}b"]
    assert [trace["customdata"] for trace in figure["data"][:2]] == [[5, 0.5], [1, 2]]
    assert "ghosts" not in bars([1.0, 1.0], index="j")["elements"]


def test_beside_ghosts_no_bar_stands_out():
    *_, bar = bars([1.0, 1.0], ghosts={"a": [0.5, 0.5]}, stands_out=True)["data"]
    assert "opacity" not in bar["marker"]
    assert "opacity" not in trace([1.0, 1.0])["marker"]


def test_the_axis_does_not_depend_on_the_values():
    one, other = (bars(v)["layout"]["yaxis"] for v in ([0.0, 1.0], [9.0, -9.0]))
    assert one == other


def test_an_axis_holds_the_limit_and_room_for_a_number():
    low, high = bars([1.0])["layout"]["yaxis"]["range"]
    assert low < -2.0 < 2.0 < high


FULL = {"axis": Axis("axis", most=END), "low": 0.0}


def test_a_bar_that_is_dragged_to_the_bound_of_its_axis_has_room_for_its_number():
    for drag, number in (("z", True), ("", False)):
        figure = Bars(name="z", drag=drag, **LOOK | FULL)
        layout = figure.drawn(moment({"z": [1.0]}, z=((1.0,),)))["layout"]
        assert layout["yaxis"]["range"][1] > 1.1 * END
        assert (layout["yaxis"].get("tickvals") == [0, END / 2, END]) is number
    other = Bars(name="z", drag="z", **LOOK)
    axis = other.drawn(moment({"z": [1.0]}, z=((1.0,),)))["layout"]["yaxis"]
    assert axis["range"][1] < 1.1 * END
    assert "tickvals" not in axis


def test_a_note_stands_in_the_corner_and_is_shorter_on_a_projector():
    figure = Bars(name="z", note="said", short_note="short", **LOOK)
    values = {"z": [1.0], "said": "a difference", "short": "Δ"}
    for rows, text in ((0, "a difference"), (2, "Δ")):
        (note,) = figure.drawn(moment(values, rows=rows))["layout"]["annotations"]
        assert (note["text"], note["xanchor"]) == (text, "right")
        assert figure.moved(moment(values, rows=rows))["layout"]["annotations"] == [note]


def test_handles_that_move_by_themselves_are_told_where_they_stand():
    for follows in (True, False):
        figure = Bars(name="z", drag="z", follows=follows, **LOOK)
        moved = figure.moved(moment({"z": [1.0, 2.0]}, z=((1.0, 2.0),)))
        assert moved.get("handles") == ([1.0, 2.0] if follows else None)


def test_a_figure_may_have_no_handle_for_all():
    for shared in (True, False):
        figure = Bars(name="z", drag="z", shared=shared, **LOOK)
        handles = figure.drawn(moment({"z": [1.0]}, z=((1.0,),)))["handles"]
        assert (handles["together"] is not None) is shared


def test_each_term_starts_where_the_last_one_ended():
    terms = np.random.default_rng(0).normal(0, 0.1, 6)
    drawn = term_bars(terms.tolist(), terms.sum())["data"][0]
    ends = np.add(drawn["base"], drawn["y"])
    # Additions of numbers below 1: a few roundings.
    np.testing.assert_allclose(ends[:-1], np.cumsum(terms), rtol=0, atol=1e-15)
    assert drawn["base"][1:-1] == pytest.approx(ends[:-2])


def test_the_last_bar_is_the_sum_that_backward_returned():
    drawn = term_bars([0.1, 0.2], 0.125)["data"][0]
    assert (drawn["base"][-1], drawn["y"][-1]) == (0.0, 0.125)
    assert drawn["text"] == ["0.100", "0.200", "0.125"]
    assert drawn["marker"]["color"] == ["#000000", "#000000", "#111111"]


@pytest.mark.parametrize("count", [33, 40, 1000])
def test_the_sum_of_many_terms_is_named_and_is_no_class(count):
    layout = term_bars([0.1] * count, 0.1 * count)["layout"]
    (note,) = layout["annotations"]
    assert (note["text"], note["x"]) == ("sum", count)
    assert layout["xaxis"]["labelalias"] == {str(count): ""}


def test_a_term_that_reaches_beyond_the_axis_ends_at_its_edge_and_an_arrow_says_so():
    # It goes up to 1.5, 2.5, 3, back to 1, and down to −3.
    terms = [1.5, 1.0, 0.5, -2.0, -4.0]
    drawn = term_bars(terms, -3.0)["data"][0]
    assert drawn["base"] == [0.0, 1.5, 2.0, 2.0, 1.0, 0.0]
    assert drawn["y"] == [1.5, 0.5, 0.0, -1.0, -3.0, -2.0]
    assert drawn["text"] == ["1.500", "▲ 1.000", "▲ 0.500", "▲ −2.00", "▼ −4.00", "▼ −3.00"]
    assert drawn["customdata"] == [*terms, -3.0]


@pytest.mark.parametrize(
    "figure",
    [
        bars([1.0]),
        term_bars([1.0], 1.0),
        centring_bars([1.0, -1.0], [0.5, 0.5], 0.0),
    ],
)
def test_the_number_of_a_bar_that_fills_the_axis_has_room_before_the_names(figure):
    low, high = figure["layout"]["yaxis"]["range"]
    pixels = figure["layout"]["height"] - sum(figure["layout"]["margin"][side] for side in "tb")
    # Plotly puts it 3 pixels off the bar.
    needed = 3 + figure["data"][0]["textfont"]["size"]
    assert (-END - low) / (high - low) * pixels > needed
    assert (high - END) / (high - low) * pixels > needed


def test_the_areas_of_the_centring_picture_are_s_times_the_deviation_and_add_up_to_zero():
    s, g = np.array([0.7, 0.2, 0.1]), np.array([1.0, -0.5, 0.3])
    drawn = centring_bars(g.tolist(), s.tolist(), float(s @ g))["data"][0]
    areas = np.multiply(drawn["width"], drawn["y"])
    # Widths are a fixed part of s, so that bars do not touch.
    np.testing.assert_allclose(areas / areas[0], s * (g - s @ g) / (s[0] * (g[0] - s @ g)))
    assert abs(areas.sum()) < 1e-15


@pytest.mark.parametrize("count", [2, 6, 7, 11, 13, 20, 31, 32])
def test_the_sum_is_named_however_many_terms_there_are(count):
    axis = term_bars([0.01] * count, 1.0)["layout"]["xaxis"]
    assert (axis["tickvals"][-1], axis["ticktext"][-1]) == (count, "sum")
    assert axis["ticktext"][0].removeprefix("i=") == "0"


def test_of_many_places_as_many_have_names_as_there_is_room_for():
    names = [drawn_axis(count)["ticktext"] for count in (3, 10, 20, 32)]
    assert names[0] == ["0", "1", "2"]
    assert names[1] == [str(i) for i in range(10)]
    assert names[2] == [str(i) for i in range(0, 20, 2)]
    assert names[3] == [str(i) for i in range(0, 32, 5)]


@pytest.mark.parametrize(
    "figure",
    [
        bars([0.123, -1.5]),
        term_bars([0.123, -1.5], -1.377),
        centring_bars([1.123, -0.5], [0.5, 0.5], 1.0),
    ],
)
def test_the_alternative_text_says_the_title_and_the_numbers(figure):
    alt = figure["layout"]["meta"]["alt"]
    assert alt.startswith("t.")
    assert "0.123" in alt
    assert "−1.5" in alt


def test_the_alternative_text_has_no_tags():
    figure = bars([1.0], title="J<sup>T</sup>·g<sub>i</sub>")
    assert figure["layout"]["meta"]["alt"].startswith("JT·gi")
