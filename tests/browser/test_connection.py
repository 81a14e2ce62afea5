"""Networks as they are: cut, blocked, late, twice; tabs that sleep, and clocks that jump.

In each no number on screen is wrong, no value of a handle is lost, a sign says that there is no
connection, and it comes back by itself. Servers that are restarted are in `test_promises.py`, what
becomes of the fast lane alone in `test_lanes.py`.
"""

import re
import time
from datetime import datetime, timedelta

import pytest

from tests.browser.conftest import NO_SIGN, SIGN, Screen

pytestmark = pytest.mark.browser

START = "/softmax?z=2,1,0.1&g=1,-1,2&T=1"
CONNECTED = """() => document.querySelector("[data-testid=stApp]")
  .getAttribute("data-test-connection-state") === "CONNECTED" """
NO_SCRIPT_RUNS = """() => document.querySelector("[data-testid=stApp]")
  .getAttribute("data-test-script-state") === "notRunning" """
# How strongly s, J and dx are drawn: those that do not show what is dragged are not.
FADED = """() => ["s", "jacobian", "dx"].every((name) => Number(getComputedStyle(
  document.querySelector(`.st-key-softmax_${name} .js-plotly-plot`)).opacity) < 0.5)"""
PLAIN = "() => !document.querySelector('.live-behind')"
# Note all that the handles of g and the bars of dx say from now on, frame by frame. Where a
# connection is cut in the middle of a run, Streamlit takes away what came before the cut, until the
# next run: for some frames there may be no figure.
WATCH = """() => {
  window.said = [];
  const note = () => {
    const handles = [...document.querySelectorAll(".st-key-softmax_g [role=slider]")].slice(0, -1);
    const result = document.querySelector(".st-key-softmax_dx .js-plotly-plot");
    const values = handles.map((handle) => handle.getAttribute("aria-valuenow"));
    const now = values.length && result && String([...values, ...result.data[0].y]);
    if (now && window.said.at(-1) !== now) window.said.push(now);
    requestAnimationFrame(note);
  };
  note();
}"""


def cut(*wires):
    """Close connections, and let none come about."""
    for wire in wires:
        wire.cut = True
    for wire in wires:
        wire.drop()


def mend(*wires):
    for wire in wires:
        wire.cut = False


def back(screen):
    """Wait until all is as before a cut."""
    return screen.wait(CONNECTED).wait(NO_SIGN)


@pytest.fixture(scope="module")
def used(context_of, server):
    """A window with both ways to the server in hand."""
    screen = Screen(context_of(), server)
    screen.wired()
    yield screen.open(START)
    screen.page.close()


@pytest.fixture
def screen(screen):
    """The same; that a connection is gone is said by the browser and by Streamlit, too."""
    yield screen
    for wire in (screen.lane, screen.script):
        wire.cut = wire.doubled = False
        wire.release()
    back(screen)
    alone = re.compile("disconnected|WebSocket")
    screen.errors[:] = [error for error in screen.errors if not alone.search(error)]


def test_a_proxy_that_cuts_what_rests_changes_nothing(screen):
    screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    screen.finish()
    opened = [len(wire.sockets) for wire in (screen.lane, screen.script)]
    link = screen.page.evaluate("location.href")
    screen.page.evaluate(WATCH)
    for wire in (screen.lane, screen.script):
        wire.drop()
    screen.until(lambda: len(screen.script.sockets) > opened[1])
    screen.until(lambda: len(screen.lane.sockets) > opened[0])
    back(screen).rest().shows(g=g)
    assert len(screen.page.evaluate("window.said")) == 1
    assert screen.page.evaluate("location.href") == link
    screen.grab("g 2", up=-15)
    screen.changed("g", g)
    screen.shows()
    screen.finish()


def test_a_proxy_that_cuts_in_mid_drag_costs_a_moment(screen):
    x, y = screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    screen.shows()
    opened = len(screen.lane.sockets)
    for wire in (screen.lane, screen.script):
        wire.drop()
    screen.page.mouse.move(x, y - 15, steps=3)
    g = screen.changed("g", g)
    screen.shows(g=g)  # the button is still down
    screen.until(lambda: len(screen.lane.sockets) > opened)
    back(screen)
    screen.page.mouse.move(x, y - 25, steps=3)
    screen.changed("g", g)
    screen.shows()
    screen.finish()


