"""The last value is never lost: without the fast lane, with a slow one, with one that breaks."""

import pytest

pytestmark = pytest.mark.browser

START = "/softmax?z=2,1,0.1&g=1,-1,2&T=1"

# A lane that answers at once, and counts what it is asked.
AT_ONCE = """
window.asked = 0;
const Real = WebSocket;
window.WebSocket = class extends Real {
  send(message) {
    if (!this.url.endsWith("/live")) return super.send(message);
    window.asked += 1;
    const answer = JSON.stringify({seq: JSON.parse(message).seq, error: "a stand-in"});
    queueMicrotask(() => this.onmessage({data: new TextEncoder().encode(answer)}));
  }
};
"""
# Four moves in each of 30 frames, by a pointer that is down on a handle; give what was asked.
FAST_MOUSE = """async ([handle, x, y]) => {
  const before = window.asked;
  for (let i = 0; i < 120; i++) {
    const at = {pointerId: 1, clientX: x, clientY: y - (i % 40), bubbles: true};
    handle.dispatchEvent(new PointerEvent("pointerrawupdate", at));
    if (i % 4 === 3) await new Promise(requestAnimationFrame);
  }
  return window.asked - before;
}"""


def wired(screen):
    screen.wired()


def cut(screen):
    screen.wired(cut=True)


def held(screen):
    screen.wired(held=True)


def drag_on(screen, x, y):
    """Move the pointer on while the button is down; wait for the handle, then for the numbers."""
    before = screen.values("g")
    screen.page.mouse.move(x, y, steps=3)
    screen.changed("g", before)
    return screen


def test_without_the_fast_lane_the_script_answers_while_dragging(opened):
    screen = opened(START, prepare=cut)
    x, y = screen.grab("g 1", up=15)
    screen.changed("g", [1, -1, 2])
    screen.shows()
    drag_on(screen, x, y - 20).shows()
    screen.finish()


def test_the_fast_lane_is_what_answers_when_it_is_there(opened):
    """Else all that is said of it here would say nothing."""
    screen = opened(START, prepare=wired)
    x, y = screen.grab("g 1", up=15)
    screen.changed("g", [1, -1, 2])
    screen.shows()
    assert len(screen.lane.asked) > 0
    assert "g=1,-1,2" in screen.page.url  # no script has run
    drag_on(screen, x, y - 10)
    screen.finish()


def test_a_drag_asks_for_what_it_moves_and_its_end_for_everything(opened):
    screen = opened(START, prepare=wired)
    x, y = screen.grab("g 0", up=15)  # the input that is selected already
    screen.changed("g", [1, -0.5, 0.5])
    screen.shows()
    assert {tuple(asked["moving"]) for asked in screen.lane.requests()} == {
        ("dx", "terms", "g", "centring", "flow", "formula", "sum")
    }
    drag_on(screen, x, y - 10)
    screen.finish()
    screen.until(lambda: "moving" not in screen.lane.requests()[-1])


def test_what_moves_is_that_of_the_input_chosen_before_the_drag(opened):
    screen = opened(START, prepare=wired)
    screen.page.locator(".st-key-softmax_jacobian .live-figure").click(position={"x": 137, "y": 99})
    screen.link_says("j=1").rest()
    screen.grab("g 1", up=15)
    screen.changed("g", [1, -1, 2])
    screen.shows()
    assert "moving" in screen.lane.requests()[-1]
    y_of = "(name) => document.querySelector(`.st-key-softmax_${name} .js-plotly-plot`).data[0].y"
    total, dx = (screen.page.evaluate(y_of, name) for name in ("terms", "dx"))
    assert total[-1] == dx[1] != dx[0]
    screen.finish()


def test_one_message_is_in_flight_and_the_newest_waits(opened):
    screen = opened(START, prepare=held)
    x, y = screen.grab("g 1", up=15, steps=15)
    screen.changed("g", [1, -1, 2])
    drag_on(screen, x, y - 20)
    screen.until(lambda: len(screen.lane.answers) == 1)
    assert len(screen.lane.asked) == 1
    screen.lane.release()
    screen.shows()  # the newest, not those in between
    assert len(screen.lane.asked) <= 3
    screen.finish()


def test_a_fast_mouse_is_asked_for_once_a_frame(opened):
    screen = opened(START, prepare=lambda screen: screen.page.add_init_script(AT_ONCE))
    x, y = screen.grab("g 1", up=15)
    screen.changed("g", [1, -1, 2])
    handle = screen.handle("g 1").element_handle()
    asked = screen.page.evaluate(FAST_MOUSE, [handle, x, y])
    assert 20 <= asked <= 31  # one a frame, the first and the last among them
    screen.page.mouse.move(x, y - 20)
    screen.finish()


@pytest.mark.parametrize("deaf", ["pointermove", "pointerrawupdate"])
def test_one_kind_of_event_is_enough_to_drag(opened, deaf):
    """Browsers that know pointerrawupdate send it a frame before pointermove."""
    stop = f"addEventListener('{deaf}', (event) => event.stopImmediatePropagation(), true)"
    screen = opened(START, prepare=lambda screen: screen.page.add_init_script(stop))
    screen.grab("g 1", up=15)
    screen.changed("g", [1, -1, 2])
    screen.shows()
    screen.finish()


