"""The Practice page's scenario and figures: what an open question keeps back."""

import json
from dataclasses import replace

import numpy as np
import pytest

from nnfs import Sigmoid, Softmax
from visualizer.lessons import BY_NAME
from visualizer.lessons.practice import LESSON, Scenario, layer_link
from visualizer.quiz.kinds import KINDS
from visualizer.quiz.question import LAYERS, results

CASES = [(kind, layer, level) for kind in KINDS for layer in LAYERS for level in (1, 3)]
FIGURES = {"x", "g", "local", "jacobian", "terms", "dx"}
KEPT_BACK = {
    "softmax": {"jacobian", "terms", "dx"},
    "sigmoid": {"local", "jacobian", "terms", "dx"},
}


def view(scenario, kept=None):
    """All figures by name; `kept` are the axes that the page has."""
    return LESSON.drawn(LESSON.moment(scenario, kept or {}))


def ends(scenario, kept=None):
    return LESSON.moment(scenario, kept or {}).ends


def scenario_of(**query):
    scenario, messages = Scenario.from_query(query)
    assert messages == []
    return scenario


def open_question(kind, layer, level, seed=3):
    return scenario_of(seed=str(seed), kind=kind, layer=layer, level=str(level))


@pytest.mark.parametrize(("kind", "layer", "level"), CASES)
def test_an_open_question_shows_what_is_given_and_nothing_of_the_result(kind, layer, level):
    scenario = open_question(kind, layer, level)
    figures = view(scenario)
    assert set(figures) == FIGURES
    for name, figure in figures.items():
        assert "handles" not in figure
        assert "select" not in figure
        assert (figure["data"] == []) == (name in KEPT_BACK[layer])


def sent(scenario):
    """All that the browser is told of a state."""
    return json.dumps([view(scenario), scenario.to_query(), ends(scenario)])


@pytest.fixture
def other_backward(monkeypatch):
    """Make every layer return another gradient than it should."""

    def change():
        for layer in (Softmax, Sigmoid):
            right = layer.backward
            monkeypatch.setattr(layer, "backward", lambda s, g, f=right: 3 - 2 * f(s, g))

    return change


@pytest.mark.parametrize(("kind", "layer", "level"), CASES)
def test_what_an_open_question_sends_does_not_depend_on_what_backward_returns(
    kind, layer, level, other_backward
):
    scenario = open_question(kind, layer, level)
    before = sent(scenario)
    other_backward()  # the question itself was drawn before
    assert sent(replace(scenario).revealed(0)) == before


@pytest.mark.parametrize(("kind", "layer", "level"), CASES)
def test_what_an_answered_question_sends_does(kind, layer, level, other_backward):
    scenario = open_question(kind, layer, level).revealed(1)
    before = sent(scenario)
    other_backward()
    assert sent(scenario) != before


@pytest.mark.parametrize("layer", LAYERS)
def test_the_frames_of_open_questions_are_alike_so_that_no_axis_tells(layer):
    frames = [
        {
            name: view(scenario_of(seed=str(seed), kind="largest", layer=layer))[name]
            for name in kept
        }
        for kept in [KEPT_BACK[layer]]
        for seed in range(20)
    ]
    assert all(frame == frames[0] for frame in frames)


@pytest.mark.parametrize(("kind", "layer", "level"), CASES)
def test_after_the_lock_the_figures_hold_what_nnfs_computes(kind, layer, level):
    scenario = open_question(kind, layer, level).revealed(1)
    asked, figures = scenario.asked, view(scenario)
    dx = results(asked.layer, asked.x, asked.g, asked.T).dx
    np.testing.assert_allclose(figures["dx"]["data"][0]["y"], dx, rtol=0, atol=1e-15)
    *terms, total = figures["terms"]["data"][0]["y"]
    # The terms are laid end to end: their sum is the total, but for rounding.
    np.testing.assert_allclose([sum(terms), total], dx[scenario.j], rtol=0, atol=1e-12)
    assert figures["x"]["handles"]["field"] == "x"
    assert figures["g"]["handles"]["field"] == "g"


