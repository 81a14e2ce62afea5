"""In a lecture: the curve under the hand, arrow keys, the projector, and figures to take away."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from nnfs import Sigmoid, Softmax
from nnfs.wrong_passes import elementwise, without_derivative
from visualizer.lessons import softmax

pytestmark = pytest.mark.browser

# As many figures of the Softmax page are pictures.
PLOTS = sum(figure.KIND == "figure" for figure in softmax.LESSON.figures)
X, G = [-2, 0.5, 3], [1, 1, -1]

# How far, in pixels of the screen, a handle is from the nearest place of the drawn curve.
OFF_CURVE = """(label) => {
  const path = document.querySelector(".st-key-sigmoid_curve .scatterlayer path.js-line");
  const cap = document.querySelector(`[aria-label="${label}"] .live-cap`).getBoundingClientRect();
  const [x, y] = [cap.left + cap.width / 2, cap.top + cap.height / 2];
  const [matrix, length] = [path.getScreenCTM(), path.getTotalLength()];
  let nearest = Infinity;
  for (let at = 0; at <= length; at += 0.5) {
    const place = path.getPointAtLength(at).matrixTransform(matrix);
    nearest = Math.min(nearest, Math.hypot(place.x - x, place.y - y));
  }
  return nearest;
}"""
DATA = """([key, trace, part]) => {
  const values = document.querySelector(`.st-key-${key} .js-plotly-plot`)?.data?.at(trace)?.[part];
  return values && Array.from(values).flat();
}"""
NEAR = f"""([key, trace, part, expected]) => {{
  const values = ({DATA})([key, trace, part]);
  return values?.length === expected.length
    && values.every((value, i) => Math.abs(value - expected[i]) < 1e-9);
}}"""


def shown(screen, key, expected, trace=-1, part="y"):
    """Wait until a trace of a figure has these numbers."""
    screen.wait(NEAR, [key, trace, part, np.ravel(expected).tolist()])


def sigmoid_shows(screen, x, g):
    """Wait until y, slopes, J and dx on the screen are those of nnfs."""
    layer = Sigmoid()
    shown(screen, "sigmoid_curve", layer.forward(np.array(x)))
    slopes = layer.backward(np.ones(len(x)))
    shown(screen, "sigmoid_slope", slopes)
    shown(screen, "sigmoid_jacobian", np.diag(slopes), part="z")
    shown(screen, "sigmoid_dx", layer.backward(np.array(g)))


def now(screen, label):
    return float(screen.handle(label).get_attribute("aria-valuenow"))


def test_a_point_dragged_on_the_curve_stays_on_it_and_the_numbers_are_those_of_nnfs(opened):
    screen = opened("/sigmoid")
    sigmoid_shows(screen, X, G)
    x, y = screen.center(screen.handle("x 1"))
    screen.page.mouse.move(x, y)
    screen.page.mouse.down()
    for right, down in ((40, 0), (0, -30), (90, 60), (-70, -80)):  # no hand follows the curve
        before = now(screen, "x 1")
        screen.page.mouse.move(x + right, y + down, steps=4)
        screen.until(lambda before=before: now(screen, "x 1") != before)
        value = now(screen, "x 1")
        sigmoid_shows(screen, [-2, value, 3], G)
        assert screen.page.evaluate(OFF_CURVE, "x 1") < 1.5  # half the width of the line
        across, height = screen.center(screen.handle("x 1"))
        if down == 0:
            assert abs(across - (x + right)) < 3  # one step of x
        if right == 0:
            assert abs(height - (y + down)) < 4  # the same step, where the curve is steepest
    screen.page.mouse.up()
    screen.link_says(f"x=-2,{value:g},3").rest()
    sigmoid_shows(screen, [-2, value, 3], G)


def test_the_oracle_finds_a_handle_that_has_left_the_curve(opened):
    screen = opened("/sigmoid")
    assert screen.page.evaluate(OFF_CURVE, "x 0") < 1.5
    screen.page.evaluate("document.querySelector('[aria-label=\"x 0\"]').style.marginTop = '-9px'")
    assert screen.page.evaluate(OFF_CURVE, "x 0") > 3


def test_one_drag_moves_the_results_of_both_layers(opened):
    screen = opened("/side_by_side")
    screen.grab("g 1", up=20)
    screen.until(lambda: now(screen, "g 1") != -1)
    z, g = np.array([[2, 1, 0.1]]), np.array([[1, now(screen, "g 1"), 2]])
    for layer in (Sigmoid(), Softmax()):
        layer.forward(z)
        shown(screen, f"side_by_side_{layer.layer_name.lower()}_dx", layer.backward(g))
    screen.page.mouse.up()
    screen.link_says(f"g=1,{g[0, 1]:g},2")


def test_arrow_keys_walk_through_the_steps(opened):
    screen = opened("/softmax?step=2")
    headline = screen.page.get_by_text("3 of 6")
    screen.page.keyboard.press("ArrowRight")
    headline.wait_for()
    screen.link_says("step=3").rest()
    dx = screen.page.locator(".st-key-softmax_dx .live-figure")
    assert dx.get_attribute("data-state") == "future"
    screen.page.keyboard.press("ArrowLeft")
    screen.link_says("step=2").rest()
    assert screen.errors == []


def test_an_arrow_key_on_a_handle_moves_the_handle_and_not_the_step(opened):
    screen = opened("/softmax?step=2")
    screen.handle("g 1").focus()
    screen.page.keyboard.press("ArrowRight")
    screen.link_says("g=1,-0.9,2").rest()
    assert "step=2" in screen.page.url
    screen.page.keyboard.press("ArrowLeft")
    screen.link_says("g=1,-1,2").rest()
    assert "step=2" in screen.page.url


def test_a_presentation_is_reset_and_left_by_keys(opened):
    screen = opened("/softmax?present=1&z=1,2,3")
    screen.handle("z 0").press("ArrowUp")
    screen.link_has("z", screen.changed("z", [1, 2, 3])).rest()
    screen.page.evaluate("document.activeElement.blur()")
    screen.page.keyboard.press("Home")
    screen.link_says("z=1,2,3").rest()
    assert "present=1" in screen.page.url
    screen.page.keyboard.press("Escape")
    screen.wait("() => !location.search.includes('present')").rest()
    screen.page.locator(".st-key-softmax_present").wait_for()


def test_ghost_bars_appear_behind_dx_when_wrong_passes_are_chosen(opened):
    screen = opened("/softmax?g=1,0.5,-1")
    screen.page.get_by_role("tab", name="Wrong passes").click()
    for chosen in ("elementwise", "without derivative"):
        screen.page.get_by_role("button", name=chosen, exact=True).click()
        screen.link_says(chosen.replace(" ", "_")).rest()
    layer, z, g = Softmax(), np.array([[2, 1, 0.1]]), np.array([[1, 0.5, -1]])
    layer.forward(z)
    for trace, wrong in enumerate((elementwise, without_derivative)):
        shown(screen, "softmax_dx", wrong(layer, z, g), trace, "customdata")
    shown(screen, "softmax_dx", layer.backward(g), 2)
    screen.wait(
        "() => document.querySelectorAll('.st-key-softmax_dx .barlayer .point path').length === 9"
    )
    assert screen.page.get_by_text("largest error").count() == 2


SIZES = """() => {
  const size = (node) => Number.parseFloat(getComputedStyle(node).fontSize);
  const all = (selector) => [...document.querySelectorAll(selector)]
    .filter((node) => node.checkVisibility({ visibilityProperty: true })).map(size);
  return {
    numbers: all(".bartext, .live-handle:not(.live-together) .live-number, .heatmap-label text"),
    texts: all(".gtitle, .xtick text, .ytick text, .annotation-text"),
    words: all("[data-testid=stMarkdown] :is(p, h4)"),
    bottom: Math.max(...[...document.querySelectorAll(".live-figure")]
      .map((figure) => figure.getBoundingClientRect().bottom)),
  };
}"""


@pytest.mark.parametrize("page", ["softmax", "sigmoid", "side_by_side"])
def test_a_presentation_fills_the_window_and_ends_inside_it(opened, page):
    screen = opened(f"/{page}?present=1", viewport={"width": 1280, "height": 720})
    for width, height in ((1280, 720), (1920, 1080)):
        screen.page.set_viewport_size({"width": width, "height": height})
        screen.wait(
            f"([low, high]) => {{ const {{ bottom }} = ({SIZES})(); return low < bottom"
            " && bottom <= high; }",
            [0.85 * height, height],
        )
        found = screen.page.evaluate(SIZES)
        assert min(found["numbers"]) >= 28
        assert min(found["texts"]) >= 20


def test_the_words_of_a_step_are_readable_from_the_last_row(opened):
    screen = opened("/softmax?present=1&step=6")
    screen.wait(f"() => ({SIZES})().bottom <= 720")
    assert min(screen.page.evaluate(SIZES)["words"]) >= 20


def save(screen, name, kind):
    screen.page.locator(f".st-key-{name}").hover()
    with screen.page.expect_download() as download:
        screen.page.locator(f".st-key-{name}").get_by_role("button", name=kind).click()
    return download.value


def test_the_buttons_that_save_are_told_apart_and_leave_every_handle_free(opened):
    screen = opened("/softmax?z=5,5,5&g=-2,-2,-2&T=1")
    saves = screen.page.get_by_role("button", name=re.compile(" as (PNG|SVG)$"))
    names = saves.evaluate_all("(all) => all.map((one) => one.getAttribute('aria-label'))")
    assert len(set(names)) == len(names) == 2 * PLOTS
    for name in ("all of z", "all of g", "z 2", "g 2"):
        handle = screen.handle(name)
        handle.hover()
        x, y = screen.center(handle)
        on_top = "([x, y]) => document.elementFromPoint(x, y).closest('[role=slider]')?.ariaLabel"
        assert screen.page.evaluate(on_top, [x, y]) == name


@pytest.mark.parametrize("touch", [False, True])
def test_only_a_button_that_can_be_seen_can_be_pressed(opened, touch):
    options = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 800}}
    screen = opened("/softmax", **(options if touch else {}))
    styles = screen.page.locator(".live-saves").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one)).map((s) => [s.opacity, s.pointerEvents])"
    )
    assert styles == [["0.75", "auto"] if touch else ["0", "none"]] * PLOTS


@pytest.mark.parametrize("name", ["softmax_dx", "softmax_jacobian"])
def test_a_figure_is_saved_as_png_and_as_svg(opened, name):
    screen = opened("/softmax")
    png = save(screen, name, "PNG")
    assert png.suggested_filename == f"{name}.png"
    content = png.path().read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width = screen.page.locator(f".st-key-{name} .live-figure").bounding_box()["width"]
    assert abs(int.from_bytes(content[16:20], "big") - 4 * width) <= 4  # four pixels for one
    svg = save(screen, name, "SVG")
    assert svg.suggested_filename == f"{name}.svg"
    root = ElementTree.fromstring(svg.path().read_bytes())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "".join(root.itertext()).strip()


def test_a_figure_saved_as_html_opens_without_a_network_and_draws(opened, context_of):
    screen = opened("/sigmoid")
    screen.page.get_by_role("button", name="Share", exact=True).click()
    screen.page.get_by_role("tab", name="Figures").click()
    with screen.page.expect_download() as download:
        screen.page.locator(".st-key-sigmoid_html button").click()
    place = download.value.path().rename(download.value.path().with_suffix(".html"))
    page, asked = context_of(offline=True).new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(place.as_uri())
    page.locator(".barlayer .point path").first.wait_for(state="attached")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    drawn = page.evaluate("document.querySelector('.js-plotly-plot')._fullData.at(-1).y")
    layer = Sigmoid()
    layer.forward(np.array(X))
    values = list(drawn.values()) if isinstance(drawn, dict) else drawn
    np.testing.assert_allclose(values, layer.backward(np.array(G)), atol=1e-12)
    page.close()
