"""The Gradient check page: its numbers are those of nnfs, and its words are true of them."""

import json
import math

import numpy as np
import pytest

from nnfs import numeric_vjp, step_in_theory
from nnfs.gradient_check import STEPS as METHODS
from tests.lessons.showing import figures_of, scenario_of
from visualizer.figures.layout import BLANK
from visualizer.lessons import blind
from visualizer.lessons.checked import CHECKED, PASSES, RIGHT, Run, agreement
from visualizer.lessons.gradient_check import (
    CURVES,
    LESSON,
    MOMENTS,
    STEPS_TRIED,
    Scenario,
    compute,
)

# Two samples in which no two numbers are alike, with kinks and saturation far away. What a ReLU
# lets through is not what has a positive g.
BATCH = {"z": "2,-1,0.3;-0.7,1.6,-2", "g": "1,2,-0.5;-3,0.5,1.5"}
# J of these is symmetric for every input: J·g is Jᵀ·g, and no input shows the mistake.
NEVER_SEEN = {(layer, "without_transpose") for layer in ("softmax", "sigmoid")}
LAYERS = list(CHECKED)
WRONG = [(layer, wrong.__name__) for layer, one in CHECKED.items() for wrong in one.passes]
SEEN = [pair for pair in WRONG if pair not in NEVER_SEEN]
CURVED = [layer for layer in LAYERS if layer != "relu"]


def shown(**query):
    """The numbers of a link that has nothing wrong in it."""
    return compute(scenario_of(LESSON, **query))


def drawn(figure, **query):
    return figures_of(LESSON, scenario_of(LESSON, **query))[figure]


def labels(**query):
    """The words on the picture, by the point beside which they stand."""
    trace = drawn("u", **query)["data"][-5]
    return [text for text in trace["text"] if text != BLANK]


def made(layer, count=3):
    return CHECKED[layer].make(count)


# The numbers.


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("layer", LAYERS)
def test_the_error_at_each_step_is_that_of_numeric_vjp(layer, method):
    """An oracle that runs the layer once for each step and each element, without any batch."""
    values = shown(layer=layer, **BATCH)
    x, g = (np.array([[float(v) for v in BATCH[k].split(";")[0].split(",")]]) for k in "zg")
    right = made(layer)
    right.forward(x)
    exact = right.backward(g)
    for k in (0, 9, 23, 37, 56):
        h = float(STEPS_TRIED[k])
        error = np.abs(numeric_vjp(made(layer), x, g, method, h) - exact).max()
        # A batch may be summed in another order: a few units in the last place, over the step.
        rounding = 1e-15 if method == "complex" else 2e-15 / h
        assert values["u"][method].errors[k] == pytest.approx(error, rel=1e-6, abs=rounding)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("method", METHODS)
def test_the_table_is_the_report_of_the_gradient_check(method, dtype):
    query = {"method": method, "dtype": dtype, "h": "0.001", "backward": "elementwise", **BATCH}
    scenario = scenario_of(LESSON, **query)
    values, report = compute(scenario), LESSON.steps.check(scenario)
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(values["numeric"], report.numeric[0], atol=20 * eps / 1e-3)
    np.testing.assert_array_equal(values["analytic"], report.analytic[0])
    np.testing.assert_array_equal(values["passed"], report.passed[0])
    assert values["worst"] == report.worst[1]


def test_the_worst_element_stands_out():
    values = shown(backward="elementwise")
    excess = values["error"] / (values["tolerance"] * np.abs(values["numeric"]))
    assert values["worst"] == 1 != np.argmax(np.abs(values["analytic"]))
    assert excess.argmax() == 1
    shade = drawn("elements", backward="elementwise")["data"][0]
    assert (min(shade["y"]), max(shade["y"])) == (0.5, 1.5)
    assert shade["fillcolor"] != drawn("elements")["data"][0]["fillcolor"]


def test_each_element_says_whether_it_passes():
    values = shown(layer="relu", z="1,0,-1", g="1,1,1")
    assert values["passed"].tolist() == [True, False, True]
    marks = drawn("elements", layer="relu", z="1,0,-1", g="1,1,1")["data"][-1]["text"]
    assert marks == ["✓", "✗", "✓"]


# The picture.


@pytest.mark.parametrize("layer", CURVED)
def test_the_slopes_that_are_printed_are_those_of_the_arms(layer):
    texts = labels(layer=layer)
    assert "truncation, slope 1.0" in texts
    assert "slope 2.0" in texts
    (rounding,) = [float(t.split()[-1].replace("−", "-")) for t in texts if "rounding, s" in t[:12]]
    assert rounding == pytest.approx(-1, abs=0.15)  # a random walk of its own
    assert any(text.startswith("no rounding, slope") for text in texts)


