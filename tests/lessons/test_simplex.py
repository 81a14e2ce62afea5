"""The Simplex page: its point, its field and its path are what softmax and its gradient say."""

import json
import math
import random
import re

import numpy as np
import pytest

from nnfs import Softmax, func_softmax, numeric_vjp
from tests.lessons.showing import figures_of, scenario_of
from visualizer.figures import number
from visualizer.figures.triangle import place_of
from visualizer.lessons.simplex import (
    CHECK,
    GRID,
    LEAST,
    LESSON,
    MOMENTS,
    MOST,
    PATH,
    TARGETS,
    Scenario,
    compute,
    descend,
    logits_at,
    pushes,
)
from visualizer.lessons.steps import verdict

STATES = [
    {},
    {"z": "0.3,-2,1.7", "g": "-1,0.5,2", "lr": "0.2", "k": "17"},
    {"z": "3,-3,0", "loss": "target1", "lr": "1.5", "k": "25"},
    {"z": "2,0,-2", "loss": "middle", "lr": "5", "k": "9"},
]
states = pytest.mark.parametrize("query", STATES, ids=str)


def shown(**query):
    return compute(scenario_of(LESSON, **query))


def by_hand(z, g, lr, steps, target=None):
    """Gradient descent in plain Python: s after each step, and L."""
    path, losses = [], []
    for _ in range(steps + 1):
        powers = [math.exp(value) for value in z]
        s = [power / sum(powers) for power in powers]
        path.append(s)
        if target is None:
            losses.append(sum(a * b for a, b in zip(g, s, strict=True)))
            dz = [s_j * (g_j - losses[-1]) for s_j, g_j in zip(s, g, strict=True)]
        else:
            losses.append(-sum(t * math.log(s_j) for t, s_j in zip(target, s, strict=True)))
            dz = [s_j - t for t, s_j in zip(target, s, strict=True)]
        z = [z_j - lr * d for z_j, d in zip(z, dz, strict=True)]
    return np.array(path), np.array(losses)


