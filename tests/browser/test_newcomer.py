"""What helps at a first visit: hint, tooltips, sheet of keys, the way past the navigation."""

import pytest

pytestmark = pytest.mark.browser

MOVED = "gradient-visualizer:moved"
HINTS = "() => document.querySelectorAll('.live-hint').length"


@pytest.fixture
def new(opened):
    """Somebody who has never been here."""
    return opened(
        "/softmax",
        lambda screen: screen.page.add_init_script(f"localStorage.removeItem('{MOVED}')"),
    )


def test_one_handle_has_a_hint_until_one_is_dragged(new):
    new.wait(f"() => ({HINTS})() === 1")
    new.grab("g 1", up=20)
    new.wait(f"() => ({HINTS})() === 0")
    new.page.mouse.up()
    new.rest()
    assert new.page.evaluate(f"() => localStorage.getItem('{MOVED}')") is not None
    assert new.page.evaluate(HINTS) == 0


def test_a_presentation_has_no_hint_and_motion_is_left_out_where_it_is_unwanted(new):
    animation = "() => getComputedStyle(document.querySelector('.live-hint')).animationName"
    new.wait(f"() => ({HINTS})() === 1")
    assert new.page.evaluate(animation) == "live-hint"
    new.page.emulate_media(reduced_motion="reduce")
    assert new.page.evaluate(animation) == "none"
    new.page.locator(".st-key-softmax_present button").first.click()
    new.wait(f"() => ({HINTS})() === 0")


def test_tab_reaches_the_first_handle_within_five_stops(new):
    new.page.keyboard.press("Tab")
    skip = new.page.get_by_role("button", name="Skip to the figures")
    assert skip.evaluate("(node) => node === document.activeElement")
    box = skip.bounding_box()
    assert (
        box["x"] >= 0
        and box["y"] >= 0
        and skip.evaluate("(node) => getComputedStyle(node).clipPath") == "none"
    )
    new.page.keyboard.press("Enter")
    assert new.page.evaluate("() => document.activeElement.getAttribute('role')") == "slider"
    new.page.keyboard.press("ArrowUp")
    new.rest()


def test_the_question_mark_opens_the_sheet_of_keys_also_in_a_presentation(new):
    sheet = new.page.get_by_role("dialog")
    new.handle("g 0").focus()
    new.page.keyboard.press("?")
    sheet.get_by_text("ten times finer").first.wait_for()
    new.page.keyboard.press("Escape")
    sheet.wait_for(state="detached")
    new.page.locator(".st-key-softmax_present button").first.click()
    new.page.locator(".st-key-softmax_leave button").wait_for()
    new.rest().page.keyboard.press("?")
    sheet.get_by_text("ten times finer").first.wait_for()


def test_a_question_mark_that_is_typed_opens_nothing(new):
    new.handle("g 0").press("Enter")
    entry = new.page.get_by_label("g 0, type a number")
    entry.press("?")
    assert "?" in entry.input_value()
    entry.press("Escape")
    new.rest()
    assert new.page.get_by_role("dialog").count() == 0


def test_handles_say_on_hover_what_a_hand_can_do(new):
    assert "ten times finer" in new.handle("g 0").get_attribute("title")
    assert "all by the same amount" in new.handle("all of g").get_attribute("title")
