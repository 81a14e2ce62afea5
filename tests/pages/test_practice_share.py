"""Sharing a question: open for the room, or with the answer and what was dragged since."""

import base64
import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from visualizer.quiz.questions import question

pytestmark = pytest.mark.usefixtures("address")

LINK = {"seed": "7", "level": "2", "kind": "order", "n": "3", "layer": "softmax"}
ASKED = question(7, 2, 3, "order", "softmax")
RIGHT, WRONG = ASKED.right, (ASKED.right + 1) % len(ASKED.options)
LAYERS = ["softmax", "sigmoid"]
FOR_THE_ROOM = "**The question, unanswered**, for the room, as a link and as a code:"


@pytest.fixture
def session(visit):
    return visit("practice", **LINK)


def locked(session, place):
    """Answer the question in view."""
    return session.press(f"answer_{place}").press("lock")


def is_open(session):
    return "practice_lock" in {button.key for button in session.at.button}


def verdicts(session):
    boxes = (*session.at.info, *session.at.warning)
    return [(box.proto.title, box.value) for box in boxes]


def score(session):
    return next(m.value for m in session.at.markdown if "right" in m.value and "badge" in m.value)


def shown(session):
    """All figures with their numbers."""
    return {name: data["content"] for name, data in session.live.items()}


def queries(session):
    return [dict(parse_qsl(urlsplit(link).query)) for link in session.share().shared]


def captions(session):
    return [caption.value for caption in session.at.caption]


def test_before_the_lock_there_is_one_link_that_of_the_question(session):
    assert queries(session) == [LINK, LINK | {"embed": "true"}]


def test_before_the_lock_nothing_that_is_shared_depends_on_the_choice(session):
    said = []
    for place in (RIGHT, WRONG):
        at = session.press(f"answer_{place}").share().at
        said.append([element.value for element in (*at.markdown, *at.code, *at.caption)])
    assert said[0] == said[1]


def test_after_the_lock_the_dialog_offers_the_question_and_then_the_answer(session):
    locked(session, WRONG)
    answered = LINK | {"answer": str(WRONG + 1)}
    assert queries(session) == [LINK, answered, LINK | {"embed": "true"}]
    said = [m.value for m in session.at.markdown]
    assert FOR_THE_ROOM in said
    assert "**This state, with the answer** and what was dragged since:" in said


def test_the_code_is_that_of_the_question_and_the_dialog_says_so(session, codes_in):
    for _ in ("open", "answered"):
        session.share()
        (image,) = session.at.get("image")
        png = base64.b64decode(image.proto.imgs[0].url.removeprefix("data:image/png;base64,"))
        assert codes_in(png) == [session.shared[0]]
        assert FOR_THE_ROOM in [m.value for m in session.at.markdown]
        if is_open(session):
            locked(session, RIGHT)


def test_the_address_bar_stays_the_link_of_the_question(session):
    locked(session, RIGHT).drag("x", 1, x="1,0.5,0,-2")
    assert session.link == LINK


@pytest.mark.parametrize("place", [RIGHT, WRONG])
def test_the_link_with_the_answer_opens_it_answered_in_a_fresh_session(session, visit, place):
    locked(session, place)
    fresh = visit("practice", **queries(session)[1])
    session.run()  # closes the dialog
    assert not is_open(fresh)
    assert verdicts(fresh) == verdicts(session)
    assert shown(fresh) == shown(session)
    assert fresh.link == LINK


@pytest.mark.parametrize("layer", LAYERS)
def test_what_was_dragged_and_pointed_at_after_the_answer_is_in_its_link(visit, layer):
    session = locked(visit("practice", **LINK | {"layer": layer}), 1)
    session.drag("x", 1, x="1,0.5,-1,2").drag("g", 2, g="0.25,0,1,-1").drag("dx", 3, j="3")
    (_, answered, _), expected = queries(session), shown(session.run())
    assert answered.items() >= {"x": "1,0.5,-1,2", "g": "0.25,0,1,-1", "j": "3"}.items()
    fresh = visit("practice", **answered)
    assert verdicts(fresh) == verdicts(session)
    assert shown(fresh) == expected
    assert queries(fresh)[1] == answered
    fresh.press("undo")
    assert shown(fresh) == shown(session.press("undo"))