@states
def test_the_path_is_that_of_gradient_descent_by_hand(query):
    scenario, values = scenario_of(LESSON, **query), shown(**query)
    known = (scenario.z[0], scenario.g[0], scenario.lr, scenario.k, TARGETS.get(scenario.loss))
    path, losses = by_hand(*known)
    assert values["path"].shape == (scenario.k + 1, 3)
    np.testing.assert_allclose(values["path"], path, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(values["losses"], losses, rtol=1e-9, atol=1e-12)


def test_the_oracle_finds_another_step_size_and_another_loss():
    values = shown()
    for lr, target in ((0.51, None), (0.5, TARGETS["target0"])):
        path, _ = by_hand((1, 0, -1), (1, 0, 0), lr, 8, target)
        assert not np.allclose(values["path"], path, atol=1e-3)


@states
def test_every_arrow_of_the_field_is_what_central_differences_measure(query):
    scenario = scenario_of(LESSON, **query)
    field = pushes(scenario)
    assert field.shape == (55, 3)
    target = TARGETS.get(scenario.loss)
    for s, push in zip(GRID, field, strict=True):
        g = scenario.g[0] if target is None else -np.array(target) / s
        # Central differences at 1e-6 of numbers up to 30: rounding of 1e-15 / 1e-6.
        measured = numeric_vjp(Softmax(), np.log([s]), np.array([g]))[0]
        np.testing.assert_allclose(push, -measured, atol=1e-7)


def test_the_measurement_finds_a_field_of_another_gradient():
    field = pushes(scenario_of(LESSON, g="1,0,0.01"))
    assert not np.allclose(field, pushes(scenario_of(LESSON)), atol=1e-7)


def test_the_field_is_computed_in_one_batch(monkeypatch):
    batches = []
    forward = Softmax.forward
    monkeypatch.setattr(
        Softmax, "forward", lambda layer, x: batches.append(np.shape(x)) or forward(layer, x)
    )
    pushes(scenario_of(LESSON))
    assert batches == [(55, 3)]


@states
def test_the_way_is_the_slope_of_s_along_the_push(query):
    values, h = shown(**query), 1e-6
    ahead, back = (func_softmax((values["now"] + d * values["push"])[None]) for d in (h, -h))
    np.testing.assert_allclose(values["way"], ((ahead - back) / (2 * h))[0], atol=1e-8)
    assert not np.allclose(values["push"], ((ahead - back) / (2 * h))[0], atol=1e-3)


def test_what_the_tangent_misses_of_the_next_step_falls_as_the_square_of_the_step_size():
    missed = []
    for lr in ("0.4", "0.2", "0.1"):
        values = shown(lr=lr, k="0")
        missed.append(np.abs(values["moved"] - float(lr) * values["way"]).max())
    assert missed[0] / missed[1] == pytest.approx(4, rel=0.1)
    assert missed[1] / missed[2] == pytest.approx(4, rel=0.1)


def random_descents(count):
    rng = random.Random(3)
    for _ in range(count):
        z, g = ([rng.gauss(0, 2) for _ in range(3)] for _ in range(2))
        lr = math.exp(rng.uniform(math.log(0.05), math.log(50)))
        texts = {"z": z, "g": g}
        yield {n: ",".join(map(repr, row)) for n, row in texts.items()} | {"lr": repr(lr)}


@pytest.mark.parametrize("loss", ["linear", "target0", "target1", "target2"])
def test_towards_a_corner_the_loss_never_rises_whatever_the_step_size(loss):
    for query in random_descents(40):
        losses = shown(**query, loss=loss, k=str(MOST))["losses"]
        assert np.all(np.diff(losses) <= 1e-12 * np.abs(losses).max())


def test_towards_the_middle_a_step_size_above_6_swings_and_below_it_comes_to_rest():
    near = {"z": "0.01,0,-0.01", "loss": "middle", "k": str(MOST)}
    assert np.any(np.diff(shown(**near, lr="6.5")["losses"]) > 0)
    assert np.all(np.diff(shown(**near, lr="5.5")["losses"]) <= 1e-15)


@states
def test_what_all_logits_share_moves_nothing_in_the_triangle(query):
    usual = scenario_of(LESSON, **query)
    lifted = usual.changed(z=(tuple(value + 0.75 for value in usual.z[0]),))[0]
    one, other = compute(usual), compute(lifted)
    for name in ("start", "path", "field", "push", "way", "dx", "losses"):
        np.testing.assert_allclose(one[name], other[name], atol=1e-12, err_msg=name)
    np.testing.assert_allclose(other["z"] - one["z"], 0.75)
    np.testing.assert_allclose(other["now"] - one["now"], 0.75, atol=1e-12)


@states
def test_descent_never_changes_the_mean_of_z(query):
    logits, _, _ = descend(scenario_of(LESSON, **query))
    np.testing.assert_allclose(logits.mean(axis=1), logits[0].mean(), atol=1e-12)


def test_a_place_becomes_the_logits_of_its_probabilities_with_their_mean_kept():
    s = np.array([0.2, 0.5, 0.3])
    across, up = place_of(s)
    scenario, messages = Scenario.from_query({"z": "3,1,2", "place": f"{across},{up}"})
    assert messages == []
    # Three digits: half of the last one.
    np.testing.assert_allclose(func_softmax(np.array(scenario.z))[0], s, atol=2.5e-4)
    assert np.mean(scenario.z) == pytest.approx(2, abs=5e-4)
    assert all(round(value, 3) == value for value in scenario.z[0])


def test_a_place_is_in_no_link_and_in_no_scenario():
    scenario = Scenario.usual().updated({"place": "0.5,0.3"})[0]
    assert scenario.place == ()
    assert scenario.to_query()["place"] == ""
    assert "place" not in scenario.to_link()
    assert Scenario.from_query(scenario.to_link())[0].z == scenario.z != Scenario.usual().z


def test_an_edit_of_z_says_that_no_place_is_meant():
    """Else one that the script has not heard of yet would undo it."""
    handles = figures_of(LESSON, Scenario.usual())["z"]["handles"]
    assert handles["clears"] == ["place"]
    unsaved = {"place": "0.5,0.3", "z": "0,1,0"}
    assert Scenario.usual().updated(unsaved)[0].z != ((0.0, 1.0, 0.0),)
    assert Scenario.usual().updated(unsaved | {"place": ""})[0].z == ((0.0, 1.0, 0.0),)


@pytest.mark.parametrize("text", ["1", "1,2,3", "1,2;3,4", "x,1", "nan,0"])
def test_what_is_no_place_is_refused_and_moves_nothing(text):
    scenario, messages = Scenario.usual().updated({"place": text})
    assert scenario == Scenario.usual()
    assert messages[0].startswith("Place: expected ")


@pytest.mark.parametrize("place", [(-0.4, 0.1), (0.0, 0.0), (0.5, 2.0), (1.3, -0.2), (0.5, 0.0)])
def test_near_an_edge_the_logits_are_bounded_and_the_figure_says_so(place):
    z = logits_at(place, (0.0, 0.0, 0.0))
    s = func_softmax(np.array([z]))[0]
    assert s.min() == pytest.approx(LEAST, rel=2e-3)
    assert max(map(abs, z)) < 3.1
    assert "at the edge" in notes(place=",".join(map(str, place)))
    assert "at the edge" not in notes()


def notes(**query):
    drawn = figures_of(LESSON, scenario_of(LESSON, **query))["triangle"]
    return " ".join(note["text"] for note in drawn["layout"]["annotations"])


def test_a_place_inside_is_not_bent():
    for s in GRID:
        again = func_softmax(np.array([logits_at(tuple(place_of(s)), (0.0, 0.0, 0.0))]))[0]
        np.testing.assert_allclose(again, s, atol=2.5e-4)


def test_g_is_dragged_where_it_is_given_and_a_result_where_a_loss_hands_it_down():
    linear, entropy = (
        figures_of(LESSON, scenario_of(LESSON, loss=x)) for x in ("linear", "target1")
    )
    assert linear["g"]["handles"]["field"] == "g"
    assert entropy["g"]["handles"] is None
    values = shown(loss="target1")
    np.testing.assert_allclose(values["g"], [0, -1 / values["s"][1], 0])


def test_who_sets_g_alone_asks_for_the_loss_that_has_one():
    entropy = scenario_of(LESSON, loss="target1")
    assert entropy.changed(g=((0.0, 1.0, 0.0),))[0].loss == "linear"
    assert entropy.changed(z=((0.0, 1.0, 0.0),))[0].loss == "target1"
    assert scenario_of(LESSON, g="0,1,0", loss="target1").loss == "target1"


def test_other_than_three_classes_are_refused_by_name():
    scenario, messages = Scenario.from_query({"z": "1,2,3,4"})
    assert scenario.z == Scenario.usual().z
    assert messages == [
        "z: expected 3 numbers in a row, got 4. The default is shown instead.",
    ]


def moment(word):
    (query,) = [query for name, query in MOMENTS.items() if word in name]
    return shown(**query)


def test_the_first_moment_is_a_path_from_corner_to_corner_that_crosses_the_middle():
    path = shown(**next(iter(MOMENTS.values())))["path"]
    assert next(iter(MOMENTS)) == "A path that crosses the middle"
    assert np.abs(path - 1 / 3).max(axis=1).min() < 0.02
    assert path[0].argmax() != path[-1].argmax()
    assert min(path[0].max(), path[-1].max()) > 0.85


def test_the_default_has_no_such_path():
    """The oracle of the moment can fail."""
    assert np.abs(shown(k=str(MOST))["path"] - 1 / 3).max(axis=1).min() > 0.1


def turn(one, other):
    """The area that two ways span: 0 where they have one direction."""
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]