def test_a_slope_is_measured_and_not_written_down():
    """The curve of a sigmoid does not bend at 0: its forward difference has slope 2."""
    assert "truncation, slope 2.0" in labels(layer="sigmoid", z="0,0,0", g="1,1,1")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("layer", ["softmax", "sigmoid", "tanh", "chain"])
def test_the_best_steps_are_near_those_of_theory_which_are_drawn(layer, dtype):
    query = {"layer": layer, "dtype": dtype}
    rings, theory = drawn("u", **query)["data"][-6], drawn("u", **query)["data"][-7]
    for ring, method, line in ((0, "forward", 0), (1, "central", 3)):
        expected = step_in_theory(method, dtype)
        assert theory["x"][line] == expected
        assert 1 / 15 < rings["x"][ring] / expected < 15
    assert theory["text"][::3] == ["√ε", "∛ε"]


def test_in_float32_the_u_moves_up_and_to_the_right():
    single, double = shown(dtype="float32")["u"], shown()["u"]
    for method in ("forward", "central"):
        assert single[method].best > 100 * double[method].best
        assert single[method].best_error > 1000 * double[method].best_error
    assert "z + h is z" in labels(dtype="float32")
    assert "z + h is z" not in labels()


@pytest.mark.parametrize(("layer", "wrong"), SEEN)
def test_under_a_wrong_pass_no_arm_falls_and_no_best_step_is_named(layer, wrong):
    query = {"layer": layer, "backward": wrong, **BATCH}
    texts = labels(**query)
    assert "no step makes it smaller" in texts
    assert not any("truncation" in text or "best" in text for text in texts)
    plateau = shown(**query)["u"]["central"].errors[4:37]
    assert min(plateau) > 0.9 * max(plateau)


def test_errors_of_exactly_0_are_gaps_and_a_note_counts_them():
    figure = drawn("u", layer="relu", z="1,0.5,-1", g="1,1,1")
    errors = shown(layer="relu", z="1,0.5,-1", g="1,1,1")["u"]["complex"].errors
    assert errors == [0.0] * len(STEPS_TRIED)
    assert figure["data"][3]["y"] == [None] * len(STEPS_TRIED)
    assert "complex step (57 of 57)" in figure["layout"]["annotations"][0]["text"]
    assert figure["data"][-1]["y"] == [None]  # the point at the step in use, too
    for trace in figure["data"]:
        assert all(y is None or y > 0 for y in trace.get("y", ()))


def test_what_has_no_place_is_said_for_each_curve():
    values = shown()
    found = {c.called: values["u"][c.name].errors.count(0.0) for c in CURVES}
    note = drawn("u")["layout"]["annotations"][0]["text"]
    assert found["complex step"] > 0 == found["forward"] == found["central"]
    assert f"complex step ({found['complex step']} of 57)" in note
    assert "forward" not in note


def test_the_dashed_line_is_where_a_check_begins_to_fail():
    """Above it one element at least fails; the line is that of the largest gradient."""
    for h in ("0.1", "0.01", "0.001", "0.0001"):
        values = shown(h=h)
        at = int(np.argmin(np.abs(STEPS_TRIED - float(h))))
        is_above = values["u"]["central"].errors[at] > values["allowed"][at]
        assert not (is_above and values["passed"].all())
    assert shown(h="0.1")["u"]["central"].errors[0] > shown(h="0.1")["allowed"][0]


def test_the_step_is_a_handle_on_its_axis():
    handles = drawn("u", h="3e-7")["handles"]
    assert (handles["field"], handles["grip"], handles["knob"]) == ("h", "line", "top")
    assert (handles["values"], handles["min"], handles["max"]) == ([3e-7], 1e-15, 0.1)
    assert handles["labels"] == ["step h"]
    assert set(handles["moves"]) >= {"u", "elements", "verdict", "formula"}
    line = drawn("u", h="3e-7")["data"][-4]
    assert line["x"] == [3e-7, 3e-7]


# What it says.


@pytest.mark.parametrize(("layer", "wrong"), SEEN)
@pytest.mark.parametrize("method", METHODS)
def test_every_wrong_pass_is_seen_to_fail(layer, wrong, method):
    values = shown(layer=layer, backward=wrong, method=method, h="1e-6", **BATCH)
    assert not values["passes"]
    verdict, meaning = values["said"]
    assert verdict.startswith("✗ Fails at")
    assert f"Worst: dz{'₀₁₂'[values['worst']]} is off by" in verdict
    assert meaning.startswith("Seen")


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("method", METHODS)
def test_the_right_pass_passes_at_the_same_inputs(layer, method):
    values = shown(layer=layer, method=method, h="1e-6" if method != "forward" else "1e-8", **BATCH)
    assert values["passes"], values["said"]
    assert values["said"][0].startswith("✓ All 3 elements pass")


