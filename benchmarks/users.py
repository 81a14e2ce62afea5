"""Users of the Softmax page and of the stock page, who check every reply against nnfs."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode

import numpy as np
from websockets.exceptions import InvalidHandshake

from benchmarks.fetch import load
from benchmarks.lane_client import LaneClient
from benchmarks.script_session import ScriptSession
from nnfs import Softmax
from visualizer.scenario.codecs import Rows, format_rows, parse_rows

Z, G = (2.0, 1.0, 0.1, -1.0, 0.5), (1.0, 0.0, 0.0, 0.5, -0.5)
RETRY = 1.0  # seconds until a browser tries to connect again
QUIET = 1.0  # seconds after the end of a drag until the script hears of it, as in saving.js


def dx_of(z: Rows, g: Rows, T: float = 1.0) -> np.ndarray:
    """Return what nnfs says: the gradient of z, of a single sample."""
    layer = Softmax()
    layer.forward(np.array(z) / T)
    return layer.backward(np.array(g))[0] / T


def agree(heights: list[float], numbers: list[float], dx: np.ndarray) -> bool:
    """Tell whether a figure shows dx: its numbers are those of nnfs, and each bar is as high.

    While something is dragged, a bar that leaves its axis is cut there.

    Example:
        >>> dx = np.array([0.3, -0.3])
        >>> agree([0.3, -0.2], [0.3, -0.3], dx), agree([0.3, -0.3], [0.3, -0.2], dx)
        (True, False)
        >>> agree([0.3, 0.2], [0.3, -0.3], dx), agree([0.3, -0.4], [0.3, -0.3], dx)
        (False, False)
    """
    if not len(heights) == len(numbers) == len(dx) or not np.allclose(numbers, dx, 0, 1e-12):
        return False
    part = np.array(heights) / np.where(dx == 0, 1, dx)
    return bool(np.all((part > 0) & (part < 1 + 1e-9) | np.isclose(heights, dx, 0, 1e-12)))


@dataclass
class Tally:
    """What has come of one kind of action, of one user.

    Attributes:
        times: seconds from an action to the first reply that knows of it.
        wrong: what a reply showed that nnfs does not say.
        waiting: when each action was done whose reply has not come, by its number.
    """

    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    waiting: dict[int, float] = field(default_factory=dict)

    def done(self, number: int) -> None:
        """Begin to wait for the reply to an action."""
        self.waiting[number] = time.monotonic()

    def answered(self, number: int) -> None:
        """A reply knows of this action, and with it of all before."""
        now = time.monotonic()
        for known in [n for n in self.waiting if n <= number]:
            self.times.append(now - self.waiting.pop(known))


class User:
    """What both kinds of users are: somebody with an address, who opens it, moves and lets go.

    Attributes:
        opened, moved, let_go: what has come of each kind of action.
        back: the same of coming back after a cut.
        cuts: how often a connection was lost.
        z: the logits under the hand.
        quiet: seconds until the script hears of the end of a drag.
    """

    PAGE = ""
    QUERY: ClassVar = {"z": format_rows((Z,)), "g": format_rows((G,))}
    quiet = 0.0

    def __init__(self, address: str, number: int) -> None:
        """Begin at an address, as the user of that number: no two drag the same values."""
        self.address, self.number = address, number
        self.opened, self.moved, self.let_go, self.back = Tally(), Tally(), Tally(), Tally()
        self.cuts = self.edits = self.held = 0
        self.cookies = ""
        self.z = list(Z)
        self.rng = np.random.default_rng(number)
        self.first = asyncio.Event()
        self.script = ScriptSession(self.PAGE, urlencode(self.QUERY, safe=","), self.heard)
        self.staying: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Load the page, connect, and wait for the first answer."""
        self.opened.done(0)
        try:
            self.cookies = await load(self.address, f"/{self.PAGE}")
        except (OSError, EOFError):  # a server that is too busy; a browser would say so
            return
        self.staying.append(asyncio.create_task(self.stay(self.script)))
        await self.first.wait()

    async def close(self) -> None:
        """Leave."""
        for task in self.staying:
            task.cancel()
        await asyncio.gather(*self.staying, return_exceptions=True)
        await self.script.close()

    async def stay(self, way: ScriptSession | LaneClient) -> None:
        """Connect, and connect again when the connection is lost."""
        while True:
            with suppress(OSError, InvalidHandshake):  # nobody is there, or a balancer says so
                await way.open(self.address, self.cookies)
                assert way.reading is not None
                await asyncio.wait([way.reading])
                if error := way.reading.exception():  # a reply that nothing here expects
                    self.opened.wrong.append(repr(error))
                self.cuts += 1
                if way is self.script:
                    self.back.done(self.cuts)
            await asyncio.sleep(RETRY)

    def heard(self) -> None:
        """A script run has come to its end."""
        raise NotImplementedError

    def grab(self) -> None:
        """Take hold of another bar."""
        self.held = (self.held + 1) % len(Z)

    async def move(self) -> None:
        """Move the hand, and the bar that it holds, within the axis."""
        self.z[self.held] = round(float(self.rng.uniform(-1, 2)), 6)

    async def release(self) -> None:
        """Let go."""
        raise NotImplementedError

    @property
    def waits(self) -> bool:
        """Whether some reply has not come."""
        return bool(self.moved.waiting or self.let_go.waiting or self.back.waiting)


