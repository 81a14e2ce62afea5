"""The line on a logarithmic axis that is a handle: by mouse, touch and keys, in both themes."""

import numpy as np
import pytest

from nnfs import check_gradient, difference_quotients
from tests.browser.test_patch import HOLD
from visualizer.lessons.checked import CHECKED

pytestmark = pytest.mark.browser

START = "/gradient_check?layer=softmax&z=2,1,0.1&g=1,-1,2&h=1e-6"
Z, G = np.array([[2.0, 1.0, 0.1]]), np.array([[1.0, -1.0, 2.0]])
H = "() => Number(document.querySelector('[aria-label=\"step h\"]').ariaValueNow)"
# What stands where: the middle of the knob, the line that the figure draws, and the pixels of a
# decade, all in the window.
PLACES = """() => {
  const figure = document.querySelector(".st-key-gradient_check_u .live-figure");
  const { left } = figure.getBoundingClientRect();
  const plot = figure.querySelector(".js-plotly-plot");
  const { xaxis } = plot._fullLayout;
  const knob = figure.querySelector(".live-line .live-cap").getBoundingClientRect();
  const traces = [...plot.querySelectorAll(".scatterlayer > .trace")];
  const line = traces.at(-4).querySelector("path.js-line").getBoundingClientRect();
  return {
    knob: knob.left + knob.width / 2,
    top: knob.top + knob.height / 2,
    line: line.left + line.width / 2,
    decade: xaxis.d2p(1e-6) - xaxis.d2p(1e-7),
    number: figure.querySelector(".live-number").textContent,
    origin: left + xaxis._offset,
  };
}"""
# What the picture says of each way at the step in use, and the table of each element.
ERRORS = """() => document.querySelector(".st-key-gradient_check_u .js-plotly-plot")
  .data.slice(-3).map((trace) => trace.y[0])"""
NUMERIC = """() => document.querySelector(".st-key-gradient_check_elements .js-plotly-plot")
  .data[3].text"""


def value(screen):
    return screen.page.evaluate(H)


def shows(screen, h):
    """Wait until the figures show the numbers of nnfs for this step."""
    layer = CHECKED["softmax"].make(3)
    layer.forward(Z)
    exact = layer.backward(G)[0]
    for place, method in enumerate(("forward", "central", "complex")):
        (D,) = difference_quotients(layer, Z[0], [h], method)
        error = float(np.abs((G[0][:, None] * D).sum(axis=0) - exact).max())
        # Where two sums differ in their last digit, over the step.
        near = 1e-15 if method == "complex" else 1e-14 / h
        screen.wait(
            f"([k, error, near]) => Math.abs((({ERRORS})()[k] ?? 0) - error) <= near",
            [place, error, near],
        )
    numeric = check_gradient(layer, Z, G, step=h).numeric[0]

    def texts():
        return [float(text.replace("−", "-")) for text in screen.page.evaluate(NUMERIC)]

    screen.until(lambda: np.allclose(texts(), numeric, rtol=1e-7, atol=1e-9 + 1e-14 / h))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_line_follows_the_mouse_by_decades_and_the_numbers_with_it(opened, scheme):
    screen = opened(START, color_scheme=scheme)
    before = screen.page.evaluate(PLACES)
    assert before["knob"] == pytest.approx(before["line"], abs=1.5)
    screen.page.mouse.move(before["knob"], before["top"])
    screen.page.mouse.down()
    far = before["knob"] - 3 * before["decade"]
    screen.page.mouse.move(far, before["top"] + 120, steps=8)
    screen.wait(f"() => Math.abs(Math.log10(({H})()) + 9) < 0.05")
    held = value(screen)
    shows(screen, held)
    # The knob is at the mouse at once; the line comes with the answer of the last move.
    assert screen.page.evaluate(PLACES)["knob"] == pytest.approx(far, abs=2)
    screen.wait(f"() => {{ const at = ({PLACES})(); return Math.abs(at.line - at.knob) < 1.5; }}")
    screen.page.mouse.up()
    screen.link_says(f"h={np.format_float_scientific(held, trim='-', exp_digits=2)}").rest()
    assert value(screen) == held
    shows(screen, held)


def test_its_number_has_two_digits_and_is_the_value(opened):
    screen = opened(START)
    before = screen.page.evaluate(PLACES)
    screen.page.mouse.move(before["knob"], before["top"])
    screen.page.mouse.down()
    for pixels in (17, 31, 58):
        screen.page.mouse.move(before["knob"] + pixels, before["top"], steps=3)
        screen.wait(f"() => ({H})() > 1e-6")
        screen.wait("() => new Promise((done) => requestAnimationFrame(() => done(true)))")
        number = screen.page.evaluate(PLACES)["number"]
        assert float(number.replace("−", "-")) == value(screen)
    screen.page.mouse.up()


@pytest.mark.parametrize(("by", "end"), [(-2000, 1e-15), (2000, 0.1)])
def test_the_line_stops_at_the_ends_of_its_axis(opened, by, end):
    screen = opened(START)
    before = screen.page.evaluate(PLACES)
    screen.page.mouse.move(before["knob"], before["top"])
    screen.page.mouse.down()
    screen.page.mouse.move(before["knob"] + by, before["top"], steps=5)
    screen.wait(f"(end) => ({H})() === end", end)
    screen.page.mouse.up()
    screen.rest()
    assert value(screen) == end


