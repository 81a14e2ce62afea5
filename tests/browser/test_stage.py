"""A presentation in a real Chromium: the window that it has, and the keys of a lecture."""

import pytest

from tests.browser.test_presented import BEYOND, ENLARGED, LENS, TELLING, press

pytestmark = pytest.mark.browser

BACKGROUND = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
BLANK = "() => document.querySelector('.live-cover').checkVisibility()"
BLANKED = "() => document.elementFromPoint(innerWidth / 2, innerHeight / 2).matches('.live-cover')"


def test_the_oracle_finds_what_does_not_fit(opened):
    screen = opened("/softmax?step=2", viewport={"width": 1280, "height": 600})
    assert screen.page.evaluate(BEYOND) > 0


def test_a_remote_steps_wherever_the_focus_is(opened):
    screen = opened("/softmax?step=1")
    press(screen, "PageDown")
    screen.link_says("step=2").rest()
    screen.handle("g 0").focus()
    press(screen, "PageDown")
    screen.link_says("step=3").rest()
    screen.page.locator(".st-key-softmax_T input").focus()
    press(screen, "PageUp")
    screen.link_says("step=2").rest()
    assert "g=1,-1,2" in screen.page.url
    assert "T=1&" in screen.page.url


def test_outside_of_a_lecture_page_keys_move_a_handle_and_letters_do_nothing(opened):
    screen = opened("/softmax")
    screen.handle("z 0").press("PageDown")
    screen.wait("() => location.search.includes('z=1.')").rest()
    background = screen.page.evaluate(BACKGROUND)
    press(screen, "b", ".", "d", "1", "Shift+H", "h")
    screen.handle("z 0").press("PageUp")
    screen.link_says("z=2,1,0.1").rest()
    assert screen.page.evaluate(BLANK) is False
    assert screen.page.evaluate(ENLARGED) == []
    assert screen.page.evaluate(BACKGROUND) == background
    assert screen.page.locator(".live-quiet").count() == 0


@pytest.mark.parametrize("key", ["b", "."])
def test_the_screen_is_blank_until_the_next_key_which_does_nothing_else(opened, key):
    screen = opened("/softmax?step=1")
    press(screen, key)
    screen.wait(BLANKED)
    press(screen, "PageDown")
    screen.wait(f"() => !({BLANK})()").rest()
    assert "step=1" in screen.page.url
    press(screen, key)
    screen.wait(BLANKED)
    screen.page.mouse.click(640, 300)
    screen.wait(f"() => !({BLANK})()")


def test_an_enlarged_figure_is_dragged_as_any_other(opened):
    screen = opened("/softmax?present=1")
    press(screen, "1")
    screen.wait(f"() => ({ENLARGED})()[0]?.[1]")
    _, y = screen.grab("z 1", up=60)
    screen.changed("z", [2, 1, 0.1])
    assert abs(screen.center(screen.handle("z 1"))[1] - y) < 8  # under the hand, within a step
    screen.page.mouse.up()
    screen.rest()
    press(screen, "1")
    screen.wait(f"() => ({ENLARGED})().length === 0").shows()


def test_the_numbers_of_the_figure_pointed_at_are_hidden_or_else_those_of_the_result(opened):
    screen = opened("/softmax?present=1")
    all_of_them = screen.page.evaluate(TELLING)
    press(screen, "h")
    others = [name for name in all_of_them if name != "softmax_dx"]
    screen.wait(f"(expected) => String(({TELLING})()) === expected", ",".join(others))
    press(screen, "h")
    screen.page.locator(".st-key-softmax_s .live-figure").hover()
    press(screen, "h")
    others = [name for name in all_of_them if name != "softmax_s"]
    screen.wait(f"(expected) => String(({TELLING})()) === expected", ",".join(others))


def test_hidden_numbers_stay_hidden_while_they_change_and_nothing_pointed_at_tells_them(opened):
    screen = opened("/softmax?present=1")
    press(screen, "Shift+H")
    screen.wait(f"() => ({TELLING})().length === 0")
    screen.grab("z 0", up=20)
    screen.changed("z", [2, 1, 0.1])
    assert screen.page.evaluate(TELLING) == []
    screen.page.mouse.up()
    screen.rest().page.locator(".st-key-softmax_dx .live-figure").hover()
    told = screen.page.locator(".live-tag").inner_text()
    assert "?" in told
    assert not any(f"= {digit}" in told for digit in "−0123456789")
    assert screen.page.evaluate(TELLING) == []


