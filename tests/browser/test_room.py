"""Names of places and handles stand beside each other, never on each other."""

import pytest

pytestmark = pytest.mark.browser

# The least distance between two names along an axis, of all axes on the page, and all handles.
DISTANCES = """() => {
  const gaps = (boxes, start, end) =>
    boxes.sort((a, b) => a[start] - b[start]).slice(1)
      .map((box, i) => box[start] - boxes[i][end]);
  const found = {};
  for (const plot of document.querySelectorAll(".js-plotly-plot")) {
    if (!plot.clientWidth) continue;
    const name = plot.closest("[class*=st-key-]").className.match(/st-key-(\\w+)/)[1];
    const boxes = (selector, inside = plot) => [...inside.querySelectorAll(selector)]
      .map((node) => node.getBoundingClientRect());
    found[`${name} x`] = gaps(boxes(".xtick text"), "left", "right");
    // Of a line of digits, the upper and the lower fifth are empty.
    found[`${name} y`] = gaps(boxes(".ytick text"), "top", "bottom")
      .map((gap, i) => gap + 0.4 * boxes(".ytick text")[i].height);
    const handles = boxes("[role=slider]:not(.live-together)", plot.parentElement);
    found[`${name} handles`] = gaps(handles, "left", "right");
  }
  return found;
}"""


def least_distances(screen):
    """By what is beside each other; at least 5 on a page that has bars, matrices and handles."""
    found = {what: min(gaps) for what, gaps in screen.page.evaluate(DISTANCES).items() if gaps}
    assert len(found) > 5
    return found


KEYS = """() => [...document.querySelectorAll(".js-plotly-plot")].filter((plot) => plot.clientWidth)
  .map((plot) => plot.closest("[class*=st-key-]").className.match(/st-key-(\\w+)/)[1])"""
# How many pairs of numbers, and of a number and the name of a place, lie over each other: digits
# fill half the height of their box.
COVERED = """(inside) => {
  const texts = `${inside} :is(.live-number, .bartext, .textpoint text,
    .heatmap-label text, .xtick text)`;
  const boxes = [...document.querySelectorAll(texts)]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && node.textContent.trim())
    .map((node) => node.getBoundingClientRect());
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
    a.left < b.right && b.left < a.right
    && Math.max(a.top, b.top) + (a.height + b.height) / 8 < Math.min(a.bottom, b.bottom))).length;
}"""


@pytest.mark.parametrize("classes", [4, 9, 12, 32])  # numbers: usual, less, least, none
@pytest.mark.parametrize("page", ["softmax", "side_by_side", "losses"])
def test_no_name_no_handle_and_no_number_covers_the_next(opened, page, classes):
    """Logits for which numbers of both signs and all sizes stand beside each other."""
    logits = ",".join(["2", "-1", "-6", "0.5", "1", "-9", "2"][i % 7] for i in range(classes))
    g = ",".join(["-1", "-1", "-2", "0.5", "0.5"][i % 5] for i in range(classes))
    screen = opened(f"/{page}?z={logits}&g={g}")
    nothing_is_covered(screen)
    screen.page.locator(f".st-key-{page}_present button").first.click()  # a tooltip has its own
    screen.link_says("present=1").rest().wait(LARGE)
    nothing_is_covered(screen)


# Each figure that is seen is drawn in the size of a presentation.
LARGE = """() => [...document.querySelectorAll(".js-plotly-plot")]
  .filter((plot) => plot.clientWidth)
  .every((plot) => parseFloat(getComputedStyle(plot.querySelector(".gtitle")).fontSize) >= 20)"""


def nothing_is_covered(screen):
    screen.wait(f"() => ({KEYS})().length >= 6")
    keys = screen.page.evaluate(KEYS)
    assert {key: screen.page.evaluate(COVERED, f".st-key-{key}") for key in keys} == dict.fromkeys(
        keys, 0
    )
    # Handles touch at most, to a rounding; a name ends before the next one begins.
    for what, distance in least_distances(screen).items():
        assert distance > (-0.01 if "handles" in what else 1), what


def test_the_oracle_sees_names_that_touch(opened):
    screen = opened("/softmax?z=1,1,1,1,1,1,1,1,1,1,1,1")
    screen.page.add_style_tag(content=".xtick text { font-size: 120px !important }")
    assert least_distances(screen)["softmax_dx x"] < 0


@pytest.mark.parametrize("more", ["", "&present=1"])
@pytest.mark.parametrize("x", ["-0.6,0.1,0.9", "-8,-7.5,-3,-2,0,0.7,5,8", "6,6,6,6"])
def test_numbers_of_points_that_are_near_are_left_out_but_for_one(opened, x, more):
    screen = opened(f"/sigmoid?x={x}{more}")
    page = screen.page
    for name in ("curve", "slope"):
        assert page.evaluate(COVERED, f".st-key-sigmoid_{name}") == 0
    numbers = page.locator(".st-key-sigmoid_curve .live-number")
    assert not numbers.nth(1).is_visible() or "0.1" in x
    screen.handle("x 1").focus()
    assert numbers.nth(1).is_visible()
    size = numbers.first.evaluate("(number) => getComputedStyle(number).fontSize")
    assert size == ("28px" if more else "13px")


def test_the_oracle_sees_numbers_that_lie_over_each_other(opened):
    screen = opened("/sigmoid?x=-0.6,0.1,0.9")
    screen.page.add_style_tag(content=".live-number { font-size: 90px !important }")
    assert screen.page.evaluate(COVERED, ".st-key-sigmoid_curve") > 0


def test_the_number_of_a_bar_that_reaches_the_end_of_its_axis_leaves_the_names_free(opened):
    """The figures of Practice are the lowest."""
    screen = opened("/practice?seed=7&level=2&n=3&answer=1&g=2,-2,1,0&x=5,-5,1,0")
    for name in ("x", "g"):
        assert screen.page.evaluate(COVERED, f".st-key-practice_{name}") == 0


BEYOND = """() => [...document.querySelectorAll(".gtitle")].filter((title) =>
  title.getBoundingClientRect().right > title.closest(".main-svg").getBoundingClientRect().right
).map((title) => title.textContent)"""


def test_on_a_phone_every_title_is_whole(opened):
    opens = "/softmax?z=2,1,0.1&T=0.123456&tab=why"
    screen = opened(opens, viewport={"width": 390, "height": 844})
    screen.page.locator(".st-key-softmax_centring .gtitle").wait_for(state="attached")
    assert screen.page.evaluate(BEYOND) == []
    screen.page.add_style_tag(content=".gtitle { font-size: 40px !important }")
    assert screen.page.evaluate(BEYOND) != []  # the oracle sees those that are not
