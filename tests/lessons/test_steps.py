"""The steps of a lecture: what is lit, what is past, and what has not run yet."""

import json
import re

import numpy as np
import pytest

from nnfs import Softmax, check_gradient
from tests.lessons import showing
from tests.lessons.showing import figures_of, name
from visualizer.figures import number
from visualizer.lessons import BY_NAME, LESSONS
from visualizer.lessons.steps import TITLES, verdict

softmax, sigmoid, losses = BY_NAME["softmax"], BY_NAME["sigmoid"], BY_NAME["losses"]

# What a lecturer has done by each step: forward, g, J, product, result, check.
LIT = {
    softmax: [
        {"z", "s"},
        {"g", "flow"},
        {"jacobian"},
        {"g", "jacobian", "terms", "flow", "formula"},
        {"dx", "centring", "flow", "formula", "sum"},
        {"dx"},
    ],
    sigmoid: [
        {"curve"},
        {"g", "flow"},
        {"slope", "jacobian"},
        {"g", "jacobian", "flow", "formula"},
        {"dx", "formula"},
        {"dx", "nudge"},
    ],
    # Output, loss, g, product, result, at once, check.
    losses: [
        {"z", "y"},
        {"y", "target", "formula_loss"},
        {"y", "target", "g", "formula_g"},
        {"g", "jacobian"},
        {"dx", "curve", "formula_dx"},
        {"paths"},
        {"dx"},
    ],
}
QUERY = {
    softmax: {"z": "2,1.3,0.17", "g": "0.9,-0.31,0.57"},
    sigmoid: {"x": "-2.1,0.53,3.2", "g": "0.91,1.07,-0.83"},
    losses: {"z": "2,1.3,0.17", "t": "0.23,0.58,0.19"},
}
STEPS = [(page, step) for page in LIT for step in range(1, page.steps.last + 1)]


def scenario_at(page, step, **more):
    return showing.scenario_of(page, **QUERY[page] | more | {"step": str(step)})


def states(page, step):
    figures = figures_of(page, scenario_at(page, step))
    return {name: figure.get("state", "lit") for name, figure in figures.items()}


def of_state(page, step, state):
    return {name for name, found in states(page, step).items() if found == state}


@pytest.mark.parametrize(("page", "step"), STEPS, ids=name)
def test_exactly_the_figures_of_a_step_are_lit(page, step):
    assert of_state(page, step, "lit") == LIT[page][step - 1]


@pytest.mark.parametrize(("page", "step"), STEPS, ids=name)
def test_what_was_lit_before_is_past_and_what_comes_has_not_run(page, step):
    before = set().union(*LIT[page][: step - 1]) - LIT[page][step - 1]
    later = set().union(*LIT[page][step:]) - LIT[page][step - 1] - before
    assert of_state(page, step, "past") == before
    assert of_state(page, step, "future") == later


@pytest.mark.parametrize("page", LIT, ids=name)
def test_without_a_step_everything_is_shown(page):
    assert set(states(page, 0).values()) == {"lit"}


@pytest.mark.parametrize(("page", "step"), STEPS, ids=name)
def test_a_past_figure_still_shows_all_its_numbers(page, step):
    at_step, complete = (figures_of(page, scenario_at(page, when)) for when in (step, 0))
    for past in of_state(page, step, "past"):
        # Its tangents, or its ribbons, are still to come.
        if (past, step) not in [("curve", 2), ("flow", 3)]:
            assert at_step[past]["data"] == complete[past]["data"]


def test_the_tangents_come_with_the_slopes():
    tangents = [
        figures_of(sigmoid, scenario_at(sigmoid, s))["curve"]["data"][1]["x"] for s in range(7)
    ]
    assert [bool(x) for x in tangents] == [True, False, False, True, True, True, True]


def test_a_flow_fills_from_left_to_right():
    outlines = [
        [
            len(trace.get("x", ()))
            for trace in figures_of(softmax, scenario_at(softmax, s))["flow"]["data"]
        ]
        for s in (1, 2, 3, 4, 5)
    ]
    nodes, ribbon, texts = 15, 81, 6
    begun = [nodes, 0, texts]
    assert outlines == [
        [],
        begun,
        begun,
        [*[ribbon] * 6, nodes, 0, texts],
        [*[ribbon] * 6, nodes, nodes, texts],
    ]


def test_the_numbers_of_the_result_come_with_its_nodes():
    texts = [
        figures_of(softmax, scenario_at(softmax, s))["flow"]["data"][-1]["text"] for s in (4, 5)
    ]
    assert [len([text for text in t if text]) for t in texts] == [3, 6]