def test_while_nobody_hears_the_page_a_sign_says_so_and_old_numbers_fade(screen):
    x, y = screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    screen.shows()
    assert screen.page.evaluate(PLAIN)
    cut(screen.lane, screen.script)
    screen.page.mouse.move(x, y - 15, steps=3)
    g = screen.changed("g", g)
    screen.wait(SIGN).wait(FADED)
    assert screen.values("g") == g  # it follows the hand
    mend(screen.lane, screen.script)
    back(screen).wait(PLAIN).shows(g=g)  # the button is still down, and the pointer at rest
    screen.finish()


def test_what_is_let_go_while_nobody_hears_the_page_is_shown_and_linked_later(screen):
    screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    cut(screen.lane, screen.script)
    screen.page.mouse.up()
    screen.wait(SIGN)
    mend(screen.lane, screen.script)
    back(screen).link_has("g", g).rest().shows(g=g)
    assert screen.values("g") == g


def test_messages_that_come_twice_count_once(screen):
    screen.lane.doubled = screen.script.doubled = True
    screen.grab("g 1", up=15)
    first = screen.changed("g", [1, -1, 2])
    screen.shows()
    screen.finish()
    screen.grab("g 2", up=-15)  # and with it another input is chosen
    screen.changed("g", first)
    screen.shows()
    screen.finish()
    screen.page.keyboard.press("Control+z")
    screen.link_has("g", first).rest().shows(g=first)  # one step back, not two


def test_a_script_run_that_is_told_late_takes_nothing_back(screen):
    screen.script.held = True
    screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    screen.page.mouse.up()
    screen.page.evaluate("dispatchEvent(new Event('pagehide'))")  # saved now, not after a second
    screen.until(lambda: screen.script.answers)
    screen.grab("g 2", up=-15)
    g = screen.changed("g", g)
    screen.shows(g=g)
    screen.page.evaluate(WATCH)
    screen.script.release()
    screen.wait(NO_SCRIPT_RUNS)
    for _ in range(3):  # frames in which it would be drawn
        screen.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert len(screen.page.evaluate("window.said")) == 1
    assert screen.values("g") == g
    screen.finish()


def test_two_tabs_of_one_user_are_two(screen):
    other = Screen(screen.context, screen.server).open(START)
    other.grab("g 1", up=15)
    theirs = other.changed("g", [1, -1, 2])
    other.finish()
    screen.page.bring_to_front()
    screen.rest().shows(g=[1, -1, 2])
    screen.grab("g 2", up=-15)
    ours = screen.changed("g", [1, -1, 2])
    screen.finish()
    other.page.bring_to_front()
    other.link_has("g", theirs).rest().shows(g=theirs)
    assert screen.values("g") == ours != theirs
    assert other.errors == []
    other.page.close()


@pytest.fixture
def clocked(context_of, server):
    """A window whose clock and timers are in the hands of a test."""
    screen = Screen(context_of(), server)
    screen.page.clock.install()
    screen.wired()
    yield screen.open(START)
    screen.page.close()


def test_a_tab_that_has_slept_wakes_up_as_it_was(clocked):
    """Its timers have come once a minute, and the server has closed what was silent."""
    screen, clock = clocked, clocked.page.clock
    screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    screen.shows()
    screen.page.mouse.up()
    screen.link_has("g", g)  # no script has heard of it
    clock.pause_at(datetime.now() + timedelta(seconds=60))
    for wire in (screen.lane, screen.script):
        wire.drop()
    for _ in range(10):
        clock.fast_forward(60_000)
    assert screen.page.evaluate("Date.now()") / 1000 - time.time() > 600
    clock.resume()
    back(screen).rest().shows(g=g)
    assert screen.values("g") == g
    screen.grab("g 2", up=-15)
    screen.changed("g", g)
    screen.shows()
    screen.finish()


def test_a_clock_that_jumps_forth_and_back_changes_nothing(clocked):
    screen = clocked
    x, y = screen.grab("g 1", up=5)
    g = screen.changed("g", [1, -1, 2])
    for days, up in ((1, 15), (-1, 25)):
        screen.page.clock.set_system_time(datetime.now() + timedelta(days=days))
        jumped = screen.page.evaluate("Date.now()") / 1000 - time.time()
        assert abs(jumped / (24 * 3600) - days) < 0.1
        screen.page.mouse.move(x, y - up, steps=3)
        g = screen.changed("g", g)
        screen.shows()
    screen.finish()
    assert screen.page.evaluate(NO_SIGN)
