"""Steps, wrong passes, the projector, and what a link leaves out; on every page that has them."""

import re

import pytest

from nnfs import Sigmoid, Softmax
from nnfs.wrong_passes import WRONG_PASSES
from visualizer.lessons import BY_NAME, LESSONS
from visualizer.lessons.lesson import in_cell
from visualizer.lessons.wrong import label

# Home shows some figures of another page, and none of its controls: it has no address of its own.
PAGES = [lesson for lesson in LESSONS if lesson.address]
every_page = pytest.mark.parametrize("lesson", PAGES, ids=lambda lesson: lesson.name)


def offered(lesson):
    """The wrong passes that a page offers; none where it has no such field."""
    has_field = "wrong" in lesson.Scenario.codecs()
    return lesson.Scenario.said_of("wrong")["allowed"] if has_field else ()


def headline(session):
    """What stands beside the buttons of a lecture."""
    found = [m.value for m in session.at.markdown if re.search(r"\d of \d+ · ", m.value)]
    return found[0] if found else None


def button(session, name):
    return session.at.button(key=f"{session.page}_{name}")


def keys(session):
    return {b.key.removeprefix(f"{session.page}_") for b in session.at.button if b.key}


def state_of(session, name):
    return session.live[name]["content"].get("state", "lit")


def figures(session):
    kinds = {figure.KIND for figure in BY_NAME[session.page].figures}
    return {name: data for name, data in session.live.items() if data["kind"] in kinds}


def placed(lesson):
    """The figures above what can be left out, as far as they are shown on a projector."""
    shown = {figure.name for figure in lesson.figures if figure.on_stage}
    return shown & {name for row in lesson.rows for cell in row for name in in_cell(cell)}


def choose(session, *chosen):
    session.at.button_group(key=f"{session.page}_wrong").set_value(list(chosen))
    return session.run()


def of_lessons(lessons):
    """A visit to each of the pages, which know their lesson."""
    return pytest.fixture(params=lessons, ids=lambda lesson: lesson.name)(
        lambda request, visit: visit(request.param.name)
    )


stepped = of_lessons([lesson for lesson in PAGES if lesson.steps])
with_wrong = of_lessons([lesson for lesson in PAGES if offered(lesson)])


def test_there_are_pages_with_steps_and_with_wrong_passes():
    assert sum(lesson.steps is not None for lesson in PAGES) >= 2
    assert sum(offered(lesson) != () for lesson in PAGES) >= 2


def test_the_steps_lead_from_forward_to_the_check_and_back(stepped):
    steps = BY_NAME[stepped.page].steps
    stepped.press("steps")
    for step in range(1, steps.last + 1):
        assert stepped.link["step"] == str(step)
        assert f"{step} of {steps.last} · {steps.titles[step - 1]}." in headline(stepped)
        if step < steps.last:
            stepped.press("next")
    stepped.press("previous")
    assert stepped.link["step"] == str(steps.last - 1)
    stepped.press("end")
    assert "step" not in stepped.link
    assert headline(stepped) is None
    assert {state_of(stepped, name) for name in figures(stepped)} == {"lit"}


def test_there_is_no_step_before_the_first_and_none_after_the_last(stepped):
    stepped.open(step="1")
    assert button(stepped, "previous").disabled
    assert not button(stepped, "next").disabled
    stepped.open(step=str(BY_NAME[stepped.page].steps.last))
    assert button(stepped, "next").disabled
    assert not button(stepped, "previous").disabled


def test_a_link_opens_its_step_and_what_comes_later_is_not_run_yet(stepped):
    lesson = BY_NAME[stepped.page]
    by_name = {figure.name: figure for figure in lesson.figures}
    for step in range(1, lesson.steps.last + 1):
        stepped.open(step=str(step))
        assert headline(stepped).startswith(lesson.steps.said(step))
        for name, data in figures(stepped).items():
            lit = by_name[name].lit
            future = step < min(lit)
            expected = "lit" if step in lit else "future" if future else "past"
            assert state_of(stepped, name) == expected, name
            assert (data["content"]["data"] == []) is future


def test_the_result_waits_for_its_step(stepped):
    (dx,) = (figure for figure in BY_NAME[stepped.page].figures if figure.name == "dx")
    first = min(dx.lit)
    assert first > 1
    assert state_of(stepped.open(step=str(first - 1)), "dx") == "future"
    assert state_of(stepped.open(step=str(first)), "dx") == "lit"


