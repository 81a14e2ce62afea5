"""What the handles of any page promise to the fast lane, its view keeps."""

import pytest

from views import VIEWS, practice

SCENARIOS = {page: module.Scenario.from_query({})[0] for page, module in VIEWS.items()}
SCENARIOS["practice"] = practice.Scenario.from_query({"answer": "1"})[0]  # else nothing is dragged


def promised(page):
    """The figures that the handles of a page say they move."""
    figures = VIEWS[page].view(SCENARIOS[page]).values()
    handles = [figure["handles"] for figure in figures if "handles" in figure]
    assert handles
    return {name for spec in handles for name in spec["moves"]}


@pytest.mark.parametrize("page", VIEWS)
def test_a_view_moves_the_figures_that_its_handles_name(page):
    names, module = promised(page), VIEWS[page]
    moved = module.moving(SCENARIOS[page], names) if names else {}
    assert set(moved) == names <= set(module.view(SCENARIOS[page]))


def test_some_page_promises_something():
    assert promised("softmax")
