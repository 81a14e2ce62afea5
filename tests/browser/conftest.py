"""A real Chromium on a real server, and what a test sees of the Softmax page in it."""

import json
import os
import re
import shutil

import numpy as np
import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

from nnfs import Softmax

OPTIONS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
QUIET = "--disable-background-networking --disable-component-update"
# Milliseconds; what is waited for takes a few of them on an idle machine.
PATIENCE = int(os.environ.get("PATIENCE", "20000"))

# The numbers of a figure, flat, wherever its kind keeps them.
DRAWN = """(name) => {
  const plot = document.querySelector(`.st-key-${name} .js-plotly-plot`);
  const trace = plot?.data?.[0];
  return trace ? Array.from(trace.y ?? trace.z ?? []).flatMap((item) => Array.from([item].flat()))
               : null;
}"""
# A bar that is cut at the end of its axis, as in a drag, has its number behind an arrow.
NUMBERS_ARE = f"""([name, expected]) => {{
  const drawn = ({DRAWN})(name);
  const texts = document.querySelector(`.st-key-${{name}} .js-plotly-plot`)?.data?.[0].text ?? [];
  const cut = (value, i) => /^[▲▼] /.test(texts[i]) && Math.abs(drawn[i]) < Math.abs(value)
    && Math.abs(Number(texts[i].slice(2).replace("−", "-")) - value) < 6e-3;
  return drawn?.length === expected.length
    && expected.every((value, i) => Math.abs(value - drawn[i]) < 1e-9 || cut(value, i));
}}"""
VALUES = """(field) => [...document.querySelectorAll(`.st-key-${field} [role=slider]`)]
  .slice(0, -1).map((handle) => Number(handle.getAttribute("aria-valuenow")))"""
# No script runs, and nothing that was dragged is on its way to one.
IDLE = """document.querySelector("[data-testid=stApp]")
  ?.getAttribute("data-test-script-state") === "notRunning"
  && !document.querySelector("[data-waits]")"""
# That there is no connection is seen.
SIGN = """() => [...document.querySelectorAll(".live-lost")].some((sign) => sign.checkVisibility(
  { visibilityProperty: true }) && sign.textContent === "Connection lost, trying again")"""
NO_SIGN = "() => !document.querySelector('.live-lost')"
# No figure waits to be drawn, and none glides to another axis, with its handles.
STANDS = (
    "() => !document.querySelector('.live-figure:is([aria-busy=true], :has([aria-busy=true]))')"
)
# Both, in two frames running: between two runs, and before what one of them says is drawn, it may
# be so in one.
RESTS = f"() => (window.calm = {IDLE} && ({STANDS})() ? window.calm + 1 : 0) >= 2"
# Every figure that has come is drawn, in its own letters.
DRAWN_ALL = """() => !document.querySelector(".live-awaited") && document.fonts.status === "loaded"
  && [...document.querySelectorAll(".live-figure")].every((f) => f.querySelector(".main-svg"))"""
FRAME = "() => new Promise((done) => requestAnimationFrame(() => done(true)))"
LANE = re.compile(r"/live$")
SCRIPT = re.compile(r"/_stcore/stream$")