@pytest.mark.parametrize(("field", "text"), [("x", "1,0.5,-1,2"), ("g", "0.25,0,1,-1"), ("j", "0")])
def test_what_was_not_dragged_is_not_in_the_link_and_comes_from_the_question(visit, field, text):
    session = locked(visit("practice", **LINK), RIGHT).drag("x", 1, **{field: text})
    answered = queries(session)[1]
    assert answered == LINK | {"answer": str(RIGHT + 1), field: text}
    assert shown(visit("practice", **answered)) == shown(session.run())


def test_an_answer_that_came_with_a_link_does_not_count_and_the_page_says_so(visit):
    session = visit("practice", **LINK, answer=str(RIGHT + 1))
    assert "0 of 0 right" in score(session)
    assert "This answer came with the link: it does not count in your score." in captions(session)
    session.press("next")
    assert session.link == LINK | {"n": "4"}
    assert is_open(session)
    locked(session, 0)
    assert " of 1 right" in score(session)
    assert captions(session) == []


def test_who_has_seen_the_answer_of_a_question_is_not_asked_it_again(visit):
    session = visit("practice", **LINK, answer=str(WRONG + 1)).press("next").open(**LINK)
    assert not is_open(session)
    assert "0 of 0 right" in score(session)


def test_the_answer_of_a_link_does_not_change_the_visitors_own(session):
    locked(session, RIGHT).open(**LINK, answer=str(WRONG + 1))
    assert verdicts(session)[0][0] == f"Not quite: the answer is {RIGHT + 1}"
    assert "1 of 1 right" in score(session)
    session.press("next").open(**LINK)
    assert verdicts(session)[0][0] == "Right"
    assert captions(session) == []


def test_an_answered_link_reveals_nothing_to_the_next_session(visit):
    visit("practice", **LINK, answer="1")
    assert is_open(visit("practice", **LINK))


@pytest.mark.parametrize("text", ["", "-1", "x", "1.0", "1,2", "²", "9", "<b>1</b>", "9" * 400])
def test_an_answer_that_is_none_is_refused_by_name_and_the_question_stays_open(visit, text):
    session = visit("practice", **LINK, answer=text)
    (message,) = session.warnings
    assert message.startswith("answer: expected a whole number from 0 to 5")
    assert is_open(session)
    assert shown(session) == shown(visit("practice", **LINK))


def test_an_answer_of_no_option_is_refused_by_name_and_the_question_stays_open(visit):
    options = len(ASKED.options)
    session = visit("practice", **LINK, answer=str(options + 1), x="1,2,3,4")
    (message,) = session.warnings
    assert message.startswith(f"answer: expected one of {options} options, from 1 to {options}")
    assert is_open(session)
    assert shown(session) == shown(visit("practice", **LINK))
    assert not is_open(visit("practice", **LINK, answer=str(options)))


# What a message calls a field: as it stands on the page.
ON_SCREEN = {"seed": "Seed", "level": "Level", "kind": "Kind", "n": "Question", "layer": "Layer"}


@pytest.mark.parametrize("field", ON_SCREEN)
def test_an_answer_to_a_question_that_is_misspelt_gives_no_other_away(visit, field):
    session = visit("practice", **LINK | {field: "x"}, answer="1")
    assert [message.split(":")[0] for message in session.warnings] == [ON_SCREEN[field], "answer"]
    assert is_open(session)


def test_numbers_without_an_answer_open_the_question_as_it_is(visit):
    session = visit("practice", **LINK, x="1,2,3,4", g="1,1,1,1", j="2", locked="1", answer="0")
    assert is_open(session)
    assert session.warnings == []
    assert shown(session) == shown(visit("practice", **LINK))
    assert session.link == LINK


@pytest.mark.parametrize("field", ["x", "g"])
@pytest.mark.parametrize("text", ["1", "1,2;3,4", "1e308,-1e308,1e308,0", "x", "", "1,nan,2,3"])
@pytest.mark.parametrize("layer", LAYERS)
def test_hostile_numbers_with_an_answer_never_break_the_page(visit, layer, field, text):
    session = visit("practice", **LINK | {"layer": layer, "answer": "1", field: text})
    assert not is_open(session)
    json.dumps(session.live, allow_nan=False)
    named = [warning for warning in session.warnings if warning.startswith(f"{field}:")]
    assert len(named) == (text not in ("", "1e308,-1e308,1e308,0"))
