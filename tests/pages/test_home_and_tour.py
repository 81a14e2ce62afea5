"""Home's doors, and the tour, as pages show them."""

from urllib.parse import parse_qsl

import pytest

from visualizer.lessons import BY_NAME, LESSONS
from visualizer.lessons.tour import stop_query

TOURED = [lesson.name for lesson in LESSONS if lesson.tour]


def links(session):
    """What each link on the page says: its words, its page, its query."""
    protos = [element.proto for element in session.at.get("page_link")]
    return [(p.label, p.page, dict(parse_qsl(p.query_string))) for p in protos]


def tour_of(session):
    return session.live["saver"]["play"]


def test_home_has_a_door_for_every_page_with_a_question_in_their_order(visit):
    found = links(visit())
    questions = [lesson.question for lesson in LESSONS if lesson.question]
    assert [w.strip("*") for w, _, _ in found if w.strip("*") in questions] == questions
    for lesson in LESSONS:
        if lesson.question:
            assert (f"**{lesson.question}**", lesson.name, dict(lesson.door)) in found


def test_home_has_a_door_to_each_tour_and_one_to_the_lecture(visit):
    found = [(page, query) for _, page, query in links(visit())]
    for name in TOURED:
        assert (name, stop_query(BY_NAME[name].tour, 1)) in found
    assert ("softmax", {"step": "1", "present": "1"}) in found


def test_home_is_told_what_to_play_and_its_link_says_nothing_of_it(visit):
    session = visit()
    assert tour_of(session)["back"]
    assert session.link == {"z": "2,1,0.5", "j": "1"}


def test_pages_without_a_tour_have_nothing_to_play(visit):
    assert tour_of(visit("side_by_side")) is None
    assert tour_of(visit("softmax")) is None


@pytest.mark.parametrize("page", TOURED)
def test_a_tour_goes_on_back_and_to_its_end(visit, page):
    session, tour = visit(page), BY_NAME[page].tour
    session.press("tour")
    keys = [tour_of(session)["key"]]
    for number in range(2, len(tour) + 1):
        session.press("tour_next")
        assert session.link.items() >= stop_query(tour, number).items() - {("j", "0"), ("T", "1")}
        assert any(tour[number - 1].words in text.value for text in session.at.markdown)
        keys += [tour_of(session)["key"]] if tour_of(session) else []
    assert session.at.button(key=f"{page}_tour_next").disabled
    assert links(session)[-1][1:] == ("practice", dict(tour[-1].practice))
    session.press("tour_back")
    keys.append(tour_of(session)["key"])
    assert len(set(keys)) == len(keys)  # each is one to play
    session.press("tour_skip")
    assert "tour" not in session.link
    assert tour_of(session) is None


@pytest.mark.parametrize("page", TOURED)
def test_a_stop_is_resumed_by_its_link_as_it_was_left(visit, page):
    session = visit(page).press("tour").press("tour_next")
    play = tour_of(session)
    drag = next(f.drag for f in BY_NAME[page].figures if f.name == play["figure"])
    dragged = ",".join(f"{value:g}" for value in play["to"])
    session.drag(play["figure"], 1, **{drag: dragged})
    assert session.link["tour"] == "2"
    again = visit(page, **session.link)
    assert again.link == session.link
    assert again.link[drag] == dragged
    assert tour_of(again) is None
    assert any(BY_NAME[page].tour[1].words in text.value for text in again.at.markdown)


def test_a_tour_can_be_presented(visit):
    query = stop_query(BY_NAME["softmax"].tour, 1)
    session = visit("softmax", present="1", **query).press("tour_next")
    assert session.link["present"] == "1"
    session.press("tour_skip")
    assert session.at.button(key="softmax_next")