def test_the_input_pointed_at_is_the_one_that_decides():
    asked = (zero := open_question("zero", "softmax", 1).revealed(1)).asked
    assert zero.j == asked.right
    for kind in ("sign", "zero", "shift"):
        named = open_question(kind, "softmax", 2)
        assert named.revealed(1).j == named.j == named.asked.j
    largest = open_question("largest", "softmax", 2).revealed(1)
    assert largest.j == largest.asked.right


def test_a_term_sum_that_is_0_is_shown_as_0():
    dust = 0
    for seed in range(40):
        scenario = open_question("zero", "softmax", 1, seed).revealed(1)
        asked = scenario.asked
        layer = Softmax()
        layer.forward(np.array([asked.x]))
        dust += layer.backward(np.array([asked.g]))[0, asked.right] != 0
        assert view(scenario)["terms"]["data"][0]["y"][-1] == 0
    assert dust  # else there was nothing to settle


@pytest.mark.parametrize("layer", LAYERS)
def test_after_the_lock_numbers_can_be_dragged_and_the_result_follows(layer):
    scenario = open_question("sign", layer, 1, seed=0).revealed(1)
    moved, messages = scenario.updated({"x": "1,0.25,-1", "g": "1,2,0"})
    assert messages == []
    dx = results(layer, (1, 0.25, -1), (1, 2, 0), 1.0).dx
    np.testing.assert_allclose(view(moved)["dx"]["data"][0]["y"], dx, rtol=0, atol=1e-15)
    before = ends(scenario)
    assert ends(moved, before)["J"] == before["J"]


@pytest.mark.parametrize("layer", LAYERS)
def test_each_handle_names_all_figures_that_its_drag_changes(layer):
    """The descriptor has the figures of one layer, from which it knows what moves."""
    scenario = open_question("sign", layer, 1, seed=0).revealed(1).changed(whole=True)[0]
    before = LESSON.moment(scenario, {})
    for field, text in (("x", "1,0.25,-1"), ("g", "1,2,0")):
        after = LESSON.moment(scenario.updated({field: text})[0], before.ends)
        shown, moved = (LESSON.moved(moment, FIGURES) for moment in (before, after))
        changed = {name for name in FIGURES if shown[name] != moved[name]}
        specs = [
            figure["handles"] for figure in LESSON.drawn(before).values() if "handles" in figure
        ]
        (spec,) = [spec for spec in specs if spec["field"] == field]
        assert changed == set(spec["moves"])


@pytest.mark.parametrize("layer", LAYERS)
def test_an_open_question_cannot_be_edited(layer):
    scenario = open_question("sign", layer, 1)
    assert (
        scenario.updated({"x": "1,0.25,-1", "g": "1,2,0", "j": "1", "answer": "1"})[0] == scenario
    )


@pytest.mark.parametrize(
    "change", [{"n": "2"}, {"seed": "9"}, {"level": "2"}, {"kind": "zero"}, {"layer": "sigmoid"}]
)
def test_another_question_is_open(change):
    scenario = open_question("sign", "softmax", 1).revealed(1)
    assert not scenario.updated(change)[0].locked


def test_a_link_carries_the_question_and_never_the_answer():
    scenario = open_question("order", "softmax", 2, seed=7).revealed(1)
    link = scenario.to_link()
    assert link == {"seed": "7", "level": "2", "kind": "order", "n": "1", "layer": "softmax"}
    assert Scenario.from_query(link)[0] == replace(scenario).revealed(0)