def test_all_pushes_point_at_the_target_and_the_path_bends():
    values = moment("path bends")
    ways = place_of(TARGETS["target1"] - GRID)
    np.testing.assert_allclose(turn(place_of(values["field"]), ways), 0, atol=1e-12)
    path = place_of(values["path"])
    straight = path[-1] - path[0]
    assert np.max(np.abs(turn(path - path[0], straight)) / np.hypot(*straight)) > 0.1


def test_near_a_corner_nothing_moves_and_with_equal_g_nothing_at_all():
    corner, equal = moment("Near a corner"), moment("All g alike")
    assert np.abs(corner["path"] - corner["path"][0]).max() < 0.01 < np.abs(corner["field"]).max()
    assert np.abs(equal["path"] - equal["path"][0]).max() < 1e-12
    assert np.abs(equal["field"]).max() < 1e-15


def test_too_large_a_step_goes_to_and_fro():
    path = moment("to and fro")["path"]
    turns = (np.diff(path, axis=0)[1:] * np.diff(path, axis=0)[:-1]).sum(axis=1)
    assert np.all(turns[-6:] < -0.01)


def test_too_large_a_step_ends_in_the_wrong_corner_and_a_smaller_one_in_the_right_one():
    wrong = moment("wrong corner")
    assert wrong["path"][-1].argmax() == 2 != wrong["g"].argmin() == 1
    assert np.abs(wrong["dx"]).max() < 1e-3
    assert shown(z="0,-2,0", g="1,0,0.3", lr="5", k="60")["path"][-1].argmax() == 1


