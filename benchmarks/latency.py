"""How long from the hand to the result, beside a stock Streamlit page, in one run?

    python benchmarks/latency.py
    python benchmarks/latency.py --page sigmoid --beside ../another/checkout
    python benchmarks/latency.py --page chain --query "layers=30&width=64" --against softmax

Starts the app and `stock_page.py`, opens both in a real Chromium, and drags the first of five
inputs by a mouse of 59 Hz; the pages take turns. It takes under two minutes. With `--beside` the
app of another checkout takes the place of the stock page: what a change costs, in one run. With
`--against` another page of this app does.

On any page it drags the first handle of the first field that can be dragged, and watches the first
of its figures that has heights, the one that matters most. A result counts from the timestamp of
the pointer event whose value it shows (`pointerrawupdate`, which the browser does not hold back for
a frame), to the animation frame after that figure has changed. Which event that is, is found from
outside: the lesson computes the figure for the inputs of every event, and the newest event whose
numbers equal those in the figure is the one; a redraw that equals none, or shows what was painted
before, does not count. Events that follow each other with one value count as the first of them.

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
from urllib.parse import parse_qsl, urlencode

import numpy as np
import websockets
from playwright.async_api import Page, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.drive import CHROMIUM, HZ, center, cpu_seconds, move, opened, server, sweep
from visualizer.figures.axes import format_ends
from visualizer.lessons import BY_NAME, LESSONS

HERE = Path(__file__).resolve().parent
PROBE = (HERE / "probe.js").read_text(encoding="utf-8")
ROUNDS, RELEASES = 4, 6
DRAG_EVENTS, FALLBACK_EVENTS, RELEASE_EVENTS = 390, 180, 12
ANSWERS = 400


# What pages are opened with, where that is not their usual state.
QUERIES = {
    "softmax": {"z": "2,1,0.1,-1,0.5", "g": "1,0,0,0.5,-0.5"},
    "sigmoid": {"x": "2,1,0.1,-1,0.5", "g": "1,0,0,0.5,-0.5"},
}


class Dragged:
    """What is dragged on a page, and what follows.

    Attributes:
        lesson: the page.
        field: whose first handle is dragged.
        query: what the page is opened with.
        handles: of that field, as the figure describes them.
        figures: that move with it.
        watched: the first of them that has heights.
    """

    def __init__(self, page: str, query: dict[str, str] | None = None) -> None:
        """Find what can be dragged."""
        self.lesson = BY_NAME[page]
        self.query = QUERIES.get(page, {}) if query is None else query
        self.scenario, _ = self.lesson.Scenario.from_query(self.query)
        self.moment = self.lesson.moment(self.scenario, {})
        self.field, self.figures = next(iter(self.lesson.moves.items()))
        drawn = self.lesson.drawn(self.moment).values()
        found = [figure["handles"] for figure in drawn if figure.get("handles")]
        # Another figure may have a handle for one of its values.
        whole = [spec for spec in found if spec["at"] is None]
        self.handles = next(spec for spec in whole if spec["field"] == self.field)
        moved = self.lesson.moved(self.moment, self.figures)
        self.watched = next(name for name in self.figures if has_heights(moved[name]))

    @property
    def path(self) -> str:
        """Its address on a server."""
        return f"/{self.lesson.address}?{urlencode(self.query, safe=',')}"

    def pixels(self, count: int) -> list[tuple[int, int]]:
        """Return where the mouse goes, from where it is: up and down, or from side to side."""
        if self.handles["grip"] == "bar":
            return [(0, d) for d in sweep(count, 36, 84)]
        ends = (84, 36) if self.handles["grip"] == "line" else (36, 84)
        return [(d, 0) for d in sweep(count, *ends)]

    def text(self, values: list[float]) -> str:
        """Return what a link says of the field with these values."""
        return ",".join(map(repr, values))

    def shown(self, values: list[float], ends: dict[str, float]) -> list[float]:
        """Return the numbers of the watched figure with these values, on axes that end there."""
        changed, _ = self.scenario.updated({self.field: self.text(values)})
        moment = self.lesson.moment(changed, ends)
        return self.lesson.moved(moment, [self.watched])[self.watched]["data"][0]["y"]


def has_heights(moved: dict) -> bool:
    """Tell whether what moves of a figure begins with heights; those of a table have none."""
    return any("y" in trace for trace in moved["data"][:1])


# What is dragged beside the stock page.
SOFTMAX = Dragged("softmax")

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


async def live_drag(page: Page, pid: int, count: int, dragged: Dragged) -> dict:
    """Drag a handle of our page; return the log of the probe, with the server's time."""
    names, name = dragged.handles["labels"], dragged.lesson.name
    x, y = await center(page, f"[role=slider][aria-label='{names[0]}']")
    await page.mouse.down()
    plots = [figure.name for figure in dragged.lesson.figures if figure.KIND == "figure"]
    keys = {figure: f".st-key-{name}_{figure}" for figure in dragged.figures if figure in plots}
    options = {"event": "pointerrawupdate", "result": keys[dragged.watched], "figures": keys}
    await page.evaluate(
        "options => watch(options)", options | {"handles": names, "remounts": False}
    )
    path = [(x + across, y + down) for across, down in dragged.pixels(count)]
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
    names = [f"z {i}" for i in range(5)]
    options = {"event": "pointerup", "result": ".st-key-dx", "figures": {}, "handles": names}
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


