"""What is there before the first figure is, and what a page loads until then."""

from collections import Counter
from urllib.parse import urlsplit

import pytest

from visualizer.lessons import BY_NAME
from visualizer.server import assets

pytestmark = pytest.mark.browser

SOFTMAX = [figure.name for figure in BY_NAME["softmax"].figures if figure.KIND == "figure"]
TITLES = """() => Object.fromEntries([...document.querySelectorAll(".live-awaited")].map(
  (frame) => [frame.closest("[class*=st-key-softmax_]").className.match(/st-key-softmax_(\\w+)/)[1],
              frame.innerHTML]))"""
TOPS = """(names) => names.map((name) => Math.round(document.querySelector(
  `.st-key-softmax_${name}`).getBoundingClientRect().top))"""


def test_every_figure_has_its_frame_and_its_title_before_plotly_comes(opened):
    screen, held = opened(), []
    screen.page.route("**/plotly-cartesian.min.js", lambda route: held.append(route))
    # Not until it is loaded: the scripts that figures ask for before that belong to it.
    screen.page.goto(f"{screen.server}/softmax", wait_until="commit")
    screen.wait(
        "(count) => document.querySelectorAll('.live-awaited').length === count", len(SOFTMAX)
    )
    titles = screen.page.evaluate(TITLES)
    assert set(titles) == set(SOFTMAX)
    assert titles["dx"] == "Result dz = ∂L/∂z = J<sup>T</sup>·g"
    formulas = screen.page.locator(".live-formula").all_inner_texts()
    assert formulas and all(formulas)  # which need no Plotly
    screen.rest()
    tops = screen.page.evaluate(TOPS, SOFTMAX)
    for route in held:
        route.continue_()
    screen.wait("() => document.querySelectorAll('.live-awaited').length === 0").rest()
    assert screen.page.locator(".live-figure .main-svg:first-child").count() == len(SOFTMAX)
    assert screen.page.evaluate(TOPS, SOFTMAX) == tops  # nothing has moved
    screen.shows()


def test_markup_in_a_title_stays_text_but_for_raised_and_lowered_letters(opened):
    screen = opened()
    screen.page.goto(screen.server)
    module = assets.address("awaited.js")
    shown = screen.page.evaluate(
        """async ([module, text]) => {
          const { announce } = await import(module);
          const place = document.body.appendChild(document.createElement("div"));
          const axes = { xaxis: {}, yaxis: {}, margin: { l: 44 } };
          announce(place, { title: { text }, font: { size: 13 }, height: 90, ...axes });
          return place.firstChild.innerHTML;
        }""",
        [module, "s<sub>i</sub> <img src=x onerror=alert(1)> <b>x</b><br>&lt;i&gt;"],
    )
    assert shown == "s<sub>i</sub>  x\n&amp;lt;i&amp;gt;"


def test_a_page_loads_its_own_in_three_files_and_nothing_twice(opened):
    screen, asked = opened(), []
    screen.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    screen.open("/softmax")
    times = Counter(path for path in asked if path.startswith(("/assets/", "/static/")))
    assert {path: count for path, count in times.items() if count > 1} == {}
    ours = {path for path in times if path.startswith("/assets/")}
    assert ours == {assets.address(name) for name in assets.LOADED}
