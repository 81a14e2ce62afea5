"""Fingers, narrow windows and themes."""

import pytest

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
COLOR = "document.querySelector('.st-key-softmax_dx .js-plotly-plot')._fullLayout.font.color"


def touch(screen, kind, x=0, y=0):
    """Send what a finger on the glass sends."""
    points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
    screen.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.parametrize(("name", "field"), [("z 1", "z"), ("g 2", "g")])
def test_a_finger_drags_a_handle_in_a_narrow_window(opened, name, field):
    screen = opened("/softmax", **PHONE)
    screen.cdp = screen.context.new_cdp_session(screen.page)
    screen.handle(name).scroll_into_view_if_needed()
    before, top = screen.values(field), screen.page.evaluate("scrollY")
    x, y = screen.center(screen.handle(name))
    touch(screen, "touchStart", x, y)
    for step in range(1, 6):
        touch(screen, "touchMove", x, y + 6 * step)
    # All five moves have come through when the handle is under the finger, within a step of it.
    screen.until(lambda: abs(screen.center(screen.handle(name))[1] - (y + 30)) < 3)
    held = screen.values(field)
    assert held[int(name[-1])] < before[int(name[-1])]
    screen.shows()
    assert screen.page.evaluate("scrollY") == top  # the page stands still under the finger
    touch(screen, "touchEnd")
    screen.link_says(f"{field}={','.join(f'{value:g}' for value in screen.values(field))}")
    screen.rest().shows()


def test_a_mouse_drags_a_handle_in_a_narrow_window_without_horizontal_scroll(opened):
    screen = opened("/softmax", viewport=PHONE["viewport"])
    screen.handle("g 1").scroll_into_view_if_needed()
    screen.grab("g 1", up=20)
    screen.changed("g", [1, -1, 2])
    screen.shows()
    screen.page.mouse.up()
    screen.rest()
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_figures_follow_when_the_window_is_made_narrow(opened):
    screen = opened("/softmax")
    screen.page.set_viewport_size(PHONE["viewport"])
    screen.wait(
        "() => [...document.querySelectorAll('.js-plotly-plot')]"
        ".every((plot) => plot._fullLayout.width === plot.closest('.live-figure').clientWidth)"
    )
    screen.handle("g 1").scroll_into_view_if_needed()
    screen.grab("g 1", up=20)
    screen.changed("g", [1, -1, 2])
    screen.shows()
    screen.page.mouse.up()


@pytest.mark.parametrize("width", [1024, 1280])
def test_no_title_is_cut_off_on_a_projector(opened, width):
    screen = opened("/softmax", viewport={"width": width, "height": 768})
    screen.wait(
        """() => [...document.querySelectorAll(".live-figure")].every((figure) =>
             figure.querySelector(".gtitle").getBoundingClientRect().right
             <= figure.getBoundingClientRect().right + 1)"""
    )


def test_no_handle_is_seen_before_it_has_its_place(opened):
    screen = opened()
    screen.page.add_init_script(
        """window.astray = [];
        requestAnimationFrame(function look() {
          requestAnimationFrame(look);
          for (const handle of document.querySelectorAll(".live-handle")) {
            if (handle.checkVisibility() && !handle.style.transform) astray.push(handle.ariaLabel);
          }
        });"""
    )
    screen.open("/softmax")
    assert screen.page.evaluate("astray") == []


def test_the_field_for_a_number_lies_over_its_handle(opened):
    screen = opened("/softmax")
    screen.page.mouse.dblclick(*screen.center(screen.handle("z 1")))
    covering = screen.page.evaluate(
        """() => {
          const field = document.querySelector(".live-entry");
          const { left, top, width, height } = field.getBoundingClientRect();
          const places = [0.2, 0.5, 0.8].flatMap((x) => [0.2, 0.5, 0.8].map((y) => [x, y]));
          return places.filter(([x, y]) =>
            document.elementFromPoint(left + x * width, top + y * height) !== field);
        }"""
    )
    assert covering == []


def luminance(screen, color):
    """Brightness of a colour from 0 to 1, as the browser reads it."""
    return screen.page.evaluate(
        """(color) => {
          const context = document.createElement('canvas').getContext('2d');
          context.fillStyle = color;
          context.fillRect(0, 0, 1, 1);
          const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
          return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
        }""",
        color,
    )


def test_text_is_dark_on_light_and_light_on_dark(opened):
    light = opened("/softmax", color_scheme="light")
    dark = opened("/softmax", color_scheme="dark")
    assert luminance(light, light.page.evaluate(COLOR)) < 0.35
    assert luminance(dark, dark.page.evaluate(COLOR)) > 0.65
    dark.grab("z 1", up=20)
    dark.changed("z", [2, 1, 0.1])
    dark.shows()
    dark.page.mouse.up()


def test_zero_in_the_heat_map_has_the_brightness_of_the_page(opened):
    middle = (
        "document.querySelector('.st-key-softmax_jacobian .js-plotly-plot')"
        "._fullLayout.coloraxis.colorscale"
    )
    for scheme in ("light", "dark"):
        screen = opened("/softmax", color_scheme=scheme)
        scale = [color for _, color in screen.page.evaluate(middle)]
        brightness = luminance(screen, scale[len(scale) // 2])
        assert (brightness > 0.7) if scheme == "light" else (brightness < 0.3)


def test_the_theme_is_switched_while_the_page_is_open(opened):
    screen = opened("/softmax", color_scheme="light")
    before = screen.page.evaluate(COLOR)
    screen.page.emulate_media(color_scheme="dark")
    screen.wait(f"(before) => {COLOR} !== before", before)
    screen.rest()
    assert luminance(screen, screen.page.evaluate(COLOR)) > 0.65
    screen.shows([2, 1, 0.1], [1, -1, 2])


def test_a_handle_prints_nothing_but_0_as_0(opened):
    screen = opened("/softmax?z=1e-05,-0.003,-0,123456,2&g=1,-1,2,0,0")
    texts = screen.page.locator(".st-key-softmax_z .live-number").all_inner_texts()
    assert texts == ["1.0e−05", "−0.003", "0.00", "1.2e+05", "2.00", "all"]