def spoken(figures):
    return json.dumps(figures, ensure_ascii=False)


def is_in(value, text):
    forms = {repr(float(value)), number(float(value))}
    return any(re.search(rf"(?<![\d.]){re.escape(form)}(?!\d)", text) for form in forms)


# Numbers of their own at every step: none of them is printed by chance.
LECTURE = {"z": "1.37,0.11,-0.93", "g": "0.91,-0.37,0.53", "k": "24"}


def said_at(step):
    """All that leaves the lesson at a step, as one text."""
    moment = LESSON.moment(scenario_of(LESSON, **LECTURE, step=str(step)), {})
    return spoken([LESSON.drawn(moment), LESSON.moved(moment, [f.name for f in LESSON.figures])])


@pytest.mark.parametrize("step", range(1, CHECK + 1))
def test_no_number_of_a_later_step_leaves_the_lesson(step):
    first, last = shown(**LECTURE, step="1"), shown(**LECTURE)
    on_the_way = np.concatenate([last["s"], last["now"], last["dx"], last["losses"][1:]])
    for begins, ends, numbers in ((3, PATH - 1, first["dx"]), (PATH, CHECK, on_the_way)):
        found = [value for value in numbers if is_in(value, said_at(step))]
        assert bool(found) is (begins <= step <= ends), found


def test_the_triangle_fills_from_step_to_step():
    counts = []
    for step in range(1, CHECK + 1):
        drawn = figures_of(LESSON, scenario_of(LESSON, **LECTURE, step=str(step)))["triangle"]
        _, _, field, path, push, way, *_ = drawn["data"]
        places = len(set(zip(path["x"], path["y"], strict=True)))
        counts.append((len(field["x"]) // 6, places, len(push["x"]) // 6, len(way["x"]) // 6))
    bare, field, ways, path = (0, 1, 0, 0), (55, 1, 0, 0), (55, 1, 1, 1), (55, 25, 1, 1)
    assert counts == [bare, bare, bare, field, ways, path, path]


def test_the_check_compares_the_result_where_the_point_is_now():
    drawn = figures_of(LESSON, scenario_of(LESSON, **LECTURE, step=str(CHECK)))["dx"]
    behind, bars = drawn["data"]
    # Central difference at 1e-6 of numbers of order 1: rounding of 1e-16 / 1e-6.
    np.testing.assert_allclose(behind["customdata"], bars["customdata"], atol=1e-9)
    assert behind["customdata"] != bars["customdata"]
    scenario = scenario_of(LESSON, **LECTURE)
    assert "**3 of 3 agree**" in verdict(LESSON.steps.check(scenario))


def test_as_many_points_are_drawn_however_many_steps_are_taken():
    """A patch moves what Plotly has drawn, and draws nothing new."""
    sizes = set()
    for k in (0, 1, MOST):
        drawn = figures_of(LESSON, scenario_of(LESSON, k=str(k)))
        traces = drawn["triangle"]["data"] + drawn["loss"]["data"]
        sizes.add(tuple(len(trace["x"]) for trace in traces))
    assert len(sizes) == 1


def test_the_largest_state_of_the_page_is_finite():
    for loss in ("linear", *TARGETS):
        query = {"z": "1e308,-1e308,0", "g": "1e9,-1e9,1e9", "lr": "50", "k": str(MOST)}
        with np.errstate(all="raise", under="ignore"):
            values = shown(**query, loss=loss)
        for name, value in values.items():
            if name != "behind":
                assert np.all(np.isfinite(value)), name


def test_an_export_states_the_whole_path_at_any_step_of_a_lecture():
    inputs, results = LESSON.record(scenario_of(LESSON, step="1"))
    whole_inputs, whole = LESSON.record(scenario_of(LESSON))
    assert len(results["path"]) == len(inputs["logits"]) == 9
    np.testing.assert_array_equal(results["path"], whole["path"])
    np.testing.assert_array_equal(inputs["logits"], whole_inputs["logits"])
