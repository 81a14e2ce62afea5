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


@pytest.mark.parametrize("more", ["", "&present=1"])
@pytest.mark.parametrize("classes", [10, 14, 32])
@pytest.mark.parametrize("page", ["softmax", "side_by_side"])
def test_no_name_and_no_handle_covers_the_next(opened, page, classes, more):
    screen = opened(f"/{page}?z={','.join(['1'] * classes)}{more}")
    # Handles touch at most, to a rounding; a name ends before the next one begins.
    for what, distance in least_distances(screen).items():
        assert distance > (-0.01 if "handles" in what else 1), what


def test_the_oracle_sees_names_that_touch(opened):
    screen = opened("/softmax?z=1,1,1,1,1,1,1,1,1,1,1,1")
    screen.page.add_style_tag(content=".xtick text { font-size: 120px !important }")
    assert least_distances(screen)["softmax_dx x"] < 0


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
