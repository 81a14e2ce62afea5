"""A room of users: they open a link together, drag, let go, and look at what they see.

Each drags for two of every ten seconds at ten moves a second, and lets go every five: a second of
dragging, then four of looking. They do so out of step.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.drive import cpu_seconds, memory
from benchmarks.users import Tally, User

ARRIVING = 10.0  # seconds within which all open the link
MOVES, PER_SECOND, CYCLE = 10, 10, 5.0
PATIENCE = 10.0  # seconds for the last replies; what has not come by then is lost
OPENING = 60.0  # seconds for the first answer of all
TICK = 0.05


@dataclass
class Figures:
    """What a room has measured.

    Attributes:
        users: how many there were.
        opened, moved, let_go, back: seconds to each reply.
        lost: replies that never came, by those names.
        wrong: what replies showed that nnfs does not say.
        cuts: connections lost.
        busy: cores that the server kept busy, on average, while all moved.
        megabytes: of memory for a session.
        late: seconds that this side itself came late, 19 times of 20 at most: part of every time.
    """

    users: int
    opened: list[float] = field(default_factory=list)
    moved: list[float] = field(default_factory=list)
    let_go: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    cuts: int = 0
    busy: float = 0.0
    megabytes: float = 0.0
    late: float = 0.0

    def take(self, users: Sequence[User]) -> None:
        """Add up what has come of the users' actions."""
        for name in ("opened", "moved", "let_go", "back"):
            tallies: list[Tally] = [getattr(user, name) for user in users]
            setattr(self, name, [t for tally in tallies for t in tally.times])
            self.lost[name] = sum(len(tally.waiting) for tally in tallies)
            self.wrong += [words for tally in tallies for words in tally.wrong]
        self.cuts = sum(user.cuts for user in users)


def quantile(times: Sequence[float], part: float) -> float:
    """Return the time that this part of all does not exceed; NaN of none."""
    if not times:
        return float("nan")
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


async def gather(users: Sequence[User], within: float = ARRIVING) -> None:
    """Let all open the link within so many seconds, and wait for their first answers."""

    async def arrive(user: User, at: float) -> None:
        await asyncio.sleep(at)
        await user.open()

    steps = [i * within / max(1, len(users)) for i in range(len(users))]
    opening = [asyncio.create_task(arrive(u, at)) for u, at in zip(users, steps, strict=True)]
    done, waiting = await asyncio.wait(opening, timeout=within + OPENING)
    for task in waiting:
        task.cancel()
    for task in done:
        task.result()


async def use(users: Sequence[User], cycles: int, patience: float = PATIENCE) -> None:
    """Let all drag and let go, out of step, and wait so many seconds for the last replies."""

    async def user_does(user: User, at: float) -> None:
        begun = time.monotonic() + at
        for cycle in range(cycles):
            await asyncio.sleep(max(0.0, begun + cycle * CYCLE - time.monotonic()))
            user.grab()
            for move in range(MOVES):
                due = begun + cycle * CYCLE + move / PER_SECOND
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                await user.move()
            await user.release()

    there = [user for user in users if user.first.is_set()]
    steps = (i * CYCLE / max(1, len(there)) for i in range(len(there)))
    await asyncio.gather(*(user_does(u, at) for u, at in zip(there, steps, strict=True)))
    await asyncio.sleep(2 * max((user.quiet for user in there), default=0))  # the last releases
    until = time.monotonic() + patience
    while time.monotonic() < until and any(user.waits for user in there):
        await asyncio.sleep(TICK)


async def lateness(found: list[float]) -> None:
    """Note how late this side wakes up, for ever."""
    while True:
        due = time.monotonic() + TICK
        await asyncio.sleep(TICK)
        found.append(time.monotonic() - due)


async def measure(users: Sequence[User], processes: Iterable[int], cycles: int) -> Figures:
    """Fill a room, let it work, and empty it.

    Args:
        users: who come; connected to nothing yet.
        processes: of the servers, whose time and memory count; none if they run elsewhere.
        cycles: how often each drags and lets go.
    """
    pids, figures, late = list(processes), Figures(len(users)), []
    before = sum(map(memory, pids))
    watching = asyncio.create_task(lateness(late))
    try:
        await gather(users)
        cpu, begun = sum(map(cpu_seconds, pids)), time.monotonic()
        await use(users, cycles)
        figures.busy = (sum(map(cpu_seconds, pids)) - cpu) / (time.monotonic() - begun)
        figures.megabytes = (sum(map(memory, pids)) - before) / 1e6 / max(1, len(users))
    finally:
        watching.cancel()
        figures.take(users)
        await asyncio.gather(*(user.close() for user in users))
    figures.late = quantile(late, 0.95)
    return figures
