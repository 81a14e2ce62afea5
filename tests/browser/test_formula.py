"""The formula among the figures: its numbers follow the hand, and it fits every window."""

import pytest

from visualizer.figures.palette import OUTPUT, RESULT, UPSTREAM

pytestmark = pytest.mark.browser

FORMULA = ".st-key-softmax_formula .live-formula"
NUMBERS = f"""() => [...document.querySelectorAll("{FORMULA} mn")]
  .map((node) => node.textContent).filter((text) => text.includes(".")).join()"""
CUT = f"""() => {{
  const room = document.querySelector("{FORMULA}").getBoundingClientRect();
  return [...document.querySelectorAll("{FORMULA} math")].some((math) => {{
    const {{ left, right }} = math.getBoundingClientRect();
    return left < room.left - 1 || right > room.right + 1;
  }});
}}"""
COLORS = f"""() => Object.fromEntries([...document.querySelectorAll("{FORMULA} [data-of]")]
  .map((node) => [node.dataset.of, getComputedStyle(node).color]))"""


def rgb(color):
    return "rgb({}, {}, {})".format(*(int(color[i : i + 2], 16) for i in (1, 3, 5)))


def test_a_formula_follows_the_hand_in_the_colours_of_its_figures(opened):
    screen = opened("/softmax?z=2,1,0.1&g=1,-0.5,0.5")
    assert screen.page.evaluate(NUMBERS) == "0.659,1.000,0.587,0.272"
    colors = screen.page.evaluate(COLORS)
    assert {name: colors[name] for name in ("dx:0", "s:0", "g:0", "s:*", "g:*")} == {
        **{"dx:0": rgb(RESULT), "s:0": rgb(OUTPUT), "g:0": rgb(UPSTREAM)},
        **{"s:*": rgb(OUTPUT), "g:*": rgb(UPSTREAM)},
    }
    screen.page.evaluate(f"() => {{ window.kept = document.querySelector('{FORMULA} math'); }}")
    x, y = screen.center(screen.handle("g 0"))
    screen.page.mouse.move(x, y)
    screen.page.mouse.down()
    screen.page.mouse.move(x, y - 20, steps=4)
    screen.wait(f"() => ({NUMBERS})().split(',')[1] !== '1.000'")
    s, g, mean, dz = map(float, screen.page.evaluate(NUMBERS).split(","))
    assert abs(s * (g - mean) - dz) < 2e-3  # each is rounded to three digits
    assert screen.page.evaluate("() => window.kept.isConnected")  # only its numbers were set
    screen.page.mouse.up()
    screen.rest()
    assert screen.page.evaluate(CUT) is False
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.wait(f"() => document.querySelector('{FORMULA}').offsetWidth <= 390")
    assert screen.page.evaluate(CUT) is False
    assert screen.errors == []


def test_the_figures_of_a_presentation_leave_room_for_the_formula(opened):
    screen = opened("/softmax?present=1")
    screen.wait(
        "() => [...document.querySelectorAll('.live-figure')]"
        ".every((figure) => figure.getBoundingClientRect().bottom <= window.innerHeight)"
    )
