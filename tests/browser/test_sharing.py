"""The Share dialog in a real Chromium: what is copied, what a telephone reads, what is uploaded."""

import io
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

from visualizer.exchange.files import to_csv, to_json
from visualizer.lessons.softmax import LESSON, Scenario
from visualizer.quiz.questions import question
from visualizer.ui.network import machine_address

pytestmark = pytest.mark.browser

CLIPBOARD = "() => navigator.clipboard.readText()"
PLOTS = """() => Object.fromEntries([...document.querySelectorAll(".js-plotly-plot")].map((plot) =>
  [plot.closest("[class*=st-key-]").className.match(/st-key-(\\w+)/)[1],
   JSON.stringify(plot.data.map(({ x, y, z }) => [x, y, z]))]))"""
SAME = f"(expected) => JSON.stringify(({PLOTS})()) === expected"
OPEN = "() => document.querySelector('[class*=_tabs] [aria-selected=true]').textContent"

STATES = {
    "/softmax?z=0.5,-1,2;0,0,3&g=0,1,0;1,0,-1&T=2&n=1&j=2&tab=numbers": "Numbers",
    "/sigmoid?x=-1,2.5&g=1,0.25&eps=0.1&j=1&wrong=without_derivative&tab=code": "Code",
    "/side_by_side?z=3,0,-2,1&g=1,0,-1,0.25&j=3&tab=numbers": "Numbers",
}
QUESTION = "/practice?seed=7&level=2&kind=largest&n=3&layer=softmax"
ASKED = question(7, 2, 3, "largest", "softmax")


MACHINE = machine_address()
in_a_network = pytest.mark.skipif(MACHINE is None, reason="this machine is on no network")


def share(screen):
    """Open the dialog, and wait for its QR code, which makes it grow."""
    screen.page.get_by_role("button", name="Share", exact=True).click()
    dialog = screen.page.get_by_role("dialog")
    dialog.get_by_test_id("stCode").first.wait_for()
    if MACHINE:
        dialog.get_by_role("img", name="QR code of the link").evaluate("(image) => image.decode()")
    screen.rest()
    return dialog


def for_the_room(screen):
    """The address of the test's server, as other devices know it."""
    return screen.server.replace("127.0.0.1", f"[{MACHINE}]" if ":" in MACHINE else MACHINE)


def links(dialog):
    return [text.strip() for text in dialog.get_by_test_id("stCode").all_inner_texts()]


def copied(screen, dialog, place=0):
    """Press the button that Streamlit puts on a link; give what the clipboard holds then."""
    screen.page.evaluate("() => navigator.clipboard.writeText('nothing yet')")
    block = dialog.get_by_test_id("stCode").nth(place)
    button = block.get_by_role("button", name="Copy to clipboard")

    def is_offered():  # while the mouse is on the block
        block.hover()
        return button.is_visible()

    screen.until(is_offered)
    button.click()
    screen.wait(f"async () => await ({CLIPBOARD})() !== 'nothing yet'")
    return screen.page.evaluate(CLIPBOARD)


def closed(screen):
    screen.page.keyboard.press("Escape")
    screen.page.get_by_role("dialog").wait_for(state="detached")
    return screen.rest()


def may_copy(screen):
    screen.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=screen.server)


@pytest.fixture
def writer(opened):
    """Open a window of its own that may use the clipboard."""
    return lambda path: opened(path, prepare=may_copy)


@pytest.mark.parametrize(("path", "tab"), STATES.items())
def test_the_link_that_is_copied_restores_the_state_in_another_browser(writer, opened, path, tab):
    screen = writer(path)
    dialog = share(screen)
    link = copied(screen, dialog)
    assert link == links(dialog)[0] == screen.server + path
    other = opened(link.removeprefix(screen.server), locale="de-DE")
    other.wait(SAME, json.dumps(screen.page.evaluate(PLOTS), separators=(",", ":")))
    assert other.page.evaluate(OPEN) == screen.page.evaluate(OPEN) == tab
    assert other.page.url == link


def test_what_is_copied_after_a_drag_and_another_tab_is_the_state_of_that_moment(writer, opened):
    screen = writer("/softmax")
    screen.grab("z 1", up=20)
    z = screen.changed("z", [2, 1, 0.1])
    screen.page.mouse.up()
    screen.rest().page.get_by_role("tab", name="What it cannot see").click()
    screen.link_says("tab=unseen").rest()
    link = copied(screen, share(screen))
    other = opened(link.removeprefix(screen.server), locale="de-DE")
    other.shows(z=z)
    assert other.page.evaluate(OPEN) == "What it cannot see"


