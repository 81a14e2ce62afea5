"""The Softmax page's figures, against nnfs called directly."""

import json
import math
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from nnfs import Softmax
from tests.lessons import showing
from visualizer.figures import number
from visualizer.lessons.softmax import LESSON, compute
from visualizer.lessons.steps import CHECK
from visualizer.scenario.codecs import format_rows

FIGURES = ["dx", "s", "terms", "jacobian", "z", "g", "centring", "flow", "formula", "sum"]
RNG = np.random.default_rng(0)


def scenario_of(**query):
    return showing.scenario_of(LESSON, **query)


def view(scenario, **ends):
    return showing.figures_of(LESSON, scenario, ends)


def drawn(classes, batch=1, n=0, j=0, T="1"):
    """A scenario of random numbers that lie inside every axis."""
    z = RNG.normal(0, 1, (batch, classes)).clip(-2, 2).tolist()
    g = RNG.normal(0, 0.3, (batch, classes)).clip(-2, 2).tolist()
    query = {"z": format_rows(z), "g": format_rows(g), "T": T, "n": str(n), "j": str(j)}
    return scenario_of(**query)


def by_hand(scenario):
    """s, J and dx of the sample in view, from nnfs alone: J by one backward for each row."""
    layer, T, n = Softmax(), scenario.T, scenario.n
    s = layer.forward(np.array([scenario.z[n]]) / T)[0]
    J = np.array([layer.backward(row[None])[0] for row in np.eye(len(s))]) / T
    dx = layer.backward(np.array([scenario.g[n]]))[0] / T
    return s, J, dx


SCENARIOS = [
    scenario_of(),
    drawn(2, j=1),
    drawn(7, j=3),
    drawn(10, batch=3, n=2, j=9),
    drawn(4, T="0.5"),
    drawn(5, T="20"),
    drawn(32),
]


@pytest.fixture(params=SCENARIOS, ids=lambda s: f"{len(s.z)}x{len(s.z[0])}-T{s.T:g}")
def scenario(request):
    return request.param


# Two ways to the same numbers, all below 100: a few roundings of float64.
def assert_same(actual, desired):
    np.testing.assert_allclose(actual, desired, rtol=1e-12, atol=1e-14)


def test_the_bars_are_the_numbers_of_nnfs(scenario):
    figures = view(scenario)
    s, _, dx = by_hand(scenario)
    assert_same(figures["s"]["data"][0]["y"], s)
    assert_same(figures["dx"]["data"][0]["y"], dx)
    assert figures["z"]["data"][0]["y"] == list(scenario.z[scenario.n])
    assert figures["g"]["data"][0]["y"] == list(scenario.g[scenario.n])


def test_the_oracle_rejects_the_diagonal_pass():
    scenario = scenario_of()
    s, _, _ = by_hand(scenario)
    with pytest.raises(AssertionError):
        assert_same(s * (1 - s) * scenario.g[0], view(scenario)["dx"]["data"][0]["y"])


def test_the_oracle_rejects_a_temperature_without_its_factor():
    scenario = scenario_of(T="2")
    with pytest.raises(AssertionError):
        assert_same(by_hand(scenario)[2] * scenario.T, view(scenario)["dx"]["data"][0]["y"])


def test_the_heat_map_is_the_jacobian_of_nnfs(scenario):
    assert_same(view(scenario)["jacobian"]["data"][0]["z"], by_hand(scenario)[1])


def test_the_terms_are_g_times_a_column_of_J_and_end_at_dx(scenario):
    _, J, dx = by_hand(scenario)
    trace = view(scenario)["terms"]["data"][0]
    terms = np.array(scenario.g[scenario.n]) * J[:, scenario.j]
    assert_same(trace["y"][:-1], terms)
    assert_same(trace["base"][-2] + trace["y"][-2], dx[scenario.j])
    assert_same(trace["y"][-1], dx[scenario.j])


def test_the_centring_bars_are_g_minus_its_mean_and_as_wide_as_s(scenario):
    s, _, dx = by_hand(scenario)
    bars, line = view(scenario)["centring"]["data"]
    g = np.array(scenario.g[scenario.n])
    assert_same(bars["y"], g - s @ g)
    assert_same(line["y"], [s @ g] * 2)
    share = bars["width"][0] / s[0]
    assert_same(np.multiply(bars["width"], bars["y"]) / share, dx * scenario.T)


