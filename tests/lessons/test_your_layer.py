"""The Your layer page as a lesson: its fields fit the layer, and what is old looks so."""

import numpy as np
import pytest

from nnfs import Softmax
from tests.lessons.showing import scenario_of
from tests.student.files import MISTAKEN, SOFTMAX, with_backward
from visualizer.lessons.your_layer import LESSON, NOT_INPUTS, YOURS, Scenario, compute
from visualizer.student import opened

DENSE = """
import numpy as np

class Dense:
    def __init__(self):
        self.w = np.arange(8.0).reshape(4, 2)

    def forward(self, x):
        return x @ self.w

    def backward(self, g):
        return g @ self.w.T
"""


@pytest.fixture
def open_file(tmp_path):
    """Open a file with this text, as the command line would."""

    def open_file(text):
        path = tmp_path / "my_layers.py"
        path.write_text(text, "utf-8")
        opened.open_file(path)
        return path

    yield open_file
    opened.close()


def test_the_default_state_shows_that_the_derivative_of_each_alone_is_wrong():
    values = compute(Scenario.usual())
    s = Softmax()
    s.forward([[2, 1, 0.1]])
    np.testing.assert_allclose(values["dx"], s.backward([[1, -1, 2]])[0], atol=1e-8)
    assert not values["marks"][YOURS].any()
    assert np.array_equal(values["agrees"], np.eye(3, dtype=bool))
    assert np.array_equal(values["difference"] == 0, values["agrees"])
    assert values["found"].mistake.name == "elementwise"


@pytest.mark.parametrize("name", ["Softmax", "Activation_Sigmoid", "affine"])
def test_each_example_has_one_mistake_that_shows_at_once(name):
    values = compute(scenario_of(LESSON, name=name))
    assert values["judged"].worst is not None
    assert values["found"].mistake is not None
    assert values["found"].parameters == {}


def test_what_is_measured_is_the_product_of_what_is_shown():
    values = compute(scenario_of(LESSON, x="0.3,-1,2;1,1,0", g="1,2,3;0,1,0", n="1"))
    np.testing.assert_allclose(values["dx"], values["g"] @ values["measured"], atol=1e-12)


def test_another_sample_that_has_a_part_in_the_gradient_is_counted(open_file):
    open_file(
        "class Centred:\n    def forward(self, x): return x - x.mean(axis=0)\n"
        "    def backward(self, g): return g - g.mean(axis=0)\n"
    )
    values = compute(scenario_of(LESSON, x="1,2;3,5", g="1,0;0,4"))
    np.testing.assert_allclose(values["dx"], [0.5, -2], atol=1e-8)
    assert values["judged"].worst is None


def test_x_and_g_fit_the_layer(open_file):
    open_file(DENSE)
    usual = Scenario.usual()
    assert usual.name == "Dense"
    assert usual.x == ((2, 1, 0.1, 0.5),)
    assert usual.g == ((1, -1),)
    scenario, messages = Scenario.from_query({"x": "1,2", "g": "1,2,3;4,5,6"})
    assert (len(scenario.x[0]), scenario.g) == (4, ((1, 2),))
    assert messages == [
        "x: `Dense` takes 4 numbers in a row, got 2. They are cut, or filled up.",
        "g: expected 1 × 2 numbers, as many as `Dense` returns, got 2 × 3. They are cut, or filled "
        "up.",
    ]


@pytest.mark.parametrize("count", [1, 2, 5, 32])
def test_a_layer_of_any_width_takes_what_a_link_says(count):
    scenario = scenario_of(LESSON, x=",".join(["1"] * count), name="Softmax")
    assert (len(scenario.x[0]), len(scenario.g[0])) == (count, count)


def test_g_follows_silently_where_x_alone_is_given_or_another_layer_is_chosen(open_file):
    open_file(
        f"{DENSE}\ndef l_forward(x): return x, None\ndef l_backward(dout, cache): return dout\n"
    )
    scenario = scenario_of(LESSON, name="Dense", x="1,2,3,4;5,6,7,8")
    assert scenario.g == ((1, -1), (1, -1))
    other, messages = scenario.changed(name="l")
    assert (other.g, messages) == (((1, -1, 0, 0), (1, -1, 0, 0)), [])


def test_only_a_layer_that_was_loaded_can_be_named(open_file):
    open_file(SOFTMAX)
    for name in ("os", "np", "__import__", "Softmax.forward", "../other", "affine", "twice"):
        scenario, messages = Scenario.from_query({"name": name})
        assert scenario.name == "Softmax"
        (message,) = messages
        assert message.startswith("Layer: expected one of Softmax, Twice, got `")


