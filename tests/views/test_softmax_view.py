"""The Softmax page's figures, against nnfs called directly."""

import json
import math

import numpy as np
import plotly.graph_objects as go
import pytest

from nnfs import Softmax
from views.codecs import format_rows
from views.softmax import MOVES, Scenario, moving, numbers, view
from views.steps import CHECK

FIGURES = ["dx", "s", "terms", "jacobian", "z", "g", "centring"]
RNG = np.random.default_rng(0)


def scenario_of(**query):
    scenario, messages = Scenario.from_query(query)
    assert messages == []
    return scenario


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
    assert abs(numbers(scenario).dx.sum()) < 1e-15 * max(1, 1 / scenario.T) * len(scenario.z[0])


def test_temperature_puts_its_factor_into_J():
    cold, warm = (scenario_of(z=z, T=T) for z, T in (("2,1,0", "1"), ("8,4,0", "4")))
    assert_same(numbers(warm).s, numbers(cold).s)  # z / T is the same
    assert_same(numbers(warm).J, numbers(cold).J / 4)
    assert_same(numbers(warm).dx, numbers(cold).dx / 4)


def test_a_sample_of_a_batch_shows_what_it_shows_alone():
    batch = scenario_of(z="1,2,3;0,5,0;2,2,2", g="1,0,0;0,1,1;-1,0,2", n="1")
    alone = scenario_of(z="0,5,0", g="0,1,1", axes=format_rows((batch.axes,)))
    for name in FIGURES:
        assert view(batch)[name]["data"] == view(alone)[name]["data"]
    assert view(batch)["z"]["handles"]["row"] == 1


def test_views_share_nothing_between_calls():
    first = json.dumps(view(scenario_of()))
    view(scenario_of(z="9,9,9", g="3,2,1", T="3"))
    assert json.dumps(view(scenario_of())) == first


@pytest.mark.parametrize(("classes", "labelled"), [(10, True), (33, False)])
def test_above_32_classes_no_figure_has_numbers_or_handles(classes, labelled):
    figures = view(drawn(classes))
    for name in FIGURES:
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
    assert handles["min"] == -handles["max"] < -2
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
    {"axes": "1e-320,1e-320,1e-320"},
    {"axes": "-1,0,0"},
]


@pytest.mark.parametrize("query", EXTREMES, ids=str)
@pytest.mark.filterwarnings("error")
def test_extreme_numbers_give_figures_of_finite_numbers(query):
    for figure in view(scenario_of(**query)).values():
        assert all(map(math.isfinite, texts(figure)))


LARGEST = [{"z": "1e308,-1e308,0"}, {"g": "1e308,-1e308,1e308"}, {"axes": "1e308,1e308,1e308"}]


@pytest.mark.parametrize("query", LARGEST, ids=str)
def test_the_largest_numbers_that_a_link_may_hold_give_finite_figures(query):
    for figure in view(scenario_of(**query)).values():
        assert all(map(math.isfinite, texts(figure)))


# Beyond 1e-4 of the largest float plotly.js cuts off a range: the room for the numbers would go.
FP_SAFE = 1.797e304


@pytest.mark.parametrize("query", LARGEST, ids=str)
def test_no_axis_is_longer_than_plotly_can_draw(query):
    for name, figure in view(scenario_of(**query)).items():
        if name != "jacobian":
            assert max(map(abs, figure["layout"]["yaxis"]["range"])) < FP_SAFE


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_says_in_words_what_it_shows(name):
    alt = view(scenario_of())[name]["layout"]["meta"]["alt"]
    assert "<" not in alt
    assert any(digit in alt for digit in "0123456789")


@pytest.mark.parametrize("more", [{}, {"T": "0.05"}, {"present": "1"}, {"step": str(CHECK)}])
def test_what_overflows_is_missing_in_a_figure_and_never_breaks_it(more):
    query = {"z": "-5,5,1", "g": "1e308,-1e308,1e308", "wrong": "without_derivative"} | more
    figures = view(Scenario.from_query(query)[0])
    json.dumps(figures, allow_nan=False)


def dragged(scenario, field):
    """The scenario with other numbers in one field, on the same axes."""
    rows = RNG.uniform(-1, 1, (len(scenario.z), len(scenario.z[0]))).tolist()
    query = scenario.to_query() | {field: format_rows(rows)}
    return scenario_of(**query)


def moved(figures, traces):
    """The figures with the arrays of a moving answer in them, as the browser puts them there."""
    return figures | {
        name: figures[name]
        | {
            "data": [
                old | new for old, new in zip(figures[name]["data"], traces[name], strict=True)
            ]
        }
        for name in traces
    }


def seen(figures):
    """What is seen of figures: not what the pointer or a reader asks for after the drag."""
    return {
        name: {
            "data": [
                {part: value for part, value in trace.items() if part != "customdata"}
                for trace in figure["data"]
            ],
            "layout": {k: v for k, v in figure["layout"].items() if k != "meta"},
            "select": figure.get("select"),
        }
        for name, figure in figures.items()
    }


@pytest.mark.parametrize("field", ["z", "g"])
def test_what_moves_in_a_drag_makes_the_old_figures_the_new_ones(scenario, field):
    after = dragged(scenario, field)
    figures = moved(view(scenario), moving(after, MOVES[field]))
    assert seen(figures) == seen(view(after)) != seen(view(scenario))


@pytest.mark.parametrize(("field", "name"), [(f, name) for f in MOVES for name in MOVES[f]])
def test_no_figure_that_moves_could_be_left_out(field, name):
    before = drawn(4)
    after = dragged(before, field)
    rest = [other for other in MOVES[field] if other != name]
    assert seen(moved(view(before), moving(after, rest))) != seen(view(after))


def test_names_of_no_figure_move_nothing():
    assert moving(scenario_of(), ["nowhere", "__class__"]) == {}


@pytest.mark.parametrize("query", [{"step": "3"}, {"present": "1"}, {"wrong": "elementwise"}])
def test_where_more_than_numbers_may_change_the_handles_ask_for_whole_figures(query):
    assert view(scenario_of())["z"]["handles"]["moves"] == list(MOVES["z"])
    for name in ("z", "g"):
        assert view(scenario_of(**query))[name].get("handles", {"moves": []})["moves"] == []
