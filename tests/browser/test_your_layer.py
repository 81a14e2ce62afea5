"""A file on the command line, in a real browser: saved, broken, mended, dragged, and slow."""

import pytest

from tests.student.files import MISTAKEN, SOFTMAX, with_backward

pytestmark = pytest.mark.browser

VERDICT = "() => document.querySelector('.st-key-ghosts')?.textContent ?? ''"
SAYS = f"(words) => ({VERDICT})().includes(words)"
# What a figure has drawn, as text, and whether it is faded.
DRAWN = """(name) => JSON.stringify(
  document.querySelector(`.st-key-your_layer_${name} .js-plotly-plot`).data.map(
    ({ y, z }) => y ?? z))"""
DIFFERS = f"() => /[1-9]/.test(({DRAWN})('difference'))"
FADED = """(name) => document.querySelector(`.st-key-your_layer_${name} .live-figure`)
  .dataset.state === "past" """
ERROR = (
    "(words) => [...document.querySelectorAll('code')].some((c) => c.textContent.includes(words))"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("homework") / "my_layers.py"


@pytest.fixture(scope="module")
def own_server(place, start_server):
    """The app, started with a file."""
    place.write_text(MISTAKEN)
    with start_server("--", str(place)) as address:
        yield address


@pytest.fixture
def screen(place, own_server, open_at):
    """The page of a file in which the softmax has a mistake."""
    place.write_text(MISTAKEN)
    screen = open_at(own_server, "/your_layer")
    screen.wait(SAYS, "Known mistake: elementwise").wait(DIFFERS).rest()
    yield screen
    assert screen.errors == []
    screen.page.close()


def drawn(screen, name):
    return screen.page.evaluate(DRAWN, name)


def test_every_open_page_follows_when_the_file_is_saved_mended(screen, place, open_at):
    other = open_at(screen.server, "/your_layer?x=1,0&g=0,1")
    before = drawn(screen, "claimed")
    place.write_text(SOFTMAX)
    for one in (screen, other):
        one.wait(SAYS, "Softmax.backward is right.")
    screen.wait(f"(before) => ({DRAWN})('claimed') !== before", before).rest()
    assert set(drawn(screen, "difference")) <= set("0,[]")
    assert "x=1,0" in other.page.url
    assert other.errors == []
    other.page.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (with_backward("while True: pass"), "Stopped: no result after 2 seconds"),
        (SOFTMAX.replace("def forward(self, x):", "def forward(self, x)"), "SyntaxError"),
        (with_backward("raise ValueError('<img src=x onerror=alert(1)>')"), "<img src=x onerror"),
        (with_backward("import os; os._exit(1)"), "with exit code 1"),
    ],
    ids=["loop", "syntax", "markup", "crash"],
)
def test_while_the_file_fails_the_last_good_figures_stay(screen, place, text, said):
    before = drawn(screen, "dx"), drawn(screen, "claimed")
    place.write_text(text)
    screen.wait(ERROR, said).wait(FADED, "claimed").rest()
    assert (drawn(screen, "dx"), drawn(screen, "claimed")) == before
    assert screen.page.get_by_text("The figures are old").count() == 1
    assert screen.page.locator("img[src=x]").count() == 0
    place.write_text(SOFTMAX)
    screen.wait(SAYS, "Softmax.backward is right.").wait(f"() => !({FADED})('claimed')")


def test_a_drag_moves_every_figure_while_the_button_is_down(screen):
    names = ("x", "output", "claimed", "measured", "difference", "dx")
    before = {name: drawn(screen, name) for name in names}
    screen.grab("x 1", up=20)
    for name in names:
        screen.wait(f"([name, before]) => ({DRAWN})(name) !== before", [name, before[name]])
    screen.page.mouse.up()
    screen.wait("() => !location.search.includes('x=2,1,')").rest()


def test_a_slow_layer_is_run_when_the_hand_lets_go(place, own_server, opened):
    place.write_text(SOFTMAX.replace("e = np.exp", "import time; time.sleep(0.03); e = np.exp"))
    screen = opened()
    screen.server = own_server
    screen.wired()
    screen.open("/your_layer")
    screen.wait(SAYS, "Softmax.backward is right.").rest()
    before = drawn(screen, "dx")
    screen.grab("x 1", up=20)
    for _ in range(10):  # frames in which the page would ask
        screen.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert screen.lane.asked == []
    assert drawn(screen, "dx") == before
    screen.page.mouse.up()
    screen.wait(f"(before) => ({DRAWN})('dx') !== before", before)


def test_the_page_is_not_run_while_nothing_is_saved(screen):
    """The version is asked for a few times a second; that draws nothing, and disturbs nobody."""
    screen.wait("() => !document.querySelector('.live-cell')")  # those of a patch are drawn anew
    screen.rest().page.mouse.move(640, 5)
    screen.page.evaluate(
        """() => {
          window.changes = 0;
          new MutationObserver((all) => { changes += all.length; }).observe(
            document.querySelector("[data-testid=stMain]"),
            { childList: true, subtree: true, characterData: true });
        }"""
    )
    for _ in range(60):
        screen.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert screen.page.evaluate("changes") == 0
