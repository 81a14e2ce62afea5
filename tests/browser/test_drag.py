"""Dragging with the mouse: the numbers on the screen are those of nnfs, at every moment."""

import numpy as np
import pytest

pytestmark = pytest.mark.browser


def test_the_oracle_rejects_other_numbers(screen):
    screen.shows()
    screen.page.set_default_timeout(500)
    with pytest.raises(AssertionError):
        screen.shows(z=[2, 1, 0.2])


@pytest.mark.parametrize(("field", "name"), [("z", "z 1"), ("g", "g 2")])
def test_a_drag_shows_the_numbers_of_nnfs_while_the_button_is_down_and_after(screen, field, name):
    before = screen.values(field)
    screen.grab(name, up=20)
    held = screen.changed(field, before)
    assert held[int(name[-1])] > before[int(name[-1])]
    screen.shows()
    assert "live-dragged" in screen.handle(name).get_attribute("class")
    screen.page.mouse.up()
    screen.link_says(f"{field}={','.join(f'{value:g}' for value in held)}")
    screen.rest().shows()
    assert screen.values(field) == held


def test_each_step_of_a_drag_is_followed(screen):
    x, y = screen.grab("g 1")
    for step in range(1, 6):
        before = screen.values("g")
        screen.page.mouse.move(x, y - 8 * step)
        screen.changed("g", before)
        screen.shows()
    screen.page.mouse.up()
    screen.rest().shows()


def test_the_texts_on_the_screen_are_the_numbers_of_nnfs(screen):
    screen.grab("g 1", up=30)
    screen.changed("g", [1, -1, 2])
    screen.shows()
    dx = screen.drawn("dx")
    texts = [f"{value:.3f}".replace("-", "−") for value in dx]
    screen.wait(
        "(texts) => String([...document.querySelectorAll('.st-key-softmax_dx .bartext')]"
        ".map((text) => text.textContent)) === String(texts)",
        texts,
    )


def test_the_handle_is_at_the_pointer(screen):
    _, y = screen.grab("z 1", up=25)
    screen.changed("z", [2, 1, 0.1])
    _, cap = screen.center(screen.handle("z 1"))
    # One step of the axis is less than two pixels.
    assert abs(cap - y) < 2


def test_the_hand_takes_all_logits_along_and_s_stays(screen):
    s = screen.drawn("s")
    screen.grab("all of z", up=20)
    moved = screen.changed("z", [2, 1, 0.1])
    shifts = np.subtract(moved, [2, 1, 0.1])
    assert shifts[0] > 0
    np.testing.assert_allclose(shifts, shifts[0], atol=1e-9)
    screen.shows()
    np.testing.assert_allclose(screen.drawn("s"), s, atol=1e-12)
    screen.page.mouse.up()
    screen.rest().shows()


@pytest.mark.parametrize("end", ["up", "Escape"])
def test_a_drag_back_to_where_it_began_leaves_the_page_open_to_python(screen, end):
    x, y = screen.grab("z 1", up=20)
    screen.changed("z", [2, 1, 0.1])
    screen.shows()
    screen.page.mouse.move(x, y + 20, steps=4)
    screen.stand("z", [2, 1, 0.1])
    if end == "Escape":
        screen.page.keyboard.press("Escape")
    screen.page.mouse.up()
    screen.choose("z", "Uniform")
    screen.link_says("z=0,0,0").rest().stand("z", [0, 0, 0])
    screen.shows(z=[0, 0, 0])


def test_a_range_dragged_back_to_where_it_began_does_so_too(screen):
    box = screen.page.locator(".st-key-softmax_T input").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    screen.page.mouse.move(x, y)
    screen.page.mouse.down()
    at = screen.page.locator(".st-key-softmax_T .live-caption").inner_text()
    screen.page.mouse.move(x + 40, y, steps=4)
    screen.wait(
        "(at) => document.querySelector('.st-key-softmax_T .live-caption').innerText !== at", at
    )
    screen.page.mouse.move(x, y, steps=4)
    screen.page.mouse.up()
    screen.rest()
    screen.choose("z", "Uniform")
    screen.link_says("z=0,0,0").rest().stand("z", [0, 0, 0])


