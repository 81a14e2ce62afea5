"""How long from the hand to the result, beside a stock Streamlit page, in one run?

    python benchmarks/latency.py

Starts the app and `stock_page.py`, opens both in a real Chromium, and drags the first of five
logits by a 60 Hz mouse; the pages take turns. It takes under two minutes.

A result counts from the timestamp of the pointer event whose value it shows, to the animation frame
after the redraw (`plotly_afterplot`) of the figure dx. Which event that is, is found from outside:
nnfs computes dx for the inputs of every event, and the newest event whose dx equals the numbers in
the figure is the one; a redraw that equals none, or shows what was painted before, does not count.
Events that follow each other with one value count as the first of them.

st.slider sends nothing while it is dragged, so the stock page counts from the release, to the first
animation frame that finds the new numbers drawn.
"""

import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.async_api import Browser, Page, async_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from nnfs import Softmax

QUERY = "?z=2,1,0.1,-1,0.5&g=1,0,0,0.5,-0.5&T=1"
ROUNDS, RELEASES = 4, 6
DRAG_EVENTS, FALLBACK_EVENTS, RELEASE_EVENTS, HZ = 390, 180, 12, 60
LIVE = ["dx", "s", "jacobian", "terms", "z"]
CHROMIUM = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync " + (
    "--disable-background-networking --disable-component-update"
)
# The lane's WebSocket fails as it would behind a proxy that does not know the protocol.
NO_LANE = """
const Real = WebSocket;
window.WebSocket = class extends Real {
  constructor(url, ...rest) {
    super(String(url).endsWith("/live") ? String(url) + "-is-blocked" : url, ...rest);
  }
};
"""


@contextmanager
def server(script: Path, place: Path) -> Iterator[tuple[str, int]]:
    """Run `streamlit run script` in a directory; give its address and its process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"--server.headless true --server.address 127.0.0.1 --server.port {port}".split()
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=place, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"{address}/_stcore/health").close()
                    break
                except OSError:
                    time.sleep(0.1)
            else:
                log.seek(0)
                raise RuntimeError(f"{script} did not start:\n{log.read().decode()}")
            yield address, process.pid
        finally:
            process.terminate()
            process.wait()


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, all threads, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sweep(count: int, up: int, down: int) -> list[int]:
    """Return pixels from the start, up and down by 3 a step; no value returns within 3 sweeps."""
    path: list[int] = []
    turn = 0
    while len(path) < count:
        one_way = range(-up + turn % 3, down, 3)
        path += one_way if turn % 2 == 0 else reversed(one_way)
        turn += 1
    return path[:count]


async def opened(browser: Browser, address: str, script: str = "") -> Page:
    """Open a page in a window of its own, with all its figures drawn."""
    page = await browser.new_page(viewport={"width": 1280, "height": 720})
    await page.add_init_script(path=HERE / "probe.js")
    if script:
        await page.add_init_script(script)
    await page.goto(address + QUERY)
    for name in ("s", "terms", "jacobian", "dx"):
        key = f".st-key-{name}, .st-key-softmax_{name}"
        await page.locator(key).locator(".main-svg").first.wait_for()
    await page.wait_for_timeout(1000)  # let the start of the page itself be over
    return page


async def move(page: Page, points: list[tuple[float, float]]) -> None:
    """Move the mouse at 60 Hz, also when the page has not yet taken the last move in."""
    begun = time.perf_counter()
    moves = []
    for i, (x, y) in enumerate(points):
        await asyncio.sleep(max(0, begun + i / HZ - time.perf_counter()))
        moves.append(asyncio.create_task(page.mouse.move(x, y)))
    await asyncio.gather(*moves)


async def center(page: Page, selector: str) -> tuple[float, float]:
    """Return the middle of an element, and put the mouse there."""
    box = await page.locator(selector).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    return x, y


async def live_drag(page: Page, pid: int, count: int) -> dict:
    """Drag a handle of our page; return the log of the probe, with the server's time."""
    x, y = await center(page, "[role=slider][aria-label='z 0']")
    await page.mouse.down()
    keys = {name: f".st-key-softmax_{name}" for name in LIVE}
    options = {"event": "pointermove", "result": keys["dx"], "figures": keys, "handle": "z 0"}
    await page.evaluate("options => watch(options)", options | {"remounts": False})
    path = [(x, y + dy) for dy in sweep(count, 36, 84)]
    cpu, begun = cpu_seconds(pid), time.perf_counter()
    await move(page, path)
    seconds, cpu = time.perf_counter() - begun, cpu_seconds(pid) - cpu
    log = await page.evaluate("watched()")
    await page.mouse.move(x, y)
    await page.mouse.up()
    await page.wait_for_timeout(500)
    return log | {"seconds": seconds, "cpu": cpu}


async def stock_releases(page: Page, count: int) -> dict:
    """Drag a slider of the stock page and let it go, several times; return the probe's log."""
    options = {"event": "pointerup", "result": ".st-key-dx", "figures": {}, "handle": "z 0"}
    await page.evaluate("options => watch(options)", options | {"remounts": True})
    for i in range(count):
        x, y = await center(page, "[data-testid=stSliderThumbValue] >> nth=0")
        y += 18  # the thumb, below its value
        step = -11 if i % 2 == 0 else 10.5
        await page.mouse.move(x, y)
        await page.mouse.down()
        await move(page, [(x + step * (k + 1), y) for k in range(RELEASE_EVENTS)])
        await page.mouse.up()
        await page.wait_for_timeout(900)
    return await page.evaluate("watched()")


def latencies(log: dict) -> list[float]:
    """Return the milliseconds from event to paint of every new result in the figure dx."""
    sets = np.array(log["sets"])
    z, g = np.split(sets[:, 1:], 2, axis=1)
    changed = np.append(True, np.any(np.diff(sets[:, 1:], axis=0) != 0, axis=1))
    softmax = Softmax()
    softmax.forward(z)
    dx, times = softmax.backward(g), sets[:, 0]
    found, newest = [], -1
    for painted, *numbers in log["paints"]:
        shows = np.all(np.abs(dx - numbers) < 1e-9, axis=1) & changed & (times < painted)
        if shows.any() and np.flatnonzero(shows)[-1] > newest:
            newest = np.flatnonzero(shows)[-1]
            found.append(painted - times[newest])
    return found


def p95(values: list[float]) -> float:
    """Return the value that 19 of 20 do not exceed."""
    return statistics.quantiles(values, n=20)[-1]


def report(ours: list[dict], fallback: list[dict], stock: list[dict]) -> None:
    """Print the table: the median over the rounds, their spread, and the target."""
    found = {
        name: [latencies(log) for log in logs]
        for name, logs in (("ours", ours), ("fallback", fallback), ("stock", stock))
    }

    def line(what: str, rounds: list[float], unit: str, target: str = "") -> None:
        spread = f"{min(rounds):.1f} – {max(rounds):.1f}"
        print(f"{what:<46}{statistics.median(rounds):>8.1f}  {spread:>16}  {unit:<5} {target}")

    ...


async def main() -> None: ...
