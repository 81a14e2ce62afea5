"""A lecture played through by keyboard alone, without leaving the presentation."""

import pytest

pytestmark = pytest.mark.browser

WITHIN = "(key) => document.activeElement.closest(`.st-key-${key}`) !== null"
NUMBERS = ":is(.bartext, .textpoint text, .heatmap-label text, .live-number, .live-value)"
TOLD = f"""() => [...document.querySelectorAll("{NUMBERS}")].some((node) =>
  node.textContent.trim() && node.checkVisibility({{ visibilityProperty: true }}))"""
MOST_STOPS = 80


def tab_to(screen, key):
    """Press Tab until what has this key has the focus."""
    for _ in range(MOST_STOPS):
        screen.page.keyboard.press("Tab")
        if screen.page.evaluate(WITHIN, key):
            return screen
    pytest.fail(f"Tab does not come to {key}")


def choose(screen, key, option):
    """Open a menu of the bar, and choose an option of it."""
    tab_to(screen, key).page.keyboard.press("Enter")
    screen.page.get_by_role("menuitem", name=option, exact=True).press("Enter")
    return screen


def says(screen, *parts):
    """Wait until the address has these parts: the presentation is always among them."""
    for part in ("present=1", *parts):
        screen.link_says(part)
    return screen.rest()


def test_a_lecture_is_played_by_keyboard_alone_without_leaving_the_presentation(opened):
    screen = opened("/softmax?step=1&present=1")
    keys = screen.page.keyboard
    for step in (2, 3, 4):
        keys.press("PageDown")
        says(screen, f"step={step}")

    keys.press("Shift+H")  # guess
    screen.wait(f"() => !({TOLD})()")
    choose(screen, "softmax_size_menu", "4")
    says(screen, "z=2,1,0.1,0", "step=4")
    assert not screen.page.evaluate(TOLD)
    keys.press("Shift+H")
    screen.wait(TOLD)

    keys.press("PageDown")
    says(screen, "step=5")
    choose(screen, "softmax_wrong_menu", "elementwise")
    says(screen, "wrong=elementwise", "step=5")

    choose(screen, "softmax_pages_menu", "Sigmoid")
    screen.wait("() => location.pathname.endsWith('/sigmoid')")
    says(screen, "x=2,1,0.1,0")
    choose(screen, "sigmoid_pages_menu", "Softmax")
    screen.wait("() => location.pathname.endsWith('/softmax')")
    says(screen, "z=2,1,0.1,0", "step=5", "wrong=elementwise")

    tab_to(screen, "softmax_share").page.keyboard.press("Enter")
    dialog = screen.page.get_by_role("dialog")
    dialog.get_by_test_id("stCode").first.wait_for()
    screen.rest()
    keys.press("Escape")
    dialog.wait_for(state="detached")
    says(screen, "step=5")
