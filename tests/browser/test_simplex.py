"""The point of the triangle under a hand, and the steps that descent takes from it."""

import json

import numpy as np
import pytest

from nnfs import Softmax
from tests.browser.test_patch import HOLD, SNAPSHOT, both, differences
from visualizer.figures.triangle import place_of
from visualizer.lessons.simplex import GRID, LEAST, MOST

pytestmark = pytest.mark.browser

START = "/simplex?z=1,0,-1&g=1,0,0&lr=0.5"
POINT = "point s"
# The triangle, as Plotly keeps it: field, path, push, way, start, now and corners.
TRACE = """([key, at]) => {
  const trace = document.querySelector(`.st-key-simplex_${key} .js-plotly-plot`)?.data?.at(at);
  return trace && [trace.x, trace.y];
}"""
BARS = (
    """(key) => document.querySelector(`.st-key-simplex_${key} .js-plotly-plot`)?.data?.at(-1).y"""
)
NEAR = f"""([key, expected]) => {{
  const drawn = ({BARS})(key);
  return drawn?.every((value, i) => Math.abs(value - expected[i]) < 1e-9);
}}"""
HANDLES = """(field) => [...document.querySelectorAll(`.live-handles[data-field=${field}] *`)]
  .filter((node) => node.matches("[role=slider]:not(.live-together)"))
  .map((handle) => Number(handle.getAttribute("aria-valuenow")))"""
TAKEN = "() => Number(document.querySelector('.st-key-simplex_play .live-range').value)"
# Where the drawn paths of the triangle are, as the browser has them.
DRAWN = """() => [...document.querySelectorAll(".st-key-simplex_triangle .scatterlayer path")]
  .map((path) => path.getAttribute("d") + path.getAttribute("transform")).join()"""
# Each number of steps that the loss was drawn at, in its order.
WATCH = """() => {
  window.seen = [];
  const plot = document.querySelector(".st-key-simplex_loss .js-plotly-plot");
  const look = () => {
    const taken = plot.data[1].x[0];
    if (seen.at(-1) !== taken) seen.push(taken);
    requestAnimationFrame(look);
  };
  look();
}"""
NOTES = """() => [...document.querySelectorAll(".st-key-simplex_triangle .annotation-text")]
  .map((note) => note.textContent).join()"""


def z_of(screen):
    return screen.page.evaluate(HANDLES, "z")


def descent(z, g, k, lr=0.5):
    """z and s after each step, by nnfs."""
    layer, z, path = Softmax(), np.array([z], float), []
    for _ in range(k + 1):
        s = layer.forward(z)
        path.append((z[0], s[0]))
        z = z - lr * layer.backward([g])
    return path


def shows(screen, z=None, g=(1, 0, 0), k=8, lr=0.5):
    """Wait until bars, point and path are those of nnfs, for what the handles of z say."""
    z = z or z_of(screen)
    path = descent(z, g, k, lr)
    now, s = path[-1]
    layer = Softmax()
    layer.forward(now[None])
    screen.wait(NEAR, ["s", s.tolist()])
    screen.wait(NEAR, ["dx", layer.backward([g])[0].tolist()])
    expected = place_of(np.array([each for _, each in path]))
    across, up = screen.page.evaluate(TRACE, ["triangle", 3])
    drawn = np.column_stack([across, up])[: k + 1]
    np.testing.assert_allclose(drawn, expected, atol=6e-5)  # drawn to four digits
    assert set(across[k:]) == {across[k]}
    return screen


@pytest.fixture
def simplex(opened):
    return opened(START)


def grab(screen, right=0, up=0, steps=6):
    """Press the mouse on the point, and take it along; the button stays down."""
    x, y = screen.center(screen.handle(POINT))
    screen.page.mouse.move(x, y)
    screen.page.mouse.down()
    screen.page.mouse.move(x + right, y - up, steps=steps)
    return x + right, y - up


def arrived(screen, x, y):
    """Wait until the point is where the hand is, and the figures show that."""
    screen.until(lambda: abs(np.subtract(screen.center(screen.handle(POINT)), (x, y))).max() < 1)
    (across,) = screen.page.evaluate(HANDLES, "place")
    start = f"({TRACE})(['triangle', 6])[0][0]"
    screen.wait(f"(x) => Math.abs({start} - x) < 3e-4", across)  # z has three digits


