"""More than one hand: two fingers, a key held down, a drag that begins before the last is saved.

And what comes back: the server, the connection, the figure that had no room.
"""

import re
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

START = "/softmax?z=2,1,0.1&g=1,-1,2&T=1"
CONNECTION = "document.querySelector('[data-testid=stApp]').dataset.testConnectionState"
# Counts the script runs that are over.
COUNT_RUNS = """() => {
  window.runs = 0;
  const streamlit = document.querySelector("[data-testid=stApp]");
  new MutationObserver(() => (runs += streamlit.dataset.testScriptState === "notRunning")).observe(
    streamlit, { attributeFilter: ["data-test-script-state"] },
  );
}"""
TERMS_OF = """(j) => document.querySelector('.st-key-softmax_terms .js-plotly-plot')
  .layout.title.text.includes(`z<sub>${j}</sub>`)"""
ALONE = re.compile("ERR_CONNECTION_REFUSED|disconnected|WebSocket|Client Error|internet")


def wired(screen):
    screen.wired()


def without_lane(screen):
    screen.wired(cut=True)


@pytest.fixture
def touched(opened):
    """The Softmax page on a touch screen, and what puts fingers on it."""
    screen = opened(has_touch=True)
    screen.wired()
    screen.open(START)
    glass = screen.context.new_cdp_session(screen.page)

    def touch(kind, *fingers):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(fingers)]
        glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return screen, touch


def test_a_second_finger_does_not_end_the_drag_of_the_first(opened):
    screen = opened(START)
    x, y = screen.grab("z 0", up=-15)
    before = screen.changed("z", [2, 1, 0.1])
    for kind in ("pointerdown", "pointerup", "lostpointercapture"):
        screen.handle("z 2").dispatch_event(kind, {"pointerId": 99})
    screen.page.mouse.move(x, y + 20)
    z = screen.changed("z", before)
    screen.shows()
    screen.page.mouse.up()
    screen.link_has("z", z).rest().shows(z=z)


def test_two_fingers_drag_z_and_g_and_the_result_follows_both(touched):
    screen, touch = touched
    (x, y), (u, v) = screen.center(screen.handle("z 0")), screen.center(screen.handle("g 1"))
    touch("touchStart", (x, y))
    touch("touchStart", (x, y), (u, v))
    for far in (10, 25):
        z, g = screen.values("z"), screen.values("g")
        touch("touchMove", (x, y + far), (u, v - far))
        screen.changed("z", z)
        screen.changed("g", g)
        screen.shows()
    moving = screen.lane.requests()[-1]["moving"]
    assert {"z", "g", "dx", "jacobian"} <= set(moving)
    assert len(moving) == len(set(moving))
    # A finger that moves on while an answer about both is under way does not make it worthless.
    screen.lane.held = True
    z, g = screen.values("z"), screen.values("g")
    touch("touchMove", (x, y + 40), (u, v - 25))
    screen.changed("z", z)
    screen.until(lambda: screen.lane.answers)
    dx, asked = screen.drawn("dx"), len(screen.lane.asked)
    touch("touchMove", (x, y + 40), (u, v - 45))
    screen.changed("g", g)
    socket, answer = screen.lane.answers.pop()
    socket.send(answer)
    screen.until(lambda: screen.drawn("dx") != dx)
    screen.until(lambda: len(screen.lane.asked) == asked + 1)
    assert "moving" in screen.lane.requests()[-1]
    screen.lane.release()
    screen.shows()
    touch("touchEnd")
    screen.link_has("z", screen.values("z")).link_has("g", screen.values("g")).rest().shows()


@pytest.mark.parametrize("prepare", [wired, without_lane])
def test_a_key_that_is_held_down_is_saved_when_it_comes_up(opened, prepare):
    screen = opened(START, prepare=prepare)
    handle = screen.handle("g 2")
    handle.focus()
    before = len(screen.script.asked)
    for _ in range(20):  # the keyboard's own repetition
        screen.page.keyboard.down("ArrowDown")
    screen.changed("g", [1, -1, 2])
    if prepare is wired:
        assert len(screen.script.asked) == before  # more is to come
    screen.shows()
    screen.page.keyboard.up("ArrowDown")
    screen.stand("g", [1, -1, 0]).link_says("g=1,-1,0").rest().shows(g=[1, -1, 0])
    if prepare is wired:
        screen.until(lambda: len(screen.script.asked) == before + 1)


