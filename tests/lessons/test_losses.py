"""The Losses page: where g comes from, both ways to dx, and the learning curve; against SciPy."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, log_expit, log_softmax, logsumexp, softmax, xlogy

from nnfs import Sigmoid, Softmax, mean_squared_error, numeric_vjp
from nnfs.wrong_passes import WRONG_PASSES
from tests.lessons import showing
from visualizer.lessons import losses
from visualizer.lessons.losses import LESSON, MOMENTS
from visualizer.lessons.losses_runs import (
    LAYERS,
    LOSSES,
    PAIRS,
    PARTNERS,
    SWEEP,
    Scenario,
    check,
    compared,
    compute,
    learning,
    search,
)
from visualizer.lessons.steps import verdict

CHOICES = [(a, b, c) for a in LAYERS for b in LOSSES for c in ("nothing", "sigmoid")]
every_choice = pytest.mark.parametrize(("layer", "loss", "before"), CHOICES)
NUMBERS = {"z": "2,-1.3,0.17,0.5", "t": "0.2,0.7,0,0.1", "j": "1"}


# Two ways to numbers of at most 1 agree up to a few roundings; it is four thousand of them.
AGREE = 1e-12


def scenario_of(**query):
    return showing.scenario_of(LESSON, **query)


def chosen(layer, loss, before, **more):
    return scenario_of(**NUMBERS | {"layer": layer, "loss": loss, "before": before} | more)


def view(scenario):
    return showing.figures_of(LESSON, scenario)


# The oracle: each loss from what the layer sees, by SciPy, with no call of nnfs.
BY_SCIPY = {
    "cross_entropy": lambda log_y, log_rest, t: -(t * log_y).sum(axis=1),
    "squared_error": lambda log_y, log_rest, t: ((np.exp(log_y) - t) ** 2).mean(axis=1),
    "binary_cross_entropy": lambda log_y, log_rest, t: (
        -(t * log_y + (1 - t) * log_rest).sum(axis=1)
    ),
}


def loss_of(scenario, z, loss=""):
    """L of each row of z."""
    x = expit(z) if scenario.before == "sigmoid" else z
    if scenario.layer == "softmax":
        log_y = log_softmax(x, axis=1)
        log_rest = np.log1p(-np.exp(log_y))
    else:
        log_y, log_rest = log_expit(x), log_expit(-x)
    return BY_SCIPY[loss or scenario.loss](log_y, log_rest, np.array(scenario.t))


def slope_of(scenario, loss=""):
    """∂L/∂z by central differences of SciPy's numbers."""
    function = lambda z: loss_of(scenario, z, loss)  # noqa: E731
    return numeric_vjp(function, scenario.z, np.ones(1))[0]


# Central differences at 1e-6 of a loss below 10: eight roundings of 1e-15 over the step.
DIFFERENCES = 1e-8


@every_choice
def test_loss_and_gradient_are_those_of_scipy(layer, loss, before):
    scenario = chosen(layer, loss, before)
    values = compute(scenario)
    np.testing.assert_allclose(values["L"], loss_of(scenario, np.array(scenario.z))[0], rtol=1e-13)
    np.testing.assert_allclose(values["dz"], slope_of(scenario), rtol=0, atol=DIFFERENCES)


@every_choice
def test_the_oracle_rejects_every_other_choice(layer, loss, before):
    values = compute(chosen(layer, loss, before))
    for other in CHOICES:
        if other != (layer, loss, before):
            wrong = slope_of(chosen(*other))
            assert np.abs(values["dz"] - wrong).max() > 1e-3, other


@every_choice
def test_g_flows_through_the_jacobian_of_the_layer(layer, loss, before):
    scenario = chosen(layer, loss, before)
    values, model = compute(scenario), LAYERS[layer]()
    y = model.forward(values["x"][None])
    J = np.array([model.backward(row[None])[0] for row in np.eye(y.size)])
    np.testing.assert_allclose(values["y"], y[0], rtol=1e-15)
    np.testing.assert_allclose(values["J"], J, rtol=0, atol=1e-16)
    np.testing.assert_allclose(values["g"], LOSSES[loss](y, scenario.t).gradient[0], rtol=1e-15)
    np.testing.assert_allclose(values["dx"], J.T @ values["g"], rtol=0, atol=1e-15)