def test_the_numbers_on_hover_are_those_of_the_layer_also_beyond_the_axis(scenario):
    assert_same(view(scenario)["dx"]["data"][0]["customdata"], by_hand(scenario)[2])


def test_plotly_takes_every_figure(scenario):
    figures = view(scenario)
    assert sorted(figures) == sorted(FIGURES)
    for figure in figures.values():
        go.Figure({"data": figure["data"], "layout": figure["layout"]})


def test_the_result_comes_before_the_rest():
    assert next(iter(view(scenario_of()))) == "dx"


def test_dx_adds_up_to_zero(scenario):
    assert abs(compute(scenario)["dx"].sum()) < 1e-15 * max(1, 1 / scenario.T) * len(scenario.z[0])


def test_temperature_puts_its_factor_into_J():
    cold, warm = (scenario_of(z=z, T=T) for z, T in (("2,1,0", "1"), ("8,4,0", "4")))
    assert_same(compute(warm)["s"], compute(cold)["s"])  # z / T is the same
    assert_same(compute(warm)["J"], compute(cold)["J"] / 4)
    assert_same(compute(warm)["dx"], compute(cold)["dx"] / 4)


def test_a_sample_of_a_batch_shows_what_it_shows_alone():
    batch = scenario_of(z="1,2,3;0,5,0;2,2,2", g="1,0,0;0,1,1;-1,0,2", n="1")
    alone = scenario_of(z="0,5,0", g="0,1,1")
    for name in FIGURES:
        assert view(batch)[name]["data"] == view(alone)[name]["data"]
    assert view(batch)["z"]["handles"]["row"] == 1


def test_views_share_nothing_between_calls():
    first = json.dumps(view(scenario_of()))
    view(scenario_of(z="9,9,9", g="3,2,1", T="3"))
    assert json.dumps(view(scenario_of())) == first


def test_the_sum_of_all_dz_stands_in_symbols_and_in_numbers():
    scenario = scenario_of(z="2,1,0.1", g="-1,0.5,-2")
    mean = number(float(compute(scenario)["mean"]))  # −0.62
    figure = view(scenario)["sum"]
    assert figure["data"][0]["text"] == [mean, f"({mean})", "0.000"]
    assert "/" not in figure["layout"]["meta"]["alt"]
    warm = view(scenario.having(T=2.0))["sum"]
    assert warm["data"][0]["text"][-2:] == ["2.000", "0.000"]
    assert "1/T" in warm["layout"]["meta"]["alt"]


@pytest.mark.parametrize(("classes", "labelled"), [(8, True), (33, False)])
def test_above_32_classes_no_figure_has_numbers_or_handles(classes, labelled):
    figures = view(drawn(classes))
    assert bool(figures["flow"]["data"]) is labelled
    for name in set(FIGURES) - {"flow", "formula", "sum", "jacobian"}:  # which is colours
        assert any(figures[name]["data"][0].get("text", [])) is labelled
    for name in ("z", "g"):
        assert (figures[name]["handles"] is not None) is labelled


@pytest.mark.parametrize(("classes", "kind"), [(200, "heatmap"), (201, "image"), (1000, "image")])
def test_above_200_classes_the_heatmap_is_one_image(classes, kind):
    (trace,) = view(drawn(classes))["jacobian"]["data"]
    assert trace["type"] == kind


@pytest.mark.parametrize("classes", [32, 33])
def test_only_bars_with_handles_are_said_to_be_dragged(classes):
    figure = view(drawn(classes))["z"]
    assert ("drag" in figure["layout"]["title"]["text"]) is (figure["handles"] is not None)


def test_handles_name_their_bars_and_say_how_far_they_go():
    handles = view(scenario_of())["z"]["handles"]
    assert handles["labels"] == ["z 0", "z 1", "z 2"]
    assert handles["values"] == [2.0, 1.0, 0.1]
    assert handles["min"] < 0
    assert handles["max"] > 2
    assert view(scenario_of())["g"]["handles"]["together"] == "all of g"


