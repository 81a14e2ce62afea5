"""A presentation is kept from page to page, with the inputs that the next page can take."""

from itertools import pairwise

import pytest

from tests.pages.conftest import file_of
from visualizer.lessons import BY_NAME, LESSONS

PAGES = [lesson for lesson in LESSONS if lesson.address]


def go_on(session, page):
    """Choose another page in the bar of a presentation."""
    session.choose("pages", BY_NAME[page].title)
    session.at.switch_page(file_of(page))  # AppTest would run the page before again
    session.page = page
    return session


@pytest.mark.parametrize(
    ("here", "there"), [*pairwise([*PAGES, PAGES[0]])], ids=lambda lesson: lesson.name
)
def test_a_presentation_goes_on_on_the_next_page_and_back(visit, here, there):
    session = visit(here.name).press("present")
    before = session.link
    assert go_on(session, there.name).link["present"] == "1"
    assert go_on(session, here.name).link == before


def test_z_and_g_go_along_to_sigmoid_as_x_and_g_and_come_back_changed(visit):
    session = visit("softmax", z="1,2,3", g="0,1,0", T="2", step="4", present="1")
    go_on(session, "sigmoid")
    assert session.link == {"x": "1,2,3", "g": "0,1,0", "present": "1"}
    session.drag("saver", 1, x="1,2,5")
    go_on(session, "softmax")
    assert session.link == {"z": "1,2,5", "g": "0,1,0", "T": "2", "step": "4", "present": "1"}


def test_inputs_pass_through_a_page_that_cannot_take_them(visit):
    session = visit("sigmoid", x="4", g="1", present="1")  # a softmax of one class there is not
    before = session.link
    assert go_on(session, "softmax").link["z"] == "2,1,0.1"
    assert go_on(session, "side_by_side").link["z"] == visit("side_by_side").link["z"]
    assert go_on(session, "practice").link["present"] == "1"
    assert go_on(session, "sigmoid").link == before
    go_on(session, "softmax").drag("saver", 1, z="5,6,7")  # but what is touched there counts
    assert go_on(session, "sigmoid").link["x"] == "5,6,7"


def test_what_is_shown_already_is_where_reset_returns_to_on_a_page_that_was_not_opened(visit):
    session = visit("softmax", z="1,2,3", present="1")
    go_on(session, "sigmoid").drag("saver", 1, x="7,7,7")
    assert session.press("reset").link["x"] == "1,2,3"
    go_on(session, "softmax").drag("saver", 1, z="8,8,8")
    assert session.press("reset").link["z"] == "1,2,3"


def test_a_presentation_is_left_on_all_pages(visit):
    session = visit("softmax").press("present")
    go_on(session, "sigmoid").press("leave")
    assert "present" not in session.link
    session.page = "softmax"
    assert "present" not in session.go_to("softmax").link


def test_without_a_presentation_pages_keep_what_is_theirs(visit):
    session = visit("softmax", z="1,2,3")
    session.page = "sigmoid"
    assert session.go_to("sigmoid").link == BY_NAME["sigmoid"].Scenario.usual().to_link()
