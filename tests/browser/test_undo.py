"""Ctrl+Z and Ctrl+Shift+Z in a real Chromium."""

import pytest

pytestmark = pytest.mark.browser


def test_any_edit_is_undone_and_made_again_by_keys(screen):
    screen.handle("z 0").press("ArrowUp")
    screen.link_says("z=2.1,1,0.1").rest()
    screen.choose("g", "All ones")
    screen.link_says("g=1,1,1").rest()
    screen.choose("size", "4")
    screen.link_says("z=2.1,1,0.1,0&g=1,1,1,0").rest()
    for z, g in (
        ([2.1, 1, 0.1], [1, 1, 1]),
        ([2.1, 1, 0.1], [1, -1, 2]),
        ([2, 1, 0.1], [1, -1, 2]),
    ):
        screen.page.keyboard.press("Control+z")
        screen.link_has("z", z).link_has("g", g).rest().shows(z, g)
    screen.page.keyboard.press("Control+Shift+Z")
    screen.link_says("z=2.1,1,0.1&g=1,-1,2").rest().shows([2.1, 1, 0.1], [1, -1, 2])


def test_a_drag_is_undone_at_once_after_it(screen):
    screen.grab("z 0", up=15)
    screen.changed("z", [2, 1, 0.1])
    screen.page.keyboard.press("Control+z")  # it is in the hand: nothing is undone
    screen.page.mouse.up()
    screen.page.keyboard.press(
        "Control+z"
    )  # while the run that the drag has started may not be over
    screen.rest().link_says("z=2,1,0.1&g=1,-1,2&T=1").shows([2, 1, 0.1], [1, -1, 2])
    screen.stand("z", [2, 1, 0.1])


def test_drags_that_follow_each_other_quickly_are_undone_one_by_one(screen):
    for name in ("z 0", "g 0"):  # the script hears of both at once
        screen.grab(name, up=15)
        screen.page.mouse.up()
    screen.changed("g", [1, -1, 2])
    (z, _, _), (g, _, _) = screen.values("z"), screen.values("g")
    assert (z, g) != (2, 1)
    screen.page.keyboard.press("Control+z")
    screen.link_has("z", [z, 1, 0.1]).link_has("g", [1, -1, 2]).rest()
    screen.page.keyboard.press("Control+z")
    screen.link_has("z", [2, 1, 0.1]).rest().shows([2, 1, 0.1], [1, -1, 2])


def test_where_letters_are_typed_undo_is_that_of_the_field(opened):
    screen = opened("/softmax")
    screen.handle("z 0").press("ArrowUp")
    screen.link_says("z=2.1,1,0.1").rest()
    screen.page.get_by_role("button", name="Share", exact=True).click()
    screen.page.get_by_role("tab", name="Import").click()
    field = screen.page.locator(".st-key-softmax_import_text textarea")
    field.fill("1 2 3")
    field.press("Control+z")
    screen.wait("() => document.querySelector('.st-key-softmax_import_text textarea').value === ''")
    screen.rest()
    assert "z=2.1,1,0.1" in screen.page.url
