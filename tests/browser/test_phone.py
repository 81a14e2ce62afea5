"""On a phone: what is dragged and what it changes are on the screen together, on every page."""

from urllib.parse import urlencode

import pytest

from tests.browser.conftest import FRAME
from visualizer.lessons import LESSONS

pytestmark = pytest.mark.browser

UPRIGHT, SMALL, LYING = (390, 844), (360, 640), (844, 390)
DOCKED = """() => [...document.querySelectorAll(".live-figure")].filter((figure) => {
  const { top, bottom } = figure.getBoundingClientRect();
  return figure.matches(".live-docked") && top >= 0 && bottom <= innerHeight + 1;
}).map((figure) => JSON.stringify(figure.querySelector(".js-plotly-plot").data))"""
# A result that is in view itself, as much of it as SEEN in phone.js says, needs no dock.
IN_VIEW = """(names) => names.every((name) => {
  const { top, bottom, height } = document.querySelector(`.st-key-${name} .live-figure`)
    .getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 0) >= 0.8 * height - 1;
})"""
SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"
SMALLEST = """() => Math.min(...[...document.querySelectorAll(
    ".bartext, .live-number, .heatmap-label text, .textpoint text, .xtick text, .ytick text")]
  .filter((node) => node.textContent.trim() && node.checkVisibility())
  .map((node) => Number.parseFloat(getComputedStyle(node).fontSize)))"""


class Phone:
    """A page on a phone, and a finger on its glass."""

    def __init__(self, context_of, address, path, size=UPRIGHT):
        from tests.browser.conftest import Screen

        width, height = size
        how = {"has_touch": True, "is_mobile": True, "device_scale_factor": 3}
        self.screen = Screen(context_of(**how), address)
        self.screen.page.set_viewport_size({"width": width, "height": height})
        self.screen.open(path)
        self.glass = self.screen.context.new_cdp_session(self.screen.page)

    def touch(self, kind, x=0.0, y=0.0):
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        self.glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def swipe(self, x, y, up):
        """Draw a finger over the glass as a hand does, in steps."""
        self.touch("touchStart", x, y)
        for step in range(1, 9):
            self.touch("touchMove", x, y - up * step / 8)
            self.screen.page.evaluate(FRAME)
        self.touch("touchEnd")

    def first_handle(self):
        page = self.screen.page
        first = page.locator(".live-handle[role=slider]").first
        if first.count() == 0:  # an open question
            page.get_by_role("button", name="1", exact=False).filter(has_text="1").last.tap()
            page.get_by_role("button", name="Lock in").tap()
        first.wait_for(state="visible")
        self.screen.rest()
        first.evaluate("(handle) => handle.scrollIntoView({ block: 'center' })")
        return first


@pytest.fixture(scope="module", params=LESSONS, ids=lambda lesson: lesson.name)
def phone(request, server, context_of):
    lesson = request.param
    phone = Phone(context_of, server, f"/{lesson.address}?{urlencode(lesson.shown_at)}")
    phone.lesson = lesson
    yield phone
    assert phone.screen.errors == []
    phone.screen.page.close()


def test_the_result_is_in_view_while_its_cause_is_dragged_and_the_page_stands_still(phone):
    screen, lesson = phone.screen, phone.lesson
    handle = phone.first_handle()
    scenario, _ = lesson.Scenario.from_query(lesson.shown_at)
    shown = lesson.docked(scenario)
    pictures = [f.name for f in lesson.figures_of(scenario) if f.KIND == "figure"]
    names = [f"{lesson.name}_{name}" for name in shown if name in pictures]
    screen.wait(f"(names) => ({DOCKED})().length === names.length || ({IN_VIEW})(names)", names)
    box = handle.bounding_box()
    assert box["height"] >= 44 and box["width"] >= 24
    x, y = screen.center(handle)
    top = screen.page.evaluate(SCROLLED)
    data = "(names) => names.map((name) => String(document.querySelector("
    data += "`.st-key-${name} .js-plotly-plot`).data.map((t) => [t.x, t.y, t.z, t.text])))"
    before = screen.page.evaluate(data, names)
    phone.touch("touchStart", x, y)
    for step in range(1, 5):
        phone.touch("touchMove", x + 3 * step, y + 6 * step)
    screen.wait(f"([names, before]) => String(({data})(names)) !== String(before)", [names, before])
    assert screen.page.evaluate(DOCKED) or screen.page.evaluate(IN_VIEW, names)
    assert screen.page.evaluate(SCROLLED) == top
    phone.touch("touchEnd")
    screen.rest()
    assert screen.page.evaluate(SMALLEST) >= 12
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= UPRIGHT[0]


