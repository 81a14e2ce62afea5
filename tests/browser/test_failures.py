"""One figure that cannot be drawn is the trouble of that figure alone."""

import pytest

pytestmark = pytest.mark.browser

START = "/softmax?z=2,1,0.1&g=1,-1,2&T=1"
# What a drag of g moves.
MOVED = ("dx", "terms", "g", "centring")
# Whatever patches bars finds them by this.
FAIL_TO_PATCH = """(names) => {
  window.tried = 0;
  for (const name of names) {
    const plot = document.querySelector(`.st-key-softmax_${name} .js-plotly-plot`);
    const { querySelectorAll } = plot;
    plot.querySelectorAll = (selector) => {
      const patches = selector.startsWith(".barlayer") && / at patch /.test(new Error().stack);
      if (!patches) return querySelectorAll.call(plot, selector);
      window.tried += 1;
      throw new Error("injected");
    };
  }
}"""
FAIL_TO_DRAW = """(names) => {
  const { react } = Plotly;
  Plotly.react = (plot, ...rest) => {
    if (names.some((name) => plot.closest(`.st-key-softmax_${name}`))) throw new Error("injected");
    return react(plot, ...rest);
  };
}"""
NUMBERS = """(name) => String(document.querySelector(
  `.st-key-softmax_${name} .js-plotly-plot`).data[0].y)"""


def injected(screen):
    """What the page has said of it; nothing else went wrong."""
    errors, screen.errors[:] = screen.errors[:], []
    assert set(errors) == {"injected"}
    return len(errors)


def test_a_patch_that_throws_leaves_its_figure_to_a_full_draw(opened):
    screen = opened(START)
    screen.page.evaluate(FAIL_TO_PATCH, ["dx"])
    x, y = screen.grab("g 1", up=20)
    g = screen.changed("g", [1, -1, 2])
    screen.shows()  # dx among them, while the button is down
    screen.page.mouse.move(x, y - 15)
    screen.changed("g", g)
    screen.shows()
    assert screen.page.evaluate("window.tried") == 1  # not again in every frame
    screen.finish()
    assert injected(screen) <= 2  # once more where it glides to its new axis


@pytest.mark.parametrize("whole", MOVED)
def test_figures_that_cannot_be_drawn_at_all_stop_no_other(opened, whole):
    screen = opened(START)
    broken = [name for name in MOVED if name != whole]
    before = screen.page.evaluate(NUMBERS, whole)
    screen.page.evaluate(FAIL_TO_PATCH, broken)
    screen.page.evaluate(FAIL_TO_DRAW, broken)
    screen.grab("g 1", up=20)
    g = screen.changed("g", [1, -1, 2])
    screen.wait(f"([name, before]) => ({NUMBERS})(name) !== before", [whole, before])
    screen.page.mouse.up()
    screen.link_has("g", g).rest()
    assert injected(screen) >= 3