def changed(screen, z):
    """Wait until z is another one; give it."""
    screen.wait(f"(z) => String(({HANDLES})('z')) !== z", ",".join(f"{v:g}" for v in z))
    return z_of(screen)


def test_the_point_goes_where_the_hand_goes_and_z_follows_with_its_mean(simplex):
    shows(simplex, [1, 0, -1])
    x, y = grab(simplex, right=70, up=60)
    changed(simplex, [1, 0, -1])
    arrived(simplex, x, y)
    z = z_of(simplex)
    assert sum(z) == pytest.approx(0, abs=2e-3)
    shows(simplex, z)
    simplex.page.mouse.up()
    simplex.link_says(f"z={','.join(f'{value:g}' for value in z)}").rest()
    shows(simplex, z)
    assert "place" not in simplex.page.url


def test_what_a_drag_of_the_point_patches_is_where_plotly_would_draw_it(simplex):
    simplex.page.evaluate(HOLD)
    arrived(simplex, *grab(simplex, right=90, up=70))
    simplex.wait("() => document.querySelectorAll('.live-dragged').length === 1")
    shows(simplex)
    assert simplex.page.evaluate("[...window.redrawn]") == []  # every figure was patched
    patched, redrawn = both(simplex)
    assert differences(patched, redrawn) == []
    simplex.page.evaluate(
        "document.querySelector('.st-key-simplex_triangle path.js-line')"
        ".setAttribute('d', 'M0,0L9,9')"
    )
    forgotten = simplex.page.evaluate(SNAPSHOT)
    assert "simplex_triangle, lines" in " ".join(differences(redrawn, forgotten))
    simplex.page.mouse.up()


def test_beyond_an_edge_the_point_stays_inside_and_the_figure_says_so(simplex):
    assert "at the edge" not in simplex.page.evaluate(NOTES)
    grab(simplex, right=-300, up=-200, steps=10)
    simplex.wait(f"() => ({NOTES})().includes('at the edge')")
    assert Softmax().forward([z_of(simplex)]).min() == pytest.approx(LEAST, rel=2e-3)
    simplex.page.mouse.up()
    simplex.rest()
    z = z_of(simplex)
    assert max(map(abs, z)) < 3.1
    (s,) = Softmax().forward([z])
    said = simplex.handle(POINT).get_attribute("aria-valuetext")
    assert said == f"s = {s[0]:.3f}, {s[1]:.3f}, {s[2]:.3f}"


def test_a_drag_that_is_taken_back_leaves_every_digit_of_z(opened):
    screen = opened("/simplex?z=0.123456789,6.5,-7&g=1,0,0&lr=0.5")
    grab(screen, right=-40, up=40)
    changed(screen, [0.123456789, 6.5, -7])
    screen.page.keyboard.press("Escape")
    screen.page.mouse.up()
    screen.wait(f"() => String(({HANDLES})('z')) === '0.123456789,6.5,-7'").rest()
    assert "z=0.123456789,6.5,-7" in screen.page.url


def test_a_drag_of_z_counts_from_where_the_point_was_left_and_is_not_undone_by_it(opened):
    """Also while the script has not heard of either: what it hears then is both."""
    screen = opened()
    screen.wired()
    screen.open(START)
    place = grab(screen, right=60, up=40)
    changed(screen, [1, 0, -1])
    screen.script.held = True
    screen.page.mouse.up()
    arrived(screen, *place)
    shows(screen)
    placed = z_of(screen)
    screen.grab("z 2", up=30)
    z = changed(screen, placed)
    assert z[:2] == placed[:2]
    assert z[2] > placed[2]
    shows(screen, z)
    screen.page.mouse.up()
    screen.script.release()
    screen.link_says(f"z={','.join(f'{value:g}' for value in z)}").rest()
    shows(screen, z)
    assert screen.lane.requests()[-1]["query"]["place"] == ""


