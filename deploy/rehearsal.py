"""What do users notice when one of two replicas dies? A room behind a real nginx, on loopback.

    python deploy/rehearsal.py --users 100

Starts two processes of the app, and nginx with `nginx.conf` before them, fills them with users as
`benchmarks/sessions.py` does, and kills one in the middle. Users of the other one have to notice
nothing; those of the dead one have to find their state, from their link, on the other.
"""

import argparse
import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.balancer import balancer
from benchmarks.drive import allow_many_files, server
from benchmarks.fetch import Connection
from benchmarks.room import ARRIVING, CYCLE, Figures, gather, quantile, use
from benchmarks.users import LiveUser

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds for the last replies: what is asked is whether they come, not how soon


@dataclass
class Rehearsal:
    """What has become of the users of both replicas.

    Attributes:
        seats: how many sessions each replica had before one died; the last one lives on.
        others: users who lost no connection.
        moved: users who lost one.
        after: how many sessions the living replica had in the end.
    """

    seats: tuple[int, int]
    others: list[LiveUser]
    moved: list[LiveUser]
    after: int

    def faults(self) -> list[str]:
        """Return what should not have happened."""
        dead, alive = self.seats
        users, others, moved = self.others + self.moved, Figures(0), Figures(0)
        others.take(self.others)
        moved.take(self.moved)
        nothing = {"opened": 0, "moved": 0, "let_go": 0, "back": 0}
        expected = [
            ("seats on both replicas", min(dead, alive) > 0, True),
            ("users of the dead one who lost their connection", len(self.moved), dead),
            ("sessions on the other in the end", self.after, dead + alive),
            ("wrong replies", others.wrong + moved.wrong, []),
            ("actions lost by users of the living one", others.lost, nothing),
            ("actions lost by users of the dead one", moved.lost, nothing),
            ("users whose state is gone", [u.number for u in users if not u.stands], []),
        ]
        return [f"{what}: {got}, not {wanted}" for what, got, wanted in expected if got != wanted]


async def sessions_of(address: str) -> int:
    """Ask a replica how many sessions it has."""
    connection = Connection(address)
    try:
        reply = await connection.get("/_stcore/metrics")
    finally:
        connection.close()
    lines = reply.body.decode().splitlines()
    return int(next(line for line in lines if line.startswith("active_sessions ")).split()[1])


async def rehearse(
    users: list[LiveUser], replicas: list[tuple[str, int]], cycles: int, within: float
) -> Rehearsal:
    """Let a room work, and kill the first replica in the middle.

    Args:
        users: who come to the balancer; at no address yet.
        replicas: the address of each, and its process id.
        cycles: how often each user drags and lets go.
        within: seconds in which all open the link.
    """
    try:
        await gather(users, within)
        seats = [await sessions_of(address) for address, _ in replicas]
        working = asyncio.create_task(use(users, cycles, PATIENCE))
        await asyncio.sleep(cycles * CYCLE / 2)
        os.kill(replicas[0][1], signal.SIGKILL)
        await working
        after = await sessions_of(replicas[1][0])
    finally:
        await asyncio.gather(*(user.close() for user in users))
    cut = [user for user in users if user.cuts]
    return Rehearsal((seats[0], seats[1]), [u for u in users if not u.cuts], cut, after)


def run(count: int, cycles: int, within: float = ARRIVING) -> Rehearsal:
    """Start all, let so many users work, and end all."""
    program = ROOT / "app.py"
    with server(program, ROOT) as first, server(program, ROOT) as second:
        replicas = [first, second]
        with balancer([address for address, _ in replicas]) as address:
            users = [LiveUser(address, number) for number in range(count)]
            return asyncio.run(rehearse(users, replicas, cycles, within))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What do users notice when a replica dies?")
    parser.add_argument("--users", type=int, default=60)
    parser.add_argument("--cycles", type=int, default=6, help="of dragging and letting go")
    options = parser.parse_args()
    allow_many_files()
    found = run(options.users, options.cycles)
    dead, alive = found.seats
    back = [t for user in found.moved for t in user.back.times]
    print(f"sessions: {dead} on the replica that died, {alive} on the other")
    print(
        f"back on the other: median {quantile(back, 0.5):.1f} s, at most {quantile(back, 1):.1f} s"
    )
    for what, some in (("of the other", found.others), ("of the dead one", found.moved)):
        times = [t for user in some for t in user.let_go.times]
        print(
            f"releases of users {what}: {len(times)}, median {1000 * quantile(times, 0.5):.0f} ms, "
            f"p95 {1000 * quantile(times, 0.95):.0f} ms"
        )
    faults = found.faults()
    print("\n".join(faults) or "nothing lost, nothing wrong, every state stands")
    sys.exit(bool(faults))