class LiveUser(User):
    """A user of our page, with a tab open that only the script can fill.

    Attributes:
        follows: what the page has to tell the browser: whether the script fills the open tab.
    """

    PAGE = "softmax"
    QUERY: ClassVar = User.QUERY | {"tab": "unseen"}
    quiet = QUIET
    follows = True

    def __init__(self, address: str, number: int) -> None:
        """Begin with nothing told."""
        super().__init__(address, number)
        self.lane = LaneClient(self.answered)
        self.texts: dict[int, str] = {0: self.QUERY["z"]}  # of z, by the number of the edit
        self.session = ""
        self.query: dict[str, str] = {}  # the scenario, as the script has told of it
        self.moving: list[str] = []  # the figures that move with z

    async def open(self) -> None:
        """Open both ways to the server."""
        await super().open()
        if self.first.is_set():
            self.staying.append(asyncio.create_task(self.stay(self.lane)))

    async def close(self) -> None:
        """Close both."""
        await super().close()
        await self.lane.close()

    def heard(self) -> None:
        """Check what the page shows, and say again what a new server does not know."""
        told, shown = self.script.data("softmax_saver"), self.script.data("softmax_dx")
        query, figure = shown["query"], shown["content"]
        scenario = parse_rows(query["z"]), parse_rows(query["g"]), float(query["T"])
        if not agree(figure["data"][0]["y"], figure["elements"]["numbers"], dx_of(*scenario)):
            self.let_go.wrong.append(f"dx in the page of {query}")
        if told["follows"] != self.follows:
            self.opened.wrong.append(f"follows is {told['follows']} at {query['tab']}")
        fresh = told["session"] != self.session
        self.session, self.query = told["session"], told["query"]
        if fresh:
            self._begin()
        elif self.texts[told["ack"]] != self.query["z"]:
            self.let_go.wrong.append(f"{self.query['z']}, not {self.texts[told['ack']]}")
        if not fresh or told["ack"]:
            self.let_go.answered(told["ack"])
        elif self.let_go.waiting:
            self._soon(0)

    def _begin(self) -> None:
        """Take in the first answer of a session, which shows what the link said that opened it.

        The lane may have written another since, on a replica that it had found sooner.
        """
        linked = self.texts[0] = parse_qs(self.script.opened)["z"][0]
        if self.query["z"] != linked:
            self.opened.wrong.append(f"{self.query['z']}, not {linked} as in the link")
        handles = self.script.data("softmax_z")["content"]["handles"]
        self.moving = handles["moves"]
        self.opened.answered(0)
        self.back.answered(self.cuts)
        self.first.set()

    @property
    def stands(self) -> bool:
        """Whether the page, and its link, say where the hand has let go last."""
        z = self.texts[self.edits]
        return self.query["z"] == z == parse_qs(self.script.link)["z"][0]

    def answered(self, answer: dict[str, Any]) -> None:
        """Check an answer of the lane; the last one of a drag says the link."""
        if "error" in answer:
            self.moved.wrong.append(answer["error"])
            return
        z = parse_rows(self.texts[answer["seq"]])
        figure = answer["moving" if "moving" in answer else "figures"]["dx"]
        numbers = figure.get("numbers") or figure["elements"]["numbers"]
        if not agree(figure["data"][0]["y"], numbers, dx_of(z, (G,))):
            self.moved.wrong.append(f"dx in the lane of {z}")
        if "link" in answer:
            self.script.link = urlencode(answer["link"], safe=",;")
        self.moved.answered(answer["seq"])

    async def move(self) -> None:
        """Send where the hand is along the lane."""
        await super().move()
        await self._edited({"moving": self.moving})

    async def release(self) -> None:
        """Ask for the whole figures; a while after, give the value to the script."""
        await self._edited({"final": True})
        self._soon(self.quiet)

    async def _edited(self, more: dict[str, Any]) -> None:
        self.edits += 1
        self.texts[self.edits] = text = format_rows((tuple(self.z),))
        self.moved.done(self.edits)
        query = self.query | {"z": text}
        await self.lane.send({"seq": self.edits, "page": self.PAGE, "query": query, **more})

    def _soon(self, seconds: float) -> None:
        """Save what was edited, after so many seconds."""

        async def save() -> None:
            await asyncio.sleep(seconds)
            self.let_go.done(self.edits)
            edit = {
                "n": self.edits,
                "session": self.session,
                "query": {"z": self.texts[self.edits]},
                "asks": [],
                "drawn": not self.moved.waiting,
                "final": True,
            }
            await self.script.set("softmax_saver", json_value=json.dumps({"edit": edit}))

        self.staying.append(asyncio.create_task(save()))