def test_arrow_keys_take_the_point_in_two_directions(simplex):
    handle = simplex.handle(POINT)
    assert handle.get_attribute("aria-roledescription") == "slider in two directions"
    assert handle.get_attribute("aria-valuetext") == "s = 0.665, 0.245, 0.090"
    handle.focus()
    places = [place_of(Softmax().forward([[1.0, 0, -1]])[0])]
    for key in ("ArrowUp", "ArrowRight", "Shift+ArrowLeft", "ArrowDown"):
        before = z_of(simplex)
        handle.press(key)
        z = changed(simplex, before)
        places.append(place_of(Softmax().forward([z])[0]))
        shows(simplex, z)
    moves = np.diff(places, axis=0)
    np.testing.assert_allclose(moves, [(0, 0.05), (0.05, 0), (-0.005, 0), (0, -0.05)], atol=1e-3)
    said = handle.get_attribute("aria-valuetext")
    handle.press("Enter")  # one number is no place
    assert simplex.page.locator(".live-entry").count() == 0
    assert handle.get_attribute("aria-valuetext") == said
    simplex.rest()


def test_a_finger_takes_the_point_on_a_phone(opened):
    screen = opened(START, viewport={"width": 390, "height": 844}, has_touch=True)
    glass = screen.context.new_cdp_session(screen.page)
    handle = screen.handle(POINT)
    handle.scroll_into_view_if_needed()
    # No higher than its width lets the triangle be: what takes the steps stands right below it.
    assert screen.page.locator(".st-key-simplex_triangle").bounding_box()["height"] < 400
    scrolled = screen.page.evaluate("scrollY")
    x, y = screen.center(handle)

    def touch(kind, *point):
        points = [{"x": point[0], "y": point[1]}] if point else []
        glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", x, y)
    for step in range(1, 6):
        touch("touchMove", x + 8 * step, y - 12 * step)
    changed(screen, [1, 0, -1])
    arrived(screen, x + 40, y - 60)
    z = z_of(screen)
    shows(screen, z)
    assert screen.page.evaluate("scrollY") == scrolled
    touch("touchEnd")
    screen.link_says(f"z={','.join(f'{value:g}' for value in z)}").rest()
    box = handle.bounding_box()
    assert min(box["width"], box["height"]) >= 44


def test_the_field_turns_while_g_is_dragged(simplex):
    before = simplex.page.evaluate(TRACE, ["triangle", 2])
    simplex.grab("g 1", up=40)
    simplex.wait(
        f"(before) => JSON.stringify(({TRACE})(['triangle', 2])) !== before", json_of(before)
    )
    g = simplex.page.evaluate(HANDLES, "g")
    simplex.wait(NEAR, ["dx", dz_now(g).tolist()])
    across, up = simplex.page.evaluate(TRACE, ["triangle", 2])
    arrows = np.column_stack([across, up]).astype(float).reshape(-1, 6, 2)
    layer = Softmax()
    layer.forward(np.log(GRID))
    pushes = place_of(-layer.backward(np.repeat([g], len(GRID), axis=0)))
    np.testing.assert_allclose(arrows[:, 0], place_of(GRID), atol=6e-5)
    drawn = arrows[:, 1] - arrows[:, 0]
    scale = (drawn * pushes).sum() / (pushes**2).sum()
    np.testing.assert_allclose(drawn, scale * pushes, atol=2e-4)
    simplex.page.mouse.up()
    simplex.rest()


def json_of(value):
    return json.dumps(value, separators=(",", ":"))


def dz_now(g):
    """The gradient where the point is after the usual steps."""
    layer = Softmax()
    layer.forward(descent([1, 0, -1], g, 8)[-1][0][None])
    return layer.backward([g])[0]


def test_all_of_z_moves_and_nothing_in_the_triangle_does(simplex):
    before = simplex.page.evaluate(DRAWN)
    place = simplex.center(simplex.handle(POINT))
    simplex.grab("all of z", up=30)
    z = changed(simplex, [1, 0, -1])
    assert z[0] - z[1] == pytest.approx(1)
    assert z[0] > 1.2
    shows(simplex, z)
    assert simplex.page.evaluate(DRAWN) == before
    assert simplex.center(simplex.handle(POINT)) == place
    simplex.page.mouse.up()
    simplex.rest()