def test_the_oracle_tells_one_state_from_another(opened):
    one, other = opened("/softmax"), opened("/softmax?z=2,1,0.2")
    assert one.page.evaluate(PLOTS) != other.page.evaluate(PLOTS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@in_a_network
def test_the_code_on_the_screen_reads_as_the_link_beside_it(opened, codes_in, scheme):
    screen = opened(next(iter(STATES)), color_scheme=scheme)
    dialog = share(screen)
    code = dialog.get_by_role("img", name="QR code of the link")
    assert codes_in(code.screenshot()) == [links(dialog)[1]]
    # The tab is that of who shares it.
    assert links(dialog)[1] == for_the_room(screen) + next(iter(STATES)).removesuffix(
        "&tab=numbers"
    )
    # The reader takes no other part of the screen for a code.
    assert codes_in(dialog.get_by_test_id("stCode").first.screenshot()) == []


@in_a_network
@pytest.mark.parametrize("size", [(1280, 720), (1280, 600), (1920, 1080)])
def test_the_code_fills_the_screen_and_is_read_from_the_last_row(opened, codes_in, size):
    width, height = size
    screen = opened("/softmax?present=1&step=4", viewport={"width": width, "height": height})
    dialog = share(screen)
    link = links(dialog)[1]
    assert link == f"{for_the_room(screen)}/softmax?step=4"
    dialog.get_by_role("button", name="Fill the screen").click()
    code = screen.page.locator(".live-code-image")
    code.evaluate("(image) => image.decode()")
    box = code.bounding_box()
    modules = code.evaluate("(image) => image.naturalWidth")
    assert height - modules < box["height"] <= height  # as large as whole pixels a module let it be
    assert link in screen.page.locator(".live-code-link").inner_text()
    # Three pixels a module: half of what a camera of 3 megapixels sees of it from there.
    seen = Image.open(io.BytesIO(screen.page.screenshot()))
    part = 3 * modules / box["height"]
    far = io.BytesIO()
    seen.resize((round(part * width), round(part * height)), Image.BILINEAR).save(far, "PNG")
    assert codes_in(far.getvalue()) == [link]
    screen.page.keyboard.press("Escape")
    code.wait_for(state="hidden")
    assert dialog.is_visible()  # the next key is that of the dialog
    closed(screen)
    assert "present=1" in screen.page.url


@in_a_network
def test_the_code_of_a_long_link_is_read_from_the_screen_too(opened, codes_in):
    z = ",".join(f"{value / 7:.9f}" for value in range(-15, 15))
    screen = opened(f"/softmax?z={z}")
    dialog = share(screen)
    code = dialog.get_by_role("img", name="QR code of the link")
    assert codes_in(code.screenshot()) == [links(dialog)[1]]


@in_a_network
def test_the_link_for_the_room_opens_the_state_with_its_fast_lane(opened, open_at):
    screen = opened("/softmax?z=0.5,-1,2&g=0,1,0&T=1")
    link = links(share(screen))[1]
    address = for_the_room(screen)
    assert link.startswith(address)
    there = open_at(address, link.removeprefix(address))
    there.shows(z=[0.5, -1, 2], g=[0, 1, 0])
    there.handle("z 0").press("PageUp")
    there.link_says("z=0.9,-1,2").rest().shows(z=[0.9, -1, 2], g=[0, 1, 0])
    there.page.close()


def test_a_server_that_does_not_listen_to_the_network_says_how_to_start_it(start_server, open_at):
    with start_server("--server.address", "127.0.0.1") as address:
        screen = open_at(address, "/softmax")
        screen.page.get_by_role("button", name="Share", exact=True).click()
        dialog = screen.page.get_by_role("dialog")
        says = "--server.address=" if MACHINE else "on no network"
        dialog.get_by_role("alert").filter(has_text=says).wait_for()
        assert dialog.get_by_role("img", name="QR code of the link").count() == 0
        screen.page.close()


def answered(screen, place):
    """Lock an answer in, and wait until the result is out."""
    screen.page.locator(f".st-key-practice_answer_{place} button").click()
    screen.page.locator(".st-key-practice_lock button:not([disabled])").click()
    screen.page.locator(".st-key-practice_lock").wait_for(state="detached")
    screen.handle("g 0").wait_for()
    return screen.rest()


@in_a_network
def test_an_answer_with_a_drag_is_copied_and_opens_so_in_another_browser(writer, opened, codes_in):
    screen = answered(writer(QUESTION), (ASKED.right + 1) % len(ASKED.options))
    screen.handle("g 0").press("PageUp")
    screen.page.locator(".st-key-practice_undo").wait_for()
    screen.rest()
    assert screen.page.url == screen.server + QUESTION  # which a room may see
    dialog = share(screen)
    code = dialog.get_by_role("img", name="QR code of the link")
    assert codes_in(code.screenshot()) == [links(dialog)[0]]
    room = urlsplit(copied(screen, dialog, 0))
    assert f"{room.scheme}://{room.netloc}" == for_the_room(screen)
    assert parse_qs(room.query) == parse_qs(urlsplit(QUESTION).query)
    link = copied(screen, dialog, 1)
    assert "&answer=" in link
    other = opened(link.removeprefix(screen.server), locale="de-DE")
    other.wait(SAME, json.dumps(screen.page.evaluate(PLOTS), separators=(",", ":")))
    assert other.page.get_by_text(f"Not quite: the answer is {ASKED.right + 1}").is_visible()
    assert other.page.get_by_text("0 of 0 right").is_visible()
    other.wait("(address) => location.href === address", screen.server + QUESTION)


def test_a_reload_after_an_answered_link_asks_the_question(opened):
    screen = opened(f"{QUESTION}&answer={ASKED.right + 1}")
    screen.wait("() => !location.search.includes('answer')").rest()
    assert screen.page.locator(".st-key-practice_lock").count() == 0
    screen.page.reload()
    screen.page.locator(".st-key-practice_lock").wait_for()


IMPORT = ".st-key-softmax_import button"
IMPORTED = Scenario.from_query(
    {"z": "0.5,-1,2;0,0,3", "g": "0,1,0;1,0,-1", "n": "1", "tab": "batch"}
)[0]


def chosen(screen, name, text, kind):
    """Choose a file in the dialog, which begins to upload it."""
    dialog = share(screen)
    dialog.get_by_role("tab", name="Import").click()
    dialog.locator(".st-key-softmax_import_file input[type=file]").set_input_files(
        {"name": name, "mimeType": kind, "buffer": text.encode()}
    )
    dialog.get_by_text(name).wait_for()
    return dialog


def upload(screen, name, text, kind):
    """Choose a file in the dialog, and import it once it has come."""
    dialog = chosen(screen, name, text, kind)
    dialog.locator(IMPORT).click()
    return dialog


def test_an_export_in_json_is_uploaded_and_the_page_shows_its_state(opened):
    screen = opened("/softmax")
    text = to_json("softmax", IMPORTED, LESSON.record(IMPORTED)[1])
    upload(screen, "softmax.json", text, "application/json").wait_for(state="detached")
    screen.link_says("z=0.5,-1,2;0,0,3&g=0,1,0;1,0,-1").rest()
    screen.shows([0, 0, 3], [1, 0, -1])
    assert screen.page.evaluate(OPEN) == "Batch"


def test_an_export_in_csv_is_uploaded_and_the_page_shows_its_numbers(opened):
    screen = opened("/softmax")
    upload(screen, "softmax.csv", to_csv(*LESSON.record(IMPORTED)), "text/csv").wait_for(
        state="detached"
    )
    screen.link_says("z=0.5,-1,2;0,0,3&g=0,1,0;1,0,-1").rest().shows([0, 0, 3], [1, 0, -1])


def test_a_plain_matrix_is_uploaded_and_its_rows_are_samples(opened):
    """It can be imported as soon as it has come: until then the button waits."""
    screen, uploads = opened("/softmax"), []
    screen.page.route("**/_stcore/upload_file/**", lambda route: uploads.append(route))
    text = "\ufeff3;2;1\r\n0;0.5;1\r\n"  # as a spreadsheet writes it
    dialog = chosen(screen, "matrix.csv", text, "text/csv")
    screen.until(lambda: uploads)
    expect(dialog.locator(IMPORT)).to_be_disabled()
    uploads[0].continue_()
    dialog.locator(IMPORT).click()
    dialog.wait_for(state="detached")
    screen.link_says("z=3,2,1;0,0.5,1").rest().shows([3, 2, 1], [1, 0, 0])


@pytest.fixture(scope="module")
def kept(open_at, server):
    """A window in which nothing is ever changed."""
    screen = open_at(server, "/softmax?z=0.5,-1,2&g=0,1,0&T=1")
    yield screen
    screen.page.close()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("word.csv", "1,2,3\n\n4,five,6", "line 3, column 2: expected a number"),
        ("short.json", "[[1, 2, 3], [4, 5]]", "row 2: expected 3 numbers as in row 1, got 2"),
        ("markup.json", '[[1, 2], [3, "<b>x</b>"]]', "row 2, column 2: expected a number"),
    ],
)
def test_a_bad_file_is_refused_with_row_and_column_and_every_value_stays(kept, name, text, says):
    screen, before = kept, kept.page.evaluate(PLOTS)
    dialog = upload(screen, name, text, "text/plain")
    error = dialog.get_by_role("alert").filter(has_text=says)
    error.wait_for()
    assert "Nothing was changed." in error.inner_text()
    assert error.locator("b").count() == 0  # what came is shown as it is
    closed(screen).shows([0.5, -1, 2], [0, 1, 0])
    assert screen.errors == []
    assert screen.page.evaluate(PLOTS) == before
    assert screen.page.url.endswith("?z=0.5,-1,2&g=0,1,0&T=1")