def test_escape_takes_a_drag_of_the_temperature_back(screen):
    box = screen.page.locator(".st-key-softmax_T input").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    screen.page.mouse.move(x, y)
    screen.page.mouse.down()
    caption = "() => document.querySelector('.st-key-softmax_T .live-caption').innerText"
    screen.page.mouse.move(x + 40, y, steps=4)
    screen.wait(f"() => ({caption})() !== 'T = 1'")
    screen.page.keyboard.press("Escape")
    screen.wait(f"() => ({caption})() === 'T = 1'")
    screen.page.mouse.move(x + 20, y, steps=4)
    screen.page.mouse.up()
    screen.rest().shows(T=1.0)
    assert "T=1" in screen.page.url.split("&")


@pytest.mark.parametrize("meanwhile", ["wheel", "narrower"])
def test_the_handle_stays_at_the_pointer_when_the_page_moves_under_it(opened, meanwhile):
    screen = opened("/softmax?z=2,1,0.1&g=1,-1,2&T=1")
    x, _ = screen.grab("z 1", up=10)
    before = screen.changed("z", [2, 1, 0.1])
    if meanwhile == "wheel":
        screen.page.mouse.wheel(0, 60)
        screen.wait("() => document.querySelector('[data-testid=stMain]').scrollTop >= 59")
    else:
        width = screen.page.locator(".st-key-softmax_z").bounding_box()["width"]
        screen.page.set_viewport_size({"width": 1000, "height": 720})
        screen.wait(
            "(width) => document.querySelector('.st-key-softmax_z .main-svg').clientWidth < width",
            width - 20,
        )
    target = screen.page.locator(".st-key-softmax_z .live-figure").bounding_box()["y"] + 80
    screen.page.mouse.move(x, target, steps=3)
    screen.changed("z", before)
    _, cap = screen.center(screen.handle("z 1"))
    assert abs(cap - target) < 3  # one step of the axis is less than two pixels
    screen.shows()
    screen.page.mouse.up()
    screen.rest().shows()


def test_escape_takes_a_drag_back(screen):
    link = screen.page.url
    screen.grab("z 0", up=20)
    screen.changed("z", [2, 1, 0.1])
    screen.page.keyboard.press("Escape")
    screen.wait("() => !document.querySelector('.live-dragged')")
    screen.shows(z=[2, 1, 0.1])
    screen.page.mouse.move(600, 400)
    screen.page.mouse.up()
    screen.rest().shows(z=[2, 1, 0.1])
    screen.stand("z", [2, 1, 0.1])
    assert screen.page.url == link


def test_a_click_on_a_handle_without_a_move_changes_nothing(screen):
    screen.grab("z 0")
    screen.page.mouse.up()
    screen.stand("z", [2, 1, 0.1])


def test_the_last_value_counts_when_the_pointer_leaves_the_window(screen):
    x, _ = screen.grab("z 1", up=10)
    screen.page.mouse.move(x, -300, steps=4)
    screen.wait(
        "() => { const { ariaValueNow, ariaValueMax } ="
        " document.querySelector('[aria-label=\"z 1\"]'); return ariaValueNow === ariaValueMax; }"
    )
    end = screen.values("z")[1]
    screen.page.mouse.up()
    screen.link_says(f"z=2,{end:g},0.1").rest().shows(z=[2, end, 0.1])


