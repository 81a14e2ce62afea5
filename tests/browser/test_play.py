"""Handles that move by themselves: on Home once, and at the stops of a tour."""

import pytest

from visualizer.lessons import BY_NAME
from visualizer.lessons.tour import stop_query

pytestmark = pytest.mark.browser

DOG = """() => Number(document.querySelector("[role=slider][aria-label='z dog']").ariaValueNow)"""
# What the figure of s has drawn, as Plotly keeps it or as a patch has moved it.
SHARES = """() => [...document.querySelectorAll(".st-key-home_s .barlayer .point path")]
  .map((path) => path.getAttribute("d")).join()"""
INVITED = "() => document.querySelector('.live-invite')?.textContent"
HOME = "z=2,1,0.5&j=1"


def play_at(screen, path, motion="no-preference"):
    screen.page.emulate_media(reduced_motion=motion)
    return screen.open(path)


def test_home_moves_by_itself_comes_back_and_invites_the_hand(opened):
    screen = opened()
    screen.wired(cut=True)  # nothing moves before there is a fast lane
    screen.open("/")
    entries = screen.page.evaluate("history.length")
    still = screen.page.evaluate(SHARES)
    screen.lane.cut = False
    screen.wait(f"() => ({DOG})() > 1.5")
    screen.wait(f"(still) => ({SHARES})() !== still", still)
    screen.wait(INVITED)
    assert screen.page.evaluate(DOG) == 1
    screen.wait(f"(still) => ({SHARES})() === still", still)
    assert screen.rest().page.url.endswith(f"?{HOME}")
    assert screen.page.evaluate("history.length") == entries
    # The next thing that the user does counts as ever, and nothing of the play with it.
    screen.page.get_by_role("slider", name="z bird").press("ArrowUp")
    screen.wait(f"() => !({INVITED})()")
    screen.wait("() => /z=2,1,0.[6-9]/.test(location.search)").rest()
    assert screen.page.evaluate(DOG) == 1


def test_what_moves_by_itself_on_home_ends_at_a_touch_and_leaves_the_link(opened):
    screen = opened()
    screen.wired(cut=True)
    screen.open("/")
    screen.lane.cut = False
    screen.wait(f"() => ({DOG})() > 1.5")
    screen.page.mouse.move(640, 100)
    screen.page.mouse.down()
    screen.page.mouse.up()
    screen.wait(f"() => ({DOG})() === 1").rest()
    assert screen.page.evaluate(DOG) == 1
    assert screen.page.url.endswith(f"?{HOME}")
    assert screen.page.locator(".live-playing").count() == 0


def test_with_less_motion_home_only_invites(opened):
    screen = play_at(opened(), "/", "reduce")
    screen.page.evaluate(
        f"""() => {{ window.seen = new Set();
          const look = () => {{ seen.add(({DOG})()); requestAnimationFrame(look); }}; look(); }}"""
    )
    screen.wait(INVITED)
    assert screen.page.evaluate("[...seen]") == [1]
    assert screen.page.url.endswith(f"?{HOME}")


def test_a_card_on_home_is_a_link_up_to_its_corners(opened):
    screen = play_at(opened(), "/", "reduce")
    for name in ("softmax", "side_by_side", "practice", "lecture"):
        screen.page.locator(f".st-key-door_{name}").scroll_into_view_if_needed()
        box = screen.page.locator(f".st-key-door_{name}").bounding_box()
        for x, y in ((4, 4), (box["width"] - 5, box["height"] - 5)):
            link = "([x, y]) => document.elementFromPoint(x, y).closest('a')?.pathname"
            page = "/softmax" if name == "lecture" else f"/{name}"
            assert screen.page.evaluate(link, [box["x"] + x, box["y"] + y]) == page
    screen.page.keyboard.press("Tab")
    card = screen.page.locator(".st-key-door_practice a")
    ring = "(link) => getComputedStyle(link, '::after').outlineStyle"
    assert card.evaluate(ring) == "none"
    card.focus()
    assert card.evaluate(ring) == "solid"


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_stop_of_the_tour_drags_and_is_resumed_where_it_ended(opened, motion):
    query = stop_query(BY_NAME["softmax"].tour, 1)
    link = "&".join(f"{field}={text}" for field, text in query.items())
    screen = play_at(opened(), f"/softmax?{link}", motion)
    screen.link_says("g=0,1,0").rest().shows([2, 1, 0.1], [0, 1, 0])
    screen.page.reload()
    screen.open(screen.page.url.removeprefix(screen.server)).shows([2, 1, 0.1], [0, 1, 0])
    screen.page.get_by_role("button", name="Next").click()
    screen.link_says("tour=2").link_says("g=1,1,1").rest().shows([2, 1, 0.1], [1, 1, 1])
    screen.page.keyboard.press("Escape")
    screen.wait("() => !location.search.includes('tour')").rest()
