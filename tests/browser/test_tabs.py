"""The tab below the figures in a real Chromium: by hand, by a link, by the back button."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

pytestmark = pytest.mark.browser

OPEN = """(label) => document.querySelector(
  "[class*=_tabs] [role=tab][aria-selected=true]")?.textContent === label"""

AT_ONCE = """async ([one, other]) => {
  one.click();
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  other.click();
}"""


def opens(screen, label):
    """Wait until a tab is the one that is open."""
    return screen.wait(OPEN, label).rest()


def click(screen, label):
    screen.page.get_by_role("tab", name=label, exact=True).click()
    return opens(screen, label)


@pytest.mark.parametrize(
    ("page", "label", "name"),
    [
        ("softmax", "What it cannot see", "unseen"),
        ("sigmoid", "Numbers", "numbers"),
        ("side_by_side", "Code", "code"),
    ],
)
def test_a_tab_opened_by_hand_is_in_the_address_which_opens_it_in_another_browser(
    opened, page, label, name
):
    screen = click(opened(f"/{page}"), label)
    screen.link_says(f"tab={name}")
    link = screen.page.evaluate("() => location.pathname + location.search")
    opens(opened(link, locale="de-DE"), label)


def test_the_back_button_opens_the_tab_before_and_forward_the_one_after(opened):
    screen = opened("/softmax?z=2,1,0.1&g=1,-1,2&T=1")
    click(screen, "Numbers").link_says("tab=numbers")
    click(screen, "Code").link_says("tab=code").rest()
    screen.page.go_back()
    opens(screen.link_says("tab=numbers"), "Numbers")
    screen.page.locator("[data-testid=stDataFrame]").first.wait_for()
    screen.page.go_back()
    opens(screen.wait("() => !location.search.includes('tab')"), "Why dz sums to 0")
    screen.page.go_forward()
    opens(screen.link_says("tab=numbers"), "Numbers")


def test_reset_opens_the_first_tab_again_and_any_tab_opens_after_it(opened):
    screen = click(opened("/softmax"), "Code")
    screen.page.locator(".st-key-softmax_reset button").click()
    opens(screen, "Why dz sums to 0")
    screen.wait("() => location.search === '?z=2,1,0.1&g=1,-1,2&T=1'")
    click(screen, "Code").link_says("tab=code")


def test_reset_right_after_another_tab_opens_the_first_one(opened):
    """The run of the tab is cut short: the browser never heard that another one was open."""
    screen = opened("/softmax")
    tab = screen.page.get_by_role("tab", name="Code", exact=True).element_handle()
    reset = screen.page.locator(".st-key-softmax_reset button").element_handle()
    screen.page.evaluate(AT_ONCE, [tab, reset])
    opens(screen, "Why dz sums to 0").wait("() => !location.search.includes('tab')")
    click(screen, "Code").link_says("tab=code")


def test_reset_counts_in_the_address_also_where_the_browser_has_missed_the_tab_before(opened):
    """It shows only the last of what comes at once, but each address that it is told."""
    screen = opened("/softmax?z=2,1,0.1&g=1,-1,2&T=1", prepare=lambda screen: screen.wired())
    held = screen.script.answers

    def ends():
        kinds = [ForwardMsg.FromString(message).WhichOneof("type") for _, message in held]
        return [place for place, kind in enumerate(kinds) if kind == "script_finished"]

    screen.script.held = True
    screen.page.get_by_role("tab", name="Code", exact=True).click()
    screen.until(ends)
    told = [answer for answer in held if b"tab=code" in answer[1]]
    assert len(told) == 1
    screen.page.locator(".st-key-softmax_reset button").click()
    screen.until(lambda: len(ends()) == 2)
    held[: ends()[0]] = told
    screen.script.release()
    opens(screen, "Why dz sums to 0").wait("() => !location.search.includes('tab')")


def test_a_tab_is_there_again_after_a_presentation(opened):
    screen = click(opened("/sigmoid"), "Wrong passes")
    screen.page.get_by_role("button", name="Present", exact=True).click()
    screen.link_says("present=1").rest()
    assert screen.page.get_by_role("tab").count() == 0
    screen.page.keyboard.press("Escape")
    opens(screen, "Wrong passes")


def test_a_drag_leaves_the_tab_as_it_is(opened):
    screen = click(opened("/softmax"), "Numbers")
    screen.grab("z 1", up=20)
    screen.changed("z", [2, 1, 0.1])
    screen.page.mouse.up()
    screen.link_says("tab=numbers").rest().shows()
    opens(screen, "Numbers")