def test_a_formula_says_no_number_that_is_hidden_elsewhere(opened):
    screen = opened("/softmax?present=1")
    shown = """() => [...document.querySelectorAll(".live-value")]
      .filter((node) => node.checkVisibility({ visibilityProperty: true }))
      .map((node) => node.dataset.of).join()"""
    before = screen.page.evaluate(shown)
    press(screen, "h")
    screen.wait(f"(before) => ({shown})() !== before", before)
    assert "dx:0" in before
    assert "dx:0" not in screen.page.evaluate(shown)
    assert "s:0" in screen.page.evaluate(shown)


def test_the_theme_changes_with_a_key_and_the_menu_of_the_site_stays_out_of_sight(opened):
    # In a browser of its own, which keeps the theme that was chosen.
    screen = opened("/softmax?present=1", locale="en-GB", color_scheme="light")
    light = screen.page.evaluate(BACKGROUND)
    screen.page.evaluate(
        """() => {
          window.seen = 0;
          const look = () => {
            const menu = document.querySelector("[data-testid=stMainMenuPopover]");
            window.seen += Boolean(menu?.checkVisibility({ visibilityProperty: true }));
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    press(screen, "d")
    screen.wait(f"(light) => ({BACKGROUND})() !== light", light).rest()
    screen.wait("() => !document.documentElement.classList.contains('live-switching')")
    press(screen, "d")
    screen.wait(f"(light) => ({BACKGROUND})() === light", light).rest()
    screen.wait("() => !document.documentElement.classList.contains('live-switching')")
    assert screen.page.evaluate("seen") == 0
    assert screen.page.evaluate("document.activeElement.tagName") == "BODY"
    screen.shows([2, 1, 0.1], [1, -1, 2])


def test_a_key_fits_the_axes_and_shows_what_was_zoomed_away(opened):
    wide = ",".join(["1", "2", "3", "4"] * 10)
    screen = opened(f"/softmax?present=1&z={wide}")
    span = """() => {
      const { range } = document.querySelector(".st-key-softmax_s .live-plot")._fullLayout.xaxis;
      return range[1] - range[0];
    }"""
    box = screen.page.locator(".st-key-softmax_s .live-figure").bounding_box()
    y = box["y"] + box["height"] / 2
    screen.page.mouse.move(box["x"] + 120, y)
    screen.page.mouse.down()
    screen.page.mouse.move(box["x"] + 180, y, steps=5)
    screen.page.mouse.up()
    screen.wait(f"() => ({span})() < 20")
    press(screen, "f")
    screen.wait(f"() => ({span})() === 40").rest()


def test_in_a_dialog_the_keys_of_a_lecture_are_none(opened):
    screen = opened("/softmax?present=1&step=2")
    screen.page.get_by_role("button", name="Share", exact=True).click()
    dialog = screen.page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Link").focus()
    press(screen, "ArrowRight", "PageDown", "b", "Home")
    screen.rest()
    assert screen.page.evaluate(BLANK) is False
    assert "step=2" in screen.page.url
    press(screen, "Escape")
    dialog.wait_for(state="detached")
    assert "present=1" in screen.rest().page.url


def test_the_full_screen_is_asked_for_by_the_button_and_left_with_the_presentation(opened):
    full = "() => document.fullscreenElement !== null"
    screen = opened("/softmax")
    screen.page.locator(".st-key-softmax_present button").first.click()
    screen.link_says("present=1").wait(full).rest()
    screen.page.locator(".st-key-softmax_leave button").click()
    screen.wait(f"() => !({full})()").rest()


def test_a_presentation_that_a_link_opens_asks_once_and_at_the_first_key(opened):
    full = "() => document.fullscreenElement !== null"
    screen = opened("/softmax?present=1")
    assert screen.page.evaluate(full) is False
    screen.page.locator(".st-key-softmax_dx .live-figure").click()
    assert screen.rest().page.evaluate(full) is False  # a drag might have begun there
    press(screen, "PageDown")
    screen.wait(full).link_says("step=1").rest()
    screen.page.evaluate("() => document.exitFullscreen()")
    screen.wait(f"() => !({full})()")
    press(screen, "PageDown")
    screen.link_says("step=2").rest()
    assert screen.page.evaluate(full) is False


def test_a_step_back_leads_to_the_page_before_as_it_was(opened):
    screen = opened("/softmax?z=1,2,3&g=0,1,0&T=2&present=1&step=4")
    screen.page.locator(".st-key-softmax_pages_menu button").first.press("Enter")
    screen.page.get_by_role("menuitem", name="Sigmoid").press("Enter")
    screen.wait("() => location.search.startsWith('?x=1,2,3&g=0,1,0')").rest()
    screen.page.go_back()
    screen.wait("() => location.search === '?z=1,2,3&g=0,1,0&T=2&present=1&step=4'").rest()
    screen.page.get_by_text("4 of 6 · ").wait_for()


def pointed_at(screen, name, column=1, row=None):
    """Point at a bar or a cell; give how large it is drawn."""
    box = screen.page.evaluate(
        """([name, column, row]) => {
          const plot = document.querySelector(`.st-key-${name} .js-plotly-plot`);
          const { left, top } = plot.getBoundingClientRect();
          const { xaxis, yaxis } = plot._fullLayout;
          const value = plot.data.at(-1).y?.[column] ?? 0;
          const at = row === null ? yaxis.d2p(value / 2) : yaxis.d2p(row);
          return [left + xaxis._offset + xaxis.d2p(column), top + yaxis._offset + at,
            xaxis.d2p(1) - xaxis.d2p(0), Math.abs(yaxis.d2p(1) - yaxis.d2p(0))];
        }""",
        [name, column, row],
    )
    screen.page.mouse.move(box[0], box[1], steps=2)
    screen.wait("() => document.querySelector('.live-lens') !== null")
    return box


def test_what_is_pointed_at_in_a_presentation_is_enlarged_with_its_number_and_its_product(opened):
    screen = opened("/softmax?present=1")
    x, y, width, height = pointed_at(screen, "softmax_jacobian", 1, 2)
    lens = screen.page.evaluate(LENS)
    assert lens["width"] > 1.3 * width
    assert lens["height"] > 1.3 * height
    assert abs(lens["middle"][0] - x) + abs(lens["middle"][1] - y) < 4
    assert lens["size"] >= 40 and lens["inside"]
    assert float(lens["text"].replace("−", "-")) == pytest.approx(
        screen.drawn("jacobian")[7], abs=6e-4
    )
    tag = screen.page.locator(".live-tag")
    assert tag.inner_text().startswith("g₂·J₂₁ = 2 · ")
    assert tag.evaluate("(tag) => parseFloat(getComputedStyle(tag).fontSize)") >= 28
    box = tag.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 1280


def test_the_lens_stands_on_a_bar_and_goes_with_the_pointer(opened):
    screen = opened("/softmax?present=1")
    _, _, distance, _ = pointed_at(screen, "softmax_dx", 2)
    lens = screen.page.evaluate(LENS)
    assert 0.72 * 1.3 * distance < lens["width"] < 0.72 * 1.4 * distance
    assert float(lens["text"]) == pytest.approx(screen.drawn("dx")[2], abs=6e-4)
    screen.page.mouse.move(640, 5)
    screen.wait("() => document.querySelector('.live-lens') === null")
    screen.page.locator(".st-key-softmax_leave button").click()
    screen.wait("() => !location.search.includes('present')").rest()
    screen.page.locator(".st-key-softmax_dx .live-figure").hover()
    screen.page.locator(".live-tag").wait_for()
    assert screen.page.evaluate(LENS) is None  # a desk has no back row


def test_what_is_hatched_is_named_with_its_number_beside_what_is_pointed_at(opened):
    screen = opened("/softmax?present=1&wrong=elementwise,without_derivative")
    pointed_at(screen, "softmax_dx", 1)
    *_, one, other = screen.page.locator(".live-tag").inner_text().split("\n")
    assert one.replace("\u00a0", " ").startswith("/ elementwise: −0.18")
    assert other.replace("\u00a0", " ") == "\\ without derivative: −1"
