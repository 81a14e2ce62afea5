"""How long from the hand to the result, beside a stock Streamlit page, in one run?

    python benchmarks/latency.py

Starts the app and `stock_page.py`, opens both in a real Chromium, and drags the first of five
logits by a 60 Hz mouse; the pages take turns. It takes under two minutes.

A result counts from the timestamp of the pointer event whose value it shows (`pointerrawupdate`,
which the browser does not hold back for a frame), to the animation frame after the figure dx has
changed in the page. Which event that is, is found from outside: nnfs computes dx for the inputs of
every event, and the newest event whose dx equals the numbers in the figure is the one; a redraw
that equals none, or shows what was painted before, does not count.
Events that follow each other with one value count as the first of them.

st.slider sends nothing while it is dragged, so the stock page counts from the release, to the first
animation frame that finds the new numbers drawn.

The processor time of the server is all that it uses while the handle is dragged, its idle time
included, at up to 60 answers a second beside a Chromium that keeps both cores busy. "Back to back"
is the same answer where the next message is already there, as in a room of many users: work that
comes only every 17 ms finds the caches and the branch predictor of the machine in others' hands.
"""

import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import websockets
from playwright.async_api import Page, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.drive import CHROMIUM, HZ, center, cpu_seconds, move, opened, server, sweep
from nnfs import Softmax
from views.softmax import Scenario

HERE = Path(__file__).resolve().parent
PROBE = (HERE / "probe.js").read_text(encoding="utf-8")
QUERY = "?z=2,1,0.1,-1,0.5&g=1,0,0,0.5,-0.5&T=1"
ROUNDS, RELEASES = 4, 6
DRAG_EVENTS, FALLBACK_EVENTS, RELEASE_EVENTS = 390, 180, 12
ANSWERS = 1000
LIVE = ["dx", "s", "jacobian", "terms", "z"]
# Counts what the lane answers.
COUNTED = """
window.answers = 0;
const Plain = WebSocket;
window.WebSocket = class extends Plain {
  constructor(url, ...rest) {
    super(url, ...rest);
    if (String(url).endsWith("/live")) this.addEventListener("message", () => (answers += 1));
  }
};
"""
# The lane's WebSocket fails as it would behind a proxy that does not know the protocol.
NO_LANE = """
const Real = WebSocket;
window.WebSocket = class extends Real {
  constructor(url, ...rest) {
    super(String(url).endsWith("/live") ? String(url) + "-is-blocked" : url, ...rest);
  }
};
"""


async def live_drag(page: Page, pid: int, count: int) -> dict:
    """Drag a handle of our page; return the log of the probe, with the server's time."""
    x, y = await center(page, "[role=slider][aria-label='z 0']")
    await page.mouse.down()
    keys = {name: f".st-key-softmax_{name}" for name in LIVE}
    options = {"event": "pointerrawupdate", "result": keys["dx"], "figures": keys, "handle": "z 0"}
    await page.evaluate("options => watch(options)", options | {"remounts": False})
    path = [(x, y + dy) for dy in sweep(count, 36, 84)]
    before = await page.evaluate("window.answers ?? 0")
    cpu, begun = cpu_seconds(pid), time.perf_counter()
    await move(page, path)
    seconds, cpu = time.perf_counter() - begun, cpu_seconds(pid) - cpu
    log = await page.evaluate("watched()")
    answers = await page.evaluate("window.answers ?? 0") - before
    await page.mouse.move(x, y)
    await page.mouse.up()
    await page.wait_for_timeout(500)
    return log | {"seconds": seconds, "cpu": cpu, "answers": answers}


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


async def back_to_back(address: str, pid: int) -> float:
    """Ask the fast lane for what a drag asks for, without a pause; return ms of CPU per answer."""
    scenario, _ = Scenario.from_query({"z": "2,1,0.1,-1,0.5", "g": "1,0,0,0.5,-0.5"})
    message = {"seq": 0, "page": "softmax", "query": scenario.to_query(), "moving": LIVE}
    lane = address.replace("http", "ws") + "/live"
    async with websockets.connect(lane, origin=address, compression=None) as socket:
        cpu = cpu_seconds(pid)
        for seq in range(ANSWERS):
            message["query"]["z"] = f"{seq / ANSWERS},1,0.1,-1,0.5"
            await socket.send(json.dumps(message | {"seq": seq}))
            if "error" in json.loads(await socket.recv()):
                raise RuntimeError("the fast lane refuses what a drag asks for")
        return 1000 * (cpu_seconds(pid) - cpu) / ANSWERS


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


