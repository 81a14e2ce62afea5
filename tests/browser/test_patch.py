"""What a drag moves on the screen is where a full redraw by Plotly would put it."""

import io

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.browser

# Half a stroke and a rounding to whole pixels; a bar that is not moved is off by ten or more.
PIXELS = 1.5
# Of 255: Plotly rounds the colours of a scale that it has interpolated, so may the patch.
COLOR = 3

# Hold all timers of our modules, the redraw after a drag among them, and note each full redraw.
HOLD = """() => {
  window.held = new Map();
  window.redrawn = new Set();
  window.plots = [...document.querySelectorAll(".js-plotly-plot")];
  window.before = window.plots.map((plot) => plot.data);
  const { react } = Plotly;
  Plotly.react = (plot, ...rest) => {
    window.redrawn.add(plot.closest("[class*=st-key-]").className.match(/st-key-(\\w+)/)[1]);
    return react(plot, ...rest);
  };
  const { setTimeout, clearTimeout } = window;
  let count = 0;
  window.setTimeout = (action, delay, ...rest) => {
    if (!new Error().stack.includes("figures.js")) return setTimeout(action, delay, ...rest);
    count -= 1; // a browser's own begin at 1
    window.held.set(count, action);
    return count;
  };
  window.clearTimeout = (id) => window.held.delete(id) || clearTimeout(id);
}"""
RELEASE = """() => {
  window.redrawn.clear();
  for (const action of [...window.held.values()]) action();
  window.patched = window.plots.filter((plot, i) => plot.data !== window.before[i]).length;
  return window.patched;
}"""
ALL_REDRAWN = "() => window.redrawn.size >= window.patched"

# Everything that is drawn of each figure: numbers to be near, words to be equal.
SNAPSHOT = """async () => {
  const found = {};
  const box = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  for (const plot of document.querySelectorAll(".js-plotly-plot")) {
    if (!plot.clientWidth) continue;
    const name = plot.closest("[class*=st-key-]").className.match(/st-key-(\\w+)/)[1];
    const all = (selector) => [...plot.querySelectorAll(selector)];
    const drawn = { pixels: {}, words: {}, colors: {} };
    drawn.pixels.bars = all(".barlayer .point path").map(box);
    drawn.pixels.points = all(".scatterlayer .point").filter((p) => p.checkVisibility()).map(box);
    // A patch may have put the pieces of a line with gaps into one path.
    const pieces = all("path.js-line").flatMap((line) => line.getAttribute("d").split(/(?=M)/))
      .filter((piece) => piece.includes("L"));
    drawn.pixels.lines = pieces.flatMap((piece) => {
      const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      line.setAttribute("d", piece);
      return [0, 0.25, 0.5, 0.75, 1].map((part) => {
        const { x, y } = line.getPointAtLength(part * line.getTotalLength());
        return [x, y];
      });
    });
    drawn.pixels.fills = all("path.js-fill").map(box);
    drawn.pixels.frames = all(".shapelayer path").map(box);
    const texts = all(".bartext, .textpoint text, .heatmap-label text, .annotation-text, .gtitle")
      .filter((text) => text.textContent.trim());
    drawn.pixels.texts = texts.map(box);
    drawn.words.texts = texts.map((text) => text.textContent);
    const labels = all(".heatmap-label text");
    drawn.colors.labels = labels.map((label) => rgb(getComputedStyle(label).fill));
    const image = plot.querySelector(".heatmaplayer image");
    if (image) {
      const { z } = plot.data[0];
      const cells = all(".live-cell");
      drawn.patched = cells.length > 0;
      if (cells.length) {
        drawn.colors.cells = cells.map((cell) => rgb(getComputedStyle(cell).fill));
        const [first, last] = [box(cells[0]), box(cells.at(-1))];
        drawn.pixels.cells = [[first[0], first[1], last[2], last[3]]];
      } else {
        const picture = new Image();
        picture.src = image.getAttribute("href") ?? image.getAttribute("xlink:href");
        await picture.decode();
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [picture.width, picture.height];
        const context = canvas.getContext("2d");
        context.drawImage(picture, 0, 0);
        drawn.colors.cells = z.flatMap((row, i) => row.map((_, j) => [
          ...context.getImageData(
            ((j + 0.5) / row.length) * picture.width, ((i + 0.5) / z.length) * picture.height, 1, 1,
          ).data.slice(0, 3)]));
        drawn.pixels.cells = [box(image)];
      }
    }
    found[name] = drawn;
  }
  return found;
}"""
# A patch that forgets one thing: to be found by the comparison.
FORGET = {
    "a bar": "document.querySelector('.st-key-softmax_dx .barlayer .point path')"
    ".setAttribute('d', 'M0,0V9H9V0Z')",
    "a number": "document.querySelector('.st-key-softmax_dx .bartext').textContent = '0.000'",
    "a colour": "document.querySelector('.live-cell').style.fill = 'rgb(128, 128, 128)'",
    "a ribbon": "document.querySelector('.st-key-softmax_flow path.js-fill')"
    ".setAttribute('d', 'M0,0L9,9L9,0Z')",
    "a mark": "document.querySelector('.st-key-softmax_centring path.js-line')"
    ".setAttribute('d', 'M0,0L9,9')",
}

