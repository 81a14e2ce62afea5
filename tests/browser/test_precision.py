"""Upright handles on an axis, in the browser: the range and the probe of the Precision page."""

import pytest

pytestmark = pytest.mark.browser

TABLE = """() => document.querySelector('.st-key-precision_table .js-plotly-plot')
  .data[0].text.flat().join()"""
WINDOW = """() => document.querySelector('.st-key-precision_error .js-plotly-plot')
  ._fullLayout.xaxis.range.join()"""


@pytest.fixture
def screen(opened):
    screen = opened("/precision?layer=sigmoid&x=-40,40")
    screen.page.mouse.move(640, 5)
    return screen


def pull(screen, name, right):
    """Take hold of a handle, and move it to the right by some pixels; the button stays down."""
    x, y = screen.center(screen.handle(name))
    screen.page.mouse.move(x, y)
    screen.page.mouse.down()
    screen.page.mouse.move(x + right, y, steps=6)


def value(screen, name):
    return float(screen.handle(name).get_attribute("aria-valuenow"))


def stands(screen, name, number):
    """Wait until a handle has a value."""
    script = "([name, value]) => [...document.querySelectorAll('[role=slider]')].some((handle) =>"
    script += " handle.ariaLabel === name && Number(handle.ariaValueNow) === value)"
    return screen.wait(script, [name, number])


def test_the_probe_is_dragged_along_its_axis_and_the_table_follows(screen):
    before = screen.page.evaluate(TABLE)
    pull(screen, "x", -30)
    screen.wait(f"(before) => ({TABLE})() !== before", before)
    assert 5 < value(screen, "x") < 15
    screen.page.mouse.up()
    screen.link_says(f"at={value(screen, 'x'):g}").rest()
    assert screen.handle("x").get_attribute("aria-orientation") == "horizontal"


def test_an_end_that_is_dragged_pushes_the_probe_and_its_handle_and_lets_them_go_again(screen):
    pull(screen, "x to", -80)
    end = value(screen, "x to")
    assert 5 < end < 20
    stands(screen, "x", end)
    x, y = screen.center(screen.handle("x to"))
    screen.page.mouse.move(x + 80, y, steps=6)
    stands(screen, "x", 20)  # the drag has not ended: it is where it was
    screen.page.mouse.move(x, y, steps=6)
    stands(screen, "x", value(screen, "x to"))
    screen.page.mouse.up()
    screen.link_says(f"x=-40,{value(screen, 'x to'):g}&at={value(screen, 'x to'):g}").rest()


def test_the_window_stands_still_under_the_hand_and_closes_in_when_it_lets_go(screen):
    before = screen.page.evaluate(WINDOW)
    pull(screen, "x from", 70)
    screen.until(lambda: value(screen, "x from") > -25)
    assert screen.page.evaluate(WINDOW) == before
    screen.page.mouse.up()
    screen.wait(f"(before) => ({WINDOW})() !== before", before)
    left = float(screen.page.evaluate(WINDOW).split(",")[0])
    assert left > -40


def test_an_end_that_is_dragged_past_the_other_becomes_the_other(screen):
    pull(screen, "x to", -250)
    screen.page.mouse.up()
    screen.link_says("x=-5").rest()  # of a window from −52 to 52, 280 pixels wide
    screen.until(lambda: value(screen, "x from") < value(screen, "x to") == -40)


def test_keys_move_an_end_and_a_number_can_be_typed(screen):
    handle = screen.handle("x to")
    handle.focus()
    handle.press("ArrowLeft")
    screen.until(lambda: value(screen, "x to") < 40)
    assert value(screen, "x from") == -40
    handle.press("Enter")
    entry = screen.page.locator(".live-entry")
    entry.fill("25")
    entry.press("Enter")
    screen.link_says("x=-40,25").rest()


def test_a_logit_that_passes_the_line_of_a_precision_gives_nan_there(opened):
    screen = opened("/precision?layer=sigmoid&x=-40,40&z=10,0")
    cells = """() => document.querySelector('.st-key-precision_softmax .js-plotly-plot')
      .data[0].text.map((row) => row[0]).join()"""
    assert "NaN" not in screen.page.evaluate(cells)
    handle = screen.handle("z 0")
    handle.press("Enter")
    screen.page.locator(".live-entry").fill("90")
    screen.page.locator(".live-entry").press("Enter")
    screen.wait(f"() => ({cells})() === 'NaN ✗,NaN ✗,1'")


def test_pointing_at_a_cell_says_the_product_and_lights_its_point_and_no_handle(screen):
    place = screen.page.locator(".st-key-precision_table .live-figure").bounding_box()
    labels = screen.page.locator(".st-key-precision_table .heatmap-label text")
    box = labels.nth(4).bounding_box()  # float32, the output
    assert box["x"] > place["x"]
    screen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tag = screen.page.locator(".live-tag")
    tag.wait_for()
    assert tag.inner_text() == "σ·(1 − σ) = 1 · 0 = 0"
    points = screen.page.locator(".st-key-precision_slope .scatterlayer > .trace:last-child .point")
    dim = points.evaluate_all("(all) => all.map((point) => point.matches('.live-dim'))")
    assert dim == [True, False, True]
    handles = screen.page.locator(".st-key-precision_slope .live-handle.live-dim")
    assert handles.count() == 0