def texts(figure):
    """All numbers of a figure, wherever they stand."""
    if isinstance(figure, dict):
        figure = list(figure.values())
    if isinstance(figure, list | tuple):
        for item in figure:
            yield from texts(item)
    elif isinstance(figure, float):
        yield figure


EXTREMES = [
    {"z": "1e300,-1e300,0", "T": "1"},
    {"g": "1e300,-1e300,1e300"},
    {"z": "5e-324,0,-5e-324", "g": "5e-324,0,0"},
    {"z": "1000,999,998", "T": "0.05"},
    {"z": "0,0,0", "g": "0,0,0"},
]


@pytest.mark.parametrize("query", EXTREMES, ids=str)
@pytest.mark.filterwarnings("error")
def test_extreme_numbers_give_figures_of_finite_numbers(query):
    for figure in view(scenario_of(**query)).values():
        assert all(map(math.isfinite, texts(figure)))


@pytest.mark.parametrize("end", [5e-324, 1e-320, 1e-300, -1.0, 0.0, 1e304, 1e308, math.inf])
@pytest.mark.parametrize("query", [{}, {"T": "20"}, {"z": ",".join("1" * 201), "T": "20"}])
@pytest.mark.filterwarnings("error")
def test_whatever_axes_a_message_asks_for_the_figures_have_finite_numbers(query, end):
    figures = view(scenario_of(**query), **dict.fromkeys(("z", "g", "s", "dx", "J"), end))
    for figure in figures.values():
        assert all(map(math.isfinite, texts(figure)))
    scale = figures["jacobian"]["layout"]["coloraxis"]
    assert scale["cmin"] < 0 < scale["cmax"]


LARGEST = [{"z": "1e308,-1e308,0"}, {"g": "1e308,-1e308,1e308"}, {"z": "5e306,0", "T": "0.05"}]


@pytest.mark.parametrize("query", LARGEST, ids=str)
def test_the_largest_numbers_that_a_link_may_hold_give_finite_figures(query):
    for figure in view(scenario_of(**query)).values():
        assert all(map(math.isfinite, texts(figure)))


# Beyond 1e-4 of the largest float plotly.js cuts off a range: the room for the numbers would go.
FP_SAFE = 1.797e304


@pytest.mark.parametrize("ends", [{}, {"z": 1e308, "g": 1e308, "s": 1e308, "dx": 1e308}], ids=str)
@pytest.mark.parametrize("query", LARGEST, ids=str)
def test_no_axis_is_longer_than_plotly_can_draw(query, ends):
    for name, figure in view(scenario_of(**query), **ends).items():
        if name not in ("jacobian", "formula", "sum"):
            assert max(map(abs, figure["layout"]["yaxis"]["range"])) < FP_SAFE


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_says_in_words_what_it_shows(name):
    alt = view(scenario_of())[name]["layout"]["meta"]["alt"]
    assert "<" not in alt
    assert any(digit in alt for digit in "0123456789")


@pytest.mark.parametrize("more", [{}, {"T": "0.05"}, {"present": "1"}, {"step": str(CHECK)}])
def test_what_overflows_is_missing_in_a_figure_and_never_breaks_it(more):
    query = {"z": "-5,5,1", "g": "1e308,-1e308,1e308", "wrong": "without_derivative"} | more
    figures = view(scenario_of(**query))
    json.dumps(figures, allow_nan=False)


def test_an_axis_shrinks_for_no_drag_and_that_of_a_result_does_not_grow_either():
    before = LESSON.moment(scenario_of(), {})
    for query in ({"z": "0,0,0"}, {"g": "0,0,0"}, {"z": "2.5,-1,2", "g": "2,-1.2,2"}):
        assert LESSON.moment(scenario_of(**query), before.ends).ends == before.ends
    longer = LESSON.moment(scenario_of(z="50,0,0", g="7,0,0"), before.ends).ends
    assert (longer["z"], longer["g"], longer["dx"]) == (63, 8.8, before.ends["dx"])
    assert longer["terms.0"] == before.ends["terms.0"]


