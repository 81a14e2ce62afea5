"""The Chain page: its numbers are those of nnfs, layer by layer, however small they are."""

import json
import math

import numpy as np
import pytest

from nnfs import ACTIVATIONS as ALL
from nnfs import (
    Dense,
    Sequential,
    Softmax,
    glorot_scale,
    he_scale,
    jacobian,
    softmax_jacobian,
)
from tests.lessons.showing import figures_of, scenario_of
from visualizer.figures.decades import SHADOW
from visualizer.lessons import BY_NAME
from visualizer.lessons.chain import MOMENTS, formulas
from visualizer.lessons.chain_runs import (
    ACTIVATIONS,
    BATCH,
    CALLED,
    FLAT,
    GRID,
    STEEPEST,
    chain_of,
    compute,
    drawn_by_seed,
    left_at,
)
from visualizer.server.lane import MAX_MESSAGE, answer, answer_at_once

CHAIN = BY_NAME["chain"]
# Three activations, a head, one input alone, the widest, and scales from vanishing to exploding.
STATES = [
    {},
    {"activation": "tanh", "layers": "12", "scale": "0.25", "k": "5", "j": "7"},
    {"activation": "relu", "layers": "20", "scale": "0.35", "seed": "3", "k": "19"},
    {"activation": "tanh", "head": "softmax", "k": "7", "width": "5"},
    {"width": "1", "scale": "2", "layers": "2"},
    {"layers": "30", "width": "64", "scale": "0.1", "k": "29", "j": "63"},
    {"activation": "relu", "scale": "10", "layers": "30"},
]
every_state = pytest.mark.parametrize("query", STATES, ids=str)


def shown(**query):
    """The scenario of a link, and its values."""
    scenario = scenario_of(CHAIN, **query)
    return scenario, compute(scenario)


def by_hand(scenario, activation=None):
    """The outputs and the gradients of the same chain, layer by layer, with a Dense of our own."""
    given = drawn_by_seed(scenario)
    kinds = [ACTIVATIONS[activation or scenario.activation]] * scenario.layers
    if scenario.head == "softmax":
        kinds[-1] = Softmax
    layers, outputs = [kind() for kind in kinds], [given["X"]]
    for layer, W in zip(layers, given["W"], strict=True):
        outputs.append(layer.forward(outputs[-1] @ W))
    gradients = [given["grad_next"]]
    for layer, W in zip(reversed(layers), given["W"][::-1], strict=True):
        gradients.append(layer.backward(gradients[-1]) @ W.T)
    return outputs, gradients[::-1]


@every_state
def test_the_norms_are_those_of_a_chain_run_by_hand(query):
    scenario, values = shown(**query)
    outputs, gradients = by_hand(scenario)
    norms = np.array([np.linalg.norm(gradient) for gradient in gradients])
    # Thirty products of matrices in the same order, of the same numbers.
    np.testing.assert_allclose(values["arrives"], norms[1:], rtol=1e-12)
    np.testing.assert_allclose(values["left"], norms[:-1] / norms[-1], rtol=1e-12)
    assert norms[-1] == pytest.approx(1, rel=1e-15)
    if scenario.activation != "relu":
        mean = [output.mean() for output in outputs[1:]]
        np.testing.assert_allclose(values["mean"], mean, rtol=0, atol=1e-14)


@every_state
def test_what_is_left_is_the_product_of_all_gains_behind(query):
    scenario, values = shown(**query)
    product = values["gain"][::-1].cumprod()[::-1]
    np.testing.assert_allclose(values["left"], product, rtol=1e-12)
    assert values["factor"] ** scenario.layers == pytest.approx(values["total"], rel=1e-10)
    # The negative control: the product from the other end is another one.
    assert not np.allclose(values["left"], values["gain"].cumprod(), rtol=1e-3)


def layer_alone(scenario):
    """The opened layer, and what comes into it for the first sample."""
    given = drawn_by_seed(scenario)
    last = scenario.head == "softmax" and scenario.k == scenario.layers - 1
    dense = Dense(scenario.width, scenario.width)
    dense.weights = given["W"][scenario.k]
    layer = Sequential(dense, Softmax() if last else ACTIVATIONS[scenario.activation]())
    return layer, by_hand(scenario)[0][scenario.k][:1]