@pytest.fixture(scope="session")
def chromium():
    """Chromium, not started yet, and what to start it with."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        word = "no Chromium: install it by `apt-get install chromium`, or `brew install chromium`"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(word)
    with sync_playwright() as playwright:
        yield playwright.chromium, {"executable_path": path, "args": f"{OPTIONS} {QUIET}".split()}


class Wire:
    """A WebSocket between the page and the server, in the hands of a test.

    While it is `cut` no connection comes about, while it is `deaf` what the page says is lost,
    while it is `held` what the server says waits, and while it is `doubled` all comes twice.
    """

    def __init__(self, screen, path, cut=False, held=False):
        self.cut, self.deaf, self.held, self.doubled = cut, False, held, False
        self.asked, self.answers, self.sockets = [], [], []
        screen.page.route_web_socket(path, self.connected)

    def connected(self, socket):
        if self.cut:
            socket.close()
            return
        self.sockets.append(socket)
        server = socket.connect_to_server()

        def ask(message):
            self.asked.append(message)
            for _ in range(0 if self.deaf else self.times):
                server.send(message)

        def answer(message):
            if self.held:
                self.answers.append((socket, message))
            else:
                self.tell(socket, message)

        socket.on_message(ask)
        server.on_message(answer)

    def requests(self):
        """Return what the lane was asked: JSON, unlike what goes to the script."""
        return [json.loads(message) for message in self.asked]

    def release(self):
        """Let through what was held."""
        self.held = False
        answers, self.answers = self.answers, []
        for socket, message in answers:
            self.tell(socket, message)

    @property
    def times(self):
        """How often a message comes."""
        return 2 if self.doubled else 1

    def tell(self, socket, message):
        for _ in range(self.times):
            socket.send(message)

    def drop(self):
        """Close the connection; the page may open another one."""
        self.sockets[-1].close()


class Screen:
    """One user with one browser window."""

    def __init__(self, context, server):
        self.context, self.server = context, server
        self.page = context.new_page()  # with a Streamlit session of its own
        self.page.set_default_timeout(PATIENCE)
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self.heard)

    def heard(self, message):
        if message.type == "error":
            self.errors.append(message.text)

    def wired(self, **lane):
        """Take both ways to the server in hand: the fast lane, and that of the script."""
        self.lane, self.script = Wire(self, LANE, **lane), Wire(self, SCRIPT)

    def open(self, path):
        """Open an address, and wait until its figures are drawn and its script is over."""
        self.page.goto(self.server + path)
        broken = self.page.get_by_test_id("stException")
        figure = self.page.locator(".js-plotly-plot .main-svg")
        figure.or_(broken).first.wait_for(state="attached")
        assert broken.all_inner_texts() == []
        return self.rest().wait(DRAWN_ALL).rest()

    def wait(self, condition, arg=None):
        self.page.wait_for_function(condition, arg=arg)
        return self

    def rest(self):
        """Wait until no script runs and all is drawn; what waits for more to come is sent now."""
        self.page.evaluate("() => { window.calm = 0; dispatchEvent(new Event('pagehide')); }")
        return self.wait(RESTS)

    def until(self, condition):
        """Wait, frame by frame, until something outside the page is so; at most 600 frames."""
        for _ in range(600):
            if condition():
                return self
            self.page.evaluate(FRAME)
        pytest.fail("waited in vain")

    def handle(self, name):
        return self.page.get_by_role("slider", name=name, exact=True)

    def values(self, field):
        """The values of the handles, once what has been sent to them is drawn: two frames later."""
        self.page.evaluate(FRAME)
        self.page.evaluate(FRAME)
        return self.page.evaluate(VALUES, f"softmax_{field}")

    def drawn(self, name):
        return self.page.evaluate(DRAWN, f"softmax_{name}")

    def stand(self, field, values):
        """Wait until the handles of a field have these values."""
        text = ",".join(f"{value:g}" for value in values)
        return self.wait(
            f"([f, text]) => String(({VALUES})(f)) === text", [f"softmax_{field}", text]
        )

    def changed(self, field, before):
        """Wait until the handles of a field stand elsewhere; give their values."""
        self.wait(
            f"([field, before]) => String(({VALUES})(field)) !== before",
            [f"softmax_{field}", ",".join(f"{value:g}" for value in before)],
        )
        return self.values(field)

    def shows(self, z=None, g=None, T=1.0):
        """Wait until s, J and dx on the screen are those of nnfs, for what the handles say."""
        z = np.array([z or self.values("z")], dtype=float)
        g = np.array([g or self.values("g")], dtype=float)
        layer = Softmax()
        s = layer.forward(z / T)
        rows = [layer.backward(row[None])[0] / T for row in np.eye(z.shape[1])]
        numbers = {"dx": layer.backward(g)[0] / T, "s": s[0], "jacobian": np.concatenate(rows)}
        for name, expected in numbers.items():
            try:
                self.wait(NUMBERS_ARE, [f"softmax_{name}", expected.tolist()])
            except PlaywrightTimeout:
                np.testing.assert_allclose(self.drawn(name), expected, atol=1e-9, err_msg=name)
                raise
        return self

    def link_says(self, text):
        """Wait until the address bar has it."""
        return self.wait("(text) => location.search.includes(text)", text)

    def link_has(self, field, values):
        """Wait until the address bar has these values."""
        return self.link_says(f"{field}={','.join(f'{value:g}' for value in values)}")

    def center(self, handle):
        """Where a hand takes hold of a handle."""
        box = handle.locator(".live-cap").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def choose(self, menu, option):
        """Choose an option of a menu of the Softmax page's toolbar."""
        # A menu with a tooltip has its button twice.
        self.page.locator(f".st-key-softmax_{menu}_menu button").first.click()
        options = self.page.get_by_role("menuitem").or_(self.page.get_by_role("option"))
        options.filter(has_text=option).first.click()

    def finish(self):
        """Let go of g, and see its last values in the figures and in the link."""
        last = self.values("g")
        self.page.mouse.up()
        self.link_has("g", last).rest().shows()
        assert self.values("g") == last

    def grab(self, name, up=0, steps=6):
        """Press the mouse on a handle, and move it up by some pixels; the button stays down."""
        x, y = self.wait(STANDS).center(self.handle(name))
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x, y - up, steps=steps)
        return x, y - up


