"""Markup that comes from outside stays text, in whatever a page says of it."""

from dataclasses import fields
from itertools import islice

import pytest
from google.protobuf.json_format import MessageToDict

from tests.fuzz.markup import escaped
from tests.fuzz.strategies import MARK, MARKUPS
from visualizer.lessons import LESSONS
from visualizer.scenario.codecs import quoted

# What shows a text as it is: code, and what a user has typed.
PLAIN = {"code", "text_area"}
ROUNDS = 4

every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


@pytest.mark.parametrize("markup", MARKUPS)
def test_what_came_is_quoted_as_code(markup):
    assert escaped(markup)
    message = f"z: expected a number, got {quoted(markup)}. The default is shown instead."
    assert not escaped(message)
    assert not escaped(f"{message}  \n{message}")


@pytest.mark.parametrize("text", [f"`{MARK}", f"a ``{MARK}` b", f"`a`{MARK}`b`", f"`a\n\n{MARK}`"])
def test_a_span_that_is_none_is_noticed(text):
    assert escaped(text)


@pytest.mark.parametrize("text", [f"`{MARK}`", f"`` {MARK} ` ``", f"a `b` c `<b>{MARK}</b>`"])
def test_a_span_is_known(text):
    assert not escaped(text)


def texts(value):
    """Every text in a message that goes to the browser, and whether any may hold HTML."""
    if isinstance(value, dict):
        assert not value.get("allowHtml")
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def said(session):
    """All that a page tells the browser, but for what shows a text as it is."""
    elements = [element for element in session.at._tree if element.type not in PLAIN]
    return [
        text
        for element in elements
        if getattr(element, "proto", None) is not None
        for text in texts(MessageToDict(element.proto))
    ]


def markups(start):
    """Some of the markup, another one first each time."""
    return [*MARKUPS[start:], *MARKUPS[:start]]


@every_lesson
@pytest.mark.parametrize("start", range(ROUNDS))
def test_markup_in_a_link_stays_text_on_the_page(visit, lesson, start):
    names = [item.name for item in fields(lesson.Scenario)]
    turns = range(start, len(MARKUPS), ROUNDS)
    for turn in islice(turns, 2):
        session = visit(lesson.name, **dict(zip(names, markups(turn), strict=False)))
        assert session.warnings  # of the first fields; the others are counted
        assert [text for text in said(session) if escaped(text)] == []


@pytest.fixture
def pasted(visit, lesson):
    """A page whose dialog takes what is pasted."""
    session = visit(lesson.name)
    session.share()
    if not any(area.key == f"{lesson.name}_import_text" for area in session.at.text_area):
        pytest.skip(f"{lesson.name} takes no file")
    return session


@every_lesson
def test_markup_in_a_file_stays_text_in_the_dialog(pasted, lesson):
    shown = []
    for form in ("1,{}", '[["{}"]]'):
        for markup in MARKUPS[::3]:
            pasted.share()
            text = form.format(markup.replace("\n", " ").replace('"', "'"))
            pasted.at.text_area(key=f"{lesson.name}_import_text").set_value(text)
            pasted.at.button(key=f"{lesson.name}_import").click()
            pasted.at.button(key=f"{lesson.name}_share").click()
            pasted.run()
            shown += [error.value for error in pasted.at.error]
            assert [text for text in said(pasted) if escaped(text)] == []
    assert any(MARK in error for error in shown)