def test_a_finger_anywhere_on_the_line_drags_it(opened):
    screen = opened(START, viewport={"width": 390, "height": 844}, has_touch=True)
    glass = screen.context.new_cdp_session(screen.page)

    def touch(kind, *points):
        at = [{"x": x, "y": y} for x, y in points]
        glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    screen.page.locator(".st-key-gradient_check_u").scroll_into_view_if_needed()
    screen.wait("() => new Promise((done) => requestAnimationFrame(() => done(true)))")
    before, top = screen.page.evaluate(PLACES), screen.page.evaluate("scrollY")
    low = before["top"] + 150
    touch("touchStart", (before["knob"], low))
    for part in (0.5, 1, 1.5, 2):
        touch("touchMove", (before["knob"] + part * before["decade"], low))
    screen.wait(f"() => Math.abs(Math.log10(({H})()) + 4) < 0.1")
    shows(screen, value(screen))
    assert screen.page.evaluate("scrollY") == top
    touch("touchEnd")
    screen.rest()
    assert abs(np.log10(value(screen)) + 4) < 0.1


def test_keys_go_by_tenths_of_a_decade_to_the_ends_and_to_a_typed_number(opened):
    screen = opened(START)
    handle = screen.page.get_by_role("slider", name="step h")
    assert handle.get_attribute("aria-orientation") == "horizontal"
    assert handle.get_attribute("aria-valuetext") == "1.0e−06"
    for key, expected in (
        *(("ArrowUp", 1.3e-6), ("ArrowRight", 1.6e-6), ("ArrowLeft", 1.3e-6)),
        *(("ArrowDown", 1e-6), ("PageUp", 2.5e-6), ("PageDown", 1e-6)),
        *(("Shift+ArrowUp", 1.1e-6), ("Shift+ArrowDown", 1e-6)),
        *(("End", 0.1), ("Home", 1e-15), ("ArrowDown", 1e-15)),
    ):
        handle.press(key)
        assert value(screen) == expected, key
    handle.press("Enter")
    entry = screen.page.get_by_label("step h, type a number")
    entry.fill("3e-7")
    entry.press("Enter")
    screen.wait(f"() => ({H})() === 3e-7")
    screen.link_says("h=3e-07").rest()
    shows(screen, 3e-7)
    handle.press("Enter")
    entry.fill("5")
    entry.press("Enter")
    screen.page.get_by_test_id("stAlert").get_by_text("from 1e-15 to 0.1").wait_for()
    screen.rest()
    assert value(screen) == 3e-7


def test_a_key_that_is_held_down_is_saved_when_it_comes_up(opened):
    screen = opened(START, prepare=lambda screen: screen.wired())
    screen.page.get_by_role("slider", name="step h").focus()
    before = len(screen.script.asked)
    for _ in range(20):
        screen.page.keyboard.down("ArrowRight")
    screen.wait(f"() => ({H})() === 1e-4")
    screen.page.keyboard.up("ArrowRight")
    screen.link_says("h=0.0001").rest()
    screen.until(lambda: len(screen.script.asked) == before + 1)
    shows(screen, 1e-4)


def test_escape_takes_the_line_back(opened):
    screen = opened(START)
    before = screen.page.evaluate(PLACES)
    screen.page.mouse.move(before["knob"], before["top"])
    screen.page.mouse.down()
    screen.page.mouse.move(before["knob"] + 90, before["top"], steps=5)
    screen.wait(f"() => ({H})() > 1e-5")
    screen.page.keyboard.press("Escape")
    screen.wait(f"() => ({H})() === 1e-6")
    screen.page.mouse.up()
    screen.rest()
    after = screen.page.evaluate(PLACES)
    assert after["knob"] == pytest.approx(before["knob"], abs=1)


def test_in_a_drag_of_the_line_nothing_is_drawn_anew(opened):
    """The whole picture at every move would take longer than a frame."""
    screen = opened(START)
    screen.page.evaluate(HOLD)
    before = screen.page.evaluate(PLACES)
    screen.page.mouse.move(before["knob"], before["top"])
    screen.page.mouse.down()
    screen.page.mouse.move(before["knob"] - 60, before["top"], steps=12)
    screen.wait(f"() => ({H})() < 1e-7")
    shows(screen, value(screen))
    assert screen.page.evaluate("[...window.redrawn]") == []
    screen.page.mouse.up()


def test_a_wrong_pass_is_seen_to_fail_and_the_words_follow_the_hand(opened):
    screen = opened(f"{START}&backward=without_weight")
    words = screen.page.locator(".st-key-gradient_check_verdict p").first
    assert words.inner_text().startswith("✗ Fails at")
    handle = screen.page.get_by_role("slider", name="all of g")
    screen.page.get_by_role("slider", name="g 1").press("Enter")
    entry = screen.page.get_by_label("g 1, type a number")
    for index, text in ((1, "1"), (2, "1")):
        screen.page.keyboard.press("Escape")
        screen.page.get_by_role("slider", name=f"g {index}").press("Enter")
        entry = screen.page.get_by_label(f"g {index}, type a number")
        entry.fill(text)
        entry.press("Enter")
        screen.rest()
    screen.link_says("g=1,1,1").rest()
    screen.until(lambda: words.inner_text().startswith("✓ All 3 elements pass"))
    reason = screen.page.locator(".st-key-gradient_check_verdict p").nth(1)
    assert "All gᵢ are equal" in reason.inner_text()
    assert handle.is_visible()
