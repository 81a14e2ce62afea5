"""The last steps of a message to the fast lane, without the machinery of a server around them."""

import asyncio
from collections.abc import Callable
from typing import Any, Self

from starlette.types import Receive

# The first byte of a text message that comes whole, of an answer to a ping, and of what we send.
TEXT, PONG, BINARY = 0x81, 0x8A, b"\x82"
# The second byte of what comes from a browser: of an empty message, and of one above 64 KiB.
MASKED, LONG = 0x80, 0xFF


class Shortcut(asyncio.Protocol):
    """Answers the messages of a drag where they arrive: between the socket and the server.

    The frames of websockets, the queue of uvicorn and the task of asyncio cost little when messages
    follow each other at once. In a drag one comes every 17 ms and finds nothing of them in the
    caches of the processor: there they are a sixth of what an answer costs. A message that has come
    whole, and can be answered at once, needs none of them. The server gets all else as it came:
    answers to its pings and, with the first message that is unusual in any way, the socket itself,
    for good. So there is nothing to get wrong here but the header of a frame.
    """

    def __init__(
        self,
        server: Any,
        transport: asyncio.Transport,
        answer_at_once: Callable[[str], bytes | None],
    ) -> None:
        """Stand between a socket and the protocol of the server; `take` is what does it.

        Args:
            server: the protocol that had the socket.
            transport: the socket.
            answer_at_once: returns the answer to a message, or None where it would take long.
        """
        self.server, self.transport, self.answer_at_once = server, transport, answer_at_once

    @classmethod
    def take(cls, receive: Receive, answer_at_once: Callable[[str], bytes | None]) -> Self | None:
        """Stand between the socket and the server, on a WebSocket that has been accepted.

        Args:
            receive: of the application: a method of the protocol of uvicorn, which has the socket
                as `transport`. ASGI does not say so: where it is otherwise nothing is done, and
                the server answers every message.
            answer_at_once: returns the answer to a message, or None where it would take long.

        Returns:
            What stands there; None if nothing does.
        """
        server = getattr(receive, "__self__", None)
        transport = getattr(server, "transport", None)
        if not hasattr(transport, "get_protocol") or transport.get_protocol() is not server:
            return None
        shortcut = cls(server, transport, answer_at_once)
        transport.set_protocol(shortcut)
        return shortcut

    def data_received(self, data: bytes) -> None:
        """Answer a message; what is none, or none to be answered at once, is the server's."""
        message = message_in(data)
        answer = None if message is None else self.answer_at_once(message)
        if answer is not None:
            self.transport.write(header(len(answer)) + answer)
            return
        if data[0] != PONG:
            self.transport.set_protocol(self.server)
        self.server.data_received(data)

    def pause_writing(self) -> None:
        """The browser does not read its answers: the server knows how to wait until it does."""
        self.transport.set_protocol(self.server)
        self.server.pause_writing()

    def eof_received(self) -> bool | None:
        """The browser has left."""
        return self.server.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is over."""
        self.server.connection_lost(exc)


def message_in(data: bytes) -> str | None:
    """Return the text of a frame that is a whole message of at most 64 KiB, and all of the data.

    None for all else: parts of messages, several, binary or compressed ones, text that is not
    UTF-8, frames without a mask, and those that control the connection.

    Source:
        RFC 6455, section 5.2.
    """
    if len(data) < 6 or data[0] != TEXT or data[1] == LONG:
        return None
    size, start = data[1] - MASKED, 2
    if size == 126:
        size, start = int.from_bytes(data[2:4]), 4
    body = data[start + 4 :]
    if len(body) != size:
        return None
    mask = (data[start : start + 4] * (size // 4 + 1))[:size]
    try:
        return (int.from_bytes(body) ^ int.from_bytes(mask)).to_bytes(size).decode()
    except UnicodeDecodeError:
        return None


def header(size: int) -> bytes:
    """Return what stands before a whole binary message of that many bytes."""
    if size < 126:
        return BINARY + bytes([size])
    if size < 1 << 16:
        return BINARY + b"\x7e" + size.to_bytes(2)
    return BINARY + b"\x7f" + size.to_bytes(8)
