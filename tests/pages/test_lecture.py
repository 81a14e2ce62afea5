"""Steps, wrong passes, the projector, and what a link leaves out; on every page that has them."""

import re

import pytest

from nnfs import Sigmoid, Softmax
from views.steps import CHECK, TITLES
from views.wrong import label, names

WITH_STEPS = {"softmax": Softmax, "sigmoid": Sigmoid}
PAGES = ["softmax", "sigmoid", "side_by_side"]


def headline(session):
    """What stands beside the buttons of a lecture."""
    found = [m.value for m in session.at.markdown if re.search(r"\d of 6 · ", m.value)]
    return found[0] if found else None


def button(session, name):
    return session.at.button(key=f"{session.page}_{name}")


def keys(session):
    return {b.key.removeprefix(f"{session.page}_") for b in session.at.button if b.key}


def state_of(session, name):
    return session.live[name]["content"].get("state", "lit")


def pills(session, *chosen):
    session.at.button_group(key=f"{session.page}_wrong").set_value(list(chosen))
    return session.run()


@pytest.fixture(params=WITH_STEPS)
def session(request, visit):
    return visit(request.param)


def test_the_steps_lead_from_forward_to_the_check_and_back(session):
    session.press("steps")
    for step in range(1, CHECK + 1):
        assert session.link["step"] == str(step)
        assert f"{step} of 6 · {TITLES[step - 1]}." in headline(session)
        if step < CHECK:
            session.press("next")
    session.press("previous")
    assert session.link["step"] == str(CHECK - 1)
    session.press("end")
    assert "step" not in session.link
    assert headline(session) is None
    assert {state_of(session, name) for name in ("dx", "jacobian")} == {"lit"}


def test_there_is_no_step_before_the_first_and_none_after_the_last(session):
    session.open(step="1")
    assert button(session, "previous").disabled
    assert not button(session, "next").disabled
    session.open(step="6")
    assert button(session, "next").disabled
    assert not button(session, "previous").disabled


def test_a_link_opens_its_step_with_dx_not_run_yet(session):
    session.open(step="3")
    assert "3 of 6 · Local Jacobian." in headline(session)
    assert state_of(session, "jacobian") == "lit"
    assert state_of(session, "dx") == "future"
    assert session.live["dx"]["content"]["data"] == []


def test_the_check_says_that_the_central_difference_agrees(session):
    session.open(step="5")
    assert "agree" not in headline(session)
    session.open(step="6")
    assert "**3 of 3 agree**" in headline(session)


def test_numbers_stay_as_they_were_through_the_steps(session):
    before = session.link
    session.press("steps").press("next").press("next").press("end")
    assert session.link == before


def test_every_wrong_pass_of_the_layer_is_offered_and_comes_into_the_link(session):
    offered = names(WITH_STEPS[session.page])
    session.tab("Wrong passes")
    assert session.at.button_group(key=f"{session.page}_wrong").options == [
        label(name) for name in offered
    ]
    for chosen in (offered[:1], offered, ()):
        pills(session, *chosen)
        assert session.link.get("wrong", "") == ",".join(chosen)
        assert len(session.live["dx"]["content"]["data"]) == 1 + len(chosen)


def test_a_link_with_wrong_passes_opens_their_panel_with_errors_and_makers(session):
    chosen = names(WITH_STEPS[session.page])[0]
    session = session.open(wrong=chosen)
    text = "\n".join(m.value for m in session.at.markdown)
    assert f"**{label(chosen)}**" in text
    assert "largest error" in text
    assert "Made by those" in text
    assert session.at.button_group(key=f"{session.page}_wrong").value == [chosen]


def test_where_a_wrong_pass_agrees_the_page_says_so(session):
    session.open(wrong="without_derivative")
    assert "no test here would find it" not in "".join(m.value for m in session.at.markdown)
    session.open(wrong="without_derivative", g="0,0,0")
    text = "".join(m.value for m in session.at.markdown)
    assert "no test here would find it" in text
    assert "agrees here" in text
    assert "largest error" not in text


def test_an_unknown_wrong_pass_is_refused_and_nothing_is_shown(session):
    session.open(wrong="no_such_pass")
    assert session.warnings[0].startswith("wrong:")
    assert len(session.live["dx"]["content"]["data"]) == 1


@pytest.mark.parametrize("page", PAGES)
def test_present_hides_prose_and_controls_and_enlarges_the_figures(visit, page):
    session = visit(page)
    assert len(session.at.tabs) > 0
    usual = {name: data["content"]["layout"] for name, data in figures(session).items()}
    session.press("present")
    assert session.link["present"] == "1"
    assert len(session.at.tabs) == len(session.at.menu_button) == len(session.at.caption) == 0
    assert {"reset", "leave"} <= keys(session) <= {"reset", "leave", "previous", "next"}
    for name, data in figures(session).items():
        assert data["content"]["layout"]["font"]["size"] >= 20
        assert "font" not in usual[name]
    session.press("leave")
    assert "present" not in session.link
    assert len(session.at.tabs) > 0


def figures(session):
    return {name: data for name, data in session.live.items() if data["kind"] == "figure"}


def test_a_presentation_goes_through_the_steps_and_stays_a_presentation(session):
    session.press("present").press("next").press("next")
    assert (session.link["present"], session.link["step"]) == ("1", "2")
    assert "2 of 6" in headline(session)
    session.press("end")
    assert session.link["present"] == "1"


@pytest.mark.parametrize("page", PAGES)
def test_reset_in_a_presentation_brings_the_defaults_and_stays_in_it(visit, page):
    session = visit(page)
    before = session.link
    session.open(g="3,2,1", present="1").press("reset")
    assert session.link == before | {"present": "1"}


@pytest.mark.parametrize("page", PAGES)
def test_a_link_leaves_out_the_parts_that_it_names(visit, page):
    session = visit(page)
    shown = set(figures(session)) - {"centring"}
    for hide in ("controls", "below", "controls,below"):
        session.open(hide=hide)
        assert session.link["hide"] == hide
        assert ("present" in keys(session)) is ("controls" not in hide)
        assert (len(session.at.menu_button) > 0) is ("controls" not in hide)
        assert (len(session.at.tabs) > 0) is ("below" not in hide)
        assert set(figures(session)) - {"centring"} == shown