def test_an_answer_that_comes_too_late_changes_nothing(opened):
    screen = opened(START, prepare=held)
    x, y = screen.grab("g 1", up=15)
    screen.changed("g", [1, -1, 2])
    drag_on(screen, x, y - 20)
    screen.finish()  # the script answers, the lane still holds its first answer
    last = screen.values("g")
    screen.until(lambda: len(screen.lane.answers) == 1)
    screen.lane.release()
    screen.until(lambda: len(screen.lane.asked) >= 2)
    for _ in range(3):  # frames in which an old answer would be drawn
        screen.page.evaluate("() => new Promise(requestAnimationFrame)")
    screen.shows(g=last)
    assert screen.values("g") == last


def test_the_connection_drops_in_mid_drag_and_comes_back(opened):
    screen = opened(START, prepare=wired)
    x, y = screen.grab("g 1", up=10)
    screen.changed("g", [1, -1, 2])
    screen.shows()
    screen.lane.drop()
    drag_on(screen, x, y - 15).shows()
    screen.until(lambda: len(screen.lane.sockets) == 2)  # it comes back by itself
    asked = len(screen.lane.asked)
    drag_on(screen, x, y - 25).shows()
    screen.until(lambda: len(screen.lane.asked) > asked)
    screen.finish()


def test_what_was_in_flight_when_the_connection_dropped_is_not_lost(opened):
    screen = opened(START, prepare=held)
    screen.grab("g 1", up=15)
    screen.changed("g", [1, -1, 2])
    screen.until(lambda: screen.lane.answers)
    screen.lane.drop()
    screen.shows()  # the pointer stands still, and no lane will answer
    screen.finish()


def test_the_connection_drops_and_the_button_goes_up_at_once(opened):
    screen = opened(START, prepare=held)
    screen.grab("g 1", up=15)
    screen.changed("g", [1, -1, 2])
    screen.lane.drop()
    screen.finish()


def test_choosing_an_input_does_not_hold_up_the_steps(opened):
    screen = opened(START + "&step=3", prepare=wired)
    jacobian = screen.page.locator(".st-key-softmax_jacobian .live-figure")
    jacobian.click(position={"x": 137, "y": 100})
    screen.until(lambda: screen.lane.asked)  # for the terms of another input
    lit = "(name) => document.querySelector(`.st-key-softmax_${name} [data-state=lit]`)"
    for step, name in ((4, "terms"), (5, "dx")):
        screen.page.keyboard.press("ArrowRight")
        screen.link_says(f"step={step}").wait(lit, name)
    screen.rest().shows()


def test_pointing_costs_no_message_and_changes_no_state(opened):
    screen = opened(START, prepare=wired)
    said = len(screen.script.asked)
    screen.page.locator(".st-key-softmax_jacobian .live-figure").hover(
        position={"x": 200, "y": 100}
    )
    screen.wait("() => document.querySelectorAll('.live-linked').length > 1")
    screen.page.mouse.move(640, 5)
    screen.wait("() => document.querySelector('.live-linked') === null")
    assert (screen.lane.asked, len(screen.script.asked)) == ([], said)
    assert "j=" not in screen.page.url


def test_a_drag_selects_what_is_dragged_and_then_moves_arrays_alone(opened):
    screen = opened(START, prepare=wired)
    screen.grab("g 2", up=15)
    screen.changed("g", [1, 0, 0])
    title = """() => document.querySelector('.st-key-softmax_terms .js-plotly-plot')
      .layout.title.text.includes('<sub>2</sub>')"""
    screen.wait(title).shows()  # whole, while the button is down
    whole = len([asked for asked in screen.lane.requests() if "moving" not in asked])
    x, y = screen.center(screen.handle("g 2"))
    screen.page.mouse.move(x, y - 30, steps=6)
    screen.shows()
    asked = screen.lane.requests()
    assert {request["query"]["j"] for request in asked} == {"2"}
    assert len([request for request in asked if "moving" not in request]) == whole < len(asked)
    screen.finish()


def test_a_lane_that_is_open_and_silent_is_given_up(opened):
    screen = opened(START, prepare=held)
    screen.grab("g 1", up=15)
    screen.changed("g", [1, -1, 2])
    screen.until(lambda: screen.lane.asked)
    screen.shows()  # the button is down: the script has answered
    screen.finish()


def test_two_windows_do_not_see_each_others_values(opened):
    one, other = opened(START), opened(START, locale="de-DE")  # neither is in the background
    one.grab("g 1", up=15)
    moved = one.changed("g", [1, -1, 2])
    one.shows()
    other.rest().shows(g=[1, -1, 2])
    assert other.values("g") == [1, -1, 2] != moved
    one.finish()
    other.shows(g=[1, -1, 2])
