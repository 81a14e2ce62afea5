"""How long from the hand to the result, beside a stock Streamlit page, in one run?

    python benchmarks/latency.py
    python benchmarks/latency.py --page sigmoid --beside ../another/checkout

Starts the app and `stock_page.py`, opens both in a real Chromium, and drags the first of five
inputs by a 60 Hz mouse; the pages take turns. It takes under two minutes. With `--beside` the app
of another checkout takes the place of the stock page: what a change costs, in one run.

A result counts from the timestamp of the pointer event whose value it shows (`pointerrawupdate`,
which the browser does not hold back for a frame), to the animation frame after the figure dx has
changed in the page. Which event that is, is found from outside: nnfs computes dx for the inputs of
every event, and the newest event whose dx equals the numbers in the figure is the one; a redraw
that equals none, or shows what was painted before, does not count.
Events that follow each other with one value count as the first of them.

st.slider sends nothing while it is dragged, so the stock page counts from the release, to the first
animation frame that finds the new numbers drawn.

The processor time of the server is all that it uses while the handle is dragged, its idle time
included, at up to 60 answers a second beside a Chromium that keeps both cores busy. "Alone" is the
same answer to a client that only asks, as fast as the lane lets it: work that comes every 17 ms
beside others finds the caches and the branch predictor of the machine in their hands.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import numpy as np
import websockets
from playwright.async_api import Page, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.drive import CHROMIUM, HZ, center, cpu_seconds, move, opened, server, sweep
from nnfs import BaseLayer, Sigmoid, Softmax

HERE = Path(__file__).resolve().parent
PROBE = (HERE / "probe.js").read_text(encoding="utf-8")
ROUNDS, RELEASES = 4, 6
DRAG_EVENTS, FALLBACK_EVENTS, RELEASE_EVENTS = 390, 180, 12
ANSWERS = 400


class Dragged(NamedTuple):
    """What is dragged on a page, and what follows.

    Attributes:
        field: whose first handle is dragged.
        layer: of nnfs, that says what dx has to be.
        figures: whose redraws are counted; the first is dx.
        across: whether the handle moves from side to side.
    """

    field: str
    layer: type[BaseLayer]
    figures: tuple[str, ...]
    across: bool = False

    @property
    def query(self) -> dict[str, str]:
        """What the page is opened with."""
        return {self.field: "2,1,0.1,-1,0.5", "g": "1,0,0,0.5,-0.5"}


PAGES = {
    "softmax": Dragged("z", Softmax, ("dx", "s", "jacobian", "terms", "z")),
    "sigmoid": Dragged("x", Sigmoid, ("dx", "curve", "slope", "jacobian"), across=True),
}

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


async def live_drag(page: Page, pid: int, count: int, name: str) -> dict:
    """Drag a handle of our page; return the log of the probe, with the server's time."""
    dragged = PAGES[name]
    handle = f"{dragged.field} 0"
    x, y = await center(page, f"[role=slider][aria-label='{handle}']")
    await page.mouse.down()
    keys = {figure: f".st-key-{name}_{figure}" for figure in dragged.figures}
    options = {"event": "pointerrawupdate", "result": keys["dx"], "figures": keys, "handle": handle}
    await page.evaluate("options => watch(options)", options | {"remounts": False})
    path = [(x + d, y) if dragged.across else (x, y + d) for d in sweep(count, 36, 84)]
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


async def alone(address: str, pid: int, name: str) -> float:
    """Ask the fast lane for what a drag asks for, at its rate; return ms of CPU per answer."""
    dragged = PAGES[name]
    figures = list(dragged.figures)
    message = {"seq": 0, "page": name, "query": dragged.query, "moving": figures}
    lane = address.replace("http", "ws") + "/live"
    async with websockets.connect(lane, origin=address, compression=None) as socket:
        cpu = cpu_seconds(pid)
        for seq in range(ANSWERS):
            inputs = {dragged.field: f"{seq / ANSWERS},1,0.1,-1,0.5"}
            await socket.send(json.dumps(message | {"seq": seq, "query": dragged.query | inputs}))
            if "error" in json.loads(await socket.recv()):
                raise RuntimeError("the fast lane refuses what a drag asks for")
        return 1000 * (cpu_seconds(pid) - cpu) / ANSWERS


