"""Promises of a drag when the other side is slow, deaf or gone, or the hand is taken away.

And that of the controls, which stay in their row.
"""

import re
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import NO_SIGN, SIGN

pytestmark = pytest.mark.browser

START = "/softmax?z=2,1,0.1&g=1,-1,2&T=1"
LARGE_BATCH = f"/softmax?z={';'.join([','.join('0123456789')] * 256)}&T=0.0523&n=255&j=9"

CONNECTED = """() => document.querySelector("[data-testid=stApp]")
  .getAttribute("data-test-connection-state") === "CONNECTED" """
NOT_CONNECTED = """() => document.querySelector("[data-testid=stApp]")
  .getAttribute("data-test-connection-state") !== "CONNECTED" """
TERMS = "document.querySelector('.st-key-softmax_terms .js-plotly-plot')"
TERMS_OF = f"(j) => {TERMS}.layout.title.text.includes(`z<sub>${{j}}</sub>`)"
TOTAL = f"{TERMS}.data[0].customdata.at(-1)"
NOTHING_IS_DRAGGED = "() => !document.querySelector('.live-dragged')"


def wired(screen):
    screen.wired()


def wired_without_lane(screen):
    screen.wired(cut=True)


def test_a_drag_without_the_fast_lane_has_one_script_run_under_way(opened):
    """Each message would cancel the run before it: of a long drag nothing would be seen."""
    screen = opened(START, prepare=wired_without_lane)
    before = len(screen.script.asked)
    screen.script.held = True
    screen.grab("g 1", up=40, steps=20)
    screen.changed("g", [1, -1, 2])
    assert len(screen.script.asked) == before + 1
    screen.script.release()
    screen.shows()  # the newest, not only the first
    screen.finish()


def test_a_script_run_that_never_reports_back_is_not_waited_for_for_ever(opened):
    screen = opened(START, prepare=wired_without_lane)
    before = len(screen.script.asked)
    screen.script.deaf = True
    x, y = screen.grab("g 1", up=15)
    held = screen.changed("g", [1, -1, 2])
    screen.until(lambda: len(screen.script.asked) > before)
    screen.script.deaf = False  # what was said is lost, what is said from now on is not
    screen.page.mouse.move(x, y - 20)
    screen.changed("g", held)
    screen.shows()  # the button is down: the page has asked again by itself
    screen.finish()


def test_what_a_server_restarted_in_mid_drag_has_not_seen_is_said_again(opened, start_server):
    screen = opened()
    screen.wired()
    with start_server() as screen.server:
        screen.open(START)
        screen.choose("input", "1")  # Streamlit asks a new server only after a run like this
        screen.link_says("j=1").rest()
        screen.lane.held = True  # else the page would know that the drag is shown
        screen.grab("g 1", up=15)
        g = screen.changed("g", [1, -1, 2])
    screen.wait(NOT_CONNECTED)
    with start_server(port=urlsplit(screen.server).port):
        screen.link_has("g", g)  # the button is still down
        assert screen.values("g") == g
        screen.lane.release()
        screen.shows()
        screen.finish()
    # The browser and Streamlit say themselves that nobody was there.
    alone = re.compile("ERR_CONNECTION_REFUSED|disconnected from server")
    screen.errors[:] = [error for error in screen.errors if not alone.search(error)]


def test_a_page_that_nobody_has_touched_outlives_its_server(opened, start_server):
    """Streamlit runs nothing by itself on the new one, and that knows none of the fragments."""
    screen = opened()
    with start_server() as screen.server:
        screen.open(START)
    screen.wait(NOT_CONNECTED).wait(SIGN)
    with start_server(port=urlsplit(screen.server).port):
        screen.wait(CONNECTED).wait(NO_SIGN)
        screen.grab("g 1", up=15)
        g = screen.changed("g", [1, -1, 2])
        screen.finish()
        assert screen.values("g") == g
        screen.choose("z", "Uniform")
        screen.link_has("g", g).link_says("z=0,0,0").rest().shows(z=[0, 0, 0], g=g)
    alone = re.compile("ERR_CONNECTION_REFUSED|disconnected from server")
    screen.errors[:] = [error for error in screen.errors if not alone.search(error)]


def test_a_button_let_go_while_nobody_is_there_is_saved_later(opened):
    screen = opened(START, prepare=wired)
    screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    screen.script.cut = True
    screen.script.drop()
    screen.wait(NOT_CONNECTED)
    screen.page.mouse.up()
    screen.wait(NOTHING_IS_DRAGGED)
    screen.script.cut = False
    screen.wait(CONNECTED)
    screen.link_has("g", g).rest().shows(g=g)
    alone = re.compile("disconnected|WebSocket")
    screen.errors[:] = [error for error in screen.errors if not alone.search(error)]


