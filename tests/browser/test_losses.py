"""Losses: bars that follow each other, two handles for one number, and all of it on one screen."""

import pytest

from tests.browser.conftest import NUMBERS_ARE
from visualizer.lessons.losses import LESSON, MOMENTS
from visualizer.lessons.losses_runs import Scenario

pytestmark = pytest.mark.browser

VALUES = """(name) => [...document.querySelectorAll(
  `.st-key-losses_${name} [role=slider]:not(.live-together)`)]
  .map((handle) => Number(handle.ariaValueNow))"""
# The handles of a target add up to 1, and one of them is elsewhere than it was.
FOLLOWED = f"""([place, before]) => {{
  const values = ({VALUES})("target");
  return Math.abs(values.reduce((sum, value) => sum + value) - 1) < 1e-6
    && values[place] !== before;
}}"""
BOTTOMS = """() => [...document.querySelectorAll(".live-figure, .live-formula")]
  .map((figure) => figure.getBoundingClientRect().bottom)"""
ON_CURVE = "z 1 on the learning curve"


def values(screen, name):
    return screen.page.evaluate(VALUES, name)


def computed(**query):
    scenario, messages = Scenario.from_query(query)
    assert messages == []
    return LESSON.compute(scenario)


def shows(screen, **query):
    """Wait until g and dx are those of nnfs for a link."""
    expected = computed(**query)
    for name in ("g", "dx"):
        screen.wait(NUMBERS_ARE, [f"losses_{name}", expected[name].tolist()])
    return screen


def test_the_oracle_rejects_other_numbers(opened):
    screen = shows(opened("/losses"), z="2,1,0.1")
    screen.page.set_default_timeout(500)
    with pytest.raises(Exception, match="Timeout"):
        shows(screen, z="2,1,0.2")


def test_the_other_bars_of_a_target_follow_the_one_in_the_hand(opened):
    screen = opened("/losses?t=0.2,0.5,0.3")
    _, y = screen.grab("t 1", up=-40)
    screen.wait(FOLLOWED, [1, 0.5])
    held = values(screen, "target")
    assert held[1] < 0.4
    assert held[0] / held[2] == pytest.approx(2 / 3, rel=1e-4)
    _, cap = screen.center(screen.handle("t 1"))
    assert abs(cap - y) < 3  # the hand is not fought: a step of the axis is less than two pixels
    shows(screen, t=",".join(map(str, held)))
    screen.page.mouse.up()
    screen.link_says(f"t={','.join(f'{value:g}' for value in held)}").rest()
    assert values(screen, "target") == held


def test_a_target_dragged_to_1_and_back_is_as_it_was(opened):
    """Where the others have been 0 meanwhile, their proportions come back with the hand."""
    screen = opened("/losses?t=0.2,0.5,0.3")
    x, y = screen.grab("t 1", up=200)
    screen.wait(FOLLOWED, [1, 0.5])
    assert values(screen, "target") == [0, 1, 0]
    screen.page.mouse.move(x, y + 200, steps=6)
    screen.wait(FOLLOWED, [1, 1])
    screen.wait(f"() => String(({VALUES})('target')) === '0.2,0.5,0.3'")
    screen.page.mouse.up()
    screen.rest()
    assert values(screen, "target") == [0.2, 0.5, 0.3]


def test_escape_takes_the_whole_target_back(opened):
    screen = opened("/losses?t=0.2,0.5,0.3")
    screen.grab("t 1", up=-40)
    screen.wait(FOLLOWED, [1, 0.5])
    screen.page.keyboard.press("Escape")
    screen.wait(f"() => String(({VALUES})('target')) === '0.2,0.5,0.3'")
    screen.page.mouse.up()
    screen.link_says("t=0.2,0.5,0.3")


def test_keys_move_a_target_and_the_others_follow(opened):
    screen = opened("/losses?t=0.2,0.5,0.3")
    handle = screen.handle("t 1")
    handle.press("ArrowUp")
    screen.wait(FOLLOWED, [1, 0.5]).rest()
    found = values(screen, "target")
    assert found[1] == 0.55
    assert found[0] / found[2] == pytest.approx(2 / 3, rel=1e-4)


def test_for_squared_error_the_others_stay(opened):
    screen = opened("/losses?t=0.2,0.5,0.3&loss=squared_error")
    screen.grab("t 1", up=-40)
    screen.wait(f"() => ({VALUES})('target')[1] < 0.4")
    held = values(screen, "target")
    shows(screen, t=",".join(map(str, held)), loss="squared_error")
    assert [held[0], held[2]] == [0.2, 0.3]
    screen.page.mouse.up()


def test_the_line_of_the_learning_curve_drags_the_input(opened):
    screen = opened("/losses?layer=sigmoid&loss=squared_error")
    x, y = screen.grab(ON_CURVE)
    screen.page.mouse.move(x - 50, y, steps=6)
    screen.wait(f"() => ({VALUES})('curve')[0] < -5")
    (at,) = values(screen, "curve")
    screen.wait(f"(at) => ({VALUES})('z')[1] === at", at)  # the bar has come along
    assert values(screen, "z") == [2, at, 0.1]
    knob, _ = screen.center(screen.handle(ON_CURVE))
    assert abs(knob - (x - 50)) < 3
    query = {"z": f"2,{at},0.1", "layer": "sigmoid", "loss": "squared_error"}
    shows(screen, **query)
    assert abs(computed(**query)["dx"][1]) < 0.01  # confident and wrong
    screen.page.mouse.up()
    screen.link_says(f"z=2,{at:g},0.1")


def test_a_bar_that_is_dragged_takes_the_line_of_the_learning_curve_along(opened):
    screen = opened("/losses")
    before, _ = screen.center(screen.handle(ON_CURVE))
    screen.grab("z 1", up=-50)
    screen.wait(f"() => ({VALUES})('z')[1] < 0.5")
    screen.wait(f"() => ({VALUES})('z')[1] === ({VALUES})('curve')[0]")
    after, _ = screen.center(screen.handle(ON_CURVE))
    assert after < before
    screen.page.mouse.up()


def test_another_bar_brings_its_own_learning_curve(opened):
    screen = opened("/losses")
    screen.grab("z 0", up=10)
    screen.handle("z 0 on the learning curve").wait_for()
    screen.page.mouse.up()
    screen.link_says("j=0")


CHOICES = [{}, *MOMENTS.values()]


@pytest.mark.parametrize("query", CHOICES, ids=lambda query: " ".join(query.values())[:40])
def test_every_moment_is_on_the_first_screen(opened, query):
    link = "&".join(f"{name}={text}" for name, text in query.items())
    screen = opened(f"/losses?{link}")
    assert max(screen.page.evaluate(BOTTOMS)) <= 720
    title = screen.page.get_by_role("heading", name="Losses").bounding_box()
    last = screen.page.locator(".st-key-keys button").first.bounding_box()
    assert abs(last["y"] - title["y"]) < 30  # the controls take one line


def test_a_presentation_fills_the_window_though_formulas_stand_beside_each_other(opened):
    screen = opened("/losses?present=1")
    # Formulas come into their row one after the other, and what is left is shared anew.
    screen.wait(
        """() => {
          const plots = [...document.querySelectorAll(".live-plot")];
          const heights = plots.map((plot) => plot.clientHeight);
          return Math.min(...heights) > 180 && Math.max(...heights) - Math.min(...heights) <= 1;
        }"""
    )
    screen.wait(f"() => Math.max(...({BOTTOMS})()) <= 720")
    assert max(screen.page.evaluate(BOTTOMS)) > 600