# Each with the input chosen that is dragged: choosing another one takes whole figures, once.
CASES = [
    ("/softmax?j=1", "z 1", "light"),
    ("/softmax?j=1&g=1,-0.5,0.3&wrong=elementwise,without_derivative", "g 1", "dark"),
    ("/softmax?j=5&z=1,0,-1,2,0.5,0,1,-1,2,0&g=1,-1,0.5,0,0,1,-1,2,0,-0.5", "z 5", "light"),
    ("/softmax?present=1&g=1,-0.5,0.3&j=2", "g 2", "light"),
    ("/sigmoid?j=1", "x 1", "light"),
    ("/sigmoid?x=-2,0.5,2.2&j=1", "x 1", "light"),  # near enough for a number to go
    ("/sigmoid?g=1,-0.5,0.3&wrong=without_derivative", "g 0", "dark"),
    ("/side_by_side", "z 0", "dark"),
    # On logarithmic axes, with gaps that come and go.
    ("/gradient_check", "step h", "dark"),
    ("/gradient_check?j=1&layer=chain", "z 1", "light"),
    ("/gradient_check?j=2&layer=loss", "g 2", "light"),
    ("/losses?t=0.2,0.5,0.3", "t 1", "light"),  # whose bars follow each other
    ("/losses?z=8,1,0.1&layer=sigmoid", "z 1 on the learning curve", "dark"),
    ("/chain?beside=tanh&k=3&j=4", "scale of the weights", "light"),
    ("/chain?layers=30&width=64&j=5", "scale of the weights", "dark"),  # J as a picture
    # Bars beyond their axes: g·∂s/∂z and dx reach 0.8 and more.
    ("/softmax?g=-2,2,0&j=1", "z 1", "light"),
]


def far(one, other, limit):
    if limit is None:
        return one != other
    return not np.allclose(one, other, rtol=0, atol=limit)


def differences(one, other):
    """All that is drawn in another place, in another colour or with other words."""
    found = [] if one.keys() == other.keys() else [f"{one.keys()} and {other.keys()}"]
    for name, drawn in one.items():
        for kind, limit in (("pixels", PIXELS), ("colors", COLOR), ("words", None)):
            for part, values in drawn[kind].items():
                again = other[name][kind][part]
                same = len(values) == len(again) and not any(
                    far(*pair, limit) for pair in zip(values, again, strict=True)
                )
                if not same:
                    wrong = [pair for pair in zip(values, again, strict=False) if far(*pair, limit)]
                    found.append(f"{name}, {part}: {wrong} patched and redrawn")
    return found


def drag(screen, handle, path, up=18):
    """Drag until every figure shows the last position; the button stays down.

    Along a line of decades a few pixels are far: no bar is to leave its axis.
    """
    screen.page.evaluate(HOLD)
    page = path.strip("/").partition("?")[0]
    others = {"side_by_side": "softmax_dx", "gradient_check": "u", "chain": "product"}
    result = f"{page}_{others.get(page, 'dx')}"
    shown = (
        "(name) => String(document.querySelector(`.st-key-${name} .js-plotly-plot`)"
        ".data.map((trace) => [trace.x, trace.y]))"
    )
    before = screen.page.evaluate(shown, result)
    x, y = screen.center(screen.handle(handle))
    screen.page.mouse.move(x, y)
    screen.page.mouse.down()
    is_line = screen.page.locator(".live-line.live-dragged").count() > 0
    screen.page.mouse.move(x + (3 if is_line else 12), y - up, steps=4)
    screen.wait(f"([name, before]) => ({shown})(name) !== before", [result, before])
    lane_rests(screen)
    return screen


