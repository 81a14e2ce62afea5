"""The answer to one message of the fast lane, without a server."""

import json
import random

import numpy as np
import pytest

from nnfs import Softmax
from visualizer.figures.axes import format_ends
from visualizer.lessons import LESSONS
from visualizer.lessons.softmax import LESSON, Scenario
from visualizer.server.lane import answer

QUERY = Scenario.usual().to_query()
MOMENT = LESSON.moment(Scenario.usual(), {})
EXPECTED = "expected an object with seq, page and a query of texts"


def asked(message):
    return json.loads(answer(message if isinstance(message, str) else json.dumps(message)))


def test_a_good_message_is_answered_with_the_figures_of_the_view():
    reply = asked({"seq": 7, "page": "softmax", "query": QUERY})
    assert list(reply) == ["seq", "figures"]
    assert reply["seq"] == 7
    assert reply["figures"] == json.loads(json.dumps(LESSON.drawn(MOMENT)))


def test_the_numbers_are_those_of_nnfs():
    reply = asked({"seq": 1, "page": "softmax", "query": {"z": "0.5,-1,2", "g": "0.1,0.2,-0.3"}})
    layer = Softmax()
    layer.forward(np.array([[0.5, -1, 2]]))
    dx = layer.backward(np.array([[0.1, 0.2, -0.3]]))[0]
    # Through text and back a float64 is the same.
    assert reply["figures"]["dx"]["data"][0]["y"] == dx.tolist()


def test_a_message_that_names_what_moves_is_answered_with_these_arrays_alone():
    names = ["dx", "jacobian", "nowhere", "dx"]
    reply = asked({"seq": 7, "page": "softmax", "query": QUERY, "moving": names})
    expected = LESSON.moved(MOMENT, ["dx", "jacobian"])
    assert reply == {"seq": 7, "moving": json.loads(json.dumps(expected))}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_page_answers_with_what_moves(lesson):
    query = lesson.Scenario.from_query(lesson.shown_at)[0].to_query()
    for field, names in lesson.moves.items():
        reply = asked({"seq": 1, "page": lesson.name, "query": query, "moving": names})
        assert set(reply["moving"]) == set(names), field


def test_axes_stay_where_the_browser_has_them():
    query = QUERY | {"z": "9,1,0.1", "axes": "dx:0.125,dx-:0.1,z:20.0"}
    figures = asked({"seq": 1, "page": "softmax", "query": query})["figures"]
    assert figures["z"]["handles"]["max"] == 20
    assert figures["dx"]["layout"]["yaxis"]["range"][1] < 0.2
    fitted = asked({"seq": 1, "page": "softmax", "query": QUERY | {"z": "9,1,0.1"}})["figures"]
    assert fitted["z"]["handles"]["max"] == 12


def test_where_an_axis_has_to_move_too_the_figures_come_whole():
    query = QUERY | {"axes": format_ends(MOMENT.ends)}
    message = {"seq": 1, "page": "softmax", "moving": ["dx", "z"]}
    assert set(asked(message | {"query": query})) == {"seq", "moving"}
    assert set(asked(message | {"query": query | {"z": "70,1,0.1"}})) == {"seq", "figures"}


@pytest.mark.parametrize(
    ("message", "seq"),
    [
        ("", None),
        ("not json", None),
        ("null", None),
        ("7", None),
        ("[]", None),
        ('"seq"', None),
        ("{}", None),
        ('{"seq": NaN, "page": "softmax", "query": {}}', None),
        ({"seq": 3}, 3),
        ({"seq": 3, "page": "nowhere", "query": {}}, 3),
        ({"seq": 3, "page": None, "query": {}}, 3),
        ({"seq": 3, "page": ["softmax"], "query": {}}, 3),
        ({"seq": 3, "page": "__init__", "query": {}}, 3),
        ({"seq": 3, "page": "softmax"}, 3),
        ({"seq": 3, "page": "softmax", "query": None}, 3),
        ({"seq": 3, "page": "softmax", "query": []}, 3),
        ({"seq": 3, "page": "softmax", "query": "z=1,2"}, 3),
        ({"seq": 3, "page": "softmax", "query": {"z": [1, 2]}}, 3),
        ({"seq": 3, "page": "softmax", "query": {"z": 1}}, 3),
        ({"seq": 3, "page": "softmax", "query": {"z": None}}, 3),
        ({"seq": "3", "page": "softmax", "query": {}}, None),
        ({"seq": 3.5, "page": "softmax", "query": {}}, None),
        ({"seq": True, "page": "softmax", "query": {}}, None),
        ({"seq": {"a": [1]}, "page": "softmax", "query": {}}, None),
        ({"seq": None, "page": "softmax", "query": {}}, None),
        ({"seq": 3, "page": "softmax", "query": {}, "moving": [1]}, 3),
        ({"seq": 3, "page": "softmax", "query": {}, "moving": [["dx"]]}, 3),
        ({"seq": 3, "page": "softmax", "query": {}, "moving": 7}, 3),
        ({"seq": 3, "page": "softmax", "query": {}, "moving": 0}, 3),
        ({"seq": 3, "page": "softmax", "query": {}, "moving": ""}, 3),
        ({"seq": 3, "page": "softmax", "query": {}, "moving": {}}, 3),
        ("[" * 20000 + "]" * 20000, None),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_message_of_another_form_is_refused_as_data(message, seq):
    assert asked(message) == {"seq": seq, "error": EXPECTED}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"z": "1,x"}, "z"),
        ({"z": "NaN,1"}, "z"),
        ({"g": "1e309,0,0"}, "g"),
        ({"T": "0"}, "T"),
        ({"j": "12"}, "j"),
        ({"v": "9"}, "Link"),
    ],
)
def test_a_value_that_is_refused_gives_its_message_and_no_figures(query, field):
    reply = asked({"seq": 4, "page": "softmax", "query": QUERY | query})
    assert reply["seq"] == 4
    assert reply["error"].startswith(f"{Scenario.called(field)}:")
    assert "figures" not in reply


def test_no_message_makes_it_raise():
    rng = random.Random(0)
    good = json.dumps({"seq": 7, "page": "softmax", "query": QUERY})
    answered = 0
    for _ in range(2000):
        text = list(good)
        for _ in range(rng.randint(1, 3)):
            text[rng.randrange(len(text))] = rng.choice("0123456789,;:.\"'{}[]eE-+ \\u\0∞nul")
        reply = asked("".join(text))
        assert "figures" in reply or "error" in reply
        assert "Traceback" not in reply.get("error", "")
        answered += "figures" in reply
    assert 0 < answered < 2000