def test_a_key_that_is_held_down_on_the_temperature_is_saved_when_it_comes_up(opened):
    screen = opened(START, prepare=wired)
    screen.page.locator(".st-key-softmax_T input").focus()
    before = len(screen.script.asked)
    for _ in range(20):
        screen.page.keyboard.down("ArrowRight")
    caption = screen.page.locator(".st-key-softmax_T .live-caption")
    screen.until(lambda: caption.inner_text() == "T = 1.82")  # 20 of 200 steps from 0.05 to 20
    screen.shows(T=1.82)
    screen.page.keyboard.up("ArrowRight")
    screen.link_says("T=1.82").rest().shows(T=1.82)
    screen.until(lambda: len(screen.script.asked) == before + 1)
    screen.page.keyboard.press("ArrowLeft")  # one press is saved at once
    screen.link_says("T=1.77").rest().shows(T=1.77)


def test_keys_pressed_during_a_drag_do_nothing_to_the_page(opened):
    """In a presentation Home is Reset, and an arrow the next step."""
    screen = opened(START + "&step=2&present=1")
    screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    for key in ("Home", "ArrowRight", "Enter"):
        screen.page.keyboard.press(key)
    screen.page.mouse.up()
    screen.link_has("g", g).rest()
    assert "step=2" in screen.page.url
    assert screen.values("g") == g
    assert screen.page.locator(".live-entry").count() == 0


@pytest.mark.parametrize("mode", ["step=2", "step=2&present=1"])
def test_after_a_drag_with_the_mouse_the_arrow_keys_are_those_of_the_lecture(opened, mode):
    screen = opened(f"{START}&{mode}")
    screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    screen.page.mouse.up()
    screen.link_has("g", g).rest()
    screen.page.keyboard.press("ArrowRight")
    screen.link_says("step=3").rest()
    assert screen.values("g") == g


def test_after_a_drag_with_the_mouse_the_arrow_keys_go_on_with_it_elsewhere(opened):
    screen = opened(START)
    screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    screen.page.mouse.up()
    screen.link_has("g", g).rest()
    screen.page.keyboard.press("ArrowUp")
    assert screen.changed("g", g)[1] == pytest.approx(g[1] + 0.1)
    screen.shows()


def test_a_temperature_can_be_typed(opened):
    screen = opened(START)
    control = screen.page.locator(".st-key-softmax_T input[type=range]")
    control.dblclick()
    entry = screen.page.get_by_label("T, type a number")
    entry.fill("2.5")
    entry.press("Enter")
    screen.link_says("T=2.5").rest().shows(z=[2, 1, 0.1], g=[1, -1, 2], T=2.5)
    control.press("Enter")
    entry.fill("50")
    entry.press("Enter")
    screen.page.get_by_test_id("stAlert").get_by_text("from 0.05 to 20").wait_for()
    screen.rest().shows(T=2.5)
    assert screen.page.locator(".st-key-softmax_T .live-caption").inner_text() == "T = 2.5"


def test_a_drag_that_begins_before_the_last_one_is_saved_runs_no_script(opened):
    screen = opened(START, prepare=wired)
    screen.grab("z 1", up=15)
    z = screen.changed("z", [2, 1, 0.1])
    asked = len(screen.script.asked)
    screen.page.mouse.up()
    screen.link_has("z", z)  # as the fast lane has told it
    x, y = screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    screen.page.mouse.move(x, y - 10)
    screen.changed("g", g)
    screen.shows()
    assert len(screen.script.asked) == asked
    screen.finish()
    screen.link_has("z", z)


@pytest.mark.parametrize("meanwhile", ["nothing", "another link"])
def test_a_drag_that_the_server_has_not_heard_of_is_there_when_one_comes_back(opened, meanwhile):
    """Who lets go and leaves the page at once may be faster than the script."""
    screen = opened(START, prepare=wired)
    links = screen.page.get_by_role("link")
    screen.handle("z 1").press("PageUp")
    screen.link_says("z=2,1.4,0.1").rest()
    screen.script.deaf = True
    screen.grab("g 1", up=15)
    g = screen.changed("g", [1, -1, 2])
    screen.page.mouse.up()
    screen.wait("() => !document.querySelector('.live-dragged')")
    screen.script.deaf = False
    links.filter(has_text="Home").first.click()
    screen.page.locator(".st-key-home_z .main-svg").first.wait_for()
    screen.rest()
    if meanwhile == "nothing":
        # The doors on Home lead to states of their own.
        screen.page.get_by_test_id("stHeader").get_by_text("Layers", exact=True).click()
        screen.page.get_by_test_id("stTopNavDropdownLink").filter(has_text="Softmax").click()
        screen.link_has("g", g).rest().shows(g=g)
    else:
        screen.page.evaluate(
            "() => navigation.traverseTo("
            " navigation.entries().find(({ url }) => url.includes('z=2,1,0.1')).key)"
        )
        screen.link_says("z=2,1,0.1&g=1,-1,2").rest().shows(z=[2, 1, 0.1], g=[1, -1, 2])


