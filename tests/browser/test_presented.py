"""What every page does in a presentation: one window for each, which its tests use in turn."""

import pytest

from tests.browser.conftest import FRAME
from visualizer.lessons import LESSONS

pytestmark = pytest.mark.browser

PAGES = [lesson for lesson in LESSONS if lesson.address]
SIZES = [(1280, 720), (1280, 600), (1920, 1080)]

# By how much what stands on a page goes beyond the window, and the words beside the figures, too.
BEYOND = """() => {
  const shown = [...document.querySelectorAll(
    ".live-figure, .live-formula, .st-key-top, .st-key-words_large, .st-key-bar button")]
    .filter((node) => node.checkVisibility()).map((node) => node.getBoundingClientRect());
  const main = document.querySelector("[data-testid=stMain]");
  return Math.max(main.scrollHeight - main.clientHeight,
    ...shown.map(({ right, bottom }) => Math.max(right - innerWidth, bottom - innerHeight)));
}"""
FITS = f"() => ({BEYOND})() <= 0"
# The lowest figure ends near the foot of the window: the height that there is is used.
FILLS = """() => Math.max(...[...document.querySelectorAll(".live-figure, .live-formula")]
  .map((figure) => figure.getBoundingClientRect().bottom)) > 0.85 * innerHeight"""
ENLARGED = """() => [...document.querySelectorAll(".live-whole")].map((figure) => {
  const { left, top, width, height } = figure.getBoundingClientRect();
  const plot = figure.querySelector(".main-svg")?.getBoundingClientRect();
  const filled = left === 0 && top === 0 && Math.abs(width - innerWidth) < 2
    && Math.abs(height - innerHeight) < 2 && (!plot || plot.width > 0.98 * innerWidth);
  const { className } = figure.closest("[class*=st-key-]");
  return [className.match(/st-key-(\\w+)/)[1], filled];
})"""
NUMBERS = ":is(.bartext, .textpoint text, .heatmap-label text, .live-number, .live-value)"
# The figures and formulas that show a number.
TELLING = f"""() => [...document.querySelectorAll(".live-figure, .live-formula")]
  .filter((figure) => [...figure.querySelectorAll("{NUMBERS}")].some((node) =>
    node.textContent.trim() && node.checkVisibility({{ visibilityProperty: true }})))
  .map((figure) => figure.closest("[class*=st-key-]").className.match(/st-key-(\\w+)/)[1])"""
LENS = """() => {
  const lens = document.querySelector(".live-lens");
  if (!lens) return null;
  const [box, number] = [lens, lens.firstChild].map((node) => node.getBoundingClientRect());
  const size = parseFloat(getComputedStyle(lens.firstChild).fontSize);
  return { text: lens.textContent, size, width: box.width, height: box.height,
    middle: [box.left + box.width / 2, box.top + box.height / 2],
    inside: Math.min(number.left, number.top) >= 0 && number.right <= innerWidth
      && number.bottom <= innerHeight };
}"""


def press(screen, *keys):
    for key in keys:
        screen.page.keyboard.press(key)
    return screen


@pytest.fixture(scope="module", params=PAGES, ids=lambda lesson: lesson.name)
def presented(request, server, open_at):
    lesson = request.param
    query = "".join(f"&{field}={text}" for field, text in lesson.shown_at.items())
    screen = open_at(server, f"/{lesson.name}?present=1{query}")
    screen.lesson = lesson
    yield screen
    errors = screen.errors
    screen.page.close()
    assert errors == []


def test_a_digit_enlarges_a_figure_and_brings_it_back(presented):
    screen, lesson = presented, presented.lesson
    if lesson.keys:
        press(screen, "2")
        assert screen.rest().page.evaluate(ENLARGED) == []  # it is an answer there
        return
    cells = [cell for row in lesson.rows for cell in row]
    kinds = {figure.name: figure.KIND for figure in lesson.figures}
    names = [name for cell in cells for name in ((cell,) if isinstance(cell, str) else cell)]
    names = [name for name in names if kinds[name] in ("figure", "formula")]
    for place, name in list(enumerate(names, start=1))[:9]:
        press(screen, str(place))
        screen.wait(
            f"(expected) => JSON.stringify(({ENLARGED})()) === expected",
            f'[["{lesson.name}_{name}",true]]',
        )
    press(screen, str(len(names[:9])))
    screen.wait(f"() => ({ENLARGED})().length === 0").wait(FITS)
    press(screen, "1")
    screen.wait(f"() => ({ENLARGED})().length === 1")
    press(screen, "Escape")
    screen.wait(f"() => ({ENLARGED})().length === 0").rest()
    assert "present=1" in screen.page.url


def test_all_numbers_are_hidden_and_shown_again(presented):
    screen = presented
    telling = screen.page.evaluate(TELLING)
    assert telling
    press(screen, "Shift+H")
    screen.wait(f"() => ({TELLING})().length === 0")
    alts = screen.page.locator(".live-figure [role=img]").evaluate_all(
        "(all) => all.map((one) => one.ariaLabel)"
    )
    assert [alt for alt in alts if not alt.endswith(": numbers hidden")] == []
    values = screen.page.locator(".live-handle").evaluate_all(
        "(all) => all.map((one) => one.ariaValueText)"
    )
    assert set(values) <= {"hidden"}
    press(screen, "Shift+H")
    screen.wait(f"(before) => String(({TELLING})()) === before", ",".join(telling))


def test_every_element_of_every_figure_can_be_pointed_at_within_the_window(presented):
    screen = presented
    screen.page.set_viewport_size({"width": 1280, "height": 600})
    for figure in screen.page.locator(".live-figure").all():
        if not figure.locator(".live-cursor[tabindex='0'], .live-handle").count():
            continue
        box = figure.bounding_box()
        for part in (0.25, 0.5, 0.8):
            screen.page.mouse.move(box["x"] + part * box["width"], box["y"] + 0.6 * box["height"])
            screen.page.evaluate(FRAME)
            lens = screen.page.evaluate(LENS)
            assert lens is None or lens["inside"]


def test_every_step_fits_a_low_window_and_its_words_take_their_room_from_the_figures(presented):
    screen, lesson = presented, presented.lesson
    if not lesson.steps:
        pytest.skip("a page without steps")
    screen.page.set_viewport_size({"width": 1280, "height": 600})
    for step in range(1, lesson.steps.last + 1):
        press(screen, "PageDown")
        screen.link_says(f"step={step}").rest()
        screen.page.get_by_text(f"{step} of {lesson.steps.last} · ").wait_for()
        screen.wait(FITS)


def test_a_presentation_has_no_site_menu_and_fits_every_window(presented):
    screen = presented
    assert not screen.page.get_by_test_id("stHeader").is_visible()
    for width, height in SIZES:
        screen.page.set_viewport_size({"width": width, "height": height})
        screen.wait(FITS).wait(FILLS)
    press(screen, "Escape")  # and without it, the menu is back
    screen.wait("() => !location.search.includes('present')").rest()
    screen.page.get_by_test_id("stHeader").wait_for()