def results(page):
    """The numbers that each step brings, from the first to the result."""
    values = page.compute(scenario_at(page, 0))
    if page is sigmoid:  # with a diagonal J the product is the result
        return [values["y"], values["g"], values["slopes"], values["dx"]]
    if page is losses:  # J follows from y alone, and the other way has the same numbers
        L, note = np.ravel(values["L"]), values["missed"].max(keepdims=True)
        return [values["y"], L, values["g"], values["J"].ravel(), values["dx"], note]
    # The terms of input j end at their sum, which is dxⱼ: it comes with them.
    s, g, J, terms, dx = (values[name] for name in ("s", "g", "J", "terms", "dx"))
    return [s, g, J.ravel(), terms.ravel(), dx[1:]]


def spoken(figures):
    """Everything that leaves the lesson, as one text."""
    return json.dumps(figures, ensure_ascii=False)


def is_in(value, text):
    """Whether a number is in a text in full or as it is printed: "0.247" is not in "10.2475"."""
    forms = {repr(float(value)), number(float(value))}
    return any(re.search(rf"(?<![\d.]){re.escape(form)}(?!\d)", text) for form in forms)


@pytest.mark.parametrize(("page", "step"), STEPS, ids=name)
def test_no_number_of_a_later_step_leaves_the_lesson(page, step):
    moment = page.moment(scenario_at(page, step), {})
    figures = page.drawn(moment)
    text = spoken([figures, page.moved(moment, list(figures))])
    for later, values in enumerate(results(page)[step:], step + 1):
        for value in values[np.abs(values) > 1e-9]:
            assert not is_in(value, text), f"step {later}: {value}"


@pytest.mark.parametrize("page", LIT, ids=name)
def test_the_search_finds_every_number_once_it_is_shown(page):
    """The oracle of the test above can fail."""
    text = spoken(figures_of(page, scenario_at(page, 0)))
    shown = [value for values in results(page)[:1] + results(page)[-1:] for value in values]
    assert all(is_in(value, text) for value in shown)


@pytest.mark.parametrize(("page", "step"), STEPS, ids=name)
def test_what_has_not_run_yet_says_so_and_is_never_0(page, step):
    figures = figures_of(page, scenario_at(page, step))
    for later in of_state(page, step, "future"):
        assert figures[later]["data"] == []
        assert set(figures[later]) == {"data", "layout", "state"}
        assert figures[later]["layout"]["annotations"][0]["text"] == "not run yet"
        assert figures[later]["layout"]["meta"]["alt"].endswith("not run yet")


@pytest.mark.parametrize("page", LIT, ids=name)
def test_present_dims_and_hides_the_same_figures(page):
    for step in range(page.steps.last + 1):
        plain, large = (figures_of(page, scenario_at(page, step, present=p)) for p in "01")
        assert {n: f.get("state") for n, f in plain.items()} == {
            n: f.get("state") for n, f in large.items()
        }


WIDE = [page for page in LESSONS if not page.shown_at and showing.takes(page, 1000)]


@pytest.mark.parametrize("count", [33, 201, 1000])
@pytest.mark.parametrize("page", WIDE, ids=name)
def test_so_many_inputs_can_be_presented_that_there_are_no_handles(page, count):
    inputs = showing.rows_of(page)[0]
    scenario = showing.scenario_of(page, present="1", **{inputs: ",".join(["0.5"] * count)})
    figures = figures_of(page, scenario)
    handles = [figure["handles"] for figure in figures.values() if figure.get("handles")]
    assert [spec for spec in handles if spec["field"] in showing.rows_of(page)] == []
    shown = figures.get("g") or figures[inputs]  # Home has no g
    assert len(shown["data"][0]["y"]) == count


@pytest.mark.parametrize("page", LIT, ids=name)
def test_the_check_shows_the_central_difference_behind_the_result(page):
    scenario = scenario_at(page, page.steps.last)
    behind, bars = figures_of(page, scenario)["dx"]["data"]
    analytic = page.compute(scenario)["dx"]
    # Central difference at 1e-6 of numbers of order 1: rounding of 1e-16 / 1e-6.
    np.testing.assert_allclose(behind["customdata"], analytic, atol=1e-9)
    assert behind["customdata"] != bars["customdata"]
    assert behind["hovertemplate"].startswith("central difference")


@pytest.mark.parametrize("page", LIT, ids=name)
def test_the_check_says_how_many_agree(page):
    assert "**3 of 3 agree**" in verdict(page.steps.check(scenario_at(page, page.steps.last)))


def test_the_check_says_it_when_they_do_not_agree():
    z, g = np.array([[2, 1.3, 0.17]]), np.array([[0.9, -0.31, 0.57]])
    wrong = np.add(softmax.compute(scenario_at(softmax, 0))["dx"], [0.1, 0, 0])
    assert "**2 of 3 agree**" in verdict(check_gradient(Softmax(), z, g, analytic=wrong[None]))


def test_there_is_a_step_for_each_part_of_the_backward_pass():
    assert TITLES == (
        "Forward",
        "Upstream gradient",
        "Local Jacobian",
        "Product",
        "Result",
        "Check",
    )
