"""Whatever a link says, a page shows a scenario that can be shown, and names what it refuses."""

import json
import time

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.markup import escaped
from tests.fuzz.strategies import SHAPES, TEXT, as_json, queries
from visualizer.lessons import BY_NAME, LESSONS
from visualizer.server import lane

QUERIES, MESSAGES = 200, 600
LONGEST = 10.0  # seconds; the largest scenario takes half of one on an idle machine
MOST_WORDS = 60

every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


def refuses(codec, text):
    try:
        codec.parse(text)
    except ValueError:
        return True
    return False


@every_lesson
def test_a_query_is_shown_or_refused_by_the_name_of_its_field(lesson):
    """In a link, and along the lane."""
    seen = {"figures": 0, "moving": 0, "error": 0}
    moving = st.sampled_from([None, None, [figure.name for figure in lesson.figures], ["no such"]])

    @settings(max_examples=QUERIES)
    @given(queries(lesson), moving)
    def check(query, moving):
        scenario, messages = lesson.Scenario.from_query(query)
        stands(scenario)
        named(lesson, query, messages)
        answer = answered({"seq": 7, "page": lesson.name, "query": query, "moving": moving})
        assert answer["seq"] == 7 or "\ud800" in "".join(query.values())
        assert ("error" in answer) == bool(messages) or answer["seq"] is None
        seen[next(kind for kind in seen if kind in answer)] += 1

    check()
    assert min(seen.values()) > QUERIES // 20, seen  # neither all good nor all bad


def stands(scenario):
    """A scenario is one that its own links open again."""
    again = type(scenario).from_query
    assert again(scenario.to_query()) == again(scenario.to_exact_link()) == (scenario, [])


def named(lesson, query, messages):
    """Messages name the fields that were refused, shortly, with what came as code."""
    codecs, called = lesson.Scenario.codecs(), lesson.Scenario.called
    begun = {message.partition(":")[0] for message in messages}
    assert begun <= {*codecs, *map(called, codecs), "Link"}
    for message in messages:
        assert not escaped(message)
        assert len(message.split()) <= MOST_WORDS
    refused = {called(n) for n in codecs if n in query and refuses(codecs[n], query[n])}
    assert refused <= begun or "Link" in begun


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        ({"z": "x"}, []),
        ({"z": "x"}, ["T: expected a number, got `x`."]),
        ({"z": "QX"}, ["z: expected a number, got QX."]),
        ({"z": "x"}, ["Something is wrong."]),
        ({"z": "x"}, ["z: " + "expected " * 100]),
    ],
)
def test_a_message_that_is_missing_or_wrong_is_noticed(query, messages):
    with pytest.raises(AssertionError):
        named(BY_NAME["softmax"], query, messages)


def answered(asked):
    """What the lane says, before a user gives up."""
    begun = time.perf_counter()
    answer = orjson.loads(lane.answer(json.dumps(asked)))
    assert time.perf_counter() - begun < LONGEST
    return answer


def test_a_message_of_any_shape_is_answered_as_data():
    seen = set()

    @settings(max_examples=MESSAGES)
    @given(st.one_of(SHAPES.map(as_json), TEXT, shaped()))
    def check(message):
        for answered in (lane.answer(message), lane.answer_at_once(message)):
            if answered is not None:
                answer = orjson.loads(answered)
                assert answer["seq"] is None or type(answer["seq"]) is int
                assert "Traceback" not in answer.get("error", "")
                seen.update(answer)

    check()
    assert seen == {"seq", "error", "figures", "moving", "link"}


@st.composite
def shaped(draw):
    """A question of a page, with one of its parts of another kind."""
    page = draw(st.sampled_from(sorted(BY_NAME)))
    moving, final = draw(st.sampled_from([None, ["dx"]])), draw(st.booleans())
    asked = {"seq": 1, "page": page, "query": {}, "moving": moving, "final": final}
    part = draw(st.sampled_from([*asked, "more"]))
    return as_json(asked | {part: draw(SHAPES)})
