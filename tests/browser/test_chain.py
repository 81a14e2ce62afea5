"""The Chain page in a browser: its range with marks, its handle, and its largest size."""

import re

import pytest

from nnfs import he_scale
from visualizer.lessons.chain import LESSON
from visualizer.lessons.chain_runs import Scenario, compute

pytestmark = pytest.mark.browser

CAPTION = ".st-key-chain_scale .live-caption"
LEFT = (
    """() => [...document.querySelector(".st-key-chain_product .js-plotly-plot").data.at(-1).y]"""
)
NEAR = f"""(expected) => {{
  const drawn = ({LEFT})();
  return drawn.length === expected.length
    && drawn.every((value, i) => Math.abs(value - expected[i]) < 1e-9);
}}"""
PICTURE = """() => document.querySelector(".st-key-chain_jacobian .heatmaplayer image")
  .href.baseVal"""


def decades(**query):
    """The heights of the bars of what is left."""
    figure = next(f for f in LESSON.figures if f.name == "product")
    scenario, messages = Scenario.from_query(query)
    assert messages == []
    return figure.drawn(LESSON.moment(scenario, {}))["data"][-1]["y"]


def range_box(screen):
    return screen.page.locator(".st-key-chain_scale input[type=range]").bounding_box()


def test_a_click_on_a_mark_of_the_range_goes_exactly_there(opened):
    screen = opened("/chain?layers=8&activation=relu")
    screen.page.get_by_role("button", name="He", exact=True).click()
    screen.link_says(f"scale={he_scale(16)!r}").rest()
    screen.wait(NEAR, decades(activation="relu", scale=repr(he_scale(16))))
    assert screen.page.locator(CAPTION).inner_text() == "scale = 0.354"
    shown = screen.handle("scale of the weights").get_attribute("aria-valuenow")
    assert float(shown) == pytest.approx(he_scale(16))


def test_the_range_stops_at_a_mark_and_the_line_follows_while_it_is_dragged(opened):
    screen = opened("/chain")
    mark = screen.page.get_by_role("button", name="Glorot", exact=True).bounding_box()
    box = range_box(screen)
    y, end = box["y"] + box["height"] / 2, round(mark["x"] + mark["width"])
    start = screen.page.evaluate(
        "() => { const range = document.querySelector('.st-key-chain_scale input');"
        " return Number(range.value) / Number(range.max); }"
    )
    screen.page.mouse.move(box["x"] + 8 + start * (box["width"] - 16), y)
    screen.page.mouse.down()
    seen = []
    for place in range(end - 14, end + 14):  # a pixel is less than a place of the range
        screen.page.mouse.move(place, y)
        seen.append(screen.page.locator(CAPTION).inner_text())
        if seen[-1] == "scale = 0.25":
            break
    assert seen[-1] == "scale = 0.25", seen
    handle = "[...document.querySelectorAll('.st-key-chain_over_scale [role=slider]')][0]"
    screen.wait(f"() => {handle}.ariaValueNow === '0.25'")
    assert not screen.page.evaluate("location.search.includes('scale=0.25')")  # still in the hand
    screen.page.mouse.up()
    screen.link_says("scale=0.25").rest()
    screen.wait(NEAR, decades(scale="0.25"))


def test_dragging_the_line_moves_every_layer_before_it_is_let_go(opened):
    screen = opened("/chain?layers=20")
    x, y = screen.center(screen.handle("scale of the weights"))
    screen.page.mouse.move(x, y)
    screen.page.mouse.down()
    before = screen.page.evaluate(LEFT)
    screen.page.mouse.move(x - 12, y, steps=4)
    screen.wait(f"(before) => String(({LEFT})()) !== String(before)", before)
    now = screen.page.evaluate("() => document.querySelector('.live-dragged').ariaValueNow")
    query = {"layers": "20", "scale": now}
    scenario, _ = Scenario.from_query(query)
    kept = LESSON.moment(Scenario.from_query({"layers": "20"})[0], {}).ends
    figure = next(f for f in LESSON.figures if f.name == "product")
    expected = figure.moved(LESSON.moment(scenario, kept))["data"][-1]["y"]
    screen.wait(NEAR, expected)
    screen.page.mouse.up()
    screen.wait(NEAR, decades(**query))


def test_a_click_on_a_layer_opens_it(opened):
    screen = opened("/chain")
    plot = screen.page.locator(".st-key-chain_gain .js-plotly-plot")
    place = plot.evaluate(
        """(plot) => {
          const { left, top } = plot.getBoundingClientRect();
          const { xaxis, yaxis } = plot._fullLayout;
          return [left + xaxis._offset + xaxis.d2p(5), top + yaxis._offset + yaxis._length / 2];
        }"""
    )
    screen.page.mouse.click(*place)
    screen.link_says("k=5").rest()
    titles = "'.st-key-chain_jacobian .gtitle, .st-key-chain_g .gtitle'"
    screen.wait(
        f"() => [...document.querySelectorAll({titles})]"
        ".every((title) => title.textContent.includes('layer 5'))"
    )
    values = compute(Scenario.from_query({"k": "5"})[0])
    screen.wait(
        "(g) => document.querySelector('.st-key-chain_g .js-plotly-plot').data[0].y"
        ".every((value, i) => Math.abs(value - g[i]) < 1e-9)",
        values["g"].tolist(),
    )


def test_at_its_largest_size_the_jacobian_is_a_picture_that_a_drag_repaints(opened):
    screen = opened("/chain?layers=30&width=64")
    before = screen.page.evaluate(PICTURE)
    x, y = screen.center(screen.handle("scale of the weights"))
    screen.page.mouse.move(x, y)
    screen.page.mouse.down()
    screen.page.mouse.move(x - 5, y, steps=2)
    screen.wait(f"(before) => ({PICTURE})() !== before", before)
    assert screen.page.locator(".st-key-chain_jacobian .live-cell").count() == 0
    screen.page.mouse.up()


def test_what_is_0_in_a_drag_is_said_at_once_and_in_its_own_colour(opened):
    screen = opened("/chain?layers=20&activation=relu&width=4")
    note = screen.page.locator(".st-key-chain_product .annotation-text").last
    assert "passes on exactly 0" in note.text_content()
    fill = screen.page.locator(".st-key-chain_product .barlayer path").first
    assert re.search(r"rgb\(128, 132, 142\)", fill.get_attribute("style"))
