"""Memory of a server that runs for days: what closed connections held is given back.

Python frees an object when nothing refers to it any more. What refers to itself in a circle, as a
closed connection with all that it had received does, waits for a full collection. The collector
counts objects, not bytes: sixty connections that had sent 28 MB each would wait for good.
"""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

# Seconds without a drag after which nobody notices a collection, and how long one is put off.
QUIET, LONGEST_WAIT = 0.5, 5.0

# UTF-8 has at most so many bytes for a character.
LONGEST_CHARACTER = 4


class _Activity:
    """When the server was last busy, and since when something waits to be collected."""

    last_busy = 0.0
    closed_at: float | None = None


def busy() -> None:
    """Say that a drag is going on."""
    _Activity.last_busy = time.monotonic()


class Closings:
    """Middleware that notices when what held memory is over: a WebSocket, or an upload."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        try:
            await self.app(scope, receive, send)
        finally:
            holds = scope["type"] == "websocket" or scope.get("method") in ("POST", "PUT")
            if holds and _Activity.closed_at is None:
                _Activity.closed_at = time.monotonic()


def is_due(now: float) -> bool:
    """Tell whether to collect: something has closed, and no drag goes on, or it waited long."""
    closed_at, last_busy = _Activity.closed_at, _Activity.last_busy
    if closed_at is None:
        return False
    return now - last_busy > QUIET or now - closed_at > LONGEST_WAIT


async def collect(
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Collect what closed connections have left, for ever."""
    while True:
        await sleep(QUIET)
        if is_due(time.monotonic()):
            _Activity.closed_at = None
            gc.collect()


def bound_message(receive: Receive, characters: int) -> None:
    """Have the server refuse longer messages of a WebSocket before they have come whole.

    It keeps what has come of a message until the rest is there, and lets it grow to
    `server.maxMessageSize`, which is what Streamlit needs. ASGI has no way to ask for less: of
    uvicorn, `receive` is a method of its protocol, whose `conn` is the connection of the library
    websockets. Where that is otherwise nothing is done, and a message that is too long is refused
    when it has come.
    """
    connection: Any = getattr(getattr(receive, "__self__", None), "conn", None)
    if hasattr(connection, "max_message_size"):
        connection.max_message_size = LONGEST_CHARACTER * characters
