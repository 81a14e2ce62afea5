"""Small text has a contrast of 4.5 to 1 (WCAG 2, AA) to what is behind it, in both themes."""

import pytest

from visualizer.lessons.steps import CHECK

pytestmark = pytest.mark.browser

LEAST = 4.5
TEXTS = ".live-figure :is(text, .live-number)"

# What a step shows has been drawn: a figure tells its state a moment earlier.
DRAWN = """() => [...document.querySelectorAll(".live-figure:not([data-state=future])")]
  .every((figure) => !figure.textContent.includes("not run yet"))"""

# The contrast of each text that is seen: its colour, through all opacities on the way up, against
# the nearest background, of which the cells of a heat map are one.
CONTRASTS = """async (selector) => {
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = color;
    brush.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((v, i) => a * v + (1 - a) * below[i]);
  const up = function* (node) {
    for (; node instanceof Element; node = node.parentElement) yield node;
  };
  const opacity = (node) =>
    [...up(node)].reduce((all, each) => all * Number(getComputedStyle(each).opacity), 1);
  const faded = (color, node) => {
    const [r, g, b, a] = rgba(color);
    return [r, g, b, a * opacity(node)];
  };
  const cells = new Map();
  for (const image of document.querySelectorAll(".heatmaplayer image")) {
    const picture = new Image();
    picture.src = image.getAttribute("href") ?? image.getAttribute("xlink:href");
    await picture.decode();
    const { width, height } = picture;
    const copy = Object.assign(document.createElement("canvas"), { width, height });
    const pixels = copy.getContext("2d", { willReadFrequently: true });
    pixels.drawImage(picture, 0, 0);
    const plot = image.closest(".js-plotly-plot");
    const [rows, columns] = [plot.data[0].z.length, plot.data[0].z[0].length];
    const patched = plot.querySelectorAll(".live-cell");
    plot.querySelectorAll(".heatmap-label text").forEach((label, k) => {
      const cell = patched[k];
      if (cell) {
        cells.set(label, [...rgba(getComputedStyle(cell).fill).slice(0, 3), opacity(cell)]);
        return;
      }
      const x = ((k % columns) + 0.5) / columns * width;
      const y = (Math.floor(k / columns) + 0.5) / rows * height;
      const [r, g, b] = pixels.getImageData(x, y, 1, 1).data;
      cells.set(label, [r, g, b, opacity(image)]);
    });
  }
  const app = document.querySelector("[data-testid=stApp]");
  const page = rgba(getComputedStyle(app).backgroundColor);
  const behind = (node) => {
    let seen = page;
    for (const each of [...up(node)].reverse()) {
      seen = over(faded(getComputedStyle(each).backgroundColor, each), seen);
    }
    return over(cells.get(node) ?? [0, 0, 0, 0], seen);
  };
  const luminance = (color) => {
    const [r, g, b] = color.map((v) =>
      v <= 10.31 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const node of document.querySelectorAll(selector)) {
    const style = getComputedStyle(node);
    if (!node.textContent.trim() || !node.checkVisibility({ visibilityProperty: true })) continue;
    const below = behind(node);
    const color = node instanceof SVGElement ? style.fill : style.color;
    const [one, other] = [over(faded(color, node), below), below].map(luminance);
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    found.push([`${node.getAttribute("class")} ${node.textContent}`, contrast]);
  }
  return found;
}"""

FADE = """([selector, opacity]) => document.querySelectorAll(selector)
  .forEach((node) => node.style.setProperty("opacity", opacity, "important"))"""


def faint(screen, selector):
    found = screen.page.evaluate(CONTRASTS, selector)
    assert found
    return {text: round(contrast, 2) for text, contrast in found if contrast < LEAST}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_of_home_can_be_read(opened, scheme):
    screen = opened("/", color_scheme=scheme)
    screen.page.get_by_text("I teach this:").wait_for()
    assert (
        faint(
            screen,
            "[data-testid=stMain] [data-testid=stMarkdownContainer] :is(p, code, strong, small)",
        )
        == {}
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["softmax", "sigmoid"])
def test_text_of_figures_that_a_step_fades_can_be_read(opened, page, scheme):
    screen = opened(f"/{page}?step=1", color_scheme=scheme)
    found = {}
    for step in range(2, CHECK + 1):
        screen.page.keyboard.press("ArrowRight")
        screen.link_says(f"step={step}").rest()
        screen.wait(DRAWN)
        if unread := faint(screen, TEXTS):
            found[step] = unread
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_of_faded_cells_can_be_read_while_something_is_dragged(opened, scheme):
    screen = opened("/softmax?step=5", color_scheme=scheme)
    screen.grab("z 1", up=20)
    screen.changed("z", [2, 1, 0.1])
    screen.shows()
    screen.page.mouse.move(640, 5)  # off the figures: the one that is pointed at is not faded
    assert faint(screen, f".st-key-softmax_jacobian {TEXTS}") == {}
    screen.page.mouse.up()


def test_the_measurement_finds_text_that_is_too_faint(opened):
    screen = opened("/softmax?step=5", color_scheme="light")
    for opacity, too_faint in (("0.7", False), ("0.6", True)):
        screen.page.evaluate(FADE, [".st-key-softmax_z text", opacity])
        assert bool(faint(screen, f".st-key-softmax_z {TEXTS}")) == too_faint
    screen.page.evaluate(FADE, [".heatmaplayer image", "1"])
    assert faint(screen, ".st-key-softmax_jacobian .heatmap-label text") != {}
