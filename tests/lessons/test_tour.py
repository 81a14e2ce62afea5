"""Tours, doors, and what moves by itself: as the descriptors say, without a browser."""

import numpy as np
import pytest

from tests.lessons.showing import name, scenario_of
from visualizer.lessons import BY_NAME, LESSONS
from visualizer.lessons.tour import MOST_STOPS, stop_query, told

TOURED = [lesson for lesson in LESSONS if lesson.tour]
STOPS = [
    pytest.param(lesson, number, id=f"{lesson.name}-{number}")
    for lesson in TOURED
    for number in range(1, len(lesson.tour) + 1)
]


def at_stop(lesson, number, **more):
    """The scenario of the link of a stop."""
    return scenario_of(lesson, **stop_query(lesson.tour, number), **more)


def after(lesson, number):
    """The arrays once the drag of a stop is over, or its state where it has none."""
    scenario = at_stop(lesson, number)
    if play := told(lesson, scenario, 0):
        figure = next(figure for figure in lesson.figures if figure.name == play["figure"])
        scenario = scenario.changed(**{figure.drag: (tuple(play["to"]),)})[0]
    return lesson.compute(scenario)


def test_softmax_and_sigmoid_have_a_tour_of_five_stops():
    assert [lesson.name for lesson in TOURED] == ["softmax", "sigmoid"]
    assert all(len(lesson.tour) == MOST_STOPS for lesson in TOURED)


@pytest.mark.parametrize(("lesson", "number"), STOPS)
def test_the_link_of_a_stop_is_read_without_a_message_and_says_where_it_is(lesson, number):
    scenario, messages = lesson.Scenario.from_query(stop_query(lesson.tour, number))
    assert messages == []
    assert scenario.to_link()["tour"] == str(number)


@pytest.mark.parametrize(("lesson", "number"), STOPS)
def test_a_stop_drags_what_its_figure_has_and_stays_on_its_axis(lesson, number):
    scenario = at_stop(lesson, number)
    play = told(lesson, scenario, 0)
    if lesson.tour[number - 1].play is None:
        assert play is None
        return
    handles = lesson.drawn(lesson.moment(scenario, {}))[play["figure"]]["handles"]
    assert play["from"] == handles["values"] != play["to"]
    assert len(play["to"]) == len(play["from"])


@pytest.mark.parametrize(("lesson", "number"), STOPS)
def test_a_stop_is_played_from_its_start_and_not_once_more_after_a_drag(lesson, number):
    play = told(lesson, at_stop(lesson, number), 3)
    if play is None:
        return
    assert play["key"] == f"{lesson.name} {number} 3"
    figure = next(figure for figure in lesson.figures if figure.name == play["figure"])
    dragged = at_stop(lesson, number).changed(**{figure.drag: (tuple(play["to"]),)})[0]
    assert told(lesson, dragged, 3) is None


@pytest.mark.parametrize(("lesson", "number"), STOPS)
def test_a_question_at_a_stop_is_one_that_practice_has(lesson, number):
    practice = lesson.tour[number - 1].practice
    assert BY_NAME["practice"].Scenario.from_query(practice)[1] == []
    assert bool(practice) == (number == len(lesson.tour))


def test_the_drags_of_the_softmax_tour_show_what_its_sentences_say():
    softmax = BY_NAME["softmax"]
    one_hot, equal = after(softmax, 1), after(softmax, 2)
    np.testing.assert_allclose(one_hot["dx"], one_hot["J"][1], atol=1e-15)
    assert np.abs(equal["dx"]).max() == 0
    assert np.abs(equal["terms"]).max() > 0.1  # the stairs are to be seen
    before = softmax.compute(at_stop(softmax, 3))
    np.testing.assert_allclose(after(softmax, 3)["s"], before["s"], atol=1e-12)
    assert np.abs(after(softmax, 4)["dx"]).max() < 1e-3 < np.abs(before["dx"]).max()
    asked = softmax.compute(at_stop(softmax, 5))
    assert asked["J"][1, 0] < 0  # so dz 0 falls when g 1 rises


def test_the_drags_of_the_sigmoid_tour_show_what_its_sentences_say():
    sigmoid = BY_NAME["sigmoid"]
    assert after(sigmoid, 1)["slopes"][0] == 0.25
    before = sigmoid.compute(at_stop(sigmoid, 2))
    changed = after(sigmoid, 2)["dx"] != before["dx"]
    assert changed.tolist() == [False, True, False]
    assert after(sigmoid, 3)["dx"][2] < 0.02
    values = after(sigmoid, 4)
    assert (np.sign(values["dx"]) == np.sign(values["g"])).all()
    equal = sigmoid.compute(at_stop(sigmoid, 5))["dx"]
    assert equal[0] == pytest.approx(equal[2], rel=1e-12)


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_a_door_opens_without_a_message(lesson):
    assert lesson.Scenario.from_query(dict(lesson.door))[1] == []
    assert not lesson.question or lesson.question.endswith("?")


def test_home_plays_a_drag_that_comes_back_and_ends_with_an_invitation():
    home = BY_NAME["home"]
    play = told(home, scenario_of(home), 0)
    assert play["back"]
    assert play["invite"]
    assert play["from"] != play["to"]


def test_home_names_three_classes_at_axes_and_handles_and_numbers_more():
    home = BY_NAME["home"]
    figures = home.drawn(home.moment(scenario_of(home), {}))
    assert figures["z"]["handles"]["labels"] == ["z cat", "z dog", "z bird"]
    for figure in figures.values():
        assert figure["layout"]["xaxis"]["ticktext"] == ["cat", "dog", "bird"]
    four = home.drawn(home.moment(scenario_of(home, z="1,2,3,4"), {}))
    assert four["z"]["handles"]["labels"] == ["z 0", "z 1", "z 2", "z 3"]


def test_on_home_one_class_is_pushed_and_the_others_pay():
    home = BY_NAME["home"]
    for j in range(3):
        values = home.compute(scenario_of(home, j=str(j)))
        assert values["dx"][j] > 0
        assert (np.delete(values["dx"], j) < 0).all()
        assert values["dx"].sum() == pytest.approx(0, abs=1e-15)


def test_a_link_of_home_cannot_ask_for_another_gradient():
    home = BY_NAME["home"]
    scenario = scenario_of(home, g="5,5,5", j="2", z="1,2,3")
    assert scenario.g == ((0.0, 0.0, 1.0),)
    assert "g" not in scenario.to_link()
