"""How many users does a server hold, beside a stock Streamlit page, in one run?

    python benchmarks/sessions.py
    python benchmarks/sessions.py --processes 2 --nginx --follows
    python benchmarks/sessions.py --at https://gradients.example.org

Starts the app, and after it `stock_page.py`, anew for every number of users, and fills it with
sessions on Streamlit's own protocol and on the fast lane, without browsers: they load what a
browser loads first, within ten seconds, then drag for two of every ten seconds at ten moves a
second, and let go every five. It takes about eight minutes. Every reply is checked against nnfs.

    open     from the first byte asked for to the first whole answer of the script
    move     from a move to the first answer of the lane that knows of it
    release  from letting go until all on the page is final: on the stock page with the end of a
             script run, on ours as it opens with the last answer of the lane; the script hears of
             it before something else is done, which nobody does here. With `--follows` a tab is
             open that only the script fills: from the message to it, a second later, until the
             run that knows of it has ended
    lost     actions whose reply had not come ten seconds after the last
    cores    that the server kept busy while all moved
    MB       of memory for a session, beside a server that has had one
    late     what the client itself adds to times, at most, 19 times of 20

The slider of the stock page sends nothing while it is dragged, so its users only let go. A page
holds its users while nothing is lost and nineteen of twenty releases are answered in half a second.

The client and all servers share this machine. With `--processes` there are several of the app, to
which users go in turns; with `--nginx` all go to a real nginx, with the configuration of `deploy`.
The stock page has one process in any case: it has no way to share its users out.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path

try:
    from uvloop import run  # of which a client of 600 connections needs half the time
except ImportError:  # as on Windows
    from asyncio import run

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.balancer import balancer
from benchmarks.drive import allow_many_files, cpu_seconds, server
from benchmarks.room import Figures, gather, measure, quantile
from benchmarks.users import LiveUser, StillUser, StockUser, User

HERE = Path(__file__).resolve().parent
USERS = (10, 50, 100, 200, 300)
CYCLES = 4
HELD = 0.5  # seconds within which releases are answered where a page holds its users
MOVES, RELEASES = 300, 30  # of one user alone
WARM = 2  # users of each server before those that count

# Starts servers, and gives their addresses and their process ids.
Start = Callable[[], AbstractContextManager[tuple[list[str], list[int]]]]

HEADING = (
    f"{'users':>5} │{'open':>7}{'p95':>7}{'most':>7} │{'move':>7}{'p95':>7}{'lost':>6} │"
    f"{'release':>8}{'p95':>8}{'lost':>6} │{'cores':>6}{'MB':>6}{'late':>6}"
)


@contextmanager
def app(processes: int, nginx: bool) -> Iterator[tuple[list[str], list[int]]]:
    """Run the app; give the addresses to which users go in turns, and the process ids."""
    with ExitStack() as stack:
        program = HERE.parent / "app.py"
        servers = [stack.enter_context(server(program, HERE.parent)) for _ in range(processes)]
        addresses = [address for address, _ in servers]
        if nginx:
            addresses = [stack.enter_context(balancer(addresses))]
        yield addresses, [pid for _, pid in servers]


@contextmanager
def stock() -> Iterator[tuple[list[str], list[int]]]:
    """Run the stock page, from a directory where no configuration applies."""
    with (
        tempfile.TemporaryDirectory() as empty,
        server(HERE / "stock_page.py", Path(empty)) as (address, pid),
    ):
        yield [address], [pid]


def crowd(kind: type[User], addresses: Sequence[str], count: int) -> list[User]:
    """Return so many users, who go to the addresses in turns."""
    return [kind(addresses[i % len(addresses)], i) for i in range(count)]


async def alone(kind: type[User], address: str, pid: int) -> tuple[float, float]:
    """Return the milliseconds of processor for a move, and for a release, of one user alone."""
    (user,) = users = crowd(kind, [address], 1)
    user.quiet = 0.0
    await gather(users)

    async def spent(count: int, lets_go: bool) -> float:
        cpu = cpu_seconds(pid)
        for _ in range(count):
            await user.move()
            if lets_go:
                await user.release()
                await asyncio.sleep(0.002)  # until it is on its way
            while user.waits:
                await asyncio.sleep(0.001)
        return 1000 * (cpu_seconds(pid) - cpu) / count

    await spent(RELEASES, True)  # the first cost more
    moves, both = await spent(MOVES, False), await spent(RELEASES, True)
    await user.close()
    refuse(user.moved.wrong + user.let_go.wrong)
    return moves, both - moves


def refuse(wrong: Sequence[str]) -> None:
    """Stop where a reply was wrong: then no time means anything."""
    if wrong:
        raise RuntimeError(f"{len(wrong)} wrong replies, such as {wrong[0]}")


def line(found: Figures) -> str:
    """Return a line of the table."""

    def ms(times: Sequence[float], part: float, width: int) -> str:
        return f"{1000 * quantile(times, part):{width}.0f}" if times else f"{'–':>{width}}"

    opened, moved, let_go = found.opened, found.moved, found.let_go
    return (
        f"{found.users:>5} │{ms(opened, 0.5, 7)}{ms(opened, 0.95, 7)}{ms(opened, 1, 7)} │"
        f"{ms(moved, 0.5, 7)}{ms(moved, 0.95, 7)}{found.lost['moved']:>6} │"
        f"{ms(let_go, 0.5, 8)}{ms(let_go, 0.95, 8)}"
        f"{found.lost['let_go'] + found.lost['opened']:>6} │"
        f"{found.busy:>6.2f}{found.megabytes:>6.2f}{1000 * found.late:>6.0f}"
    )


def holds(found: Figures) -> bool:
    """Tell whether a page has held its users."""
    none_lost = not any(found.lost.values()) and not found.cuts
    return none_lost and quantile(found.let_go, 0.95) <= HELD


def table(name: str, kind: type[User], start: Start, numbers: Sequence[int]) -> list[Figures]:
    """Measure one page, with every number of users on servers that are new; print its table."""
    print(f"\n{name}; times in ms\n{HEADING}", flush=True)
    rows = []
    for count in numbers:
        with start() as (addresses, pids):
            for user in crowd(kind, addresses, WARM * len(addresses)):  # the first costs more
                run(measure([user], (), 1))
            found = run(measure(crowd(kind, addresses, count), pids, CYCLES))
        refuse(found.wrong)
        print(line(found), flush=True)
        rows.append(found)
    return rows


def compare(
    ours: list[Figures], theirs: list[Figures], costs: Sequence[tuple[float, float]]
) -> None:
    """Print how many users each page holds, and what an action costs the server."""
    held = [max((f.users for f in rows if holds(f)), default=0) for rows in (ours, theirs)]
    more = f"{held[0] / held[1]:.1f} times as many" if held[1] else "which holds none"
    print(f"\nusers held: {held[0]}; stock page: {held[1]} ({more})")
    (move, release), (_, stock_release) = costs
    print(
        f"processor of one user alone: {move:.2f} ms a move, {release:.1f} ms a release; "
        f"stock page: {stock_release:.1f} ms a release ({stock_release / release:.1f} times)"
    )


async def each_alone() -> list[tuple[float, float]]:
    """Return what actions cost on both pages, on servers of their own."""
    costs = []
    for kind, start in ((LiveUser, app(1, False)), (StockUser, stock())):
        with start as (addresses, (pid,)):
            costs.append(await alone(kind, addresses[0], pid))
    return costs


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How many users does a server hold?")
    parser.add_argument("--users", type=int, nargs="+", default=USERS)
    parser.add_argument("--processes", type=int, default=1, help="of the app")
    parser.add_argument("--nginx", action="store_true", help="before the processes of the app")
    parser.add_argument("--follows", action="store_true", help="with a tab that the script fills")
    parser.add_argument("--at", nargs="+", help="addresses where the app runs already")
    options = parser.parse_args()
    allow_many_files()
    kind = LiveUser if options.follows else StillUser
    if options.at:
        table(", ".join(options.at), kind, lambda: nullcontext((options.at, [])), options.users)
    else:
        name = f"Ours, processes: {options.processes}{', behind nginx' * options.nginx}"
        start = partial(app, options.processes, options.nginx)
        ours = table(name, kind, start, options.users)
        theirs = table("Stock page, processes: 1", StockUser, stock, options.users)
        compare(ours, theirs, run(each_alone()))
