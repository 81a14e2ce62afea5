"""Every page that there is, at good, missing and hostile addresses."""

import random
from dataclasses import fields
from pathlib import Path

import plotly.graph_objects as go
import pytest

from views import VIEWS

PAGES = sorted(path.stem for path in Path(__file__).parents[2].glob("pages/*.py"))
WITH_VIEW = [page for page in PAGES if page in VIEWS]
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


def test_there_are_pages_and_every_view_has_one():
    assert "softmax" in WITH_VIEW
    assert set(VIEWS) <= set(PAGES)


def test_the_app_opens_on_a_page_that_says_something(visit):
    at = visit().at
    assert len(at.main) > 0


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_without_a_query(visit, page):
    session = visit(page)
    assert session.warnings == []
    assert len(session.at.main) > 0


@pytest.mark.parametrize("page", PAGES)
def test_a_query_of_other_names_is_passed_over(visit, page):
    assert visit(page, utm_source="mail", embed="true").warnings == []


@pytest.mark.parametrize("page", WITH_VIEW)
def test_a_page_writes_its_link_and_the_link_opens_the_same(visit, page):
    first = visit(page)
    again = visit(page, **first.link)
    assert again.warnings == []
    assert again.link == first.link
    assert {n: d["content"] for n, d in again.live.items()} == {
        n: d["content"] for n, d in first.live.items()
    }


@pytest.mark.parametrize("page", WITH_VIEW)
def test_every_figure_on_a_page_is_taken_by_plotly(visit, page):
    figures = [data["content"] for data in visit(page).live.values() if "data" in data["content"]]
    assert figures
    for figure in figures:
        go.Figure({"data": figure["data"], "layout": figure["layout"]})


@pytest.mark.parametrize(
    ("page", "field"),
    [(page, item.name) for page in WITH_VIEW for item in fields(VIEWS[page].Scenario)],
)
def test_a_hostile_value_gives_a_message_that_names_the_field_and_the_page_is_there(
    visit, page, field
):
    session, refused = visit(page), 0
    usual = set(session.live)
    for text in HOSTILE:
        session.open(**{field: text})
        assert set(session.live) == usual
        if VIEWS[page].Scenario.from_query({field: text})[1]:
            refused += 1
            assert any(warning.startswith(f"{field}:") for warning in session.warnings), text
            assert "Traceback" not in "".join(session.warnings)
    assert refused > 0


@pytest.mark.parametrize("page", WITH_VIEW)
def test_random_addresses_never_break_a_page(visit, page):
    rng = random.Random(0)
    names = [item.name for item in fields(VIEWS[page].Scenario)]
    for _ in range(12):
        query = {n: "".join(rng.choices("0123456789,;.-e ", k=12)) for n in rng.sample(names, 2)}
        assert visit(page, **query).live


@pytest.mark.parametrize("page", WITH_VIEW)
def test_a_link_that_is_too_long_is_refused_with_its_limit(visit, page):
    field = fields(VIEWS[page].Scenario)[0].name
    session = visit(page, **{field: "1," * 5000})
    (message,) = session.warnings
    assert message.startswith("Link:")
    assert "8192 characters" in message


@pytest.mark.parametrize("page", WITH_VIEW)
def test_a_link_of_another_version_shows_the_defaults_and_says_so(visit, page):
    session = visit(page, v="2")
    assert session.warnings[0].startswith("Link:")
    assert session.link == visit(page).link


@pytest.mark.parametrize("page", WITH_VIEW)
def test_an_edit_of_another_form_than_a_drag_is_passed_over(visit, page):
    session = visit(page)
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
        session.at.session_state[f"{page}_{name}"] = {"edit": edit}
        assert session.run().link == before


@pytest.mark.parametrize("page", WITH_VIEW)
def test_two_sessions_never_see_each_others_values(visit, page):
    one, other = visit(page), visit(page)
    scenario = VIEWS[page].Scenario()
    field = scenario.always_linked()[0]
    name = next(iter(one.live))
    text = "0.25,0.5,-0.75" if isinstance(getattr(scenario, field), tuple) else "77"
    one.drag(name, 1, **{field: text})
    assert one.link.get(field) == text
    assert other.run().link.get(field) != text
