"""What every page passes, taken from the list of lessons: a new one is tested without a word."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from visualizer.lessons import LESSONS, lesson_of

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]

# What all figures of the page show, as one text.
SHOWN = """() => JSON.stringify([...document.querySelectorAll(".js-plotly-plot")]
  .map((plot) => plot.data))"""
HANDLES = """() => [...document.querySelectorAll(".live-handle[role=slider]")]
  .map((handle) => handle.ariaLabel + handle.ariaValueNow + handle.ariaValueText).join()"""
# The values of all handles are in the address, `x=-2,0.5,3` for x 0, x 1 and x 2; what a link
# leaves out is as usual.
LINKED = """() => {
  const layers = [...document.querySelectorAll(".live-handles[data-field]")];
  const query = new URLSearchParams(location.search);
  const fields = layers.filter((layer) => query.has(layer.dataset.field));
  return fields.length > 0 && fields.every((layer) => {
    const handles = [...layer.querySelectorAll(".live-handle:not(.live-together)")];
    const values = handles.map((handle) => Number(handle.ariaValueNow));
    const linked = query.get(layer.dataset.field).split(",").map(Number);
    const { at } = layer.dataset; // of a layer that edits one of them
    return String(at ? linked[at] : linked) === String(values);
  });
}"""
UNLIT = """() => !document.querySelector(".live-linked, .live-dim, .live-tag, .live-veil")"""
# In the middle of the first column of bars, above the foot of the figure; of a table, in its first
# row.
FIRST = """(figure, marks) => {
  const { left, top } = figure.getBoundingClientRect();
  const { xaxis, yaxis } = figure.querySelector(".js-plotly-plot")._fullLayout;
  const row = marks === "rows" ? yaxis.d2p(0) : yaxis._length / 2;
  return [left + xaxis._offset + xaxis.d2p(0), top + yaxis._offset + row];
}"""
# Whether not one element of a figure is lit.
ALL_DIM = """(key) => {
  const marks = ".barlayer .point path, .heatmap-label text, .points path";
  const all = [...document.querySelectorAll(marks.split(", ").map((m) => `${key} ${m}`).join())];
  return all.length > 0 && all.every((node) => node.matches(".live-dim"));
}"""
FIRST_TOP = "() => document.querySelector('.live-figure').getBoundingClientRect().top"
TEXT_COLOR = """() => getComputedStyle(document.querySelector(".gtitle")).fill"""


@pytest.fixture(scope="module", params=LESSONS, ids=lambda lesson: lesson.name)
def visited(request, open_at, server):
    """A page opened by its address."""
    screen = open_at(server, f"/{request.param.address}")
    screen.lesson = request.param
    yield screen
    screen.page.close()


def first_handle(screen):
    """The first handle of a page; an open question has none before it is answered."""
    first = screen.page.locator(".live-handle[role=slider]").first
    if first.count() == 0:
        screen.page.keyboard.press("1")
        screen.page.get_by_role("button", name="Lock in").and_(
            screen.page.locator(":enabled")
        ).click()
    first.wait_for(state="visible")
    screen.rest()
    return first


@pytest.fixture
def handle(visited):
    return first_handle(visited)


def stands_in_its_frame(screen):
    header = screen.page.get_by_test_id("stHeader")
    header.get_by_role("link", name="Home", exact=True).wait_for(state="visible")
    header.get_by_text("Layers", exact=True).wait_for(state="visible")
    assert screen.page.get_by_test_id("stException").count() == 0
    assert screen.errors == []


def test_a_deep_link_opens_the_page_in_its_frame(visited):
    stands_in_its_frame(visited)


def test_so_it_does_as_the_first_thing_that_a_server_is_asked_for(open_at, start_server):
    with start_server() as cold:
        screen = open_at(cold, "/sigmoid")
        stands_in_its_frame(screen)
        screen.page.close()


def test_a_key_moves_a_handle_and_the_figures_follow(visited, handle):
    # One that moves in a plane has its value in words.
    before, shown = handle.get_attribute("aria-valuetext"), visited.page.evaluate(SHOWN)
    handle.press("ArrowUp")
    visited.wait(f"(before) => ({SHOWN})() !== before", shown).rest()
    assert handle.get_attribute("aria-valuetext") != before
    assert visited.errors == []


def test_a_drag_moves_the_figures_while_the_button_is_down(visited, handle):
    x, y = visited.center(handle)
    shown = visited.page.evaluate(SHOWN)
    visited.page.mouse.move(x, y)
    visited.page.mouse.down()
    visited.page.mouse.move(x + 15, y - 25, steps=5)
    visited.wait(f"(before) => ({SHOWN})() !== before", shown)
    visited.page.mouse.up()
    assert visited.rest().page.get_by_test_id("stException").count() == 0
    assert visited.errors == []


def linked_elements(screen):
    """What the figures of a page say of their elements, and those that are made of others first."""
    lesson = screen.lesson
    scenario, _ = lesson.Scenario.from_query(lesson.shown_at)
    drawn = lesson.drawn(lesson.moment(scenario, {}))
    told = {name: figure["elements"] for name, figure in drawn.items() if "elements" in figure}
    linked = {name: one for name, one in told.items() if one["madeOf"] or one["together"]}
    return told, dict(sorted(linked.items(), key=lambda item: not item[1]["madeOf"]))


def test_pointing_at_an_element_lights_what_belongs_to_it(visited, handle):
    """By mouse and by keys, from what the figures of the page declare."""
    told, linked = linked_elements(visited)
    assert linked, "no figure of the page says what belongs to one of its elements"
    page, prefix = visited.page, f".st-key-{visited.lesson.name}_"
    name, one = next(iter(linked.items()))
    arrays = {part.split(":")[0] for part in (one["name"], *one["madeOf"], *one["together"])}
    factors = [other for other, each in told.items() if each["name"].split(":")[0] in arrays]
    page.mouse.move(640, 5)
    visited.wait(UNLIT)
    figure = page.locator(f"{prefix}{name} .live-figure")
    figure.scroll_into_view_if_needed()
    place = figure.evaluate(FIRST, one["marks"])
    page.mouse.move(*place)
    words = figure.locator(".live-tag")
    words.wait_for()
    assert "=" in words.inner_text()
    for factor in factors:
        assert page.locator(f"{prefix}{factor} .live-figure.live-linked").count() == 1
    assert page.locator(".live-dim").count() > 0
    assert [f for f in factors if page.evaluate(ALL_DIM, f"{prefix}{f}")] == []
    said = words.inner_text()
    page.mouse.move(640, 5)
    visited.wait(UNLIT)
    figure.locator(".live-cursor[tabindex='0']").focus()
    words.wait_for()
    assert words.inner_text() == said
    page.keyboard.press("ArrowRight")
    visited.wait("(said) => document.querySelector('.live-tag')?.innerText !== said", said)
    assert "=" in page.evaluate("document.activeElement.ariaLabel")
    page.keyboard.press("Escape")
    visited.wait(UNLIT)
    page.evaluate("document.activeElement.blur()")
    assert visited.errors == []


def test_the_link_opens_the_same_figures_in_another_window(visited, handle, open_at):
    codecs = visited.lesson.Scenario.codecs()
    if not any(codecs[field].in_link for field in visited.lesson.moves):
        pytest.skip("its link leaves out what is dragged: whoever gets it begins afresh")
    visited.wait(LINKED).rest()
    address = visited.page.evaluate("() => location.pathname + location.search")
    other = open_at(visited.server, address)
    expected = visited.page.evaluate(HANDLES)
    other.wait(f"(expected) => ({HANDLES})() === expected", expected)
    assert other.errors == []
    other.page.close()


def test_a_message_stays_through_a_drag_and_leaves_the_figures_when_it_goes(visited, open_at):
    """Made anew, they would be gone for a moment, and a drag with them; moved up, missed."""
    lesson = visited.lesson
    query = urlencode({"present": "maybe", **lesson.shown_at})
    other = open_at(visited.server, f"/{lesson.address}?{query}")
    message = other.page.get_by_test_id("stAlert").filter(has_text="Present:")
    message.wait_for()
    other.page.evaluate("() => { window.known = [...document.querySelectorAll('.live-figure')]; }")
    before, top = other.page.evaluate(HANDLES), other.page.evaluate(FIRST_TOP)
    first_handle(other).press("ArrowUp")
    other.wait(f"(before) => ({HANDLES})() !== before", before)
    if not lesson.shown_at:  # else no link tells of the drag
        other.wait(LINKED)
    other.rest()
    assert message.is_visible()
    assert other.page.evaluate(FIRST_TOP) == top
    reset = other.page.locator(f".st-key-{lesson.name}_reset button")
    if reset.count():
        reset.first.click()
        message.wait_for(state="detached")
        other.rest()
    assert other.page.evaluate("known.length > 0 && known.every((figure) => figure.isConnected)")
    assert other.errors == []
    other.page.close()


def test_figures_change_with_the_theme(visited):
    light = visited.page.evaluate(TEXT_COLOR)
    visited.page.emulate_media(color_scheme="dark")
    visited.wait(f"(light) => ({TEXT_COLOR})() !== light", light)
    visited.page.emulate_media(color_scheme="light")
    visited.wait(f"(light) => ({TEXT_COLOR})() === light", light)
    assert visited.errors == []


def test_the_exported_program_runs_as_it_is_downloaded(visited, handle):
    shown, _ = visited.lesson.Scenario.from_query(visited.lesson.shown_at)
    export = lesson_of(shown.exported).export
    if export is None or not export.numpy:
        pytest.skip("it exports no program")
    page = visited.page
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("tab", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="Download").first.click()
    # From the root of the repository, where `import nnfs` finds it; the file itself stays outside.
    program = "import runpy, sys; runpy.run_path(sys.argv[1])"
    run = subprocess.run(
        [sys.executable, "-c", program, download.value.path()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    assert run.returncode == 0, run.stderr
    assert "All numbers are those on the page." in run.stdout
    assert visited.errors == []


def test_no_page_is_wider_than_a_narrow_window(visited):
    visited.page.set_viewport_size({"width": 390, "height": 844})
    visited.wait(
        "() => [...document.querySelectorAll('.js-plotly-plot')]"
        ".every((plot) => plot._fullLayout.width <= 390)"
    )
    assert visited.page.evaluate("document.documentElement.scrollWidth") <= 390
    main = visited.page.get_by_test_id("stMain")
    assert main.evaluate("(main) => main.scrollWidth - main.clientWidth") <= 0
    assert visited.errors == []