@pytest.mark.parametrize("answer", [0, 1, 3])
def test_every_scenario_comes_back_from_its_query(answer):
    for kind, layer, level in CASES:
        scenario = open_question(kind, layer, level).revealed(answer)
        assert Scenario.from_query(scenario.to_query()) == (scenario, [])


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("seed", "-1"),
        ("seed", "10000"),
        ("level", "0"),
        ("level", "4"),
        ("n", "0"),
        ("n", "1000"),
        ("kind", ""),
        ("kind", "sign,zero"),
        ("layer", "<b>"),
        ("answer", "yes"),
        ("answer", "-1"),
        ("answer", "6"),
        ("answer", "1,2"),
        ("answer", ""),
        ("x", "nan"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(field, text):
    scenario, (message,) = Scenario.from_query({field: text})
    assert message.startswith(f"{Scenario.called(field)}: expected")
    assert view(scenario)


def test_numbers_that_the_temperature_makes_too_large_are_refused_as_x():
    seed = next(s for s in range(50) if open_question("sign", "softmax", 3, s).T == 0.5)
    asked = {"seed": str(seed), "level": "3", "kind": "sign", "layer": "softmax", "answer": "1"}
    usual = scenario_of(**asked)
    scenario, (message,) = Scenario.from_query(asked | {"x": "1e308,9e307,0,0,0"})
    assert message.startswith("x: x / T leaves the range of float64 at T = 0.5.")
    assert scenario == usual
    assert scenario.exported.T == scenario.T == 0.5
    assert scenario_of(**asked, x="8e307,0,0,0,0").x[0][0] == 8e307


@pytest.mark.parametrize("text", ["0", "4", "x", "-1", "99999999999"])
def test_a_refused_level_is_told_the_levels_that_there_are(text):
    _, (message,) = Scenario.from_query({"level": text})
    assert message.startswith(f"Level: expected a whole number from 1 to 3, got `{text}`")


@pytest.mark.parametrize("x", ["1", "1,2", "1,2,3;4,5,6", "1e300,-1e300,1e300"])
@pytest.mark.parametrize("layer", LAYERS)
def test_numbers_of_any_shape_after_the_lock_give_figures(x, layer):
    scenario = Scenario.from_query({"answer": "1", "x": x, "g": x, "j": "900", "layer": layer})[0]
    json.dumps(view(scenario), allow_nan=False)


def dimmed(scenario):
    return {name for name, figure in view(scenario).items() if figure.get("state") == "past"}


@pytest.mark.parametrize(("kind", "layer", "level"), CASES)
def test_after_the_lock_the_figures_are_lit_that_the_reason_speaks_of(kind, layer, level):
    scenario = open_question(kind, layer, level).revealed(1)
    named = set(KINDS[kind].speaks_of(scenario.asked))
    assert dimmed(scenario) == FIGURES - named
    assert all(figure.get("state") != "future" for figure in view(scenario).values())


@pytest.mark.parametrize("field", ["x", "g", "j"])
def test_whoever_touches_a_figure_sees_all_of_them_lit(field):
    scenario = open_question("sign", "softmax", 1).revealed(1)
    own = scenario.to_query()
    touched = scenario.updated({field: {"j": "0"}.get(field, own[field])})[0]
    assert dimmed(scenario) != set() == dimmed(touched)
    # The lane knows nothing of a hand, but of the numbers.
    moved, _ = Scenario.from_query(
        own | {field: {"j": str((scenario.j + 1) % 3)}.get(field, "1,2,3")}
    )
    assert dimmed(moved) == set()


def test_what_is_dimmed_can_be_shown_and_a_new_question_begins_anew():
    scenario = open_question("sign", "softmax", 1).revealed(1)
    shown = scenario.changed(whole=True)[0]
    assert dimmed(shown) == set()
    assert dimmed(shown.changed(n=2)[0].revealed(1)) != set()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layer", LAYERS)
def test_the_way_to_the_page_of_the_layer_shows_the_numbers_of_the_question_there(kind, layer):
    asked = open_question(kind, layer, 3).asked
    scenario, messages = BY_NAME[layer].Scenario.from_query(layer_link(asked))
    assert messages == []
    assert scenario.to_link() == layer_link(asked)
    assert scenario.g == (asked.g,)
    assert (scenario.z if layer == "softmax" else scenario.x) == (asked.x,)
    assert getattr(scenario, "T", 1) == asked.T
    assert scenario.j == open_question(kind, layer, 3).revealed(1).j