@every_state
def test_the_jacobian_of_the_opened_layer_is_that_of_finite_differences(query):
    scenario, values = shown(**query)
    layer, x = layer_alone(scenario)
    h = 1e-6 * max(1.0, np.abs(x).max())
    steps = h * np.eye(scenario.width)
    columns = [layer.forward(x + s)[0] - layer.forward(x - s)[0] for s in steps]
    numeric = np.array(columns).T / (2 * h)
    # Rounding of 1e-16 / 1e-6 of outputs, and the bend of the curve, h² times the weights' cube.
    largest = max(1.0, np.abs(values["J"]).max())
    np.testing.assert_allclose(values["J"], numeric, rtol=0, atol=1e-8 * largest**3)
    # The negative control: rows are outputs; J of a layer is not symmetric.
    if scenario.width > 1:
        assert np.abs(values["J"].T - numeric).max() > 1e-3 * np.abs(numeric).max()


@every_state
def test_the_opened_layer_passes_on_what_arrives_at_the_one_before(query):
    scenario, values = shown(**query)
    _, gradients = by_hand(scenario)
    arriving, passed = gradients[scenario.k + 1][0], gradients[scenario.k][0]
    size = np.linalg.norm(arriving)
    np.testing.assert_allclose(values["g"] * size, arriving, rtol=1e-12, atol=1e-15 * size)
    np.testing.assert_allclose(values["terms"].sum(axis=0), values["dx"], rtol=0, atol=1e-9)
    loose = 1e-12 * np.abs(passed).max()
    np.testing.assert_allclose(values["dx"] * size, passed, rtol=1e-9, atol=loose)


def test_a_softmax_as_the_head_has_its_own_jacobian():
    scenario, values = shown(activation="tanh", head="softmax", k="7", width="5")
    outputs, _ = by_hand(scenario)
    expected = softmax_jacobian(outputs[-1][:1])[0] @ drawn_by_seed(scenario)["W"][-1].T
    np.testing.assert_allclose(values["J"], expected, rtol=0, atol=1e-14)
    layer, x = layer_alone(scenario)
    np.testing.assert_allclose(values["J"], jacobian(layer, x)[0], rtol=0, atol=1e-15)


@every_state
def test_no_layer_gains_more_than_its_ceiling(query):
    scenario, values = shown(**query)
    assert (values["gain"] <= values["ceiling"] * (1 + 1e-12)).all()
    norms = [np.linalg.norm(W, 2) for W in drawn_by_seed(scenario)["W"]]
    steepest = np.full(scenario.layers, STEEPEST[scenario.activation])
    if scenario.head == "softmax":
        steepest[-1] = STEEPEST["softmax"]
    np.testing.assert_allclose(values["ceiling"], steepest * norms, rtol=1e-12)


def test_a_ceiling_half_as_high_would_be_broken():
    """The test above can fail: one layer of width 1 with slopes near ¼ is near its ceiling."""
    _, values = shown(layers="2", width="1", scale="0.01")
    assert (values["gain"] > 0.5 * values["ceiling"]).any()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_steepest_slope_is_the_largest_that_the_layer_has(name):
    layer = ACTIVATIONS[name]()
    layer.forward(np.linspace(-6, 6, 1201))
    assert layer.backward(np.ones(1201)).max() == STEEPEST[name]


def test_the_largest_eigenvalue_of_a_softmax_is_the_one_that_is_named():
    s = np.array([[0.5, 0.5, 0.0]])
    assert np.linalg.eigvalsh(softmax_jacobian(s)[0])[-1] == pytest.approx(STEEPEST["softmax"])
    rng = np.random.default_rng(0)
    J = softmax_jacobian(Softmax().forward(3 * rng.normal(size=(200, 4))))
    assert np.linalg.eigvalsh(J).max() <= STEEPEST["softmax"]


@pytest.mark.parametrize("width", [1, 4, 16, 64])
def test_the_scales_of_glorot_and_he_are_those_of_nnfs_for_the_width(width):
    _, values = shown(width=str(width))
    assert values["marks"] == {"Glorot": glorot_scale(width, width), "He": he_scale(width)}
    assert values["marks"]["He"] == pytest.approx(2**0.5 * values["marks"]["Glorot"])


@pytest.mark.parametrize("place", [0, 8, 16, 24])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_curve_over_the_scale_is_what_the_page_shows_at_that_scale(activation, place):
    query = {"activation": activation, "layers": "5"}
    _, values = shown(**query)
    _, there = shown(**query, scale=repr(float(GRID[place])))
    assert values["over_scale"][place] == there["total"]
    scenario = scenario_of(CHAIN, **query)
    assert left_at(scenario, float(GRID[place])) == there["total"]


def test_a_relu_chain_is_a_power_of_its_scale_and_a_sigmoid_chain_is_not():
    """A ReLU lets a factor through, so each layer hands down the scale as it is."""
    power = (GRID / GRID[0]) ** 5
    _, relu = shown(activation="relu", layers="5")
    np.testing.assert_allclose(relu["over_scale"] / relu["over_scale"][0], power, rtol=1e-11)
    _, sigmoid = shown(layers="5")
    assert not np.allclose(sigmoid["over_scale"] / sigmoid["over_scale"][0], power, rtol=0.5)


