"""The tab that is open below the figures: in the link, through Reset, lectures and other links."""

import json

import pytest

from visualizer.exchange.files import read, to_json
from visualizer.lessons import BY_NAME, LESSONS

# Home shows some figures of another page, and nothing below them: it has no address of its own.
WITH_TABS = [lesson for lesson in LESSONS if lesson.address and lesson.Scenario.tabs()]
PAGES = [lesson.name for lesson in WITH_TABS]
EVERY = [(lesson.name, name) for lesson in WITH_TABS for name in lesson.Scenario.tabs()]
# The tab that a wrong pass opens, of the pages that have it; and one that every page has.
WITH_WRONG = [lesson.name for lesson in WITH_TABS if "wrong" in lesson.Scenario.tabs()]
STEPPED = [lesson.name for lesson in WITH_TABS if lesson.steps]


@pytest.fixture(params=PAGES)
def session(request, visit):
    return visit(request.param)


def labels(session):
    return BY_NAME[session.page].Scenario.tabs()


def last(session):
    """A tab that is not the usual one, as a link names it and on screen."""
    return list(labels(session).items())[-1]


def test_every_page_with_something_below_its_figures_names_its_tabs(visit):
    assert len(PAGES) >= 3
    for lesson in LESSONS:
        assert (len(visit(lesson.name).at.tabs) > 0) is (lesson.name in PAGES)


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
    before, (name, label) = session.link, last(session)
    session.tab(label)
    assert session.link == before | {"tab": name}


def test_a_link_opened_in_the_same_session_wins_over_the_tab_opened_by_hand(session):
    (first, *_), (_, label) = labels(session).values(), last(session)
    other, other_label = list(labels(session).items())[-2]
    session.tab(label).open(tab=other)
    assert session.open_tab == other_label
    session.tab(label)  # also the one that its widget knew before
    assert session.open_tab == label
    session.open(**{BY_NAME[session.page].Scenario.ALWAYS[0]: "0,0,1"})
    assert session.open_tab == first


def test_reset_brings_back_the_first_tab_as_everything_else(session):
    before, (_, label) = session.link, last(session)
    session.tab(label).press("reset")
    assert session.link == before
    assert session.open_tab == next(iter(labels(session).values()))


@pytest.mark.parametrize("hidden", [{"present": "1"}, {"hide": "below"}])
def test_a_tab_that_a_slide_or_a_presentation_hides_is_kept_for_later(session, hidden):
    name, label = last(session)
    session.open(tab=name, **hidden)
    assert session.tabs is None
    assert session.link["tab"] == name
    session.open(**{name: text for name, text in session.link.items() if name not in hidden})
    assert session.open_tab == label


@pytest.mark.parametrize("page", STEPPED)
def test_a_tab_is_open_through_the_steps_of_a_lecture_and_its_projector(visit, page):
    session = visit(page)
    name, label = last(session)
    session.tab(label).press("present").press("next")
    assert session.tabs is None
    session.press("leave").press("next").press("end")
    assert session.open_tab == label
    assert session.link["tab"] == name


@pytest.mark.parametrize("page", WITH_WRONG)
def test_a_link_with_wrong_passes_opens_their_tab_unless_it_names_another(visit, page):
    session = visit(page, wrong=BY_NAME[page].Scenario.said_of("wrong")["allowed"][0])
    assert session.open_tab == labels(session)["wrong"]
    assert "tab" not in session.link
    name, label = last(session)
    session.tab(label)
    assert session.link["tab"] == name
    assert visit(page, **session.link).open_tab == label


@pytest.mark.parametrize("page", WITH_WRONG)
def test_the_tab_of_the_wrong_passes_stays_open_when_the_last_one_is_taken_away(visit, page):
    session = visit(page, wrong=BY_NAME[page].Scenario.said_of("wrong")["allowed"][0])
    session.at.button_group(key=f"{page}_wrong").set_value([])
    session.run()
    assert session.open_tab == labels(session)["wrong"]
    assert session.link["tab"] == "wrong"
    assert visit(page, **session.link).open_tab == session.open_tab


@pytest.mark.parametrize("text", ["Numbers", "2", "code,numbers", "<b>code</b>", "[x](y)", "☃"])
def test_a_tab_that_the_page_does_not_have_is_refused_by_name(session, text):
    usual = session.open_tab
    session.open(tab=text)
    (message,) = session.warnings
    assert message.startswith("Tab: expected one of ")
    assert session.open_tab == usual
    assert "tab" not in session.link


def test_a_label_that_no_tab_has_changes_nothing_and_is_refused(session):
    usual = session.open_tab
    session.tab("<script>")  # as from a browser that is none
    assert session.warnings[0].startswith("Tab: expected one of ")
    assert session.open_tab == usual


def test_an_export_carries_the_tab_and_the_one_of_another_page_none():
    softmax = BY_NAME["softmax"]
    exported = softmax.Scenario.from_query({"z": "3,2,1", "tab": "batch"})[0]
    text = to_json("softmax", exported, softmax.record(exported)[1])
    assert json.loads(text)["scenario"]["tab"] == "batch"
    for page, taken in (("softmax", "batch"), ("side_by_side", None)):
        scenario = BY_NAME[page].Scenario.usual()
        query = read(text, scenario, "z")
        assert query.get("tab") == taken
        assert scenario.updated(query)[1] == []