def test_the_space_bar_plays_from_the_start_and_pauses_and_goes_on(simplex):
    simplex.page.evaluate(WATCH)
    simplex.page.keyboard.press("Space")
    simplex.page.get_by_role("button", name="Pause").wait_for()
    simplex.wait(f"() => ({TAKEN})() >= 4")
    simplex.page.keyboard.press("Space")
    simplex.wait("() => /&k=\\d+/.test(location.search)").rest()
    taken = simplex.page.evaluate(TAKEN)
    assert f"&k={taken}" in simplex.page.url
    seen = simplex.page.evaluate("seen")
    assert seen == [8, *range(taken + 1)]  # every step was drawn, none was left out
    shows(simplex, [1, 0, -1], k=taken)
    simplex.page.get_by_role("button", name="Play").click()
    simplex.wait("(before) => seen.length > before", len(seen))
    assert simplex.page.evaluate("(at) => seen[at]", len(seen)) == taken + 1
    simplex.page.get_by_role("button", name="Pause").click()
    simplex.rest()


def test_a_play_ends_at_the_last_step_and_begins_again_at_the_start(opened):
    screen = opened(f"{START}&k={MOST - 2}")
    screen.page.get_by_role("button", name="One step").click()  # from here a play goes on
    screen.link_says(f"k={MOST - 1}").rest()
    screen.page.keyboard.press("Space")
    screen.link_says(f"k={MOST}").rest()
    screen.page.get_by_role("button", name="Play").wait_for()
    assert screen.page.get_by_role("button", name="One step").is_disabled()
    shows(screen, [1, 0, -1], k=MOST)
    screen.page.keyboard.press("Space")
    screen.wait(f"() => ({TAKEN})() < 9")
    screen.page.keyboard.press("Space")
    screen.rest()


def test_one_step_at_a_time_by_button_and_by_shift_and_space(simplex):
    simplex.page.get_by_role("button", name="One step").click()
    simplex.link_says("k=9").rest()
    shows(simplex, [1, 0, -1], k=9)
    simplex.page.keyboard.press("Shift+Space")
    simplex.link_says("k=10").rest()
    shows(simplex, [1, 0, -1], k=10)
    simplex.page.get_by_role("button", name="Start").click()
    simplex.link_says("k=0").rest()
    shows(simplex, [1, 0, -1], k=0)
    simplex.page.get_by_label("step", exact=True).press("ArrowRight")
    simplex.link_says("k=1").rest()


def test_with_less_motion_there_are_steps_and_no_play(opened):
    screen = opened()
    screen.page.emulate_media(reduced_motion="reduce")
    screen.open(START)
    assert not screen.page.get_by_role("button", name="Play").is_visible()
    screen.page.evaluate(WATCH)
    screen.page.keyboard.press("Space")
    screen.link_says("k=9").rest()
    assert screen.page.evaluate("seen") == [8, 9]
    screen.page.emulate_media(reduced_motion="no-preference")


def test_a_hand_on_the_figures_plays_along_and_one_on_the_controls_ends_the_play(simplex):
    simplex.page.keyboard.press("Space")
    simplex.wait(f"() => ({TAKEN})() >= 2")
    grab(simplex, right=50, up=50)
    changed(simplex, [1, 0, -1])
    taken = simplex.page.evaluate(TAKEN)
    simplex.wait(f"(taken) => ({TAKEN})() > taken + 1", taken)
    simplex.page.mouse.up()
    simplex.page.locator(".st-key-simplex_reset button").click()
    simplex.wait("() => location.search === '?z=1,0,-1&g=1,0,0&lr=0.5'").rest()
    assert simplex.page.get_by_role("button", name="Play").is_visible()
    shows(simplex, [1, 0, -1], k=8)


def test_the_space_bar_presses_a_button_that_has_the_focus(simplex):
    simplex.page.get_by_role("button", name="One step").focus()
    simplex.page.keyboard.press("Space")
    simplex.link_says("k=9").rest()
    assert simplex.page.get_by_role("button", name="Play").is_visible()


def test_steps_are_played_in_a_presentation_and_all_of_it_is_seen(opened):
    screen = opened(f"{START}&present=1", viewport={"width": 1280, "height": 720})
    screen.wait(
        """() => [...document.querySelectorAll(".live-figure, .live-stepper, .live-formula")]
          .every((part) => part.getBoundingClientRect().bottom <= innerHeight)"""
    )
    screen.page.keyboard.press("Space")
    screen.wait(f"() => ({TAKEN})() >= 3 && ({TAKEN})() < 8")
    screen.page.keyboard.press("Space")
    screen.rest()