def test_one_seed_draws_the_same_for_every_activation_and_every_scale():
    first, second = (
        drawn_by_seed(scenario_of(CHAIN, activation=name, scale=scale))
        for name, scale in (("sigmoid", "1"), ("relu", "0.5"))
    )
    np.testing.assert_array_equal(first["X"], second["X"])
    np.testing.assert_array_equal(first["grad_next"], second["grad_next"])
    np.testing.assert_array_equal(first["W"] / 2, second["W"])
    another = drawn_by_seed(scenario_of(CHAIN, seed="2"))
    assert all(not np.array_equal(first[name], another[name]) for name in first)


@pytest.mark.parametrize("other", ["tanh", "relu"])
def test_the_activation_beside_is_the_chain_that_has_it_on_the_same_weights(other):
    _, values = shown(beside=other, layers="12")
    _, alone = shown(activation=other, layers="12")
    for name in ("arrives", "gain", "left", "over_scale", "factor", "total"):
        np.testing.assert_array_equal(values[f"other_{name}"], alone[name])
    assert not np.array_equal(values["gain"], alone["gain"])


@pytest.mark.parametrize("beside", ["none", "sigmoid"])
def test_nothing_is_beside_a_chain_that_is_compared_with_nothing_else(beside):
    _, values = shown(beside=beside)
    assert not [name for name in values if name.startswith("other_")]


@pytest.mark.parametrize("query", [{}, {"beside": "tanh"}, {"activation": "relu"}], ids=str)
def test_every_output_is_counted_at_its_height(query):
    scenario, values = shown(**query)
    heights, counts = values["heights"], values["spread"][:, 1:-1]
    assert (counts.sum(axis=1) == BATCH * scenario.width).all()
    outputs = np.array(by_hand(scenario)[0][1:]).reshape(scenario.layers, -1)
    if scenario.activation == "relu":  # as shares of the largest
        outputs = outputs / outputs.max(axis=1, keepdims=True)
    # A histogram by another hand, with edges in the middle between heights.
    middles = heights[1:-1]
    edges = np.concatenate([heights[:1], (middles[1:] + middles[:-1]) / 2, heights[-1:]])
    expected = [np.histogram(row, edges)[0] for row in outputs]
    # A number on an edge may lie on either side of it.
    assert np.abs(counts - expected).sum() <= 4
    assert np.abs(counts - expected[::-1]).sum() > 100


def test_saturated_outputs_are_those_with_next_to_no_slope():
    _, values = shown(scale="5")
    y = np.array(by_hand(scenario_of(CHAIN, scale="5"))[0][1:])
    share = (y * (1 - y) < FLAT * 0.25).mean(axis=(1, 2))
    np.testing.assert_array_equal(values["saturated"], share)
    assert share.min() > 0.5 > shown(scale="0.25")[1]["saturated"].max()
    assert np.isnan(shown(head="softmax")[1]["saturated"][-1])


def test_a_dead_relu_is_said_with_the_layer_at_which_it_dies():
    query = MOMENTS["Narrow ReLUs die: exactly 0"]
    scenario, values = shown(**query)
    outputs, gradients = by_hand(scenario)
    first = next(k for k, y in enumerate(outputs[1:]) if not y.any())
    last = max(k for k in range(scenario.layers) if not gradients[k].any())
    assert values["note"] == (
        f"layer {first} puts out nothing but 0<br>layer {last} passes on exactly 0"
    )
    assert values["total"] == 0


def test_what_overflows_is_said_with_the_layer_at_which_it_does():
    scenario, values = shown(**MOMENTS["Too large for float64"])
    with np.errstate(all="ignore"):
        outputs, _ = by_hand(scenario)
    first = next(k for k, y in enumerate(outputs[1:]) if not np.isfinite(y).all())
    assert f"layer {first} overflows" in values["note"]
    assert np.isfinite(outputs[first]).all()
    figures = CHAIN.drawn(CHAIN.moment(scenario, {}))
    json.dumps(figures, allow_nan=False)


def test_nothing_is_said_where_all_has_its_place():
    for query in STATES:
        assert shown(**query)[1]["note"].strip() == ""


