"""Ctrl+Z and Ctrl+Shift+Z on the page: what the browser sends for them, and what comes of it."""

import pytest

from tests.lessons.showing import dragged_rows
from visualizer.lessons import LESSONS

DEFAULT = {"z": "2,1,0.1", "g": "1,-1,2", "T": "1"}


@pytest.fixture
def session(visit):
    return visit("softmax")


def ask(session, n, *wishes, **query):
    """Play what the browser sends: wishes, each with its number, the last of which is n."""
    asks = [[n - len(wishes) + 1 + i, wish] for i, wish in enumerate(wishes)]
    edit = {"n": n, "query": query, "asks": asks, "final": True}
    session.at.session_state[f"{session.page}_saver"] = {"edit": edit}
    return session.run()


def test_every_kind_of_edit_is_undone_and_made_again(session):
    links = [session.link]
    session.drag("saver", 1, z="1,2,3")
    links.append(session.link)
    session.choose("g", "All ones")
    links.append(session.link)
    session.choose("size", "4")
    links.append(session.link)
    session.press("reset")
    links.append(session.link)
    assert len({str(link) for link in links}) == 4  # the last one is the first
    undone = [ask(session, n, "undo").link for n in range(2, 6)]
    assert undone == links[-2::-1]
    assert ask(session, 6, "undo").link == links[0]  # there is nothing before it
    assert [ask(session, n, "redo").link for n in range(7, 11)] == links[1:]
    assert ask(session, 11, "redo").link == links[-1]


def test_a_drag_of_many_moves_is_undone_as_one(session):
    """Where there is no lane, each move is a run."""
    for n, z in enumerate(("2,1,0.2", "2,1,0.3", "2,1,0.4"), start=1):
        session.drag("z", n, final=n == 3, z=z)
    assert ask(session, 4, "undo").link == DEFAULT
    assert ask(session, 5, "redo").link == DEFAULT | {"z": "2,1,0.4"}


def together(session, *drags):
    """Play drags that the browser tells of at once, at the end of the last."""
    ends = [[n, query] for n, query in enumerate(drags, start=1)]
    edit = {"n": len(drags), "query": drags[-1], "ends": ends, "asks": [], "final": True}
    session.at.session_state[f"{session.page}_saver"] = {"edit": edit}
    return session.run()


def test_drags_that_arrive_together_are_undone_one_by_one(session):
    together(session, {"z": "1,2,3"}, {"z": "1,2,3", "g": "1,1,0"}, {"z": "4,5,6", "g": "1,1,0"})
    links = [DEFAULT | {"z": "1,2,3", "g": "1,1,0"}, DEFAULT | {"z": "1,2,3"}, DEFAULT, DEFAULT]
    assert [ask(session, n, "undo").link for n in range(4, 8)] == links
    assert ask(session, 8, "redo").link == DEFAULT | {"z": "1,2,3"}


def test_an_end_that_is_known_already_is_no_edit(session):
    session.drag("saver", 1, z="1,2,3")
    together(session, {"z": "9,9,9"}, {"z": "4,5,6"})
    assert ask(session, 3, "undo").link == DEFAULT | {"z": "1,2,3"}


@pytest.mark.parametrize("ends", [None, 7, "z", [7], [[2]], [[2, 7]], [[2, {"z": 7}]], [["2", {}]]])
def test_what_is_no_end_is_passed_over(session, ends):
    edit = {"n": 2, "query": {"z": "1,2,3"}, "ends": ends, "asks": [], "final": True}
    session.at.session_state[f"{session.page}_saver"] = {"edit": edit}
    assert session.run().link == DEFAULT | {"z": "1,2,3"}
    assert ask(session, 3, "undo").link == DEFAULT


def test_two_wishes_that_arrive_together_are_both_fulfilled_and_once(session):
    session.drag("saver", 1, z="1,2,3").drag("saver", 2, z="4,5,6")
    ask(session, 4, "undo", "undo")
    assert session.link == DEFAULT
    assert ask(session, 5, "undo", "undo", "redo").link == DEFAULT | {"z": "1,2,3"}
    assert session.run().link == DEFAULT | {"z": "1,2,3"}


def test_an_undo_that_overtakes_the_end_of_a_drag_takes_that_drag_back(session):
    ask(session, 2, "undo", z="1,2,3")
    assert session.link == DEFAULT
    assert ask(session, 3, "redo").link == DEFAULT | {"z": "1,2,3"}


def test_undo_in_a_lecture_stays_at_its_step_and_in_the_presentation(session):
    session.press("present").press("next").drag("saver", 1, z="1,2,3").press("next")
    assert ask(session, 2, "undo").link == DEFAULT | {"present": "1", "step": "2"}


def test_fit_fits_the_axes_and_edits_nothing(session):
    session.drag("z", 1, final=False, z="9,1,0.1").drag("z", 2, final=False, z="2,1,0.1")
    wide = session.live["z"]["content"]["layout"]["yaxis"]["range"]
    ask(session, 3, "fit")
    assert session.link == DEFAULT
    assert session.live["z"]["content"]["layout"]["yaxis"]["range"] != wide


@pytest.mark.parametrize("asks", [None, 7, "undo", [["undo"]], [[2, "open"]], [[2, ["undo"]]], [2]])
def test_what_is_no_wish_is_passed_over(session, asks):
    session.drag("saver", 1, z="1,2,3")
    edit = {"n": 2, "query": {}, "asks": asks, "final": True}
    session.at.session_state["softmax_saver"] = {"edit": edit}
    assert session.run().link == DEFAULT | {"z": "1,2,3"}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_on_every_page_a_drag_is_undone(visit, lesson):
    session = visit(lesson.name, **lesson.shown_at)
    before = session.live["saver"]["query"]
    field = (dragged_rows(lesson) or list(lesson.moves))[0]
    text = ";".join(",".join("0.5" for _ in row.split(",")) for row in before[field].split(";"))
    session.drag("saver", 1, **{field: text})
    assert session.live["saver"]["query"] != before
    shown = ask(session, 2, "undo").live["saver"]["query"]
    assert {**shown, "axes": before["axes"]} == before