def test_the_check_says_that_the_central_difference_agrees(stepped):
    stepped.open(step="5")
    assert "agree" not in headline(stepped)
    stepped.open(step=str(BY_NAME[stepped.page].steps.last))
    agree, count = re.search(r"\*\*(\d+) of (\d+) agree\*\*", headline(stepped)).groups()
    assert agree == count == str(len(stepped.values("dx")))


def test_numbers_stay_as_they_were_through_the_steps(stepped):
    before = stepped.link
    stepped.press("steps").press("next").press("next").press("end")
    assert stepped.link == before


def test_every_wrong_pass_of_the_layer_is_offered_and_comes_into_the_link(with_wrong):
    names = offered(BY_NAME[with_wrong.page])
    with_wrong.open(tab="wrong")
    pills = with_wrong.at.button_group(key=f"{with_wrong.page}_wrong")
    assert pills.options == [label(name) for name in names]
    for chosen in (names[:1], names, ()):
        choose(with_wrong, *chosen)
        assert with_wrong.link.get("wrong", "") == ",".join(chosen)
        assert len(with_wrong.live["dx"]["content"]["data"]) == 1 + len(chosen)


@pytest.mark.parametrize(("page", "layer"), [("softmax", Softmax), ("sigmoid", Sigmoid)])
def test_the_wrong_passes_of_a_layer_are_those_of_nnfs(page, layer):
    known = tuple(wrong.__name__ for wrong in WRONG_PASSES[layer])
    assert offered(BY_NAME[page]) == known != ()


def test_a_link_with_wrong_passes_opens_their_panel_with_errors_and_makers(with_wrong):
    chosen = offered(BY_NAME[with_wrong.page])[0]
    with_wrong.open(wrong=chosen)
    text = "\n".join(m.value for m in with_wrong.at.markdown)
    assert f"**{label(chosen)}**" in text
    assert "largest error" in text
    assert "Made by those" in text
    assert with_wrong.at.button_group(key=f"{with_wrong.page}_wrong").value == [chosen]


def test_where_a_wrong_pass_agrees_the_page_says_so(with_wrong):
    chosen, zeros = "without_derivative", ",".join("0" * len(with_wrong.values("g")))
    with_wrong.open(wrong=chosen)
    assert "no test here would find it" not in "".join(m.value for m in with_wrong.at.markdown)
    with_wrong.open(wrong=chosen, g=zeros)
    text = "".join(m.value for m in with_wrong.at.markdown)
    assert "no test here would find it" in text
    assert "agrees here" in text
    assert "largest error" not in text


def test_an_unknown_wrong_pass_is_refused_and_nothing_is_shown(with_wrong):
    with_wrong.open(wrong="no_such_pass")
    assert with_wrong.warnings[0].startswith("Wrong passes:")
    assert len(with_wrong.live["dx"]["content"]["data"]) == 1


BETWEEN = {"moment", "size", "sample", "wrong"}


def in_bar(lesson):
    """What a lecturer finds above the figures of a page, from what the page says of itself."""
    menus = {*lesson.presets, *(choice.field for choice in lesson.controls.choices)}
    return {f"{name}_menu" for name in menus}, {spec.field for spec in lesson.controls.ranges}


def menus(session):
    return {m.key.removeprefix(f"{session.page}_") for m in session.at.menu_button}


@every_page
def test_present_hides_prose_and_controls_and_enlarges_the_figures(visit, lesson):
    session = visit(lesson.name)
    assert (len(session.at.tabs) > 0) is (len(lesson.Scenario.tabs()) > 0)
    usual = {name: data["content"]["layout"] for name, data in figures(session).items()}
    session.press("present")
    assert session.link["present"] == "1"
    assert len(session.at.tabs) == len(session.at.caption) == 0
    assert set(figures(session)) == placed(lesson)
    for name, data in figures(session).items():
        layout = data["content"]["layout"]
        if data["kind"] != "figure":  # its letters are as large as the window says, by its rows
            assert layout["meta"]["rows"] > 0
            assert "rows" not in usual[name]["meta"]
        else:
            assert layout["font"]["size"] >= 20
            assert usual[name]["font"]["size"] < layout["font"]["size"]
    session.press("leave")
    assert "present" not in session.link
    assert (len(session.at.tabs) > 0) is (len(lesson.Scenario.tabs()) > 0)


