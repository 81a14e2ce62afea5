"""The panel of wrong passes: marks, what the whole gets wrong, and where a test would miss it."""

import pytest

from visualizer.lessons import LESSONS
from visualizer.ui.wrong import CHIPS

WITH_WRONG = [
    (lesson.name, wrong)
    for lesson in LESSONS
    if lesson.address
    for wrong in lesson.Scenario.said_of("wrong").get("allowed", ())
]
STUDENT = {"z": "2,1,0.1", "g": "1,0,0", "wrong": "elementwise"}


def said(session):
    return "\n".join(item.value for item in session.at.markdown)


def test_each_component_is_marked_and_the_whole_is_judged_in_a_sentence(visit):
    text = said(visit("softmax", **STUDENT))
    assert ":blue-badge[✓ 0: 0.225]" in text
    assert ":orange-badge[✗ 1: 0.000, not −0.160]" in text
    assert "**Its sum is 0.225, not 0; it is 0 at 1 and 2, where the right one is not.**" in text


def test_of_many_components_the_others_are_counted(visit):
    classes = CHIPS + 5
    g = "1," + ",".join(["0"] * (classes - 1))
    text = said(visit("softmax", z=",".join(["0"] * classes), g=g, wrong="elementwise"))
    assert text.count("-badge[") == CHIPS
    assert "and 5 more, 5 of them wrong" in text


@pytest.mark.parametrize(("page", "wrong"), WITH_WRONG)
def test_the_button_shows_a_state_in_which_it_agrees_or_says_why_there_is_none(visit, page, wrong):
    session = visit(page, wrong=wrong)
    before = session.link
    session.press(f"{wrong}_blind")
    (ghost,) = [g.value for g in session.at.markdown if "agrees here" in g.value] or [""]
    text = said(session)
    if "Nowhere, unless g is 0" in text or "Everywhere" in text:
        assert session.link == before
    else:
        assert "agrees here" in ghost
        assert session.link != before or wrong == "flattened_batch"
        assert session.warnings == []


def test_the_reason_goes_when_the_numbers_are_others(visit):
    session = visit("softmax", **STUDENT).press("elementwise_blind")
    assert "One class has all the probability" in said(session)
    session.choose("input", 2)
    assert "One class has all the probability" in said(session)
    session.drag("g", 1, g="1,2,3")
    assert "One class has all the probability" not in said(session)