@pytest.mark.parametrize("layer", [Sigmoid, Softmax])
def test_the_check_of_g_through_j_rejects_wrong_passes(layer):
    scenario = chosen(layer.__name__.lower(), "squared_error", "nothing")
    values, model = compute(scenario), layer()
    model.forward(scenario.z)
    for wrong in WRONG_PASSES[layer]:
        if wrong.__name__ not in ("without_transpose", "flattened_batch"):  # right for one sample
            dx = wrong(model, np.array(scenario.z), values["g"][None])[0]
            assert np.abs(dx - values["dx"]).max() > 1e-3, wrong.__name__


@every_choice
def test_the_check_of_the_page_agrees_and_knows_what_is_wrong(layer, loss, before):
    scenario = chosen(layer, loss, before)
    report = check(scenario)
    assert "**4 of 4 agree**" in verdict(report)
    np.testing.assert_allclose(report.analytic[0], compute(scenario)["dx"], atol=1e-15)
    wrong = compute(replace(scenario, z=((2.0, -1.2, 0.17, 0.5),)))["dx"]
    assert np.abs(report.numeric[0] - wrong).max() > 1e-4


# The target.


@pytest.mark.parametrize("value", [0, 0.25, 0.6, 0.99, 1])
def test_for_cross_entropy_a_dragged_target_stays_and_the_others_are_scaled(value):
    scenario, messages = scenario_of(t="0.2,0.5,0.3").updated({"t": f"0.2,{value},0.3"})
    (t,) = scenario.t
    assert messages == []
    assert t[1] == value
    assert sum(t) == pytest.approx(1, abs=1e-12)
    if value < 1:
        assert t[0] / t[2] == pytest.approx(2 / 3, rel=1e-4)  # six digits of 0.4 or more


def test_a_drag_to_1_and_back_leaves_the_target_as_it_was():
    """Each move says where the others were at its beginning; the server scales those."""
    start = scenario_of(t="0.2,0.5,0.3")
    there, _ = start.updated({"t": "0.2,1,0.3"})
    back, _ = there.updated({"t": "0.2,0.5,0.3"})
    assert there.t == ((0, 1, 0),)
    assert back == start


def test_where_the_others_are_0_they_share_alike():
    assert scenario_of(t="0,0.6,0").t == ((0.2, 0.6, 0.2),)


@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy"])
def test_for_the_other_losses_a_target_is_free(loss):
    assert scenario_of(t="1,0.5,1", loss=loss).t == ((1, 0.5, 1),)


def test_a_target_outside_0_and_1_is_cut_with_a_message():
    scenario, (message,) = Scenario.from_query({"t": "0,7,0", "loss": "squared_error"})
    assert message == "t: expected numbers from 0 to 1, got 7. They are cut."
    assert scenario.t == ((0, 1, 0),)


def test_a_free_target_becomes_a_distribution_with_the_loss():
    scenario, _ = scenario_of(t="1,0.5,1", loss="squared_error").changed(loss="cross_entropy")
    assert scenario.t == ((0.25, 0.5, 0.25),)


def test_the_handles_of_a_target_follow_each_other_and_have_none_for_all():
    moment = LESSON.moment(scenario_of(t="0.2,0.6,0.3"), {})
    handles = LESSON.drawn(moment)["target"]["handles"]
    assert (handles["min"], handles["max"], handles["together"]) == (0, 1, None)
    assert handles["values"] == LESSON.moved(moment, ["target"])["target"]["handles"]
    assert sum(handles["values"]) == pytest.approx(1)


# What goes together.


def states(layer, loss):
    """States of all kinds, with a target that is a distribution."""
    rng = np.random.default_rng(3)
    for _ in range(30):
        z, t = rng.normal(0, 4, 4).round(3), rng.dirichlet(np.ones(4)).round(3)
        fields = {"z": (tuple(z),), "t": (tuple(t),), "layer": layer, "loss": loss}
        yield Scenario(**fields).fitted(frozenset())[0]


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_those_go_together_of_which_y_minus_t_is_the_gradient(pair):
    missed = [compute(scenario)["missed"].max() for scenario in states(*pair)]
    if PAIRS[pair].verdict == "go together":
        assert max(missed) <= AGREE
    else:
        assert min(missed) > 1e-3