@every_page
def test_a_presentation_has_a_bar_with_what_a_lecturer_needs(visit, lesson):
    session = visit(lesson.name).press("present")
    offered_menus, ranges = in_bar(lesson)
    assert offered_menus | {"pages_menu"} <= menus(session)
    assert menus(session) - offered_menus - {"pages_menu"} <= {f"{m}_menu" for m in BETWEEN}
    assert ("wrong_menu" in menus(session)) is (offered(lesson) != ())
    assert ("size_menu" in menus(session)) is ("size_menu" in menus(visit(lesson.name)))
    assert ranges <= set(session.live)
    assert {"share", "reset", "leave"} <= keys(session)
    assert ({"previous", "next"} <= keys(session)) is (lesson.steps is not None)
    assert not keys(session) & {"present", "steps", "end", "tour"}


def test_steps_without_a_presentation_have_the_same_bar(stepped):
    stepped.press("present")
    presented = menus(stepped) - {"pages_menu"}, keys(stepped) - {"leave"}
    stepped.press("leave").press("steps")
    assert (menus(stepped), keys(stepped) - {"present", "end"}) == presented
    assert {"present", "end"} <= keys(stepped)


def test_a_wrong_pass_is_shown_and_hidden_from_the_bar(with_wrong):
    chosen = offered(BY_NAME[with_wrong.page])[:2]
    with_wrong.press("present")
    for name, link in zip(
        (*chosen, *chosen[::-1]), (*chosen[:1], None, *chosen[:1], ""), strict=True
    ):
        tick = "✓ " if name in with_wrong.link.get("wrong", "").split(",") else ""
        with_wrong.choose("wrong", f"{tick}{label(name)}")
        if link is not None:
            assert with_wrong.link.get("wrong", "") == link
    assert with_wrong.link == visit_link(with_wrong) | {"present": "1"}


def test_who_has_shown_a_wrong_pass_finds_who_makes_it_after_the_presentation(with_wrong):
    name = offered(BY_NAME[with_wrong.page])[0]
    with_wrong.press("present").choose("wrong", label(name)).press("leave")
    assert with_wrong.open_tab == "Wrong passes"
    assert "tab" not in with_wrong.link


def visit_link(session):
    """The link of the page as it is opened without one."""
    return BY_NAME[session.page].Scenario.usual().to_link()


def test_a_presentation_goes_through_the_steps_and_stays_a_presentation(stepped):
    stepped.press("present").press("next").press("next")
    assert (stepped.link["present"], stepped.link["step"]) == ("1", "2")
    assert f"2 of {BY_NAME[stepped.page].steps.last}" in headline(stepped)
    stepped.press("end")
    assert stepped.link["present"] == "1"


@every_page
def test_reset_returns_to_the_link_that_was_opened_and_stays_in_the_presentation(visit, lesson):
    field = lesson.Scenario.ALWAYS[0]
    text = lesson.Scenario.usual().to_link()[field]
    prepared, dragged = re.sub(r"\d$", "7", text), re.sub(r"\d$", "3", text)
    session = visit(lesson.name, **{field: prepared})
    before = session.link
    assert before[field] == prepared != text
    session.press("present").drag("saver", 1, **{field: dragged})
    assert session.link[field] == dragged
    assert session.press("reset").link == before | {"present": "1"}
    assert session.press("leave").link == before


def test_the_back_button_leads_to_no_other_link_for_reset(visit):
    session = visit("softmax", z="1,2,3").drag("saver", 1, z="5,6,7")
    session.open(z="4,5,6")  # a step back
    assert session.press("reset").link["z"] == "1,2,3"


def test_a_link_that_is_followed_within_the_app_is_one_to_return_to(visit):
    session = visit("softmax", z="1,2,3")
    session.at.query_params["z"] = "4,5,6"
    session.run().drag("saver", 1, z="5,6,7")
    assert session.press("reset").link["z"] == "4,5,6"


def test_a_presentation_that_a_link_has_opened_does_not_come_back_by_reset(visit):
    session = visit("softmax", z="1,2,3", present="1").press("leave")
    assert session.press("reset").link == {"z": "1,2,3", "g": "1,-1,2", "T": "1"}


@every_page
def test_a_link_leaves_out_the_parts_that_it_names(visit, lesson):
    session = visit(lesson.name)
    for hide in ("controls", "below", "controls,below"):
        session.open(hide=hide)
        assert session.link["hide"] == hide
        assert ("present" in keys(session)) is ("controls" not in hide)
        assert (len(session.at.menu_button) > 0) is ("controls" not in hide)
        has_tabs = "below" not in hide and len(lesson.Scenario.tabs()) > 0
        assert (len(session.at.tabs) > 0) is has_tabs
        assert placed(lesson) <= set(figures(session))