def shares(figure):
    """How much of the height of a figure each of its bars takes, and all of them together."""
    bars, (low, high) = figure["data"][0], figure["layout"]["yaxis"]["range"]
    base = np.broadcast_to(bars.get("base", 0.0), len(bars["y"]))
    tips = [0.0, *base, *np.add(base, bars["y"])]
    return np.abs(bars["y"]) / (high - low), (max(tips) - min(tips)) / (high - low)


@pytest.mark.parametrize("scenario", [scenario_of(), scenario_of(j="1"), drawn(7), drawn(12)])
def test_results_use_four_fifths_of_the_height_when_their_axes_are_fitted(scenario):
    figures = view(scenario)
    for name in ("dx", "terms"):
        assert 0.65 < shares(figures[name])[1] < 0.85, name


@pytest.mark.parametrize("j", ["0", "1", "2"])
def test_no_bar_of_a_result_is_a_hairline_at_first(j):
    figures = view(scenario_of(j=j))
    for name in ("dx", "terms", "s", "g"):
        assert min(shares(figures[name])[0]) > 0.03, name


def test_a_student_who_believes_in_the_diagonal_sees_it_fail_in_every_component():
    values = compute(scenario_of())
    believed = values["s"] * (1 - values["s"]) * values["g"]
    assert np.all(np.abs(believed - values["dx"]) > 0.02)


@pytest.mark.parametrize("g", ["1,1,1", "-3,-3,-3", "0.001,0.001,0.001"])
def test_stairs_that_come_back_to_0_are_never_cut(g):
    for j in "012":
        terms = view(scenario_of(g=g, j=j))["terms"]["data"][0]
        assert terms["y"][-1] == 0
        assert not any(text[0] in "▲▼" for text in terms["text"])


def test_next_to_nothing_looks_like_it():
    figures = view(scenario_of(z="40,0,0"))
    assert max(shares(figures["dx"])[0]) < 1e-6


def test_many_classes_have_axes_that_fit_their_small_probabilities():
    ends = LESSON.moment(drawn(1000), {}).ends
    assert 2 * ends["s"] < 0.1 > 2 * ends["J"]
    assert LESSON.moment(drawn(6), {}).ends["s"] == 1


def notes(figure):
    """What stands in the corners and below the columns of a figure."""
    return [note["text"] for note in figure["layout"].get("annotations", [])]


@pytest.mark.parametrize("query", [{}, {"g": "3,3,3"}, {"z": "40,0,0"}, {"T": "0.3"}, {"z": "0,0"}])
@pytest.mark.parametrize("present", [{}, {"present": "1"}])
def test_a_sum_that_is_0_is_said_to_be_where_it_is(query, present):
    scenario = scenario_of(**query, **present)
    figures = view(scenario)
    assert notes(figures["dx"]) == ["Σ = 0"]
    assert notes(figures["jacobian"]) == ["Σ 0"] * len(scenario.z[0])
    assert all("rounding" in note["hovertext"] for note in figures["dx"]["layout"]["annotations"])


def test_what_says_so_adds_up_what_is_shown():
    """The negative control: with one component changed, it says another sum."""
    moment = LESSON.moment(scenario_of(), {})
    wrong = replace(moment, values={**moment.values, "total": 0.225, "sums": [0.5, 0.0, 0.0]})
    figures = LESSON.drawn(wrong)
    assert notes(figures["dx"]) == ["Σ = 0.225"]
    assert notes(figures["jacobian"]) == ["Σ 0.500", "Σ 0", "Σ 0"]


def test_the_sums_of_many_columns_have_no_room():
    assert notes(view(drawn(7))["jacobian"]) == []
    assert notes(view(drawn(7))["dx"]) == ["Σ = 0"]


def test_every_one_of_ten_classes_has_its_label_in_every_figure():
    figures = view(drawn(10))
    for name in figures.keys() - {"flow", "formula", "sum"}:  # which have no axis of places
        axis = figures[name]["layout"]["xaxis"]
        assert [text for text in axis["ticktext"] if text != "sum"] == list("0123456789"), name
    assert figures["jacobian"]["layout"]["yaxis"]["ticktext"] == list("0123456789")
