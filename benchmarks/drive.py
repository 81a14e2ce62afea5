"""Servers on free ports, and a real Chromium with its mouse: what drives a page from outside."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.async_api import Browser, Page

# Of the mouse. At 60 Hz, in step with the screen, all events of a round would come at the same
# point of a frame, and a page would be a whole frame faster or slower by chance.
HZ = 59
CHROMIUM = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync " + (
    "--disable-background-networking --disable-component-update"
)


def allow_many_files() -> None:
    """Let this process, and those that it starts, have as many connections as the system grants."""
    with suppress(ImportError):  # as on Windows, which has no such limit
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def free_port() -> int:
    """Return a port of loopback that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def server(script: Path, place: Path) -> Iterator[tuple[str, int]]:
    """Run `streamlit run script` in a directory; give its address and its process id."""
    port = free_port()
    options = f"--server.headless true --server.address 127.0.0.1 --server.port {port}".split()
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=place, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            while not answers(f"{address}/_stcore/health"):
                if process.poll() is not None:
                    log.seek(0)
                    raise RuntimeError(f"{script} did not start:\n{log.read().decode()}")
                time.sleep(0.1)
            yield address, process.pid
        finally:
            process.terminate()
            process.wait()


def answers(address: str) -> bool:
    """Tell whether somebody serves an address."""
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except OSError:
        return False
    return True


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, all threads, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Return the bytes of memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def sweep(count: int, up: int, down: int) -> list[int]:
    """Return pixels from the start, up and down by 3 a step; no value returns within 3 sweeps."""
    path: list[int] = []
    turn = 0
    while len(path) < count:
        one_way = range(-up + turn % 3, down, 3)
        path += one_way if turn % 2 == 0 else reversed(one_way)
        turn += 1
    return path[:count]


async def opened(
    browser: Browser, address: str, *scripts: str, figures: Sequence[str] = ("jacobian", "dx")
) -> Page:
    """Open a page in a window of its own, behind these scripts, with these figures drawn."""
    page = await browser.new_page(viewport={"width": 1280, "height": 720})
    for script in scripts:
        await page.add_init_script(script)
    await page.goto(address)
    for name in figures:
        figure = page.locator(f"[class*=st-key-][class*={name}] .main-svg")
        await figure.first.wait_for()
    await page.wait_for_timeout(1000)  # let the start of the page itself be over
    return page


async def move(page: Page, points: list[tuple[float, float]]) -> None:
    """Move the mouse at its rate, also when the page has not yet taken the last move in."""
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
