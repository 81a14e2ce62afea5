"""Handles by keyboard, and what a screen reader is told of them."""

import pytest

pytestmark = pytest.mark.browser


def limit_of(handle, name):
    return float(handle.get_attribute(f"aria-value{name}"))


def test_every_handle_has_a_role_a_name_and_a_value(screen):
    names = ["z 0", "z 1", "z 2", "all of z", "g 0", "g 1", "g 2", "all of g"]
    for name in names:
        handle = screen.handle(name)
        assert handle.get_attribute("tabindex") == "0"
        low, high = limit_of(handle, "min"), limit_of(handle, "max")
        assert low < float(handle.get_attribute("aria-valuenow")) < high
    assert screen.handle("z 2").get_attribute("aria-valuenow") == "0.1"
    assert screen.handle("z 2").get_attribute("aria-valuetext") == "0.10"


def test_every_figure_is_an_image_that_says_its_numbers(screen):
    screen.handle("z 1").press("PageUp")
    screen.link_says("z=2,1.4,0.1").rest().shows(z=[2, 1.4, 0.1])
    for name in ("z", "g", "s", "dx"):
        numbers = ", ".join(f"{value:.3f}" for value in screen.drawn(name)).replace("-", "−")
        screen.wait(
            "([name, numbers]) => document.querySelector(`.st-key-softmax_${name} [role=img]`)"
            ".ariaLabel.endsWith(`: ${numbers}`)",
            [name, numbers],
        )


def test_arrows_and_page_keys_move_a_handle_up_and_down(screen):
    handle = screen.handle("g 1")
    handle.focus()
    moves = []
    for key in ("ArrowUp", "ArrowRight", "PageUp", "PageDown", "ArrowLeft", "ArrowDown"):
        before = screen.values("g")
        handle.press(key)
        moves.append(screen.changed("g", before)[1] - before[1])
        screen.shows()
    small, large = moves[0], moves[2]
    assert 0 < small < large
    assert moves == pytest.approx([small, small, large, -large, -small, -small])
    screen.link_says("g=1,-1,2").rest()


def test_home_and_end_go_to_the_ends_of_the_axis(screen):
    handle = screen.handle("z 1")
    handle.focus()
    for key, end in (("End", "max"), ("Home", "min")):
        before, limit = screen.values("z"), limit_of(handle, end)
        handle.press(key)
        assert screen.changed("z", before)[1] == limit
        screen.link_says(f"z=2,{limit:g},0.1").rest().shows()


def test_keys_pressed_quickly_one_after_another_all_count(screen):
    handle = screen.handle("g 2")
    handle.focus()
    for _ in range(5):
        screen.page.keyboard.press("ArrowDown")
    # Each is 0.1, five of its steps, for as long as the axis has to reach beyond 2.
    screen.stand("g", [1, -1, 1.5]).shows(g=[1, -1, 1.5])
    screen.link_says("g=1,-1,1.5").rest().shows(g=[1, -1, 1.5])


def type_number(screen, name, text, confirm="Enter"):
    entry = screen.page.get_by_label(f"{name}, type a number")
    entry.fill(text)
    entry.press(confirm)
    entry.wait_for(state="detached")


def test_enter_on_a_handle_types_a_number(screen):
    screen.handle("z 1").press("Enter")
    type_number(screen, "z 1", "-1.2345")
    screen.shows(z=[2, -1.2345, 0.1]).link_says("z=2,-1.2345,0.1")


def test_a_double_click_on_a_handle_types_a_number(screen):
    x, y = screen.center(screen.handle("g 0"))
    screen.page.mouse.dblclick(x, y)
    type_number(screen, "g 0", "0,5")  # as on a German keyboard
    screen.shows(g=[0.5, -1, 2]).link_says("g=0.5,-1,2")


def test_typing_is_taken_back_by_escape(screen):
    screen.handle("z 1").press("Enter")
    type_number(screen, "z 1", "7", confirm="Escape")
    screen.rest().shows(z=[2, 1, 0.1])
    screen.stand("z", [2, 1, 0.1])


@pytest.mark.parametrize("text", ["abc", "", "1e400", "0x10", "1_0"])
def test_what_is_no_number_is_refused_with_what_is_expected(screen, text):
    screen.handle("z 1").press("Enter")
    entry = screen.page.get_by_label("z 1, type a number")
    entry.fill(text)
    entry.press("Enter")
    assert "Expected a finite number" in entry.evaluate("(entry) => entry.validationMessage")
    type_number(screen, "z 1", "7")  # what is typed next is taken
    screen.link_says("z=2,7,0.1").rest()


def test_a_number_that_is_left_as_it_was_keeps_all_its_digits(opened):
    screen = opened("/softmax?z=0.1234567890123456,1,0.1&g=1,-1,2&T=1")
    screen.handle("z 0").press("Enter")
    entry = screen.page.get_by_label("z 0, type a number")
    entry.press("Enter")
    entry.wait_for(state="detached")
    screen.handle("z 1").press("ArrowUp")
    screen.link_says("z=0.1234567890123456,1.05,0.1").rest()


def test_all_can_be_typed_to_the_largest_number_and_back(screen):
    for text, link in (("1e308", "z=1e%2B308,1e%2B308,1e%2B308"), ("0", "z=0,0,0")):
        screen.handle("all of z").press("Enter")
        type_number(screen, "all of z", text)
        screen.link_says(link).rest()


def test_a_typed_number_beyond_the_axis_is_taken_and_the_axis_follows(screen):
    screen.handle("z 0").press("Enter")
    type_number(screen, "z 0", "12")
    screen.link_says("z=12,1,0.1").rest().shows(z=[12, 1, 0.1])
    assert limit_of(screen.handle("z 0"), "max") >= 12


def test_a_number_typed_for_all_moves_all_and_s_stays(screen):
    s = screen.drawn("s")
    screen.handle("all of z").press("Enter")
    type_number(screen, "all of z", "0")
    z = screen.changed("z", [2, 1, 0.1])
    assert sum(z) == pytest.approx(0, abs=1e-9)
    screen.shows()
    assert screen.drawn("s") == pytest.approx(s, abs=1e-9)


def test_a_handle_keeps_the_focus_through_a_run_of_the_script(screen):
    screen.handle("z 0").focus()
    screen.page.keyboard.press("ArrowUp")
    screen.link_says("z=2.1,1,0.1").rest()
    screen.page.keyboard.press("ArrowUp")
    screen.link_says("z=2.2,1,0.1").rest().shows()


def test_shift_makes_an_arrow_ten_times_finer_and_the_number_shows_it(screen):
    handle = screen.handle("z 1")
    handle.focus()
    moves = []
    for key in ("ArrowUp", "Shift+ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown"):
        before = screen.values("z")
        handle.press(key)
        moves.append(screen.changed("z", before)[1] - before[1])
    coarse, *fine = moves
    assert fine == pytest.approx([coarse / 10, coarse / 10, -coarse / 10])
    now = screen.values("z")[1]
    assert float(handle.get_attribute("aria-valuetext")) == pytest.approx(now)
    screen.shows().rest()