def line(what: str, rounds: list[float], unit: str, target: str = "") -> None:
    """Print the median of the rounds, the least and the largest of them, and the target."""
    spread = f"{min(rounds):.2f} to {max(rounds):.2f}"
    print(f"{what:<44}{statistics.median(rounds):>8.2f} {unit:<6}{spread:>20}  {target}")


def report(ours: list[dict], fallback: list[dict], stock: list[dict], hot: list[float]) -> None:
    """Print the table; each log is one round."""
    times, slow, waits = ([latencies(log) for log in logs] for logs in (ours, fallback, stock))

    def per_second(count: Callable[[dict], float]) -> list[float]:
        return [count(log) / log["seconds"] for log in ours]

    print(f"{len(ours)} rounds, {sum(map(len, times))} results and {sum(map(len, waits))} releases")
    print(f"{'':<44}{'median':>8} {'':<6}{'over the rounds':>20}  target")
    medians = [statistics.median(found) for found in times]
    stock_medians = [statistics.median(found) for found in waits]
    line("pointer → painted in dx, median", medians, "ms", "≤ 50")
    line("pointer → painted in dx, p95", [p95(found) for found in times], "ms", "≤ 90")
    line("stock page, release → painted, median", stock_medians, "ms")
    line("stock page, release → painted, p95", [p95(found) for found in waits], "ms")
    ratios = [theirs / mine for theirs, mine in zip(stock_medians, medians, strict=True)]
    line("stock page / ours, medians", ratios, "times", "≥ 5")
    rates = [len(found) / log["seconds"] for found, log in zip(times, ours, strict=True)]
    line("results painted in dx", rates, "/s", "≥ 20")
    for name in LIVE[1:]:
        line(f"redraws of {name}", per_second(lambda log, name=name: log["redraws"][name]), "/s")
    line("frames while dragging", per_second(lambda log: log["frames"]), "/s", "≥ 50")
    line("frames with a pointer event before them", per_second(lambda log: log["pulled"]), "/s")
    line("frames in which the handle moved", per_second(lambda log: log["moved"]), "/s", "as many")
    line("answers of the server", per_second(lambda log: log["answers"]), "/s")
    cpu = [1000 * log["cpu"] / len(found) for log, found in zip(ours, times, strict=True)]
    line("server CPU per result painted in dx", cpu, "ms", "≤ 1")
    cpu = [1000 * log["cpu"] / log["answers"] for log in ours]
    line("server CPU per answer", cpu, "ms")
    line("server CPU per answer, back to back", hot, "ms")
    slow_rates = [len(found) / log["seconds"] for found, log in zip(slow, fallback, strict=True)]
    line("without the lane: results painted in dx", slow_rates, "/s", "≥ 10")
    line("without the lane: median", [statistics.median(found) for found in slow], "ms")


async def measure(app: tuple[str, int], stock: tuple[str, int]) -> None:
    """Let the pages take turns, after a round that does not count."""
    logs: tuple[list[dict], ...] = ([], [], [])
    hot = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM.split()
        )
        live = await opened(browser, f"{app[0]}/softmax{QUERY}", PROBE, COUNTED)
        without = await opened(browser, f"{app[0]}/softmax{QUERY}", PROBE, NO_LANE)
        plain = await opened(browser, f"{stock[0]}/{QUERY}", PROBE)
        for i in range(ROUNDS + 1):
            count = DRAG_EVENTS if i else HZ
            await live.bring_to_front()
            ours = await live_drag(live, app[1], count)
            await without.bring_to_front()
            fallback = await live_drag(without, app[1], min(count, FALLBACK_EVENTS))
            await plain.bring_to_front()
            released = await stock_releases(plain, RELEASES if i else 2)
            if i:
                hot.append(await back_to_back(*app))
                for kept, log in zip(logs, (ours, fallback, released), strict=True):
                    kept.append(log)
        await browser.close()
    report(*logs, hot)


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as empty,
        server(HERE.parent / "app.py", HERE.parent) as app,
        server(HERE / "stock_page.py", Path(empty)) as stock,
    ):
        asyncio.run(measure(app, stock))