async def alone(address: str, pid: int, dragged: Dragged) -> float:
    """Ask the fast lane for what a drag asks for, at its rate; return ms of CPU per answer."""
    query = dragged.scenario.to_query() | {"axes": format_ends(dragged.moment.ends)}
    message = {"page": dragged.lesson.name, "moving": list(dragged.figures)}
    first, *others = dragged.handles["values"]
    lane = address.replace("http", "ws") + "/live"
    async with websockets.connect(lane, origin=address, compression=None) as socket:
        cpu = cpu_seconds(pid)
        for seq in range(ANSWERS):
            inputs = {dragged.field: dragged.text([first * (0.5 + seq / ANSWERS / 2), *others])}
            await socket.send(json.dumps(message | {"seq": seq, "query": query | inputs}))
            if "error" in json.loads(await socket.recv()):
                raise RuntimeError("the fast lane refuses what a drag asks for")
        return 1000 * (cpu_seconds(pid) - cpu) / ANSWERS


def latencies(log: dict, dragged: Dragged, ends: dict[str, float]) -> list[float]:
    """Return the milliseconds from event to paint of every new result in the watched figure."""
    sets = np.array(log["sets"])
    changed = np.append(True, np.any(np.diff(sets[:, 1:], axis=0) != 0, axis=1))
    known = {tuple(values): dragged.shown(list(values), ends) for values in sets[:, 1:].tolist()}
    shown = np.array([known[tuple(values)] for values in sets[:, 1:].tolist()], float)
    times = sets[:, 0]
    found, newest = [], -1
    for painted, *numbers in log["paints"]:
        near = np.isclose(shown, np.array(numbers, float), rtol=0, atol=1e-9, equal_nan=True)
        shows = near.all(axis=1) & changed & (times < painted)
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
    times, slow = (
        [latencies(log, SOFTMAX, SOFTMAX.moment.ends) for log in logs] for logs in (ours, fallback)
    )
    waits = [latencies(log, SOFTMAX, {}) for log in stock]  # whose axes are fitted every time

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
    for name in ours[0]["redraws"]:
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
        live = await opened(browser, app[0] + SOFTMAX.path, PROBE, COUNTED)
        without = await opened(browser, app[0] + SOFTMAX.path, PROBE, NO_LANE)
        plain = await opened(browser, stock[0] + SOFTMAX.path.replace("softmax", ""), PROBE)
        for i in range(ROUNDS + 1):
            count = DRAG_EVENTS if i else HZ
            await live.bring_to_front()
            ours = await live_drag(live, app[1], count, SOFTMAX)
            await without.bring_to_front()
            fallback = await live_drag(without, app[1], min(count, FALLBACK_EVENTS), SOFTMAX)
            await plain.bring_to_front()
            released = await stock_releases(plain, RELEASES if i else 2)
            if i:
                hot.append(await alone(*app, SOFTMAX))
                for kept, log in zip(logs, (ours, fallback, released), strict=True):
                    kept.append(log)
        await browser.close()
    report(*logs, hot)


# Where a page is: the address of its server, the process of that, and what is dragged.
Place = tuple[str, int, Dragged]


async def compare(**places: Place) -> None:
    """Let two pages take turns, after a round that does not count; print both."""
    logs: dict[str, list[dict]] = {what: [] for what in places}
    hot: dict[str, list[float]] = {what: [] for what in places}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM.split()
        )
        pages = {
            what: await opened(
                browser, address + dragged.path, PROBE, COUNTED, figures=[dragged.watched]
            )
            for what, (address, _, dragged) in places.items()
        }
        for i in range(ROUNDS + 1):
            for what, (address, pid, dragged) in places.items():
                await pages[what].bring_to_front()
                log = await live_drag(pages[what], pid, DRAG_EVENTS if i else HZ, dragged)
                if i:
                    logs[what].append(log)
                    hot[what].append(await alone(address, pid, dragged))
        await browser.close()
    medians = {}
    for what, (_, _, dragged) in places.items():
        found = [latencies(log, dragged, dragged.moment.ends) for log in logs[what]]
        medians[what] = list(map(statistics.median, found))
        line(f"{what}: pointer → painted, median", medians[what], "ms")
        line(f"{what}: pointer → painted, p95", list(map(p95, found)), "ms")
        rates = [len(one) / log["seconds"] for one, log in zip(found, logs[what], strict=True)]
        line(f"{what}: results painted", rates, "/s")
        for figure in logs[what][0]["redraws"]:
            rates = [log["redraws"][figure] / log["seconds"] for log in logs[what]]
            line(f"{what}: redraws of {figure}", rates, "/s")
        line(f"{what}: server CPU per answer, alone", hot[what], "ms")
    (one, mine), (two, theirs) = medians.items()
    line(f"{one} / {two}, medians", [a / b for a, b in zip(mine, theirs, strict=True)], "times")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How long from the hand to the result?")
    able = [lesson.name for lesson in LESSONS if lesson.moves and not lesson.shown_at]
    parser.add_argument("--page", choices=able, default="softmax")
    parser.add_argument("--query", help="what the page is opened with, as in its address")
    parser.add_argument("--beside", type=Path, help="another checkout, in the stock page's place")
    parser.add_argument("--against", choices=able, help="another page, in the stock page's place")
    options = parser.parse_args()
    if options.page != "softmax" and not options.beside and not options.against:
        parser.error("the stock page shows a softmax: expected --against or --beside")
    asked = Dragged(options.page, dict(parse_qsl(options.query)) if options.query else None)
    with tempfile.TemporaryDirectory() as empty, server(HERE.parent / "app.py", HERE.parent) as app:
        if options.against:
            pages = {"this": (*app, asked), options.against: (*app, Dragged(options.against))}
            asyncio.run(compare(**pages))
        elif options.beside:
            with server(options.beside / "app.py", options.beside) as other:
                asyncio.run(compare(this=(*app, asked), other=(*other, asked)))
        else:
            with server(HERE / "stock_page.py", Path(empty)) as stock:
                asyncio.run(measure(app, stock))
