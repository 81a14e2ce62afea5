"""Wrong backward passes on the pages: what their ghosts show, and where they agree."""

import re

import numpy as np
import pytest

from nnfs import Sigmoid, Softmax
from nnfs.wrong_passes import WRONG_PASSES
from tests.lessons.showing import figures_of, name, scenario_of
from visualizer.figures import HATCHES
from visualizer.lessons import BY_NAME
from visualizer.lessons.wrong import known, label

softmax, sigmoid = BY_NAME["softmax"], BY_NAME["sigmoid"]
ALL = {softmax: ",".join(known(Softmax)), sigmoid: ",".join(known(Sigmoid))}
LAYER = {softmax: Softmax, sigmoid: Sigmoid}


def ghosts(page, wrong=None, **query):
    scenario = scenario_of(page, wrong=ALL[page] if wrong is None else wrong, **query)
    return {ghost.name: ghost for ghost in page.compute(scenario)["wrong"]}


def by_hand(page, scenario):
    """The wrong passes of a scenario, called directly; the sample in view."""
    softmaxes = page is softmax
    x = np.array(scenario.z) / scenario.T if softmaxes else np.array(scenario.x)
    layer, factor = LAYER[page](), 1 / scenario.T if softmaxes else 1
    layer.forward(x)
    n = scenario.n if softmaxes else 0
    g = np.array(scenario.g)
    right = layer.backward(g)[n] * factor
    return right, {
        wrong.__name__: wrong(layer, x, g)[n] * factor for wrong in WRONG_PASSES[LAYER[page]]
    }


QUERIES = [
    (softmax, {}),
    (softmax, {"z": "0.5,-1,2,0", "g": "1,0.5,0,-2", "T": "2"}),
    (softmax, {"z": "1,2,3;0,5,0", "g": "1,0,0;0,1,1", "n": "1", "T": "0.5"}),
    (sigmoid, {}),
    (sigmoid, {"x": "0,4,-9,1", "g": "2,0.5,-1,0"}),
]


@pytest.mark.parametrize(("page", "query"), QUERIES, ids=name)
def test_the_ghosts_are_the_wrong_passes_of_nnfs(page, query):
    scenario = scenario_of(page, wrong=ALL[page], **query)
    right, expected = by_hand(page, scenario)
    found = page.compute(scenario)["wrong"]
    assert [ghost.name for ghost in found] == list(expected)
    for ghost in found:
        # The same operations but for the factor 1/T, or the right result in place of the same
        # number rounded otherwise: a few roundings of terms of order 1.
        np.testing.assert_allclose(ghost.dx, expected[ghost.name], rtol=1e-15, atol=1e-15)
        assert ghost.error == pytest.approx(np.max(np.abs(expected[ghost.name] - right)), abs=1e-15)
        assert np.array_equal(ghost.dx, right) or not ghost.agrees


@pytest.mark.parametrize(("page", "query"), QUERIES, ids=name)
def test_the_bars_behind_dx_are_the_ghosts_each_hatched_its_way(page, query):
    scenario = scenario_of(page, wrong=ALL[page], **query)
    *behind, bars = figures_of(page, scenario)["dx"]["data"]
    values = page.compute(scenario)
    assert bars["customdata"] == values["dx"].tolist()
    assert [trace["customdata"] for trace in behind] == [g.dx.tolist() for g in values["wrong"]]
    assert [trace["marker"]["pattern"]["shape"] for trace in behind] == list(HATCHES[: len(behind)])
    for trace, ghost in zip(behind, values["wrong"], strict=True):
        assert trace["hovertemplate"].startswith(label(ghost.name))


def test_the_ghosts_are_in_the_order_in_which_they_are_chosen():
    assert list(ghosts(softmax, "elementwise,without_coupling")) == [
        "elementwise",
        "without_coupling",
    ]


def test_none_are_chosen_at_first():
    assert ghosts(softmax, "") == ghosts(sigmoid, "") == {}
    assert len(figures_of(softmax, scenario_of(softmax))["dx"]["data"]) == 1


def test_the_relative_error_is_the_largest_of_all_components():
    ghost = ghosts(softmax, "without_derivative", z="2,1,0.1", g="1,0,0")["without_derivative"]
    right, expected = by_hand(softmax, scenario_of(softmax, g="1,0,0"))
    a, n = expected["without_derivative"], right
    relative = np.abs(a - n) / np.maximum(np.abs(a), np.abs(n))
    assert ghost.relative == pytest.approx(relative.max(), rel=1e-12)


def test_the_axis_of_dx_holds_the_ghosts():
    for page in LAYER:
        figure = figures_of(page, scenario_of(page, wrong=ALL[page]))["dx"]
        for trace in figure["data"]:
            assert trace["y"] == trace["customdata"]


