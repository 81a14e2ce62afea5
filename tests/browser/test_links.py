"""Links, and values set from Python: presets, reset, the table, the back button."""

import numpy as np
import pytest

from visualizer.figures import number
from visualizer.server.assets import address

pytestmark = pytest.mark.browser


def press(screen, name):
    screen.page.locator(f".st-key-softmax_{name} button").click()


def test_the_link_of_a_drag_opens_the_same_numbers_in_another_browser(screen, opened):
    screen.grab("z 1", up=20)
    z = screen.changed("z", [2, 1, 0.1])
    screen.page.mouse.up()
    screen.link_says(f"z={','.join(f'{value:g}' for value in z)}").rest().shows()
    link = screen.page.url.removeprefix(screen.server)
    another = opened(link, locale="de-DE")  # another context: nothing is shared with the first
    another.stand("z", z)
    another.shows()
    for name in ("dx", "s", "jacobian", "terms"):
        assert another.drawn(name) == pytest.approx(screen.drawn(name), abs=1e-12)
    assert another.page.url.removeprefix(another.server) == link


def test_a_link_is_readable_in_the_address_bar(opened):
    screen = opened("/softmax")
    screen.link_says("?z=2,1,0.1&g=1,-1,2&T=1")


def test_a_reload_keeps_what_was_dragged(opened):
    screen = opened("/softmax?z=2,1,0.1&g=1,-1,2&T=1")  # Reset leads to what a reload opened
    screen.handle("g 2").press("PageUp")
    screen.link_says("g=1,-1,2.4").rest()
    screen.page.reload()
    screen.page.locator(".st-key-softmax_g [role=slider]").first.wait_for()
    screen.rest().shows(g=[1, -1, 2.4])


def test_a_preset_moves_the_handles(screen):
    screen.choose("z", "One winner")
    screen.link_says("z=4,0,0").rest()
    assert screen.changed("z", [2, 1, 0.1]) == [4, 0, 0]
    screen.shows(z=[4, 0, 0])


def test_reset_after_a_drag_moves_the_handles_back(opened):
    screen = opened("/softmax?z=0,0,3&g=0,0,1&T=2")
    screen.grab("z 0", up=15)
    screen.changed("z", [0, 0, 3])
    screen.page.mouse.up()
    screen.rest()
    press(screen, "reset")
    screen.link_says("z=0,0,3&g=0,0,1&T=2").rest().shows([0, 0, 3], [0, 0, 1], T=2)
    screen.stand("z", [0, 0, 3])
    assert screen.page.locator(".st-key-softmax_T .live-caption").inner_text() == "T = 2"


@pytest.mark.parametrize("turn", range(3))
def test_reset_at_once_after_a_drag_wins_also_in_the_address_bar(screen, turn):
    screen.grab("z 0", up=15)
    screen.changed("z", [2, 1, 0.1])
    screen.page.mouse.up()
    press(screen, "reset")  # while the run that the drag has started may not be over
    screen.rest().link_says("z=2,1,0.1&g=1,-1,2&T=1").shows([2, 1, 0.1], [1, -1, 2])
    screen.stand("z", [2, 1, 0.1])


def test_two_drags_at_once_one_after_the_other_both_count(screen):
    screen.handle("z 1").press("PageUp")
    screen.handle("g 2").press("PageUp")
    screen.link_says("z=2,1.4,0.1&g=1,-1,2.4").rest().shows([2, 1.4, 0.1], [1, -1, 2.4])


def test_a_drag_after_a_preset_starts_from_the_preset(screen):
    screen.choose("z", "One winner")
    screen.link_says("z=4,0,0").rest()
    screen.grab("z 2", up=15)
    z = screen.changed("z", [4, 0, 0])
    assert z[:2] == [4, 0]
    screen.shows()
    screen.page.mouse.up()
    screen.rest().shows(z=z)


def test_the_number_of_classes_changes_the_number_of_handles(screen):
    screen.choose("size", "5")
    screen.wait("() => document.querySelectorAll('.st-key-softmax_z [role=slider]').length === 6")
    screen.rest().shows([2, 1, 0.1, 0, 0], [1, -1, 2, 0, 0])
    screen.handle("z 4").press("ArrowUp")
    screen.changed("z", [2, 1, 0.1, 0, 0])
    screen.shows()


def test_the_back_button_brings_the_state_before_and_its_handles(screen):
    screen.handle("z 1").press("PageUp")
    screen.link_says("z=2,1.4,0.1").rest().shows()
    screen.page.go_back()
    screen.link_says("z=2,1,0.1").rest().shows(z=[2, 1, 0.1])
    screen.stand("z", [2, 1, 0.1])