def test_the_controls_are_one_row_until_they_are_unfolded(phone):
    fold = phone.screen.page.locator(".live-fold")
    if fold.count() == 0:
        pytest.skip("it has no controls")
    row = phone.screen.page.locator(".st-key-controls")
    folded = row.bounding_box()["height"]
    assert folded < 64
    assert "Controls" in fold.inner_text()
    fold.tap()
    phone.screen.wait("(h) => document.querySelector('.st-key-controls').clientHeight > h", folded)
    assert fold.get_attribute("aria-expanded") == "true"
    share = row.get_by_role("button", name="Share")
    share.wait_for(state="visible")
    fold.tap()
    share.wait_for(state="hidden")


def test_a_result_that_a_page_was_scrolled_to_while_it_moved_by_itself_leaves_the_dock(
    server, context_of
):
    phone = Phone(context_of, server, "/")
    screen = phone.screen
    screen.wait(f"() => document.querySelector('.live-playing') && ({DOCKED})().length > 0")
    place = screen.page.locator(".st-key-home_flow")  # below which the result stands
    place.evaluate("(place) => place.scrollIntoView({ block: 'center' })")
    screen.wait("() => !document.querySelector('.live-playing')")
    screen.wait(f"() => ({DOCKED})().length === 0")
    screen.page.close()


@pytest.fixture
def softmax(server, context_of):
    phone = Phone(context_of, server, "/softmax?z=2,1,0.1&g=1,-1,2&T=1")
    yield phone
    phone.screen.page.close()


def test_a_swipe_beside_a_handle_scrolls_and_changes_no_bar(softmax):
    screen = softmax.screen
    box = screen.page.locator(".st-key-softmax_z .live-figure").bounding_box()
    x, y = box["x"] + 20, box["y"] + box["height"] - 60  # beside the first bar
    softmax.swipe(x, y, 120)
    screen.wait(f"() => ({SCROLLED})() > 40")
    assert screen.values("z") == [2, 1, 0.1]
    softmax.swipe(x + 10, 300, -300)
    screen.wait(f"() => ({SCROLLED})() === 0")
    screen.rest().shows(z=[2, 1, 0.1])


def test_a_tap_lights_what_belongs_together_and_a_second_one_lets_go(softmax):
    page = softmax.screen.page
    cells = page.locator(".st-key-softmax_jacobian .live-plot")
    cells.scroll_into_view_if_needed()
    cells.tap(position={"x": 90, "y": 80})
    page.locator(".live-tag").wait_for()
    softmax.screen.rest()
    cells.tap(position={"x": 90, "y": 80})
    softmax.screen.wait("() => !document.querySelector('.live-tag, .live-dim')")


@pytest.mark.parametrize("size", [SMALL, LYING])
def test_the_result_is_in_view_in_other_windows_too(server, context_of, size):
    phone = Phone(context_of, server, "/softmax?z=2,1,0.1&g=1,-1,2&T=1", size)
    phone.first_handle()
    phone.screen.wait(f"() => ({DOCKED})().length === 1")
    phone.screen.page.close()


def test_results_are_docked_in_the_order_in_which_they_matter(server, context_of):
    """They come to the page in any order."""
    phone = Phone(context_of, server, "/simplex")
    phone.first_handle()
    phone.screen.wait(f"() => ({DOCKED})().length === 2")
    dx, s = (
        phone.screen.page.locator(f".st-key-simplex_{name} .live-docked").bounding_box()
        for name in ("dx", "s")
    )
    assert dx["x"] < s["x"]
    phone.screen.page.close()


def test_in_a_phone_that_lies_two_figures_stand_beside_each_other(server, context_of):
    phone = Phone(context_of, server, "/softmax", LYING)
    names = ("z", "s", "jacobian", "centring")  # of one row
    boxes = [phone.screen.page.locator(f".st-key-softmax_{name}").bounding_box() for name in names]
    first, second, third, fourth = (box["y"] for box in boxes)
    assert first == second < third == fourth
    assert all(box["width"] > 0.4 * LYING[0] for box in boxes)
    phone.screen.page.close()


def test_a_link_for_the_projector_opens_as_a_page_for_a_phone(server, context_of):
    phone = Phone(context_of, server, "/softmax?z=2,1,0&g=1,-1,2&T=1&present=1")
    phone.screen.wait("() => !location.search.includes('present')").rest()
    assert phone.screen.page.locator(".live-present").count() == 0
    assert "z=2,1,0&" in phone.screen.page.url
    phone.screen.page.close()


def test_a_question_its_options_and_the_lock_are_on_the_first_screen(server, context_of):
    phone = Phone(context_of, server, "/practice?seed=7&level=2&n=3")
    lock = phone.screen.page.get_by_role("button", name="Lock in").bounding_box()
    assert lock["y"] + lock["height"] <= UPRIGHT[1]
    phone.screen.page.close()
