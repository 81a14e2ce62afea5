"""Memory: what closed connections held is given back, and not in the middle of a drag."""

import asyncio
import base64
import gc
import os
import socket
import struct
import time
import weakref
from urllib.parse import urlsplit

import pytest

from tests.conftest import is_up
from tests.server.conftest import finished
from visualizer.server import memory


class Circle:
    """An object that refers to itself, as a closed connection does."""

    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def _nothing_has_happened(monkeypatch):
    monkeypatch.setattr(memory._Activity, "last_busy", 0.0)
    monkeypatch.setattr(memory._Activity, "closed_at", None)


def passed_on(**scope):
    async def app(scope, receive, send):
        pass

    finished(memory.Closings(app)(scope, None, None))


def looks(count):
    """Run the collector for so many looks at what has closed."""

    async def sleep(seconds):
        nonlocal count
        count -= 1
        if count < 0:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        memory.collect(sleep).send(None)


@pytest.mark.parametrize(
    ("scope", "frees"),
    [
        ({"type": "websocket"}, True),
        ({"type": "http", "method": "PUT"}, True),
        ({"type": "http", "method": "GET"}, False),
    ],
    ids=["websocket", "upload", "page"],
)
def test_a_collection_follows_the_end_of_what_held_memory(scope, frees):
    gc.disable()
    try:
        circle = weakref.ref(Circle())
        passed_on(**scope)
        looks(1)
        assert (circle() is None) is frees
    finally:
        gc.enable()


def test_a_drag_puts_a_collection_off_but_not_for_ever(monkeypatch):
    now = 100.0
    monkeypatch.setattr(memory.time, "monotonic", lambda: now)
    passed_on(type="websocket")
    while now < 100 + memory.LONGEST_WAIT:
        memory.busy()
        assert not memory.is_due(now)
        now += 0.25
    now += 0.25
    assert memory.is_due(now)


def test_when_the_hand_rests_a_collection_waits_no_longer(monkeypatch):
    now = 100.0
    monkeypatch.setattr(memory.time, "monotonic", lambda: now)
    passed_on(type="websocket")
    memory.busy()
    assert not memory.is_due(now)
    now += memory.QUIET + 0.01
    assert memory.is_due(now)


def resident(server):
    """Megabytes that the server holds, as Linux counts them."""
    port = urlsplit(server).port
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline") as command, open(f"/proc/{pid}/status") as status:
                if f"--server.port\0{port}\0" in command.read():
                    lines = dict(line.split(":", 1) for line in status)
                    return int(lines["VmRSS"].split()[0]) / 1024
        except OSError:
            continue
    raise LookupError(server)


def send_part_of_a_message(server, path, megabytes):
    """Begin a frame that says it is longer, and close the connection; return what was taken."""
    place = urlsplit(server)
    key = base64.b64encode(os.urandom(16)).decode()
    hello = f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: {server}\r\n"
    hello += f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
    hello += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
    with socket.create_connection((place.hostname, place.port)) as client:
        client.sendall(hello.encode())
        assert b" 101 " in client.recv(1000)
        try:
            client.sendall(b"\x81\xff" + struct.pack("!Q", 30_000_000) + b"mask")
            for _ in range(megabytes):
                client.sendall(bytes(1_000_000))
        except OSError:
            return False
    return True


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="reads /proc, as on Linux")
@pytest.mark.parametrize("path", ["/live", "/_stcore/stream"])
def test_connections_that_leave_unfinished_messages_behind_leave_no_memory_behind(
    start_server, path
):
    with start_server() as server:
        before = resident(server)
        taken = [send_part_of_a_message(server, path, 25) for _ in range(12)]
        if path == "/live":
            assert not any(taken)  # refused at once, by what it says of its length
        deadline = time.monotonic() + 10
        while resident(server) > before + 100 and time.monotonic() < deadline:
            is_up(server)
        assert resident(server) < before + 100
