"""How long until a page that was never opened shows its first figure, beside a stock page?

    python benchmarks/first_load.py
    python benchmarks/first_load.py --beside ../another/checkout

Opens our Softmax page and `stock_page.py`, which has four of its figures, each in a Chromium that
was started for this one load: on loopback, and over a line of 20 Mbit/s and 40 ms that Chromium
itself pretends. The pages take turns. It takes about two minutes. With `--beside` the app of
another checkout stands beside ours, too.

    frame    the place of the result is there, with its title, for those who wait
    first    the result is drawn
    all      every figure is drawn
    MB       that came over the line until then and in the second after, WebSockets left out

A browser that has been here before loads little of this again. Servers have shown the page once.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from playwright.async_api import BrowserType, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.drive import CHROMIUM, server

HERE = Path(__file__).resolve().parent
ROUNDS = 5
MEASURES = ("frame", "first", "all", "MB", "requests")
QUERY = urlencode({"z": "2,1,0.1", "g": "1,-1,2"}, safe=",")

# Bits a second, and seconds of delay, as Chromium wants to hear them.
LINES: dict[str, dict[str, Any] | None] = {
    "loopback": None,
    "20 Mbit/s, 40 ms": {
        "offline": False,
        "latency": 40,
        "downloadThroughput": 20e6 / 8,
        "uploadThroughput": 20e6 / 8,
    },
}

# A browser that is driven from outside records the stack of every exception, also of those that a
# script throws and catches itself. To find the lines, it parses the whole script again, plotly.js
# three times. A user's browser never does that. This flag makes it note the lines at the first
# parse, so that there is nothing to do again.
LIKE_UNWATCHED = "--js-flags=--no-enable-lazy-source-positions"

# Notes when each state is first seen, frame by frame; `first` is not seen before it is drawn.
WATCH = """(states) => {
  window.seen = {};
  const look = () => {
    for (const [name, { selector, count, words }] of Object.entries(states)) {
      const found = [...document.querySelectorAll(selector)];
      const there = found.filter((node) => !words || node.textContent.trim());
      if (there.length >= count) seen[name] ??= performance.now();
    }
    requestAnimationFrame(look);
  };
  look();
}"""


class Page(NamedTuple):
    """A page to be opened, and how to know what of it is there.

    Attributes:
        address: where it is.
        result: the selector of the place of the result.
        count: how many figures it has.
    """

    address: str
    result: str
    count: int

    @property
    def states(self) -> dict[str, dict[str, Any]]:
        """What `WATCH` looks for."""
        drawn = ".js-plotly-plot .main-svg:first-child"
        return {
            "frame": {"selector": self.result, "count": 1, "words": True},
            "first": {"selector": f"{self.result} {drawn}", "count": 1},
            "all": {"selector": drawn, "count": self.count},
        }


def ours(address: str) -> Page:
    """Return the Softmax page of a server of ours: eight of its figures are drawn by Plotly."""
    return Page(f"{address}/softmax?{QUERY}", ".st-key-softmax_dx", 8)


async def load(kind: BrowserType, page: Page, line: dict[str, Any] | None) -> dict[str, float]:
    """Open a page in a browser of its own; return the measures, times in seconds."""
    flags = [*CHROMIUM.split(), LIKE_UNWATCHED]
    browser = await kind.launch(executable_path=shutil.which("chromium"), args=flags)
    try:
        window = await browser.new_page(viewport={"width": 1280, "height": 720})
        wire = await window.context.new_cdp_session(window)
        await wire.send("Network.enable")
        if line:
            await wire.send("Network.emulateNetworkConditions", line)
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        await window.add_init_script(f"({WATCH})({json.dumps(page.states)})")
        await window.goto(page.address, wait_until="commit")
        await window.wait_for_function("() => seen.first && seen.all", timeout=60_000)
        await window.wait_for_timeout(1000)
        seen = await window.evaluate("seen")
    finally:
        await browser.close()
    times = {name: seen[name] / 1000 for name in ("frame", "first", "all")}
    # What was made in the page itself, such as a picture in the address, has no bytes on the line.
    return times | {"MB": sum(sizes) / 1e6, "requests": float(sum(size > 0 for size in sizes))}


def row(name: str, loads: list[dict[str, float]]) -> None:
    """Print the medians of a page, with the least and the largest of the first figure."""
    medians = {what: statistics.median(found[what] for found in loads) for what in MEASURES}
    firsts = [found["first"] for found in loads]
    times = "".join(f"{medians[what]:8.2f}" for what in ("frame", "first", "all"))
    print(
        f"  {name:10}{times}{medians['MB']:8.2f}{medians['requests']:10.0f}"
        f"    first: {min(firsts):.2f} to {max(firsts):.2f}"
    )


def ratio(name: str, loads: list[dict[str, float]], others: list[dict[str, float]]) -> None:
    """Print how much later the other page shows its first figure, pair by pair."""
    ratios = [b["first"] / a["first"] for a, b in zip(loads, others, strict=True)]
    print(f"  {name}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


async def measure(pages: dict[str, Page]) -> None:
    """Let the pages take turns on each line, after a round that does not count; print all."""
    async with async_playwright() as playwright:
        for page in pages.values():
            await load(playwright.chromium, page, None)
        for name, line in LINES.items():
            loads: dict[str, list[dict[str, float]]] = {page: [] for page in pages}
            for _ in range(ROUNDS):
                for page, found in loads.items():
                    found.append(await load(playwright.chromium, pages[page], line))
            print(f"\n{name}; times in s\n  {'':10}" + "".join(f"{what:>8}" for what in MEASURES))
            for page, found in loads.items():
                row(page, found)
            for page in list(loads)[1:]:
                ratio(f"first figure, {page} / ours", loads["ours"], loads[page])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How long until the first figure is there?")
    parser.add_argument("--beside", type=Path, help="another checkout, to be measured as well")
    options = parser.parse_args()
    with ExitStack() as stack:
        empty = stack.enter_context(tempfile.TemporaryDirectory())
        app, _ = stack.enter_context(server(HERE.parent / "app.py", HERE.parent))
        stock, _ = stack.enter_context(server(HERE / "stock_page.py", Path(empty)))
        pages = {"ours": ours(app), "stock": Page(f"{stock}/?{QUERY}", ".st-key-dx", 4)}
        if options.beside:
            other, _ = stack.enter_context(server(options.beside / "app.py", options.beside))
            pages["other"] = ours(other)
        asyncio.run(measure(pages))