def test_what_is_merely_small_is_drawn_at_its_place_and_only_0_as_0():
    scenario, values = shown(layers="30", activation="tanh", scale="1e-12")
    left = values["left"]
    zeros = left == 0
    assert zeros.any()
    assert 0 < left[~zeros].min() < 1e-300  # squared, it would be 0 long before
    figure = figures_of(CHAIN, scenario)["product"]
    bars = figure["data"][-1]
    heights = np.array(bars["y"])
    np.testing.assert_allclose(heights[~zeros], np.log10(left[~zeros]), rtol=1e-12)
    assert [text == "0" for text in bars["text"]] == zeros.tolist()
    assert [color == SHADOW for color in bars["marker"]["color"]] == zeros.tolist()
    # The oracle can fail: in the usual state no bar is a shadow.
    usual = figures_of(CHAIN, scenario_of(CHAIN))["product"]["data"][-1]
    assert usual["marker"]["color"] != SHADOW
    assert "0" not in usual["text"]


@pytest.mark.parametrize("query", MOMENTS.values(), ids=MOMENTS)
def test_every_moment_opens_without_a_message_and_names_what_every_link_names(query):
    scenario = scenario_of(CHAIN, **query)
    assert {*CHAIN.Scenario.ALWAYS} <= set(query)
    assert all(scenario.to_link()[name] == text for name, text in query.items())


def test_the_moments_show_what_they_are_called():
    totals = {name: shown(**query)[1] for name, query in MOMENTS.items()}
    (first, values) = next(iter(totals.items()))
    assert first == "Twenty sigmoid layers at scale 1"
    assert values["total"] < 1e-4
    same = totals["The same weights: sigmoid beside ReLU"]
    assert same["total"] < 1e-4 < 1e4 < same["other_total"]
    tanh = totals["Sigmoid beside tanh, at Glorot's scale"]
    assert tanh["total"] < 1e-10 < 0.1 < tanh["other_total"] < 10
    assert 0.1 < totals["ReLU at He's scale"]["total"] < 10


def test_a_ceiling_below_1_means_that_the_gradient_vanishes_whatever_arrives():
    """What the page says of the scale at which every layer shortens the gradient."""
    scenario, values = shown(layers="20")
    scale = scenario.scale / values["ceiling"].max()
    below = compute(scenario.having(scale=0.99 * scale))
    assert below["ceiling"].max() < 1
    assert (np.diff(below["left"]) > 0).all()


def test_the_formula_has_the_numbers_of_the_moment():
    scenario, values = shown(k="2")
    text = formulas(values, scenario)
    assert rf"\text{{gain}}_{{2}} &= {values['gain'][2]:.3f}" in text
    assert rf"= {values['ceiling'][2]:.3f}" in text
    (formula,) = (f for f in CHAIN.figures if f.name == "formula")
    printed = formula.printed_numbers(CHAIN.moment(scenario, {}))
    assert printed == [f"{values['factor']:.3f}", "8", f"{values['total']:.3f}"]


def test_the_check_finds_a_chain_that_is_right_and_would_find_a_wrong_one():
    scenario = scenario_of(CHAIN, layers="5")
    report = CHAIN.steps.check(scenario)
    assert report.ok
    assert report.passed.size == scenario.width
    model, X, g = chain_of(scenario, "sigmoid")
    model.forward(X[:1])
    np.testing.assert_array_equal(report.analytic, model.backward(g[:1]))
    assert np.abs(report.analytic).max() > 1e3 * report.floor  # the check means something


def test_the_layers_of_the_page_are_those_of_nnfs():
    assert set(ACTIVATIONS.values()) <= set(ALL)
    assert all(CALLED[name] == kind.__name__ for name, kind in ACTIVATIONS.items())


def test_thirty_layers_of_width_64_fit_in_the_lane_and_are_answered_in_the_workshop():
    scenario = scenario_of(CHAIN, layers="30", width="64", beside="tanh")
    moment = CHAIN.moment(scenario, {})
    ends = ",".join(f"{name}:{end!r}" for name, end in moment.ends.items())
    query = scenario.to_query() | {"axes": ends}
    message = json.dumps(
        {"seq": 3, "page": "chain", "query": query, "moving": CHAIN.moves["scale"]}
    )
    assert len(message) < MAX_MESSAGE
    assert answer_at_once(message) is None  # others have their turn meanwhile
    reply = json.loads(answer(message))
    assert set(reply["moving"]) == {figure.name for figure in CHAIN.figures}


def test_the_handle_stands_where_the_range_has_put_the_scale():
    moment = CHAIN.moment(scenario_of(CHAIN, scale="0.5"), {})
    moved = CHAIN.moved(moment, ["over_scale"])["over_scale"]
    assert moved["handles"] == [0.5]
    point = moved["data"][1]
    assert point["x"] == [0.5]
    assert point["y"] == [pytest.approx(math.log10(moment.values["total"]))]