# Where theory says that a wrong pass is right. J of both layers is symmetric at every input.
ALWAYS = {"without_transpose"}
BATCH = {"z": "2,1,0.1;0,0,3", "g": "1,0,0;0,1,0"}
ONES = {"z": "2,1,0.1", "g": "1,1,1"}
AGREE = [
    pytest.param(softmax, {}, {"flattened_batch"}, id="batch of one"),
    pytest.param(softmax, BATCH, set(), id="batch of two"),
    pytest.param(softmax, ONES, {"flattened_batch", "without_weight"}, id="all ones"),
    pytest.param(softmax, {"T": "3"}, {"flattened_batch"}, id="temperature"),
    pytest.param(softmax, BATCH | {"T": "3"}, set(), id="temperature of a batch"),
    pytest.param(
        softmax,
        {"z": "0,0", "g": "1,-1"},
        {"flattened_batch", "without_coupling"},
        id="the mean of g is 0",
    ),
    pytest.param(
        softmax, {"z": "0.5,0.5", "g": "1,2"}, {"flattened_batch", "input_for_output"}, id="z is s"
    ),
    pytest.param(softmax, {"g": "0,0,0"}, set(known(Softmax)), id="g is 0"),
    pytest.param(
        softmax,
        {"z": "1000,0", "g": "1,2"},
        {"flattened_batch", "elementwise"},
        id="saturated",
    ),
    pytest.param(sigmoid, {}, set(), id="sigmoid"),
    pytest.param(
        sigmoid,
        {"g": "0,0,0"},
        set(known(Sigmoid)) - {"without_gradient"},
        id="g of a sigmoid is 0",
    ),
    pytest.param(sigmoid, {"g": "1,1,1"}, {"without_gradient"}, id="g of a sigmoid is 1"),
    pytest.param(
        sigmoid, {"x": "0.6590460684074066", "g": "2"}, {"input_for_output"}, id="x is its sigmoid"
    ),
]


@pytest.mark.parametrize(("page", "query", "expected"), AGREE)
def test_exactly_those_agree_of_which_theory_says_so(page, query, expected):
    agree = {name for name, ghost in ghosts(page, **query).items() if ghost.agrees}
    assert agree == expected | ALWAYS


RNG = np.random.default_rng(0)


@pytest.mark.parametrize("classes", [2, 3, 8, 100])
@pytest.mark.parametrize("T", ["1", "0.7", "2"])
def test_rounding_never_tells_passes_apart_that_are_the_same(classes, T):
    for _ in range(20):
        z = ",".join(map(str, RNG.normal(0, 2, classes).round(2)))
        g = ",".join(map(str, RNG.normal(0, 2, classes).round(2)))
        agree = {name for name, ghost in ghosts(softmax, z=z, g=g, T=T).items() if ghost.agrees}
        assert agree == {"flattened_batch"} | ALWAYS


@pytest.mark.parametrize("classes", [2, 3, 8, 100])
@pytest.mark.parametrize("value", ["1", "-0.7", "3.3", "1e-200", "1e200"])
def test_rounding_never_tells_passes_apart_where_all_of_the_gradient_cancels(classes, value):
    for T in ("1", "0.7"):
        z = ",".join(map(str, RNG.normal(0, 2, classes).round(2)))
        found = ghosts(softmax, z=z, g=",".join([value] * classes), T=T)
        agree = {name: ghost for name, ghost in found.items() if ghost.agrees}
        assert agree.keys() == {"flattened_batch", "without_weight"} | ALWAYS
        assert not any(ghost.error or ghost.dx.any() for ghost in agree.values())


def test_what_is_smaller_than_the_rounding_of_g_is_no_error():
    """s₁ = 4e-18, and so is the gradient: no test with a tolerance for g would miss it."""
    ghost = ghosts(softmax, "elementwise", z="40,0", g="1,0")["elementwise"]
    assert softmax.compute(scenario_of(softmax, z="40,0", g="1,0"))["dx"][1] != 0
    assert ghost.agrees
    assert (ghost.error, ghost.relative, ghost.faults) == (0, 0, ())


@pytest.mark.parametrize("page", LAYER, ids=name)
def test_no_error_is_printed_that_is_nothing_but_rounding(page):
    """From all that is near 0 to all that is saturated, on both sides."""
    for size in (0, 1e-9, 1, 10, 20, 36, 38, 40, 100, 700, 1000):
        for sign in (1, -1):
            field = "z" if page is softmax else "x"
            query = {field: f"{sign * size},0.5,-1", "g": "1,-0.5,0.5"}
            for ghost in ghosts(page, **query).values():
                assert ghost.error == 0 or ghost.error > 1e-16
                printed = " ".join((*ghost.errors, *ghost.faults))
                assert not re.search(r"e−(1[6-9]|[2-9]\d|\d{3})", printed), (query, ghost)


def test_a_wrong_pass_that_is_nearly_right_does_not_agree():
    """s z with z = s but for 1e-9: far more than rounding."""
    ghost = ghosts(softmax, "input_for_output", z="0.500000001,0.5", g="1,2")["input_for_output"]
    assert 0 < ghost.error < 1e-8
    assert not ghost.agrees


@pytest.mark.parametrize("page", LAYER, ids=name)
@pytest.mark.parametrize("value", ["1e308", "-1e308", "5e-324", "1000"])
@pytest.mark.filterwarnings("error")
def test_the_largest_inputs_leave_figures_to_be_drawn(page, value):
    field = "z" if page is softmax else "x"
    figure = figures_of(page, scenario_of(page, wrong=ALL[page], **{field: f"{value},0,1"}))["dx"]
    assert np.isfinite([y for trace in figure["data"] for y in trace["y"]]).all()


