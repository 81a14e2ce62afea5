"""Every page that there is, at good, missing and hostile addresses."""

import random
from dataclasses import fields
from pathlib import Path

import plotly.graph_objects as go
import pytest

from visualizer.lessons import LESSONS

FILES = {path.stem for path in Path(__file__).parents[2].glob("pages/*.py")}
HOSTILE = [
    "",
    "nan",
    "1e999",
    "<b>1</b>",
    "'; drop table z",
    "%00",
    "9" * 400,
    "☃,1",
    "1;2,3",
    "[x](y)",
]


every_page = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


def text_for(field):
    """What a link may say of a field, other than its default."""
    if allowed := field.metadata.get("allowed"):
        return next(name for name in allowed if name != field.default)
    return "0.25,0.5,-0.75" if isinstance(field.default, tuple) else "7"


def first_linked(lesson):
    """The first field that every link of a page names."""
    return next(item for item in fields(lesson.Scenario) if item.name == lesson.Scenario.ALWAYS[0])


def test_every_lesson_has_its_page_and_every_page_its_lesson():
    assert {lesson.name for lesson in LESSONS} == FILES
    assert len(LESSONS) == len(FILES) > 1


def test_the_app_opens_on_a_page_that_says_something(visit):
    at = visit().at
    assert len(at.main) > 0


@every_page
def test_a_page_opens_without_a_query(visit, lesson):
    session = visit(lesson.name)
    assert session.warnings == []
    assert len(session.at.main) > 0


@every_page
def test_a_query_of_other_names_is_passed_over(visit, lesson):
    assert visit(lesson.name, utm_source="mail", embed="true").warnings == []


@every_page
def test_a_page_writes_its_link_and_the_link_opens_the_same(visit, lesson):
    first = visit(lesson.name)
    again = visit(lesson.name, **first.link)
    assert again.warnings == []
    assert again.link == first.link
    assert {n: d["content"] for n, d in again.live.items()} == {
        n: d["content"] for n, d in first.live.items()
    }


@every_page
def test_every_figure_on_a_page_is_taken_by_plotly(visit, lesson):
    figures = [
        data["content"] for data in visit(lesson.name).live.values() if "data" in data["content"]
    ]
    assert figures
    for figure in figures:
        go.Figure({"data": figure["data"], "layout": figure["layout"]})


@every_page
def test_hostile_values_of_all_fields_at_once_never_break_a_page(visit, lesson):
    session, names = visit(lesson.name), [item.name for item in fields(lesson.Scenario)]
    usual = set(session.live)
    for text in HOSTILE:
        session.open(**dict.fromkeys(names, text))
        assert set(session.live) == usual
        assert "Traceback" not in "".join(session.warnings)


@every_page
def test_a_hostile_value_gives_a_message_that_names_the_field(visit, lesson):
    session, read = visit(lesson.name), lesson.Scenario.from_query
    for field in (item.name for item in fields(lesson.Scenario)):
        text = next(text for text in HOSTILE if read({field: text})[1])
        session.open(**{field: text})
        called = lesson.Scenario.called(field)
        assert any(warning.startswith(f"{called}:") for warning in session.warnings), text


@every_page
def test_random_addresses_never_break_a_page(visit, lesson):
    rng = random.Random(0)
    names = [item.name for item in fields(lesson.Scenario)]
    for _ in range(12):
        query = {n: "".join(rng.choices("0123456789,;.-e ", k=12)) for n in rng.sample(names, 2)}
        assert visit(lesson.name, **query).live


@every_page
def test_a_link_that_is_too_long_is_refused_with_its_limit(visit, lesson):
    field = fields(lesson.Scenario)[0].name
    session = visit(lesson.name, **{field: "1," * 5000})
    (message,) = session.warnings
    assert message.startswith("Link:")
    assert "8192 characters" in message


@every_page
def test_a_link_of_another_version_shows_the_defaults_and_says_so(visit, lesson):
    session = visit(lesson.name, v="2")
    assert session.warnings[0].startswith("Link:")
    assert session.link == visit(lesson.name).link


@every_page
def test_an_edit_of_another_form_than_a_drag_is_passed_over(visit, lesson):
    session = visit(lesson.name)
    before, name = session.link, next(iter(session.live))
    for edit in (
        None,
        3,
        [],
        {"n": "1"},
        {"n": 1},
        {"n": 1, "query": [1]},
        {"n": 2, "query": {"z": 1}},
    ):
        session.at.session_state[f"{lesson.name}_{name}"] = {"edit": edit}
        assert session.run().link == before


@every_page
def test_two_sessions_never_see_each_others_values(visit, lesson):
    one, other = visit(lesson.name), visit(lesson.name)
    field = first_linked(lesson)
    text = text_for(field)
    one.drag(next(iter(one.live)), 1, **{field.name: text})
    assert one.link.get(field.name) == text
    assert other.run().link.get(field.name) != text
