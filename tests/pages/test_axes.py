"""Axes: kept through a drag and what only looks, fitted when it ends, by menus and by links."""

import pytest

from tests.lessons.showing import dragged_rows
from visualizer.figures.axes import parse_ends
from visualizer.lessons import LESSONS

# What a menu fits: of the pages that have one. Home has no address of its own, and no menus.
WITH_MENUS = [lesson for lesson in LESSONS if lesson.presets and lesson.address]
with_menus = pytest.mark.parametrize("lesson", WITH_MENUS, ids=lambda lesson: lesson.name)
every_page = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


def axes(session):
    """Where the axes end, as each live element tells the browser: all alike."""
    (told,) = {data["query"]["axes"] for data in session.live.values()}
    assert told
    return parse_ends(told)


def field_of(lesson):
    """The first field of rows that are dragged, and its numbers on a fresh page, as text."""
    field = dragged_rows(lesson)[0]
    shown = lesson.Scenario.from_query(lesson.shown_at)[0]
    return field, ",".join(f"{value:g}" for value in getattr(shown, field)[0])


def dragged(session, final=False, **query):
    """Play an edit in the middle of one more drag, or its end, whichever figure it is on."""
    name, data = next(iter(session.live.items()))
    return session.drag(name, data["ack"] + 1, final=final, **query)


def dragged_far_and_back(session, lesson):
    """Make an axis longer than what it shows needs; the hand holds on."""
    field, usual = field_of(lesson)
    far = ",".join(["1000"] * len(usual.split(",")))
    return dragged(dragged(session, **{field: far}), **{field: usual})


@every_page
def test_axes_stay_through_a_drag_and_grow_where_it_leaves_them(visit, lesson):
    session = visit(lesson.name, **lesson.shown_at)
    before, (field, usual) = axes(session), field_of(lesson)
    (first, *others) = usual.split(",")
    dragged(session, **{field: ",".join([f"{float(first) / 2:g}", *others])})
    assert axes(session) == before
    grown = axes(dragged_far_and_back(session, lesson))
    assert max(grown.values()) >= 1000 > max(before.values())
    assert all(grown[name] >= end for name, end in before.items())


# In Practice they are those of the question, whatever was dragged.
@pytest.mark.parametrize(
    "lesson", [found for found in LESSONS if found.name != "practice"], ids=lambda found: found.name
)
def test_axes_are_fitted_when_the_hand_lets_go(visit, lesson):
    session = visit(lesson.name)
    before, (field, usual) = axes(session), field_of(lesson)
    assert axes(dragged_far_and_back(session, lesson)) != before
    assert axes(dragged(session, final=True, **{field: usual})) == before


def test_an_axis_leaves_room_to_drag_on(visit):
    session = visit("softmax")
    for _ in range(3):
        handles = session.live["z"]["content"]["handles"]
        end, low = handles["max"], handles["min"]
        dragged(session, final=True, z=f"{end},{low},0")
        assert session.live["z"]["content"]["handles"]["max"] > 1.2 * end
        assert session.live["z"]["content"]["handles"]["min"] < 1.2 * low


@with_menus
@pytest.mark.parametrize("how", ["reset", "preset"])
def test_a_control_fits_the_axes(visit, lesson, how):
    session = visit(lesson.name)
    before = axes(session)
    assert axes(dragged_far_and_back(session, lesson)) != before
    if how == "preset":
        field, presets = next(iter(lesson.presets.items()))
        session.choose(field, next(iter(presets)))
        assert axes(session) == axes(visit(lesson.name, **session.link))
    else:
        assert axes(session.press(how)) == before


@with_menus
def test_what_only_looks_keeps_the_axes(visit, lesson):
    session = dragged_far_and_back(visit(lesson.name), lesson)
    before = axes(session)
    assert axes(session.choose("input", 1)) == before
    assert axes(session.press("present")) == before
    assert axes(session.press("leave")) == before


@every_page
def test_another_link_fits_the_axes(visit, lesson):
    session = visit(lesson.name, **lesson.shown_at)
    before = axes(session)
    dragged_far_and_back(session, lesson)
    session.open(**session.link, **lesson.shown_at, hide="below")
    assert axes(session) == before


@every_page
def test_axes_are_in_no_link(visit, lesson):
    session = dragged_far_and_back(visit(lesson.name, **lesson.shown_at), lesson)
    assert "axes" not in session.link


def test_the_numbers_of_a_menu_and_the_text_of_a_drag_give_the_same_state(visit):
    """The one sets values, the other their text."""
    by_menu, by_drag = visit("softmax"), visit("softmax")
    by_menu.choose("z", "Uniform: all 0").choose("size", "2").choose("input", 1)
    by_drag.drag("z", 1, z="0,0", g="1,-1", j="1")
    assert by_menu.link == by_drag.link == {"z": "0,0", "g": "1,-1", "T": "1", "j": "1"}
    assert axes(by_menu) == axes(by_drag)
    shown = [{n: d["content"] for n, d in s.live.items()} for s in (by_menu, by_drag)]
    assert shown[0] == shown[1]