def test_there_is_a_verdict_for_every_pair():
    assert set(PAIRS) == {(layer, loss) for layer in LAYERS for loss in LOSSES}
    assert {pair for pair in PAIRS if PAIRS[pair].verdict == "go together"} == {*PARTNERS.items()}


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_those_learn_slowly_whose_gradient_vanishes_where_they_are_surely_wrong(pair):
    layer, loss = pair
    dx = compute(scenario_of(z="0,-20,0", t="0,1,0", layer=layer, loss=loss))["dx"][1]
    vanishes = bool(abs(dx) < 1e-8)
    assert vanishes is (PAIRS[pair].verdict == "learn slowly")
    assert vanishes or abs(dx) > 0.9


def test_cross_entropy_behind_sigmoids_asks_for_nothing_where_the_target_is_0():
    values = compute(scenario_of(z="5,1,5", t="0,1,0", layer="sigmoid"))
    np.testing.assert_array_equal(values["g"][[0, 2]], [0, 0])
    np.testing.assert_array_equal(values["dx"][[0, 2]], [0, 0])


def test_the_remark_names_layer_loss_and_verdict():
    said, why = LESSON.remark(chosen("sigmoid", "cross_entropy", "nothing"))
    assert said == "**Sigmoid and cross-entropy do not go together.**"
    assert why == PAIRS["sigmoid", "cross_entropy"].why
    said, why = LESSON.remark(chosen("softmax", "cross_entropy", "sigmoid"))
    assert said == "**Softmax and cross-entropy go together.**"
    assert "its own slope" in why


# The learning curve.


@every_choice
@pytest.mark.parametrize("place", [0, 60, 83, 160])
def test_the_learning_curve_is_what_the_page_shows_at_each_place(layer, loss, before, place):
    scenario = chosen(layer, loss, before)
    steep, L, deeper = learning(scenario)
    z = list(scenario.z[0])
    z[1] = SWEEP[place]
    there = compute(replace(scenario, z=(tuple(z),)))
    other = compute(replace(scenario, z=(tuple(z),), loss=compared(scenario)[1]))
    # Batches of another size may round otherwise.
    for found, expected in (
        (steep[0, 0, place], abs(there["dz"][1])),
        (steep[1, 0, place], abs(other["dz"][1])),
        (L[0, 0, place], there["L"]),
        (L[1, 0, place], other["L"]),
        (deeper[place], abs(there["dx"][1])),
    ):
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-15)


@every_choice
def test_its_last_place_is_the_input_as_it_is(layer, loss, before):
    scenario = chosen(layer, loss, before)
    values = compute(scenario)
    assert values["steep"][0, 0, -1] == pytest.approx(abs(values["dz"][1]), rel=1e-12)
    assert values["losses"][0, 0, -1] == pytest.approx(values["L"], rel=1e-12)


