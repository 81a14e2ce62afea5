"""A browser's side of the fast lane, as `lane.js` has it: one message in flight, newest wins."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Self

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from benchmarks.script_session import connected


class LaneClient:
    """One WebSocket to the fast lane."""

    def __init__(self, heard: Callable[[dict[str, Any]], None]) -> None:
        """Begin without a connection; `heard` is called with every answer."""
        self.heard = heard
        self.waiting: Mapping[str, Any] | None = None
        self.in_flight = False
        self.socket: ClientConnection | None = None
        self.reading: asyncio.Task[None] | None = None

    async def open(self, address: str, cookies: str) -> Self:
        """Connect, and send what has been waiting."""
        self.socket = await connected(address, "/live", cookies)
        self.in_flight = False
        self.reading = asyncio.create_task(self._read())
        await self._next()
        return self

    async def close(self) -> None:
        """Leave, as a tab that is closed."""
        if self.socket is not None:
            await self.socket.close()
        if self.reading is not None:
            await asyncio.wait([self.reading])

    async def send(self, message: Mapping[str, Any]) -> None:
        """Send a message, or keep it until the one in flight is answered."""
        self.waiting = message
        await self._next()

    async def _next(self) -> None:
        if self.waiting is None or self.in_flight or self.socket is None:
            return
        message, self.waiting, self.in_flight = self.waiting, None, True
        with suppress(ConnectionClosed):  # whoever reads notices, too
            await self.socket.send(json.dumps(message))

    async def _read(self) -> None:
        assert self.socket is not None
        with suppress(ConnectionClosed):
            async for received in self.socket:
                self.in_flight = False
                self.heard(json.loads(received))
                await self._next()