def test_reset_by_its_key_counts_also_for_the_input_that_was_clicked(opened):
    screen = opened(START + "&present=1", prepare=wired)
    screen.page.locator(".st-key-softmax_dx .live-figure").click(position={"x": 130, "y": 150})
    screen.until(lambda: screen.lane.asked)
    screen.link_says("j=")
    screen.page.keyboard.press("Home")
    screen.wait("() => !location.search.includes('j=')").rest().wait(TERMS_SHOW_INPUT_0)


# In a presentation the title is short: "Terms of dz" with the input below the line.
TERMS_SHOW_INPUT_0 = """() => document.querySelector('.st-key-softmax_terms .js-plotly-plot')
  .layout.title.text.includes('dz<sub>0</sub>')"""


def test_a_button_works_on_a_page_that_has_outlived_its_server(opened, start_server):
    """Nothing is dragged: nothing else would wake the new server."""
    screen = opened()
    with start_server() as screen.server:
        screen.open(START)
    screen.wait(f"() => {CONNECTION} !== 'CONNECTED'")
    screen.page.evaluate(COUNT_RUNS)
    with start_server(port=urlsplit(screen.server).port):
        screen.wait("() => window.runs > 0")  # the first, which tells the server of the page
        screen.rest()
        screen.page.locator(".st-key-softmax_steps button").first.click()
        screen.link_says("step=1").rest()
    screen.errors[:] = [error for error in screen.errors if not ALONE.search(error)]


def test_a_drag_before_the_restart_does_not_undo_a_preset_after_it(opened, start_server):
    screen = opened()
    with start_server() as screen.server:
        screen.open(START)
        screen.handle("z 1").press("PageUp")
        screen.link_says("z=2,1.4,0.1").rest()
        screen.choose("z", "Uniform")
        screen.link_says("z=0,0,0").rest()
    screen.wait(f"() => {CONNECTION} !== 'CONNECTED'")
    with start_server(port=urlsplit(screen.server).port):
        screen.wait(f"() => {CONNECTION} === 'CONNECTED'")
        screen.rest()
        screen.handle("g 1").press("PageUp")
        screen.link_says("g=1,-0.6,2").rest().shows(z=[0, 0, 0], g=[1, -0.6, 2])
    screen.errors[:] = [error for error in screen.errors if not ALONE.search(error)]


def test_a_page_that_was_opened_hidden_is_drawn_when_it_is_seen(opened):
    """As in a slide that comes later."""
    screen = opened()
    hide = "document.documentElement.style.display = 'none'"
    screen.page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{ {hide} }})")
    screen.page.goto(screen.server + START)
    screen.wait("() => document.querySelectorAll('.live-figure').length >= 7").rest()
    assert screen.page.locator(".live-figure .main-svg").count() == 0
    screen.page.evaluate("document.documentElement.style.display = ''")
    screen.wait("() => document.querySelectorAll('.live-figure .main-svg').length >= 7").shows()


def test_figures_whose_modules_do_not_load_say_so(opened):
    screen = opened()
    screen.page.route("**/figures.js", lambda route: route.abort())
    screen.page.goto(f"{screen.server}{START}")
    screen.wait("() => document.querySelectorAll('.live-missing').length >= 7")
    assert "Reload the page" in screen.page.locator(".live-missing").first.inner_text()
    screen.rest()
    screen.errors.clear()  # the browser says so, too


def test_a_page_is_loaded_anew_when_the_app_has_another_version(opened):
    screen = opened(START)
    screen.page.evaluate(
        "window.old = true;"
        "document.querySelector('.st-key-softmax_z .live-figure').parentElement.script = '/old.js'"
    )
    with screen.page.expect_event("load"):
        screen.choose("z", "Uniform")
    screen.wait("() => !window.old && document.querySelector('.live-figure .main-svg')")
    screen.rest().shows(z=[0, 0, 0])
