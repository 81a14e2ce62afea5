"""What goes along from page to page."""

import pytest

from tests.lessons.showing import scenario_of
from visualizer.lessons import BY_NAME, LESSONS
from visualizer.lessons.carry import carried


def taken(here, there, showing=None, **query):
    """What page `there` shows after page `here`, as a link."""
    one, other = BY_NAME[here], BY_NAME[there]
    shown = scenario_of(other, **(showing or {}))
    return carried(one, scenario_of(one, **query), other, shown).to_link()


def test_logits_are_the_inputs_of_a_sigmoid():
    assert taken("softmax", "sigmoid", z="4,5", g="1,2") == {"x": "4,5", "g": "1,2"}
    assert taken("sigmoid", "side_by_side", x="4,5", g="1,2") == {"z": "4,5", "g": "1,2"}


def test_what_the_next_page_has_besides_stays():
    link = taken("sigmoid", "softmax", {"T": "3", "j": "1"}, x="4,5,6", g="1,2,3")
    assert link == {"z": "4,5,6", "g": "1,2,3", "T": "3", "j": "1"}


def test_of_a_batch_the_sample_in_view_goes_along():
    assert taken("softmax", "sigmoid", z="1,2;3,4", g="5,6;7,8", n="1") == {"x": "3,4", "g": "7,8"}


def test_a_batch_gets_it_in_the_place_of_the_sample_in_view_and_as_many_classes():
    batch = {"z": "1,2;3,4", "g": "5,6;7,8", "n": "1"}
    link = taken("sigmoid", "softmax", batch, x="9,9,9", g="1,1,1")
    assert link == {"z": "1,2,0;9,9,9", "g": "5,6,0;1,1,1", "T": "1", "n": "1"}


@pytest.mark.parametrize(
    "query",
    [
        {"x": "4", "g": "1"},  # a softmax of one class
        {"x": "1e308,1", "g": "1,1"},  # too large for its temperature
    ],
)
def test_what_the_next_page_refuses_is_left_behind(query):
    before = scenario_of(BY_NAME["softmax"], T="0.5").to_link()
    assert taken("sigmoid", "softmax", {"T": "0.5"}, **query) == before


def test_a_page_without_inputs_of_its_own_stays_as_it_was():
    before = BY_NAME["practice"].Scenario.usual().to_link()
    assert taken("softmax", "practice", z="1,2,3") == before
    assert taken("practice", "softmax") == BY_NAME["softmax"].Scenario.usual().to_link()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_what_comes_back_to_its_own_page_changes_nothing(lesson):
    shown = lesson.Scenario.usual()
    assert carried(lesson, shown, lesson, shown) is shown