def test_an_answer_about_one_input_is_not_drawn_over_the_terms_of_another(opened):
    screen = opened(START, prepare=wired)
    screen.script.held = screen.lane.held = True
    screen.choose("input", "1")
    x, y = screen.grab("g 0", up=15)  # of the input that the browser still knows as the chosen one
    screen.changed("g", [1, -1, 2])
    screen.until(lambda: screen.lane.answers)
    asked = screen.lane.requests()[-1]
    assert asked["query"]["j"] == "0" and "moving" in asked
    screen.script.release()
    screen.wait(TERMS_OF, 1)
    screen.lane.release()
    screen.until(lambda: len(screen.lane.asked) > 1)  # the page has heard the first answer
    for _ in range(3):  # frames in which it would be drawn
        screen.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert screen.page.evaluate(TERMS_OF, 1)
    dx = "document.querySelector('.st-key-softmax_dx .js-plotly-plot').data[0].customdata[1]"
    screen.wait(f"() => {TOTAL} === {dx}")
    screen.page.mouse.move(x, y - 10)
    screen.shows()
    screen.finish()
    screen.wait(TERMS_OF, 0)  # the hand has gone on, and it holds input 0
    assert "j=" not in screen.page.url


@pytest.mark.parametrize("name", ["z 1", "all of z"])
def test_the_handle_is_at_the_pointer_where_an_ancestor_is_scaled(opened, name):
    """As by slides that show the app."""
    screen = opened(START)
    half = "[data-testid=stApp] { transform: scale(0.5); transform-origin: 0 0; }"
    screen.page.add_style_tag(content=half)
    _, y = screen.grab(name, up=10)
    screen.changed("z", [2, 1, 0.1])
    _, cap = screen.center(screen.handle(name))
    assert abs(cap - y) < 2  # a step of the axis is less than a pixel; unscaled it is off by five
    screen.page.mouse.up()
    screen.rest().shows()


@pytest.mark.parametrize("deaf", ["lostpointercapture", "pointercancel"])
def test_a_finger_that_the_browser_takes_away_lets_go_and_its_value_stays(opened, deaf):
    """As for a gesture of the system. It is said by two events, and one of them is enough."""
    stop = f"addEventListener('{deaf}', (event) => event.stopImmediatePropagation(), true)"
    screen = opened(has_touch=True)
    screen.page.add_init_script(stop)
    screen.open(START)
    glass = screen.context.new_cdp_session(screen.page)

    def touch(kind, *points):
        glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = screen.center(screen.handle("g 1"))
    touch("touchStart", {"x": x, "y": y})
    touch("touchMove", {"x": x, "y": y - 15})
    g = screen.changed("g", [1, -1, 2])
    touch("touchCancel")
    screen.wait(NOTHING_IS_DRAGGED)
    screen.link_has("g", g).rest().shows(g=g)
    screen.stand("g", g)


@pytest.mark.parametrize("up", [0, 15])
def test_a_drag_is_over_when_another_number_of_classes_comes(opened, up):
    screen = opened(START, prepare=wired)
    screen.script.held = screen.lane.held = True
    screen.choose("size", "5")
    x, y = screen.grab("g 1", up=up)
    if up:
        screen.changed("g", [1, -1, 2])
    screen.script.release()
    screen.stand("g", [1, -1, 2, 0, 0])
    screen.wait(NOTHING_IS_DRAGGED)
    screen.page.mouse.move(x, y - 30, steps=5)
    assert screen.values("g") == [1, -1, 2, 0, 0]
    screen.page.mouse.up()
    screen.lane.release()
    screen.link_has("g", [1, -1, 2, 0, 0]).rest().shows(z=[2, 1, 0.1, 0, 0], g=[1, -1, 2, 0, 0])
    screen.stand("g", [1, -1, 2, 0, 0])
    assert screen.page.get_by_test_id("stAlert").count() == 0


def test_the_controls_of_a_large_batch_are_one_row_in_a_small_window(opened):
    """What wraps moves everything below it down."""
    screen = opened(LARGE_BATCH, viewport={"width": 1280, "height": 720})
    share = screen.page.locator(".st-key-softmax_share").bounding_box()
    first = screen.page.locator(".st-key-softmax_z_menu").bounding_box()
    assert share["y"] == first["y"]
    row = screen.page.locator(".st-key-softmax_reset").locator("..").bounding_box()
    scrollbar = 15  # which a browser with a window has
    assert share["x"] + share["width"] + scrollbar <= row["x"] + row["width"]