def test_dashed_is_the_opposite_target():
    query = {"z": "2,-1,0.1", "layer": "sigmoid", "loss": "binary_cross_entropy"}
    steep, L, _ = learning(scenario_of(t="0,0.8,1", **query))
    other_steep, other_L, _ = learning(scenario_of(t="0,0.2,1", **query))
    np.testing.assert_allclose(steep[:, 1], other_steep[:, 0], rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(L[:, 1], other_L[:, 0], rtol=1e-12)
    assert np.abs(steep[:, 0] - steep[:, 1]).max() > 0.1  # they differ


def test_the_opposite_of_one_class_is_all_others_alike():
    steep, _, _ = learning(scenario_of(t="0,1,0"))
    other, _, _ = learning(scenario_of(t="0.5,0,0.5"))
    np.testing.assert_allclose(steep[0, 1], other[0, 0], rtol=1e-12)


@pytest.mark.parametrize("layer", LAYERS)
def test_confident_and_wrong_gets_a_gradient_from_cross_entropy_alone(layer):
    """The sentence of the page: at −20, with a target of 1."""
    scenario = scenario_of(z="0,1,0", t="0,1,0", layer=layer, loss=PARTNERS[layer])
    steep, L, _ = learning(scenario)
    entropy, squared = steep[:, 0, 0]
    assert entropy == pytest.approx(1, abs=1e-6)
    assert squared < 1e-8
    assert L[0, 0, 0] > 19 and L[1, 0, 0] < 1


def test_with_a_sigmoid_before_it_cross_entropy_no_longer_helps():
    query = {"z": "0,1,0", "t": "0,1,0", "layer": "sigmoid", "loss": "binary_cross_entropy"}
    steep, _, deeper = learning(scenario_of(before="sigmoid", **query))
    assert steep[0, 0, 0] < 1e-8  # what reaches z
    assert deeper[0] == pytest.approx(0.5, abs=1e-6)  # of what arrives at the layer


def test_the_two_losses_are_squared_error_and_one_that_goes_with_the_layer():
    for layer, partner in PARTNERS.items():
        assert compared(scenario_of(layer=layer, loss=partner)) == (partner, "squared_error")
        assert compared(scenario_of(layer=layer, loss="squared_error")) == (
            "squared_error",
            partner,
        )


# Two ways.


@pytest.mark.parametrize(
    "z", ["2,1,0.1", "36,-660,3", "3,-700,0", "0,0,0"], ids=lambda z: z.replace(",", " ")
)
def test_both_ways_agree_as_long_as_no_output_is_subnormal(z):
    for layer, loss in PARTNERS.items():
        values = compute(scenario_of(z=z, t="0,1,0", layer=layer, loss=loss))
        assert values["missed"].max() <= AGREE


def test_where_y_underflows_the_way_through_j_loses_everything():
    values = compute(scenario_of(z="0,-800", t="0,1"))
    np.testing.assert_array_equal(values["through"], [0, 0])
    np.testing.assert_array_equal(values["fused"], [1, -1])
    assert values["note"] == "largest difference 1.000"


TINY, LEAST = np.log(np.finfo(float).tiny), np.log(5e-324) - np.log(2)


@pytest.mark.parametrize("z", ["2,1,0.1", "-30,0,5", "0.5,0.5", "1000,0,-3"])
@pytest.mark.parametrize("j", [0, 1])
def test_the_search_finds_where_a_softmax_leaves_float64(z, j):
    """What it finds by trying, from the smallest numbers that float64 has, by logarithms."""
    t = ",".join(str(int(i == j)) for i in range(z.count(",") + 1))
    others = np.delete(np.array(z.split(","), float), j)
    found = search(scenario_of(z=z, t=t, j=str(j)))
    # Up to a step of the search. Of exp(z − max z) nothing is left before it is divided by its sum,
    # which is less than 2 here.
    assert found.digits == pytest.approx(logsumexp(others) + TINY, abs=0.003)
    assert found.all == pytest.approx(others.max() + LEAST, abs=0.003)


# From 2⁵³ on, e / (1 + e) is rounded to 1 or to its neighbour, from number to number.
@pytest.mark.parametrize(("t", "end"), [(0, np.log(2.0**53) + 0.005), (1, LEAST)])
def test_the_search_finds_where_a_sigmoid_is_rounded(t, end):
    query = {"z": "2,0.3", "t": f"1,{t}", "layer": "sigmoid", "loss": "binary_cross_entropy"}
    assert search(scenario_of(j="1", **query)).all == pytest.approx(end, abs=0.006)


@pytest.mark.parametrize("case", [{}, {"layer": "sigmoid", "loss": "binary_cross_entropy"}])
def test_a_step_before_what_the_search_finds_nothing_is_lost_yet(case):
    scenario = scenario_of(**case)
    found = search(scenario)
    for shift, is_lost in ((0.0, True), (0.002, False)):
        z = (2.0, found.all + shift, 0.1)
        through = compute(replace(scenario, z=(z,)))["through"]
        assert bool(through[1] == 0) is is_lost


def test_behind_a_sigmoid_nothing_is_ever_lost():
    assert search(scenario_of(before="sigmoid")) is None


# Figures.


@every_choice
def test_titles_say_what_is_chosen(layer, loss, before):
    figures = view(chosen(layer, loss, before))
    titles = {name: figure["layout"]["title"]["text"] for name, figure in figures.items()}
    x = "h" if before == "sigmoid" else "z"
    assert titles["y"] == f"Output y = {'σ' if layer == 'sigmoid' else 'softmax'}({x})"
    assert titles["g"].startswith("grad_next g = ∂L/∂y = ")
    assert titles["dx"] == f"Result d{x} = J<sup>T</sup>·g = ∂L/∂{x}"
    assert ("adds up to 1" in titles["target"]) is (loss == "cross_entropy")
    assert ("No short way" in titles["paths"]) is (PARTNERS[layer] != loss)


def test_formulas_have_the_numbers_of_the_page():
    for layer, loss, before in CHOICES:
        scenario = chosen(layer, loss, before)
        figures, values = view(scenario), compute(scenario)
        for name, number in (("loss", "L"), ("g", "g"), ("dx", "dx")):
            (*_, shown) = figures[f"formula_{name}"]["data"][0]["text"]
            value = values[number] if np.ndim(values[number]) == 0 else values[number][1]
            assert float(shown.strip("()").replace("−", "-")) == pytest.approx(value, abs=5e-4)


def test_the_gradient_of_binary_cross_entropy_is_written_as_what_nnfs_computes():
    y, t = np.array([[0.2, 0.7]]), np.array([[0.3, 1.0]])
    gradient = LOSSES["binary_cross_entropy"](y, t).gradient
    np.testing.assert_allclose(gradient, (y - t) / (y * (1 - y)), rtol=1e-12)
    squared = mean_squared_error(y, t).gradient
    np.testing.assert_allclose(squared, 2 / 2 * (y - t), rtol=1e-15)


def test_with_a_sigmoid_before_what_reaches_its_input_stands_beside_dx():
    scenario = chosen("sigmoid", "binary_cross_entropy", "sigmoid")
    values = compute(scenario)
    behind, bars = view(scenario)["dx"]["data"]
    assert bars["customdata"] == values["dx"].tolist()
    assert behind["customdata"] == values["dz"].tolist()
    h = expit(np.array(scenario.z[0]))
    np.testing.assert_allclose(values["dz"], values["dx"] * h * (1 - h), rtol=1e-12)
    assert len(view(chosen("sigmoid", "binary_cross_entropy", "nothing"))["dx"]["data"]) == 1


def test_the_first_moment_is_the_sentence_of_the_page():
    name, query = next(iter(MOMENTS.items()))
    assert name.startswith("Confident and wrong")
    values = compute(scenario_of(**query))
    assert values["y"][1] < 0.001 and values["t"][1] == 1
    assert values["steep"][0, 0, -1] < 0.001 < 0.999 < values["steep"][1, 0, -1]


@pytest.mark.parametrize("name", MOMENTS)
def test_every_moment_is_a_link_without_a_word_of_refusal(name):
    scenario = scenario_of(**MOMENTS[name])
    assert scenario_of(**scenario.to_link()) == scenario


EXTREME = ["1e308,-1e308,0", "-1e308,1e308,5", "750,-750,0", "5e-324,0,-5e-324"]


@pytest.mark.parametrize("z", EXTREME)
@every_choice
def test_extreme_inputs_give_figures_of_finite_numbers(z, layer, loss, before):
    for t in ("0,1,0", "1,0,0", "0.5,0.5,0"):
        query = {"z": z, "t": t, "layer": layer, "loss": loss, "before": before, "j": "1"}
        json.dumps(view(scenario_of(**query)), allow_nan=False)
        if PARTNERS[layer] == loss:
            search(scenario_of(**query))


def test_what_is_0_in_exact_arithmetic_is_shown_as_0():
    third = str(1 / 3)
    values = compute(scenario_of(z="0.1,0.1,0.1", t=",".join([third] * 3)))
    np.testing.assert_array_equal(values["dx"], [0, 0, 0])


def test_xlogy_and_softmax_are_the_oracles_of_cross_entropy_too():
    """Two more lines of SciPy for the number that stands on the first screen."""
    y, t = softmax([2, 1, 0.1]), np.array([0, 1, 0])
    assert compute(losses.Scenario.usual())["L"] == pytest.approx(-xlogy(t, y).sum(), rel=1e-14)