def lane_rests(screen):
    """Wait until the last position of the handle is in the figures of one whole frame."""
    field = "document.querySelector('.live-dragged')"
    # What the handle says, and what the figure under it was last told.
    screen.wait(
        f"() => {{ const all = [...{field}.parentElement.children];"
        f" const i = all.indexOf({field});"
        f" const {{ data }} = {field}.closest('.live-figure').querySelector('.js-plotly-plot');"
        " const trace = data.at(-1);"
        " const told = trace.type === 'bar' ? trace.y[i] : trace.x[i];"
        f" return Math.abs(told - Number({field}.ariaValueNow)) < 1e-9; }}"
    )


def both(screen):
    """What the patches have drawn, and what Plotly draws of the same numbers."""
    patched = screen.page.evaluate(SNAPSHOT)
    assert screen.page.evaluate(RELEASE) >= 2  # the result, and what is dragged
    screen.wait(ALL_REDRAWN)
    return patched, screen.page.evaluate(SNAPSHOT)


def pixels(screen):
    """What is seen of J, without the labels: a patch rounds their places differently."""
    screen.page.add_style_tag(content=".heatmap-label { visibility: hidden; }")
    shot = screen.page.locator(".st-key-softmax_jacobian .live-plot").screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


@pytest.mark.parametrize(("classes", "scheme"), [(3, "light"), (10, "dark"), (20, "light")])
def test_nothing_of_the_old_picture_shines_through_patched_cells(opened, classes, scheme):
    path = f"/softmax?z={','.join(str(i % 3) for i in range(classes))}&j=1"
    screen = drag(opened(path, color_scheme=scheme), "z 1", path)
    patched = pixels(screen)
    both(screen)
    assert np.abs(patched - pixels(screen)).max() <= COLOR
    screen.page.mouse.up()


@pytest.mark.parametrize(("path", "handle", "scheme"), CASES, ids=str)
def test_a_patched_figure_equals_a_redrawn_one(opened, path, handle, scheme):
    screen = drag(opened(path, color_scheme=scheme), handle, path)
    assert screen.page.evaluate("[...window.redrawn]") == []  # every figure was patched
    patched, redrawn = both(screen)
    assert differences(patched, redrawn) == []
    screen.page.mouse.up()


def test_an_arrow_appears_on_a_bar_that_is_dragged_beyond_its_axis_and_goes_with_it(opened):
    path = f"/softmax?z={','.join(['0'] * 20)}"
    arrows = (
        "(texts) => String([...document.querySelectorAll('.st-key-softmax_s .bartext')]"
        ".map((text) => text.textContent.trim()).filter(Boolean)) === texts"
    )
    screen = opened(path)
    x, y = screen.center(screen.handle("z 0"))
    drag(screen, "z 0", path, up=60).wait(arrows, "▲")
    assert screen.page.evaluate("[...window.redrawn]") == []  # it is written where nothing was
    patched, redrawn = both(screen)
    assert differences(patched, redrawn) == []
    screen.page.mouse.move(x, y, steps=4)
    screen.wait(arrows, "")
    screen.page.mouse.up()


def test_the_comparison_finds_what_a_patch_forgets(opened):
    screen = drag(opened("/softmax?j=1&g=1,0.5,0"), "z 1", "/softmax?j=1")
    patched = screen.page.evaluate(SNAPSHOT)
    for forget in FORGET.values():
        screen.page.evaluate(forget)
        forgotten = screen.page.evaluate(SNAPSHOT)
        assert differences(patched, forgotten) != []
        patched = forgotten
    patched, redrawn = both(screen)
    found = " ".join(differences(patched, redrawn))
    for part in ("dx, bars", "dx, texts", "jacobian, cells", "centring, lines", "flow, fills"):
        assert part in found
    assert patched["softmax_jacobian"]["patched"]
    assert not redrawn["softmax_jacobian"]["patched"]
    screen.page.mouse.up()