@pytest.mark.parametrize("layer", LAYERS)
def test_the_right_pass_passes_in_float32_with_a_step_for_float32(layer):
    assert shown(layer=layer, dtype="float32", h="0.005", **BATCH)["passes"]


@pytest.mark.parametrize(("layer", "wrong"), SEEN)
def test_a_wrong_pass_is_seen_in_float32_too(layer, wrong):
    assert not shown(layer=layer, backward=wrong, dtype="float32", h="0.005", **BATCH)["passes"]


UNSEEN = [
    ("softmax", "without_transpose", {}, blind.SYMMETRIC),
    ("sigmoid", "without_transpose", {}, blind.SYMMETRIC),
    ("chain", "without_transpose", {"z": "0.5", "g": "2"}, "a single number"),
    ("softmax", "flattened_batch", {}, blind.SOFTMAX.states["flattened_batch"].why),
    ("softmax", "without_weight", {"g": "3,3,3"}, blind.SOFTMAX.states["without_weight"].why),
    ("softmax", "elementwise", {"z": "1.5", "g": "2"}, "A single class has s = 1"),
    ("softmax", "without_weight", {"z": "1.5", "g": "2"}, "A single class has s = 1"),
    ("softmax", "without_coupling", {"z": "0,0,0", "g": "1,-1,0"}, "The s-weighted mean of g is 0"),
    ("softmax", "elementwise", {"z": "1000,0,0", "g": "1,2,3"}, "The layer is saturated"),
    ("softmax", "input_for_output", {"z": "0.5,0.5", "g": "1,2"}, "Every input is its own output"),
    ("softmax", "without_derivative", {"g": "0,0,0"}, "g is 0"),
    ("sigmoid", "without_gradient", {"g": "1,1,1"}, blind.SIGMOID.states["without_gradient"].why),
    (
        "sigmoid",
        "input_for_output",
        {"z": repr(blind.fixed_point()), "g": "2"},
        "Every input is its own output",
    ),
    ("sigmoid", "without_complement", {"z": "-40", "g": "2"}, "1 − y is 1"),
    ("sigmoid", "tanh_derivative", {"z": "40", "g": "2"}, "The layer is saturated"),
    ("tanh", "without_derivative", {"z": "0,0", "g": "1,2"}, "The slope is 1 here"),
    ("tanh", "without_square", {"z": "0,0", "g": "1,2"}, "is its own square"),
    ("tanh", "sigmoid_derivative", {"z": "40", "g": "2"}, "The layer is saturated"),
    ("tanh", "without_gradient", {"g": "1,1,1"}, "Every gᵢ is 1"),
    ("relu", "output_for_slope", {"z": "1,-2", "g": "3,4"}, "Every output is 0 or 1"),
    ("relu", "forward_again", {"z": "1,-2", "g": "3,-4"}, "their signs can be mixed up"),
    ("relu", "forward_again", {"z": "1,2", "g": "1,1"}, "their signs can be mixed up"),
    ("relu", "without_derivative", {"z": "1,2", "g": "3,4"}, "The slope is 1 here"),
    ("relu", "without_gradient", {"z": "1,-2", "g": "1,1"}, "Every gᵢ is 1"),
    ("loss", "without_target", {"g": "0,0,0"}, "g is 0"),
    ("loss", "wrong_sign", {"z": "3", "g": "1"}, "A single class has s = 1"),
    ("chain", "without_activations", {"z": "0,0", "g": "1,2"}, "tanh has the slope 1"),
    ("chain", "first_to_last", {"z": "0.5", "g": "2"}, "their order makes no difference"),
]


@pytest.mark.parametrize(("layer", "wrong", "query", "why"), UNSEEN)
def test_where_a_wrong_pass_agrees_the_page_says_why_the_check_did_not_see_it(
    layer, wrong, query, why
):
    usual = {"z": "2,1,0.1", "g": "1,-1,2"} if "z" not in query else {}
    values = shown(layer=layer, backward=wrong, method="complex", **usual | query)
    verdict, meaning = values["said"]
    assert values["passes"], verdict
    assert meaning.startswith("Not seen, as the wrong pass is right here.")
    assert why in meaning