@pytest.fixture(scope="session")
def context_of(chromium, tmp_path_factory):
    """Give the browser with these options: of each kind there is one, and they share nothing.

    Each has a profile on the disk, where Chromium keeps what it has compiled of the scripts: so a
    page opens in half the time.
    """
    kind, how = chromium
    started = {}

    def of(**options):
        name = json.dumps(options, sort_keys=True)
        if name not in started:
            profile = tmp_path_factory.mktemp("profile")
            sized = {"viewport": {"width": 1280, "height": 720}}
            started[name] = kind.launch_persistent_context(profile, **how, **sized | options)
        return started[name]

    yield of
    for context in started.values():
        context.close()


def unexpected(errors):
    """What went wrong; a lane that a test cuts is reported by the browser itself."""
    return [e for e in errors if not re.search(r"WebSocket connection to .*/live", e)]


@pytest.fixture
def opened(server, context_of):
    """Open a window: `opened("/softmax", viewport=...)`. Errors of any window fail the test."""
    screens = []

    def window(path=None, prepare=None, viewport=None, color_scheme=None, **options):
        screen = Screen(context_of(**options), server)
        screens.append(screen)
        if color_scheme:
            screen.page.emulate_media(color_scheme=color_scheme)
        if viewport:
            screen.page.set_viewport_size(viewport)
        if prepare:
            prepare(screen)
        return screen.open(path) if path else screen

    yield window
    errors = [error for screen in screens for error in screen.errors]
    for screen in screens:
        screen.page.close()
    assert unexpected(errors) == []


@pytest.fixture(scope="session")
def open_at(context_of):
    """Open a window on some server, for as long as it is wanted: `open_at(address, "/softmax")`."""
    return lambda address, path: Screen(context_of(), address).open(path)


@pytest.fixture(scope="module")
def used(open_at, server):
    """A window that the tests of a module use one after another."""
    screen = open_at(server, "/softmax")
    yield screen
    screen.page.close()


@pytest.fixture
def screen(used):
    """The Softmax page in its first state, which is that of its Reset button."""
    used.page.set_default_timeout(PATIENCE)
    used.page.mouse.move(640, 5)
    used.rest().page.locator(".st-key-softmax_reset button").click()
    used.wait("() => location.search === '?z=2,1,0.1&g=1,-1,2&T=1'")
    used.rest().shows([2, 1, 0.1], [1, -1, 2]).wait(STANDS)
    yield used
    used.page.mouse.up()
    errors, used.errors[:] = used.errors[:], []
    assert unexpected(errors) == []
