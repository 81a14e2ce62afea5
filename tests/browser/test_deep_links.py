"""Navigation, the first screen, and links that ask for too much."""

import pytest

from tests.browser.conftest import DRAWN_ALL

pytestmark = pytest.mark.browser


def test_the_pages_are_reached_by_the_navigation(opened):
    screen = opened("/")
    screen.page.get_by_test_id("stHeader").get_by_text("Layers", exact=True).click()
    screen.page.get_by_test_id("stTopNavDropdownLink").filter(has_text="Softmax").click()
    screen.page.wait_for_url("**/softmax*")
    screen.page.locator(".st-key-softmax_dx .main-svg").first.wait_for(state="attached")
    screen.rest().shows([2, 1, 0.1], [1, -1, 2])


def test_the_first_screen_shows_z_g_s_J_and_dx_without_scrolling(opened):
    screen = opened("/softmax")
    for name in ("z", "g", "s", "jacobian", "dx"):
        box = screen.page.locator(f".st-key-softmax_{name} .js-plotly-plot").bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720
        assert box["x"] + box["width"] <= 1280


def test_a_hostile_link_is_answered_on_the_page_as_text(opened):
    screen = opened("/softmax?z=<img src=x onerror=alert(1)>,1&T=hot")
    warning = screen.page.get_by_test_id("stAlert")
    assert "z:" in warning.inner_text()
    assert "T:" in warning.inner_text()
    assert warning.locator("img").count() == 0
    screen.shows([2, 1, 0.1], [1, -1, 2])


@pytest.mark.parametrize("query", ["z=1e308,-1e308,0", "g=1e308,-1e308,1e308", "z=0,0&g=0,0"])
def test_the_largest_and_the_smallest_numbers_are_drawn(opened, query):
    """Errors in the console or in the page fail the test, as everywhere here."""
    screen = opened(f"/softmax?{query}")
    assert screen.page.locator(".st-key-softmax_dx .bars path").count() > 0


# What did not come is taken out of the head.
NOTHING_ASKED = "(name) => !document.querySelector(`[href*='${name}'], script[src*='${name}']`)"


@pytest.mark.parametrize("needed", ["plotly-cartesian.min.js", "live.css"])
def test_a_figure_says_that_it_is_missing_and_comes_with_the_next_run(opened, needed):
    screen = opened()
    screen.page.route(f"**/{needed}", lambda route: route.abort())
    screen.page.goto(f"{screen.server}/softmax")
    missing = screen.page.locator(".live-missing")
    screen.wait("() => document.querySelectorAll('.live-missing').length >= 7")
    assert "Reload the page" in missing.first.inner_text()
    screen.rest().wait(NOTHING_ASKED, needed).page.unroute(f"**/{needed}")
    screen.errors.clear()  # the browser says so, too
    screen.choose("z", "Uniform")
    screen.wait("() => !document.querySelector('.live-missing')").wait(DRAWN_ALL)
    screen.rest().shows([0, 0, 0], [1, -1, 2])


def test_a_thousand_classes_are_drawn(opened):
    screen = opened("/softmax?z=" + ",".join(["1", "0.5"] * 500))
    screen.page.locator(".st-key-softmax_jacobian .imagelayer image").wait_for(state="attached")
    assert len(screen.drawn("dx")) == 1000
