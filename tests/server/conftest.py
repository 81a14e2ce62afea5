"""A plain WebSocket client for the fast lane, and a plain HTTP client."""

import http.client
import json
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import connect


def finished(coroutine):
    """Run a coroutine that waits for nothing, also where Playwright has a loop running."""
    with pytest.raises(StopIteration):
        coroutine.send(None)


class Client:
    """A client of the fast lane that waits for one answer at a time."""

    def __init__(self, socket):
        self.socket = socket

    def send(self, message):
        self.socket.send(message if isinstance(message, str | bytes) else json.dumps(message))

    def receive(self):
        return json.loads(self.socket.recv(timeout=20))

    def ask(self, message):
        self.send(message)
        return self.receive()


@pytest.fixture
def open_lane(server):
    """A context manager that opens the fast lane, as a page of some origin would."""

    @contextmanager
    def opened(origin=server):
        url = server.replace("http", "ws", 1) + "/live"
        with connect(url, origin=origin, max_size=None) as socket:
            yield Client(socket)

    return opened


@pytest.fixture
def get(server):
    """Ask for a path exactly as it stands: nothing is normalised, nothing is decoded."""

    def asked(path, **headers):
        connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        response = connection.getresponse()
        response.content = response.read()
        connection.close()
        return response

    return asked
