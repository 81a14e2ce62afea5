"""The fast lane: a scenario comes in over a WebSocket, its figures go out; nothing is stored."""

import asyncio
from urllib.parse import urlsplit

import orjson
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from ui.assets import under_base
from ui.shortcut import Shortcut
from views import VIEWS

# A scenario is at most two matrices in text. Larger ones go through the script.
MAX_MESSAGE = 64 * 1024

# From this many numbers on, the view runs in a thread, so that others are answered meanwhile: a
# Jacobian of 200 classes takes 7 ms.
HEAVY = 200


def answer(message: str) -> bytes:
    """Return the JSON answer to a message: figures, or an error as data. Never raises.

    Args:
        message: `{"seq": 7, "page": "softmax", "query": {"z": "2,1,0.1", ...}}`; with
            `"moving": ["dx", ...]` if only the arrays that move of these figures are wanted.

    Returns:
        `{"seq": 7, "figures": {name: figure, ...}}`, `{"seq": 7, "moving": {name: traces, ...}}`,
        or `{"seq": 7, "error": "..."}`; `seq` is null where the message did not say.
    """
    seq = None
    try:
        request = orjson.loads(message)
        seq = request["seq"]
        page, query, names = VIEWS[request["page"]], request["query"], request.get("moving")
        texts = (*query.values(), *(names or ()))
        if type(seq) is not int or not set(map(type, texts)) <= {str}:
            raise TypeError
        moving = None if names is None else page.moving
    except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError):
        return _error(seq, "expected an object with seq, page and a query of texts")
    scenario, refused = page.Scenario.from_query(query)
    if refused:
        return _error(seq, " ".join(refused))
    if moving:
        return orjson.dumps({"seq": seq, "moving": moving(scenario, set(names))})
    return orjson.dumps({"seq": seq, "figures": page.view(scenario)})


def _error(seq: object, text: str) -> bytes:
    return orjson.dumps({"seq": seq if type(seq) is int else None, "error": text})


def is_same_origin(websocket: WebSocket) -> bool:
    """Tell whether the page that opened the connection came from the host that it talks to.

    Browsers always send Origin, so a page of somebody else cannot hide. Behind a proxy that
    changes Host the lane stays shut, and the figures take the slow one.
    """
    origin = urlsplit(websocket.headers.get("origin", ""))
    return origin.netloc != "" and origin.netloc == websocket.headers.get("host")


class Lane:
    """The route as a plain ASGI application.

    Starlette wraps a function into checks of every message in and out, which nothing here needs.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer messages one at a time, in order, until the browser leaves."""
        websocket = WebSocket(scope, receive, send)
        if not is_same_origin(websocket):
            await websocket.close(1008, "foreign origin")
            return
        await websocket.accept()
        Shortcut.take(receive, answer_at_once)
        while (event := await receive())["type"] == "websocket.receive":
            message = event.get("text")
            if message is None:
                await websocket.close(1003, "expected text")
                return
            answered = answer_at_once(message) or await asyncio.to_thread(answer, message)
            try:
                await send({"type": "websocket.send", "bytes": answered})
            except OSError:  # the browser has left meanwhile
                return


def answer_at_once(message: str) -> bytes | None:
    """Return the answer; None where it takes long, and others have to be answered meanwhile."""
    if len(message) > MAX_MESSAGE:
        return _error(None, f"expected at most {MAX_MESSAGE} characters")
    # JSON can hide a comma behind a backslash; our page never sends one.
    if "\\" in message or message.count(",") + message.count(";") > HEAVY:
        return None
    return answer(message)


def routes() -> list[WebSocketRoute]:
    """Return the route of the fast lane."""
    return [WebSocketRoute(under_base("live"), Lane())]
