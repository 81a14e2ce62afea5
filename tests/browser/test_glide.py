"""Axes stay in a drag; when the hand lets go they glide to fit, and are true all the way."""

import pytest

from tests.browser.conftest import STANDS

pytestmark = pytest.mark.browser

RANGE = "document.querySelector('.st-key-softmax_g .js-plotly-plot')._fullLayout.yaxis.range"
# In each frame: where 1 stands on the axis of g, and how high the bar of g 0 is, whose value is 1,
# in units of that axis.
WATCH = """() => {
  window.seen = [];
  const look = () => {
    const plot = document.querySelector('.st-key-softmax_g .js-plotly-plot');
    const middle = (node) => { const { top, height } = node.getBoundingClientRect();
                               return top + height / 2; };
    const at = Object.fromEntries([...plot.querySelectorAll('.ytick text')]
      .map((tick) => [tick.textContent, middle(tick)]));
    const bar = plot.querySelector('.barlayer .point path').getBoundingClientRect().height;
    seen.push([at['1'], bar / (at['0'] - at['1'])]);
    requestAnimationFrame(look);
  };
  look();
}"""
# The bar is where Plotly would draw it.
ARRIVED = """() => {
  const plot = document.querySelector('.st-key-softmax_g .js-plotly-plot');
  const { yaxis } = plot._fullLayout;
  const bar = plot.querySelector('.barlayer .point path').getBoundingClientRect().height;
  return Math.abs(bar - Math.abs(yaxis.d2p(1) - yaxis.d2p(0))) < 0.6;
}"""


def let_go(screen):
    """Drag g 2 from 2 to about 0, let go, and wait until the axis of g is another one."""
    before = screen.page.evaluate(RANGE)
    screen.grab("g 2", up=-88)  # once it stands
    screen.changed("g", [1, -1, 2])
    screen.shows()
    assert screen.page.evaluate(RANGE) == before
    screen.page.evaluate(WATCH)
    screen.page.mouse.up()
    screen.wait(f"(before) => String({RANGE}) !== String(before)", before)
    screen.wait(ARRIVED).rest().wait(ARRIVED)
    places, heights = zip(*screen.page.evaluate("seen"), strict=True)
    assert heights == pytest.approx([1] * len(heights), abs=0.05)
    return list(dict.fromkeys(round(place) for place in places))


def test_axes_glide_to_fit_when_the_hand_lets_go(screen):
    places = let_go(screen)
    assert len(places) > 2
    assert places == sorted(places, reverse=True)
    screen.shows()


def test_axes_are_there_at_once_for_those_who_want_no_motion(screen):
    screen.page.emulate_media(reduced_motion="reduce")
    try:
        assert len(let_go(screen)) <= 2
    finally:
        screen.page.emulate_media(reduced_motion="no-preference")


def test_a_figure_is_busy_until_its_turn_to_be_drawn_has_come(opened):
    screen = opened("/softmax", color_scheme="light")
    screen.page.evaluate(
        """() => {
          const next = window.requestAnimationFrame, held = [];
          window.requestAnimationFrame = (call) => held.push(call);
          window.go = () => {
            window.requestAnimationFrame = next;
            held.forEach((call) => next(call));
          };
        }"""
    )
    screen.page.emulate_media(color_scheme="dark")  # for which all are drawn anew
    screen.wait(
        "() => [...document.querySelectorAll('.live-figure')].every((f) => f.ariaBusy === 'true')"
    )
    screen.page.evaluate("go()")
    screen.wait(STANDS)