class StillUser(LiveUser):
    """A user of our page as it opens: nothing follows but figures, and the lane tells them all.

    The script hears of a drag before something else is done, which nobody does here.
    """

    QUERY: ClassVar = User.QUERY
    quiet = 0.0
    follows = False

    async def release(self) -> None:
        """Ask for the whole figures."""
        self.let_go.done(self.edits + 1)
        await self._edited({"final": True})

    def answered(self, answer: dict[str, Any]) -> None:
        """Check an answer of the lane; the last one of a drag ends it."""
        super().answered(answer)
        if "link" in answer:
            self.let_go.answered(answer["seq"])


class StockUser(User):
    """A user of the stock page, where nothing is sent before the hand lets go."""

    def __init__(self, address: str, number: int) -> None:
        """Begin with what the address says."""
        super().__init__(address, number)
        self.asked: dict[int, list[float]] = {0: list(Z)}

    def heard(self) -> None:
        """Find the newest release that the page shows."""
        spec = json.loads(self.script.elements["dx"][0].spec)
        shown = spec["data"][0]["y"]
        found = (
            number
            for number, z in reversed(self.asked.items())
            if agree(shown, shown, dx_of((tuple(z),), (G,)))
        )
        number = next(found, None)
        if number is None:
            self.let_go.wrong.append(f"dx is {shown}")
            return
        self.opened.answered(0)
        self.first.set()
        self.let_go.answered(number)

    async def release(self) -> None:
        """Let go of the slider."""
        self.edits += 1
        self.asked[self.edits] = list(self.z)
        self.let_go.done(self.edits)
        value = {"data": [self.z[self.held]]}
        await self.script.set(f"z {self.held}", double_array_value=value)