def latencies(log: dict, name: str) -> list[float]:
    """Return the milliseconds from event to paint of every new result in the figure dx."""
    sets = np.array(log["sets"])
    x, g = np.split(sets[:, 1:], 2, axis=1)
    changed = np.append(True, np.any(np.diff(sets[:, 1:], axis=0) != 0, axis=1))
    layer = PAGES[name].layer()
    layer.forward(x)
    dx, times = layer.backward(g), sets[:, 0]
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
    times, slow, waits = (
        [latencies(log, "softmax") for log in logs] for logs in (ours, fallback, stock)
    )

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
    for name in PAGES["softmax"].figures[1:]:
        line(f"redraws of {name}", per_second(lambda log, name=name: log["redraws"][name]), "/s")
    line("frames while dragging", per_second(lambda log: log["frames"]), "/s", "≥ 50")
    line("frames with a pointer event before them", per_second(lambda log: log["pulled"]), "/s")
    line("frames in which the handle moved", per_second(lambda log: log["moved"]), "/s", "as many")
    line("answers of the server", per_second(lambda log: log["answers"]), "/s")
    cpu = [1000 * log["cpu"] / len(found) for log, found in zip(ours, times, strict=True)]
    line("server CPU per result painted in dx", cpu, "ms", "≤ 1")
    cpu = [1000 * log["cpu"] / log["answers"] for log in ours]
    line("server CPU per answer", cpu, "ms")
    line("server CPU per answer, alone", hot, "ms")
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
        query = urlencode(PAGES["softmax"].query, safe=",")
        live = await opened(browser, f"{app[0]}/softmax?{query}", PROBE, COUNTED)
        without = await opened(browser, f"{app[0]}/softmax?{query}", PROBE, NO_LANE)
        plain = await opened(browser, f"{stock[0]}/?{query}", PROBE)
        for i in range(ROUNDS + 1):
            count = DRAG_EVENTS if i else HZ
            await live.bring_to_front()
            ours = await live_drag(live, app[1], count, "softmax")
            await without.bring_to_front()
            fallback = await live_drag(without, app[1], min(count, FALLBACK_EVENTS), "softmax")
            await plain.bring_to_front()
            released = await stock_releases(plain, RELEASES if i else 2)
            if i:
                hot.append(await alone(*app, "softmax"))
                for kept, log in zip(logs, (ours, fallback, released), strict=True):
                    kept.append(log)
        await browser.close()
    report(*logs, hot)


async def compare(app: tuple[str, int], other: tuple[str, int], name: str) -> None:
    """Let one page of two checkouts take turns, after a round that does not count; print both."""
    logs: tuple[list[dict], list[dict]] = ([], [])
    hot: tuple[list[float], list[float]] = ([], [])
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM.split()
        )
        query = urlencode(PAGES[name].query, safe=",")
        both = [
            (await opened(browser, f"{address}/{name}?{query}", PROBE, COUNTED), address, pid)
            for address, pid in (app, other)
        ]
        for i in range(ROUNDS + 1):
            for kept, answered, (page, address, pid) in zip(logs, hot, both, strict=True):
                await page.bring_to_front()
                log = await live_drag(page, pid, DRAG_EVENTS if i else HZ, name)
                if i:
                    kept.append(log)
                    answered.append(await alone(address, pid, name))
        await browser.close()
    for what, kept, answered in zip(("this", "other"), logs, hot, strict=True):
        found = [latencies(log, name) for log in kept]
        line(f"{what}: pointer → painted in dx, median", list(map(statistics.median, found)), "ms")
        line(f"{what}: pointer → painted in dx, p95", list(map(p95, found)), "ms")
        for figure in PAGES[name].figures:
            rates = [log["redraws"][figure] / log["seconds"] for log in kept]
            line(f"{what}: redraws of {figure}", rates, "/s")
        line(f"{what}: server CPU per answer, alone", answered, "ms")
    ratios = [
        statistics.median(latencies(mine, name)) / statistics.median(latencies(theirs, name))
        for mine, theirs in zip(*logs, strict=True)
    ]
    line("this / other, medians", ratios, "times")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How long from the hand to the result?")
    parser.add_argument("--page", choices=PAGES, default="softmax")
    parser.add_argument("--beside", type=Path, help="another checkout, in the stock page's place")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as empty, server(HERE.parent / "app.py", HERE.parent) as app:
        if options.beside:
            with server(options.beside / "app.py", options.beside) as other:
                asyncio.run(compare(app, other, options.page))
        else:
            with server(HERE / "stock_page.py", Path(empty)) as stock:
                asyncio.run(measure(app, stock))