def test_each_says_what_is_wrong_and_who_makes_it():
    for page in LAYER:
        for ghost in ghosts(page).values():
            assert ghost.mistake.endswith(".") and ghost.who.startswith("Made by")


@pytest.mark.parametrize(("page", "query"), QUERIES, ids=name)
def test_each_component_is_marked_right_exactly_where_it_is(page, query):
    right, expected = by_hand(page, scenario_of(page, **query))
    for ghost in ghosts(page, **query).values():
        close = np.isclose(expected[ghost.name], right, rtol=1e-12, atol=1e-15)
        assert ghost.right.tolist() == close.tolist()
        assert ghost.agrees is bool(close.all())


UNEQUAL = {"z": "2,1,0.1", "g": "1,-0.5,0.5"}
FAULTS = [
    (softmax, "elementwise", {"z": "2,1,0.1", "g": "1,0,0"}, "its sum is 0.225, not 0"),
    (softmax, "elementwise", {"z": "2,1,0.1", "g": "1,0,0"}, "it is 0 at 1 and 2, where"),
    (softmax, "elementwise", UNEQUAL, "it has the wrong sign at 2"),
    (softmax, "without_coupling", ONES, "it is not 0 at 0, 1 and 2, where the right one is"),
    (softmax, "without_weight", {"z": "0,0,0"}, "it is 3.00 times too large everywhere"),
    (softmax, "elementwise", {"z": "0,0", "g": "1,-1"}, "it is 2.00 times too small everywhere"),
    (sigmoid, "without_derivative", {"x": "0,0", "g": "1,2"}, "it is 4.00 times too large every"),
    (sigmoid, "without_gradient", {"x": "0,0", "g": "-1,-1"}, "it points the other way"),
    (sigmoid, "without_gradient", {"x": "0,0", "g": "1,1.05"}, "it is 5.0 % too small at 1"),
    (sigmoid, "without_complement", {"x": "0,3", "g": "1,1"}, "it is 21.09 times too large at 1"),
    (sigmoid, "input_for_output", {"x": "2,0.5", "g": "1,1"}, "it has the wrong sign at 0"),
]


@pytest.mark.parametrize(("page", "wrong", "query", "fault"), FAULTS, ids=name)
def test_what_the_whole_gets_wrong_is_said(page, wrong, query, fault):
    faults = ghosts(page, wrong, **query)[wrong].faults
    assert any(said.startswith(fault) for said in faults), faults


@pytest.mark.parametrize("page", LAYER, ids=name)
def test_whoever_disagrees_gets_something_wrong_and_whoever_agrees_nothing(page):
    field = "z" if page is softmax else "x"
    for _ in range(50):
        classes = RNG.integers(2, 12)
        rows = [",".join(map(str, RNG.normal(0, 3, classes).round(1))) for _ in range(2)]
        for ghost in ghosts(page, **dict(zip((field, "g"), rows, strict=True))).values():
            assert bool(ghost.faults) is not ghost.agrees


def test_a_sum_that_is_no_property_of_the_layer_is_not_asked_of_it():
    for ghost in ghosts(sigmoid, x="1,1", g="1,-1").values():
        assert not any("sum" in fault for fault in ghost.faults)


def test_many_wrong_components_are_counted_and_not_listed():
    (sign, *_) = ghosts(sigmoid, "without_gradient", x=",".join("0" * 9), g="-1," * 8 + "-2")[
        "without_gradient"
    ].faults
    assert sign == "it has the wrong sign at 0, 1, 2, 3 and 5 more"


@pytest.mark.parametrize("present", ["0", "1"])
def test_ghosts_have_names_and_marks_on_the_figure(present):
    query = {"wrong": "elementwise,without_coupling", "present": present}
    figure = figures_of(softmax, scenario_of(softmax, **UNEQUAL, **query))["dx"]
    (note,) = [n["text"] for n in figure["layout"]["annotations"] if "elementwise" in n["text"]]
    plain = note.replace("\u00a0", " ").replace("<br>", " · ")
    assert plain == "/ elementwise · \\ without coupling"
    figure = figures_of(softmax, scenario_of(softmax, **ONE_HOT, wrong="elementwise"))["dx"]
    assert [text.strip("▲▼") for text in figure["data"][0]["text"]] == ["✓", "✗", "✗"]


ONE_HOT = {"z": "2,1,0.1", "g": "1,0,0"}


def test_marks_give_way_where_ghosts_are_narrower_than_they_are():
    figure = figures_of(softmax, scenario_of(softmax, wrong=ALL[softmax], z="0," * 9 + "1"))["dx"]
    for ghost in figure["data"][:-1]:
        assert not set("".join(ghost["text"])) & set("✓✗")


def test_the_central_difference_of_the_last_step_has_no_marks():
    figure = figures_of(softmax, scenario_of(softmax, step="6", wrong="elementwise"))["dx"]
    assert not set("".join(figure["data"][0]["text"])) & set("✓✗")