def test_there_is_a_reason_for_every_wrong_pass_that_can_agree():
    told = {(layer, wrong) for layer, wrong, *_ in UNSEEN}
    # These are right only where g is 0, or by chance.
    rest = {pair for pair in WRONG if pair not in told}
    assert rest == {
        ("sigmoid", "without_derivative"),
        ("tanh", "input_for_output"),
        ("loss", "without_transpose"),
        ("loss", "without_derivative"),
        ("chain", "without_derivative"),
    }
    for layer, wrong in rest:
        assert "g is 0" in agreement(run_of(layer, wrong, [[0.5, 1.0]], [[0.0, 0.0]]))


def run_of(layer, wrong, x, g):
    return Run.of(layer, wrong, np.array(x), np.array(g), 0)


@pytest.mark.parametrize(("layer", "wrong"), SEEN)
def test_no_reason_is_given_where_a_pass_is_wrong(layer, wrong):
    x, g = ([list(map(float, row.split(","))) for row in BATCH[k].split(";")] for k in "zg")
    assert agreement(run_of(layer, wrong, x, g)) == ""
    assert agreement(run_of(layer, RIGHT, x, g)) == ""


def test_agreement_by_chance_is_called_so():
    """y (1 − y) = 1 − y² where y = −½, which tanh has: no reason but the numbers."""
    x = float(np.arctanh(-0.5))
    values = shown(layer="tanh", backward="sigmoid_derivative", z=repr(x), g="2")
    assert not values["passes"]  # y (1 − y) = −¾ there: the oracle of this test
    # 1 − x² = 1 − tanh²(x) only at 0; J·g = g needs the slope 1.
    values = shown(layer="tanh", backward="input_for_output", z="0,0", g="1,2")
    assert "Every input is its own output" in values["said"][1]


@pytest.mark.parametrize("name", MOMENTS)
def test_a_moment_is_what_its_name_says(name):
    scenario = scenario_of(LESSON, **MOMENTS[name])
    values = compute(scenario)
    verdict, meaning = values["said"]
    is_wrong = scenario.backward != RIGHT
    if name.startswith("Not seen"):
        assert is_wrong
        assert values["passes"]
        assert meaning.startswith("Not seen")
    elif name.startswith(("Seen", "A wrong pass")):
        assert is_wrong
        assert not values["passes"]
    elif name in ("ReLU at its kink", "Too large a step: the right pass fails"):
        assert not is_wrong
        assert not values["passes"]
    else:
        assert not is_wrong
        assert values["passes"]
    assert verdict[0] == ("✓" if values["passes"] else "✗")


def test_the_first_moment_is_the_best_u_and_what_the_page_opens_with():
    first = next(iter(MOMENTS.values()))
    assert scenario_of(LESSON, **first) == Scenario.usual()
    for method in ("forward", "central"):
        u = shown()["u"][method]
        assert min(u.errors[0], u.errors[-1]) > 1e4 * u.best_error


def test_at_the_kink_of_a_relu_the_page_does_not_blame_the_pass():
    values = shown(layer="relu", z="1,0,-1", g="1,1,1")
    assert values["numeric"][1] == pytest.approx(0.5)
    assert values["analytic"][1] == 0
    assert "z₁ is at the kink of ReLU" in values["said"][1]
    assert "is not wrong" in values["said"][1]
    # Half a step beside it is as bad; two steps beside it is no kink any more.
    assert "kink" in shown(layer="relu", z="1,5e-7,-1", g="1,1,1")["said"][1]
    assert shown(layer="relu", z="1,2e-6,-1", g="1,1,1")["passes"]


@pytest.mark.parametrize(("h", "why"), [("0.1", "too large"), ("0.01", "too large")])
def test_where_the_step_is_to_blame_the_page_names_one_that_passes(h, why):
    verdict, meaning = shown(h=h)["said"]
    assert verdict.startswith("✗")
    assert f"The pass is right, the step {why}" in meaning
    step = meaning.split("At h = ")[1].split()[0].replace("−", "-")
    assert shown(h=step)["passes"]


def test_with_too_small_a_step_a_check_says_that_it_cannot_fail():
    assert "hardly anything would fail" in shown(h="1e-15")["said"][1]
    meaning = shown(h="1e-15", backward="elementwise")["said"][1]
    assert meaning.startswith("Not seen: it is off by 0.21")
    assert "hardly" not in shown()["said"][1]