def test_nothing_is_mounted_anew_while_dragging(screen):
    screen.page.evaluate(
        "document.querySelectorAll('.js-plotly-plot, .main-svg, .live-handle')"
        ".forEach((node) => { node.seen = true; })"
    )
    count = screen.page.evaluate("document.querySelectorAll('.js-plotly-plot').length")
    for name, field in (("z 1", "z"), ("g 1", "g")):
        before = screen.values(field)
        screen.grab(name, up=15)
        screen.changed(field, before)
        screen.shows()
        screen.page.mouse.up()
        screen.rest().shows()
    fresh = (
        "[...document.querySelectorAll('.js-plotly-plot, .main-svg, .live-handle')]"
        ".filter((node) => !node.seen).length"
    )
    assert screen.page.evaluate(fresh) == 0
    assert screen.page.evaluate("document.querySelectorAll('.js-plotly-plot').length") == count


def test_the_axes_stay_while_dragging(screen):
    ranges = (
        "[...document.querySelectorAll('.js-plotly-plot')]"
        ".map((plot) => String(plot._fullLayout.yaxis.range))"
    )
    before = screen.page.evaluate(ranges)
    screen.grab("z 0", up=-30)
    screen.changed("z", [2, 1, 0.1])
    screen.shows()
    assert screen.page.evaluate(ranges) == before
    screen.page.mouse.up()
    screen.rest().shows()


TERMS_OF = """(j) => document.querySelector('.st-key-softmax_terms .js-plotly-plot')
  .layout.title.text.includes(`z<sub>${j}</sub>`)"""


def test_a_click_on_a_column_of_J_shows_its_terms(screen):
    screen.wait(TERMS_OF, 0)
    box = screen.page.locator(".st-key-softmax_jacobian .js-plotly-plot .bg").first.bounding_box()
    y = box["y"] + box["height"] / 2
    screen.page.mouse.click(box["x"] + box["width"] / 2, y)
    screen.wait(TERMS_OF, 1)
    screen.page.mouse.click(box["x"] + box["width"] * 0.9, y)
    screen.wait(TERMS_OF, 2)
    expected = screen.drawn("dx")[2]
    screen.wait(
        "(dx) => Math.abs(document.querySelector('.st-key-softmax_terms .js-plotly-plot')"
        ".data[0].y.at(-1) - dx) < 1e-9",
        expected,
    )
    screen.page.mouse.move(640, 5)
    screen.link_says("j=2")


def test_the_temperature_is_live_while_it_is_dragged(screen):
    box = screen.page.locator(".st-key-softmax_T input[type=range]").bounding_box()
    y, middle = box["y"] + box["height"] / 2, box["x"] + box["width"] / 2
    screen.page.mouse.move(middle, y)
    screen.page.mouse.down()
    screen.page.mouse.move(middle + 20, y, steps=4)
    caption = screen.page.locator(".st-key-softmax_T .live-caption")
    screen.until(lambda: caption.inner_text() != "T = 1")
    T = float(caption.inner_text().removeprefix("T = "))
    assert T > 1
    screen.shows(T=T)
    screen.page.mouse.up()
    screen.link_says(f"T={T:g}").rest().shows(T=T)


def test_zoom_is_kept_when_the_numbers_change(opened):
    z = ",".join(["1", "0.5", "0", "2"] * 10)
    screen = opened(f"/softmax?z={z}")
    plot = screen.page.locator(".st-key-softmax_s .js-plotly-plot .bg").first.bounding_box()
    y = plot["y"] + plot["height"] / 2
    screen.page.mouse.move(plot["x"] + plot["width"] * 0.2, y)
    screen.page.mouse.down()
    screen.page.mouse.move(plot["x"] + plot["width"] * 0.6, y, steps=5)
    screen.page.mouse.up()
    zoomed = "document.querySelector('.st-key-softmax_s .js-plotly-plot')._fullLayout.xaxis.range"
    screen.wait(f"() => {zoomed}[0] > 1")
    before, s = screen.page.evaluate(zoomed), screen.drawn("s")
    screen.page.locator(".st-key-softmax_T input[type=range]").press("PageUp")
    screen.until(lambda: screen.drawn("s") != s)
    screen.rest()
    assert screen.page.evaluate(zoomed) == before
