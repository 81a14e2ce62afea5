"""The fast lane: a scenario comes in over a WebSocket, its figures go out; nothing is stored."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Self

import orjson
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from visualizer.figures.axes import parse_ends
from visualizer.lessons import BY_NAME
from visualizer.scenario import BaseScenario, fits_link
from visualizer.server import memory
from visualizer.server.assets import under_base

# A scenario is at most two matrices in text. Larger ones go through the script.
MAX_MESSAGE = 64 * 1024

# In messages a second: a page sends at most one in each frame of its screen.
RATE = 144
# How many messages may come at once before the rate counts: those that a slow network held back.
BURST = 16

# A message of so few characters is parsed in less than a tenth of a millisecond.
SHORT = 4096
# The widest scenario that is answered in the event loop: in 2 ms at most.
NARROW = 32

# Where everything else is computed, so that others are answered meanwhile. It is one thread:
# Python computes one thing at a time anyway, and the event loop needs its turns.
workshop = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lane")


class Request(NamedTuple):
    """What a message asks for.

    Attributes:
        seq: number of the edit, which the answer repeats.
        page: name of the page.
        query: the scenario, each field as text.
        moving: names of the figures of which only the arrays that move are wanted; None to get
            all figures whole.
        final: whether the hand has let go: then axes are fitted, and the link is told.
    """

    seq: int
    page: str
    query: dict[str, str]
    moving: list[str] | None
    final: bool

    @classmethod
    def parse(cls, message: str) -> Self:
        """Read a message.

        Raises:
            Malformed: it has another form.
        """
        seq = None
        try:
            fields = orjson.loads(message)
            seq = fields["seq"]
            moving, final = fields.get("moving"), fields.get("final") is True
            request = cls(seq, fields["page"], fields["query"], moving, final)
            texts = [request.page, *request.query.values()]
            if request.moving is not None:
                texts += request.moving
        except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
            raise Malformed(seq) from error
        is_list = request.moving is None or type(request.moving) is list
        if type(seq) is not int or not is_list or any(type(text) is not str for text in texts):
            raise Malformed(seq)
        if request.page not in BY_NAME:
            raise Malformed(seq)
        return request


class Malformed(ValueError):
    """A message that has not the form of one."""

    def __init__(self, seq: object) -> None:
        """Keep the number, if there was one."""
        super().__init__("expected an object with seq, page and a query of texts")
        self.seq = seq


def answer(message: str) -> bytes:
    """Return the JSON answer to a message: figures, or an error as data. Never raises.

    Args:
        message: `{"seq": 7, "page": "softmax", "query": {"z": "2,1,0.1", ...}}`; with
            `"axes"` in the query to keep the axes as they are, and with `"moving": ["dx", ...]` if
            only the arrays that move of these figures are wanted; with `"final": true` at the end
            of a drag.

    Returns:
        `{"seq": 7, "figures": {name: figure, ...}}`, `{"seq": 7, "moving": {name: moved, ...}}`,
        or `{"seq": 7, "error": "..."}`; `seq` is null where the message did not say. At the end of
        a drag there is `"link"` too, as the address bar has it, unless that is too long for one.
    """
    try:
        request = Request.parse(message)
    except Malformed as malformed:
        return _error(malformed.seq, str(malformed))
    return _computed(request)


def answer_at_once(message: str) -> bytes | None:
    """Return the answer where it takes at most 2 ms; None where others would have to wait."""
    if len(message) > MAX_MESSAGE:
        return _error(None, f"expected at most {MAX_MESSAGE} characters")
    if len(message) > SHORT:
        return None
    try:
        request = Request.parse(message)
    except Malformed as malformed:
        return _error(malformed.seq, str(malformed))
    scenario, _, _ = BY_NAME[request.page].Scenario.read(request.query)
    return _computed(request) if is_narrow(scenario) else None


def is_narrow(scenario: BaseScenario) -> bool:
    """Tell whether the figures of a scenario take little time, judged by its matrices."""
    matrices = [value for value in vars(scenario).values() if is_matrix(value)]
    return not scenario.SLOW and all(
        len(rows) <= NARROW and all(len(row) <= NARROW for row in rows) for rows in matrices
    )


def is_matrix(value: object) -> bool:
    """Tell whether the value of a field is a tuple of rows."""
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], tuple)


def _computed(request: Request) -> bytes:
    lesson = BY_NAME[request.page]
    scenario, refused = lesson.Scenario.from_query(request.query)
    if refused:
        return _error(request.seq, " ".join(refused))
    kept = {} if request.final else parse_ends(request.query.get("axes", ""))
    moment = lesson.moment(scenario, kept)
    if refusal := lesson.refusal(moment):
        return _error(request.seq, refusal)
    # A value that was typed may lie beyond its axis: then more moves than arrays.
    if request.moving is not None and (not kept or kept == moment.ends):
        moving = lesson.moved(moment, request.moving)
        return orjson.dumps({"seq": request.seq, "moving": moving})
    answered: dict[str, Any] = {"seq": request.seq, "figures": lesson.drawn(moment)}
    if request.final and fits_link(link := scenario.to_link()):
        answered["link"] = link
    return orjson.dumps(answered)


def _error(seq: object, text: str) -> bytes:
    return orjson.dumps({"seq": seq if type(seq) is int else None, "error": text})


class Pace:
    """The rate that a connection cannot exceed: after a burst, its messages have to wait."""

    def __init__(self) -> None:
        """Begin with a whole burst."""
        self.due = time.monotonic() - BURST / RATE

    def wait(self) -> float:
        """Return how many seconds the next message has to wait; 0 for those of a page."""
        now = time.monotonic()
        self.due = max(self.due + 1 / RATE, now - BURST / RATE)
        return max(0.0, self.due - now)


class Lane:
    """The route as a plain ASGI application.

    Starlette wraps a function into checks of every message in and out, which nothing here needs.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer messages one at a time, in order, until the browser leaves."""
        websocket = WebSocket(scope, receive, send)
        await websocket.accept()
        memory.bound_message(receive, MAX_MESSAGE)
        pace, loop = Pace(), asyncio.get_running_loop()
        while (event := await receive())["type"] == "websocket.receive":
            message = event.get("text")
            if message is None:
                await websocket.close(1003, "expected text")
                return
            # Others have their turn first: a client may have sent a thousand messages at once.
            await asyncio.sleep(pace.wait())
            answered = answer_at_once(message)
            if answered is None:
                answered = await loop.run_in_executor(workshop, answer, message)
            memory.busy()
            try:
                await send({"type": "websocket.send", "bytes": answered})
            except OSError:  # the browser has left meanwhile
                return


def routes() -> list[WebSocketRoute]:
    """Return the route of the fast lane."""
    return [WebSocketRoute(under_base("live"), Lane())]