def test_a_layer_that_is_gone_from_the_file_is_missed(open_file):
    scenario = Scenario.usual()
    open_file(DENSE)
    fitted, messages = scenario.fitted(frozenset())
    assert fitted.name == "Dense"
    assert messages == ["Layer: there is no `Softmax` in the file any more. `Dense` is shown."]


@pytest.mark.parametrize("text", ["1 +", "raise ValueError", "x = 1\n"])
def test_a_file_without_a_layer_breaks_nothing(open_file, text):
    open_file(text)
    for query in ({}, {"name": "Softmax"}, {"x": "1,2", "g": "3"}, {"n": "1"}):
        scenario, _ = Scenario.from_query(query)
        moment = LESSON.moment(scenario, {})
        drawn = LESSON.drawn(moment)
        assert {name for name, one in drawn.items() if one.get("state") == "future"} == {
            *NOT_INPUTS
        }
        assert all("not run yet" in drawn[name]["layout"]["meta"]["alt"] for name in NOT_INPUTS)
        assert moment.values["error"]
        assert scenario.exported is None
        assert LESSON.moved(moment, list(drawn))["dx"] == {"data": []}


def test_what_was_shown_before_stays_and_is_faded_where_the_layer_fails(open_file):
    open_file(with_backward("assert self.output.max() < 0.9"))
    good, before = LESSON.standing(LESSON.moment(Scenario.usual(), {}), None)
    assert before is good
    bad = LESSON.moment(scenario_of(LESSON, x="9,0,0"), {})
    shown, kept = LESSON.standing(bad, before)
    assert kept is before
    np.testing.assert_array_equal(shown.values["dx"], good.values["dx"])
    np.testing.assert_array_equal(shown.values["x"], [9, 0, 0])
    assert "AssertionError" in shown.values["error"]
    drawn = LESSON.drawn(shown)
    assert {name for name, one in drawn.items() if one.get("state") == "past"} == {*NOT_INPUTS}
    assert all("handles" in drawn[name] for name in ("x", "g"))


def test_of_other_pages_nothing_is_kept():
    from visualizer.lessons import BY_NAME

    softmax = BY_NAME["softmax"]
    moment = softmax.moment(softmax.Scenario.usual(), {})
    assert softmax.standing(moment, None) == (moment, None)
    assert not softmax.is_late(moment)


def test_a_slow_layer_is_run_when_the_hand_lets_go(open_file):
    assert not LESSON.is_late(LESSON.moment(Scenario.usual(), {}))
    open_file(with_backward("import time; time.sleep(0.08)"))
    assert LESSON.is_late(LESSON.moment(Scenario.usual(), {}))


def test_what_is_claimed_far_too_large_leaves_room_for_what_is_right(open_file):
    open_file(MISTAKEN.replace("grad_next * s", "1e9 * grad_next * s"))
    moment = LESSON.moment(Scenario.usual(), {})
    assert moment.ends["J"] < 2
    assert moment.ends["dx"] < 4


def test_nan_is_no_number_of_a_figure(open_file):
    open_file(MISTAKEN.replace("grad_next * s", "np.nan * grad_next * s"))
    drawn = LESSON.drawn(LESSON.moment(Scenario.usual(), {}))
    (cells,) = drawn["claimed"]["data"]
    assert cells["z"] == [[None] * 3] * 3
    assert {text for row in cells["text"] for text in row} == {"✗ NaN"}


@pytest.mark.parametrize("count", [6, 7, 32])
def test_every_wrong_cell_has_a_mark_also_where_there_is_no_room_for_a_number(count):
    x = ",".join(f"{0.1 * i:.1f}" for i in range(count))
    scenario = scenario_of(LESSON, x=x)
    values, drawn = compute(scenario), LESSON.drawn(LESSON.moment(scenario, {}))
    for name in ("claimed", "difference"):
        texts = np.array(drawn[name]["data"][0]["text"])
        marked = np.char.startswith(texts, "✗")
        np.testing.assert_array_equal(marked, ~values["agrees"])
        assert "of" in drawn[name]["layout"]["meta"]["alt"]


def test_the_export_is_a_test_that_says_which_file_it_imports():
    text = LESSON.export.test(Scenario.usual())
    assert "from softmax_nnfs import Softmax" in text
    assert "[[2.0, 1.0, 0.1]]" in text
