"""The answer to one message of the fast lane, without a server."""

import json
import random

import numpy as np
import pytest

from nnfs import Softmax
from ui.lane import answer
from views.softmax import Scenario, moving, view

QUERY = Scenario().fitted(frozenset())[0].to_query()
EXPECTED = "expected an object with seq, page and a query of texts"


def asked(message):
    return json.loads(answer(message if isinstance(message, str) else json.dumps(message)))


def test_a_good_message_is_answered_with_the_figures_of_the_view():
    reply = asked({"seq": 7, "page": "softmax", "query": QUERY})
    assert list(reply) == ["seq", "figures"]
    assert reply["seq"] == 7
    assert reply["figures"] == json.loads(json.dumps(view(Scenario().fitted(frozenset())[0])))


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
    expected = moving(Scenario().fitted(frozenset())[0], {"dx", "jacobian"})
    assert reply == {"seq": 7, "moving": json.loads(json.dumps(expected))}


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
        ({"seq": 3, "page": "sigmoid", "query": {}, "moving": ["dx"]}, 3),
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
    assert reply["error"].startswith(f"{field}:")
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