@pytest.mark.parametrize(("page", "slower"), [("Side by side", 1), ("Sigmoid", 4), ("Home", 4)])
def test_one_step_back_from_another_page_is_what_was_dragged_before(opened, page, slower):
    """In a slower browser the query of the new page comes before its path."""
    screen = opened("/softmax")
    screen.handle("z 1").press("PageUp")
    screen.link_says("z=2,1.4,0.1").rest()
    length = screen.page.evaluate("history.length")
    browser = screen.context.new_cdp_session(screen.page)
    browser.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    header = screen.page.get_by_test_id("stHeader")
    if page == "Home":
        header.get_by_role("link", name=page, exact=True).click()
    else:
        header.get_by_text("Layers", exact=True).click()
        screen.page.get_by_test_id("stTopNavDropdownLink").filter(has_text=page).click()
    screen.wait("() => location.pathname !== '/softmax' && /[?&][gj]=/.test(location.search)")
    screen.rest()
    assert screen.page.evaluate("history.length") == length + 1
    screen.page.go_back()
    screen.wait("() => location.pathname === '/softmax'").link_says("z=2,1.4,0.1&g=1,-1,2&T=1")
    screen.rest().shows(z=[2, 1.4, 0.1], g=[1, -1, 2])
    screen.stand("z", [2, 1.4, 0.1])


def test_a_query_that_comes_before_its_page_is_no_step_of_its_own(opened):
    """As in a slow browser: the query of the new page is pushed with the path of the old one."""
    screen = opened("/softmax")
    kept, found = screen.page.evaluate(
        """() => {
          const before = navigation.entries().map(({ url }) => url);
          dispatchEvent(new Event("keydown"));
          history.pushState({}, "", "/softmax?x=1%2C2&g=1%2C1");
          history.pushState({}, "", "/sigmoid?x=1%2C2&g=1%2C1");
          return [before, navigation.entries().map(({ url }) => url)];
        }"""
    )
    assert found == [*kept, f"{screen.server}/sigmoid?x=1,2&g=1,1"]


def test_the_first_step_back_leaves_the_app(opened):
    """The page writes its state into the address, in place of the one that was opened."""
    screen = opened("/sigmoid")
    screen.open("/softmax").link_says("z=2,1,0.1&g=1,-1,2&T=1")
    screen.page.go_back()
    screen.wait("() => location.pathname === '/sigmoid'")


def test_a_number_typed_into_the_table_of_the_batch_moves_its_handle(screen):
    screen.page.get_by_role("tab", name="Batch").click()
    table = screen.page.locator("[class*=st-key-softmax_z_table]").get_by_test_id("stDataFrame")
    table.locator("[role=gridcell]").first.wait_for(state="attached")
    screen.rest()
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    # The first row stands under the header; both are 35 pixels high.
    screen.page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + 52)
    table.locator("[role=gridcell][aria-selected=true]").wait_for(state="attached")
    screen.page.keyboard.type("4")
    screen.page.locator(".gdg-input, [id=portal] input").first.wait_for()
    screen.page.keyboard.press("Enter")
    screen.link_says("z=2,1,4").rest().shows(z=[2, 1, 4])
    screen.stand("z", [2, 1, 4])


def test_each_sample_of_a_batch_has_its_own_numbers(opened):
    screen = opened("/softmax?z=2,1,0.1;0,0,3&g=1,-1,2;0,1,0&n=0")
    screen.shows([2, 1, 0.1], [1, -1, 2])
    screen.choose("sample", "1")
    screen.link_says("n=1").rest().shows([0, 0, 3], [0, 1, 0])
    screen.handle("z 0").press("PageUp")
    screen.link_says("z=2,1,0.1;0.4,0,3").rest().shows([0.4, 0, 3], [0, 1, 0])


PRINTED = """async ([module, values, step]) => {
  const { printed } = await import(module);
  return values.map((value) => printed(value, step));
}"""


@pytest.mark.parametrize(("step", "digits"), [(0.1, 2), (0.001, 3), (1e-9, 6)])
def test_the_browser_prints_numbers_as_python_does(used, step, digits):
    middles = [0.125, 0.375, 0.0625, 1.0625, 2.5, 0.15625, 125000.0, 135000.0, 1e22, 1.5e300]
    edges = [0.0, 1e-4, 0.00049, 0.0005, 0.00096, 0.001, 0.0095, 0.01, 99999.9999, 1e5, 5e-324]
    drawn = np.random.default_rng(2).uniform(-12, 8, 2000)
    values = [*middles, *edges, *(10**drawn).tolist(), *(np.arange(2000) / 1024).tolist()]
    values += [-value for value in values]
    texts = used.page.evaluate(PRINTED, [address("values.js"), values, step])
    assert texts == [number(value, digits) for value in values]
