"""Every page by its own address, on a server that has just started."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

PAGES = sorted(path.stem for path in Path(__file__).parents[2].glob("pages/*.py"))


@pytest.fixture(scope="module", params=PAGES)
def visited(request, open_at, start_server):
    """A page opened by its address, as the first thing that its server is asked for."""
    with start_server() as cold:
        screen = open_at(cold, "/" if request.param == "home" else f"/{request.param}")
        yield screen
        screen.page.close()


def test_a_cold_deep_link_opens_the_page_in_its_frame(visited):
    header = visited.page.get_by_test_id("stHeader")
    header.get_by_role("link", name="Home", exact=True).wait_for(state="visible")
    header.get_by_text("Layers", exact=True).wait_for(state="visible")
    assert visited.page.get_by_test_id("stException").count() == 0
    assert visited.errors == []


def test_on_every_page_a_handle_moves_by_a_key_and_the_link_follows(visited):
    handle = visited.page.locator(".live-handle[role=slider]").first
    if handle.count() == 0:
        pytest.skip("no handles before there is an answer")
    before, address = handle.get_attribute("aria-valuenow"), visited.page.url
    handle.press("ArrowUp")
    visited.wait(
        "(before) => document.querySelector('.live-handle[role=slider]').ariaValueNow !== before",
        before,
    )
    visited.wait("(before) => location.href !== before", address)
    assert visited.rest().page.get_by_test_id("stException").count() == 0
    assert visited.errors == []


def test_no_page_is_wider_than_a_narrow_window(visited):
    visited.page.set_viewport_size({"width": 390, "height": 844})
    visited.wait(
        "() => [...document.querySelectorAll('.js-plotly-plot')]"
        ".every((plot) => plot._fullLayout.width <= 390)"
    )
    assert visited.page.evaluate("document.documentElement.scrollWidth") <= 390
    main = visited.page.get_by_test_id("stMain")
    assert main.evaluate("(main) => main.scrollWidth - main.clientWidth") <= 0
    assert visited.errors == []


def test_the_pages_are_reached_by_the_navigation(opened):
    screen = opened("/")
    screen.page.get_by_test_id("stHeader").get_by_text("Layers", exact=True).click()
    screen.page.get_by_test_id("stTopNavDropdownLink").filter(has_text="Softmax").click()
    screen.page.wait_for_url("**/softmax*")
    screen.page.locator(".st-key-softmax_dx .main-svg").first.wait_for(state="attached")
    screen.rest().shows([2, 1, 0.1], [1, 0, 0])


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
    screen.shows([2, 1, 0.1], [1, 0, 0])


@pytest.mark.parametrize("query", ["z=1e308,-1e308,0", "g=1e308,-1e308,1e308", "z=0,0&g=0,0"])
def test_the_largest_and_the_smallest_numbers_are_drawn(opened, query):
    """Errors in the console or in the page fail the test, as everywhere here."""
    screen = opened(f"/softmax?{query}")
    assert screen.page.locator(".st-key-softmax_dx .bars path").count() > 0


def test_a_thousand_classes_are_drawn(opened):
    screen = opened("/softmax?z=" + ",".join(["1", "0.5"] * 500))
    screen.page.locator(".st-key-softmax_jacobian .imagelayer image").wait_for(state="attached")
    assert len(screen.drawn("dx")) == 1000
