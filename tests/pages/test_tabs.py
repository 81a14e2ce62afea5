"""The tab that is open below the figures: in the link, through Reset, lectures and other links."""

import json

import pytest

from views import VIEWS, record
from views.exchange import read, to_json

PAGES = [page for page, view in VIEWS.items() if page != "home" and view.Scenario.TABS]
EVERY = [(page, name) for page in PAGES for name in VIEWS[page].Scenario.TABS]


@pytest.fixture(params=PAGES)
def session(request, visit):
    return visit(request.param)


def labels(session):
    return VIEWS[session.page].Scenario.TABS


def test_every_page_with_something_below_its_figures_names_its_tabs(visit):
    for page in VIEWS:
        assert (len(visit(page).at.tabs) > 0) is (page in PAGES)


def test_the_usual_tab_is_the_first_and_the_link_does_not_name_it(session):
    assert session.open_tab == next(iter(labels(session).values()))
    assert "tab" not in session.link


@pytest.mark.parametrize(("page", "name"), EVERY)
def test_a_tab_opened_by_hand_is_in_the_link_and_the_link_opens_it(visit, page, name):
    session = visit(page)
    label, usual = labels(session)[name], session.open_tab
    session.tab(label)
    assert session.open_tab == label
    assert session.link.get("tab") == (None if label == usual else name)
    fresh = visit(page, **session.link)
    assert fresh.warnings == []
    assert (fresh.open_tab, fresh.link) == (label, session.link)


def test_the_numbers_stay_as_they_are_when_a_tab_is_opened(session):
    before = session.link
    session.tab("Numbers")
    assert session.link == before | {"tab": "numbers"}


def test_a_link_opened_in_the_same_session_wins_over_the_tab_opened_by_hand(session):
    session.tab("Code").open(tab="numbers")
    assert session.open_tab == "Numbers"
    session.tab("Code")  # also the one that its widget knew before
    assert session.open_tab == "Code"
    session.open(g="0,0,1")
    assert session.open_tab == next(iter(labels(session).values()))


def test_reset_brings_back_the_first_tab_as_everything_else(session):
    before = session.link
    session.tab("Numbers").press("reset")
    assert session.link == before
    assert session.open_tab == next(iter(labels(session).values()))


@pytest.mark.parametrize("hidden", [{"present": "1"}, {"hide": "below"}])
def test_a_tab_that_a_slide_or_a_presentation_hides_is_kept_for_later(session, hidden):
    session.open(tab="numbers", **hidden)
    assert session.tabs is None
    assert session.link["tab"] == "numbers"
    session.open(**{name: text for name, text in session.link.items() if name not in hidden})
    assert session.open_tab == "Numbers"


@pytest.mark.parametrize("page", ["softmax", "sigmoid"])
def test_a_tab_is_open_through_the_steps_of_a_lecture_and_its_projector(visit, page):
    session = visit(page).tab("Numbers").press("present").press("next")
    assert session.tabs is None
    session.press("leave").press("next").press("end")
    assert session.open_tab == "Numbers"
    assert session.link["tab"] == "numbers"


@pytest.mark.parametrize("page", ["softmax", "sigmoid"])
def test_a_link_with_wrong_passes_opens_their_tab_unless_it_names_another(visit, page):
    session = visit(page, wrong="without_derivative")
    assert session.open_tab == "Wrong passes"
    assert "tab" not in session.link
    session.tab("Numbers")
    assert session.link["tab"] == "numbers"
    assert visit(page, **session.link).open_tab == "Numbers"


@pytest.mark.parametrize("page", ["softmax", "sigmoid"])
def test_the_tab_of_the_wrong_passes_stays_open_when_the_last_one_is_taken_away(visit, page):
    session = visit(page, wrong="without_derivative")
    session.at.button_group(key=f"{page}_wrong").set_value([])
    session.run()
    assert session.open_tab == "Wrong passes"
    assert session.link["tab"] == "wrong"
    assert visit(page, **session.link).open_tab == "Wrong passes"


@pytest.mark.parametrize("text", ["Numbers", "2", "code,numbers", "<b>code</b>", "[x](y)", "☃"])
def test_a_tab_that_the_page_does_not_have_is_refused_by_name(session, text):
    usual = session.open_tab
    session.open(tab=text)
    (message,) = session.warnings
    assert message.startswith("tab: expected one of ")
    assert session.open_tab == usual
    assert "tab" not in session.link


def test_a_label_that_no_tab_has_changes_nothing_and_is_refused(session):
    usual = session.open_tab
    session.tab("<script>")  # as from a browser that is none
    assert session.warnings[0].startswith("tab: expected one of ")
    assert session.open_tab == usual


def test_an_export_carries_the_tab_and_the_one_of_another_page_none():
    exported = VIEWS["softmax"].Scenario.from_query({"z": "3,2,1", "tab": "batch"})[0]
    text = to_json("softmax", exported, record(exported)[1])
    assert json.loads(text)["scenario"]["tab"] == "batch"
    for page, taken in (("softmax", "batch"), ("side_by_side", None)):
        scenario = VIEWS[page].Scenario().fitted(frozenset())[0]
        query = read(text, scenario, "z")
        assert query.get("tab") == taken
        assert scenario.updated(query)[1] == []