def test_a_second_sample_shows_what_one_hides():
    alone = {"backward": "flattened_batch", "z": "2,1,0.1", "g": "1,-1,2"}
    assert shown(**alone)["passes"]
    beside = {"backward": "flattened_batch", **BATCH}
    assert not shown(**beside)["passes"]
    assert not shown(**beside, n="1")["passes"]


# The scenario.


def test_a_wrong_pass_that_the_layer_does_not_have_gives_way_to_the_right_one():
    scenario, messages = Scenario.from_query({"layer": "tanh", "backward": "elementwise"})
    assert scenario.backward == RIGHT
    assert "Backward pass: expected one of right, input_for_output" in messages[0]
    assert "got elementwise" in messages[0]
    softmax = scenario_of(LESSON, backward="elementwise")
    changed, messages = softmax.changed(layer="tanh")
    assert (changed.backward, messages) == (RIGHT, [])


def test_every_wrong_pass_of_nnfs_that_fits_a_layer_is_offered():
    (choice,) = (c for c in LESSON.controls.choices if c.field == "backward")
    for layer, one in CHECKED.items():
        offered = choice.offered(scenario_of(LESSON, layer=layer))
        assert list(offered.values()) == [RIGHT, *(wrong.__name__ for wrong in one.passes)]
    assert set(Scenario.said_of("backward")["allowed"]) == {RIGHT, *PASSES}


def test_a_link_reads_as_the_issue_says():
    query = {"layer": "softmax", "z": "2,1,0.1", "g": "1,0,0", "h": "1e-6"}
    scenario = scenario_of(LESSON, **query)
    assert scenario.to_link() == query | {"h": "1e-06"}
    assert scenario_of(LESSON, **scenario.to_link()) == scenario


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(
    "query",
    [
        {"z": "1e308,-1e308,0", "g": "1e308,-1e308,1"},
        {"z": "0,0,0", "g": "0,0,0"},
        {"z": "1000,-1000,3e-310", "g": "1e-300,1,-1"},
        {"z": "40,-40,1e16", "g": "1,1,1", "dtype": "float32"},
        {"z": "-5", "g": "7"},
    ],
)
@pytest.mark.filterwarnings("error")
def test_extreme_numbers_neither_warn_nor_break_the_page(layer, query):
    for wrong in (RIGHT, *(wrong.__name__ for wrong in CHECKED[layer].passes)):
        for method in METHODS:
            scenario = scenario_of(LESSON, layer=layer, backward=wrong, method=method, **query)
            figures = figures_of(LESSON, scenario)
            json.dumps(figures, allow_nan=False)
            assert all(isinstance(line, str) for line in compute(scenario)["said"])


# The lecture.


def test_the_curves_come_one_after_the_other():
    traces = {step: drawn("u", step=str(step))["data"] for step in (3, 4, 5, 6)}
    seen = {step: [any(t["y"]) for t in data[1:4]] for step, data in traces.items()}
    assert seen == {3: [True, False, False], 4: [True, True, False], 5: [True] * 3, 6: [True] * 3}
    assert not any(traces[5][0]["y"])  # what is allowed comes with the verdict
    assert any(traces[6][0]["y"])


def test_no_numeric_gradient_leaves_the_page_before_it_has_run():
    scenario = scenario_of(LESSON, step="1")
    values = compute(scenario)
    moment = LESSON.moment(scenario, {})
    figures = LESSON.drawn(moment)
    text = json.dumps([figures, LESSON.moved(moment, list(figures))])
    for name in ("numeric", "relative"):
        for value in values[name]:
            assert repr(float(value)) not in text
    later = json.dumps(LESSON.drawn(LESSON.moment(scenario.having(step=0), {})))
    assert repr(float(values["u"]["central"].errors[3])) in later  # the oracle can fail
    assert repr(float(values["u"]["central"].errors[3])) not in text


def test_the_formula_has_the_numbers_of_its_method():
    for method, twice in (("central", 2e-6), ("forward", 1e-6), ("complex", 1e-6)):
        values = shown(method=method)
        assert values["over"] == twice
        assert values["change"] / values["over"] == pytest.approx(values["numeric"][0])
        assert len(values["sides"]) == {"central": 2, "forward": 2, "complex": 0}[method]
    high, low = shown()["sides"]
    assert (high - low) / 2e-6 == pytest.approx(shown()["numeric"][0], rel=1e-8)


def test_no_label_lies_where_there_is_no_axis():
    for query in MOMENTS.values():
        figure = drawn("u", **query)
        low, high = figure["layout"]["yaxis"]["range"]
        for trace in figure["data"]:
            for y in (y for y in trace.get("y", ()) if y and "text" in trace):
                assert low - 1 <= math.log10(y) <= high + 1
