"""The shortcut of the fast lane, in a server of this process: frames as a browser sends them."""

import json
import socket
import threading
from contextlib import contextmanager
from unittest.mock import Mock, call

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.sync.client import connect

from tests.conftest import ROOT
from ui import lane
from ui.shortcut import Shortcut, header, message_in


def text_of(z, seq=1):
    return json.dumps({"seq": seq, "page": "softmax", "query": {"z": z}})


def framed(text, opcode=Opcode.TEXT, fin=True, mask=True):
    return Frame(opcode, text.encode(), fin).serialize(mask=mask)


class Served:
    """A connection to the lane, and what stands at its other end."""

    def __init__(self, client, shortcut):
        self.client, self.shortcut = client, shortcut

    def write(self, *packets):
        """Send bytes as they are, each lot on its own."""
        self.client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        for packet in packets:
            self.client.socket.sendall(packet)

    def answers(self, count):
        """The sequence numbers of the next answers."""
        return [json.loads(self.client.recv(timeout=20))["seq"] for _ in range(count)]

    @property
    def has_the_socket(self):
        return self.shortcut.transport.get_protocol() is self.shortcut


@pytest.fixture
def serve(monkeypatch):
    """A context manager that serves the lane alone, and opens it."""
    taken = []
    take = Shortcut.take
    monkeypatch.setattr(Shortcut, "take", lambda *given: taken.append(take(*given)))

    @contextmanager
    def served(**options):
        usual = {"ws": "websockets-sansio", "ws_per_message_deflate": False, "loop": "uvloop"}
        options = usual | {"lifespan": "off", "log_level": "critical"} | options
        server = uvicorn.Server(uvicorn.Config(lane.Lane(), **options))
        listening = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            with connect(f"ws://{address}/live", origin=f"http://{address}") as client:
                client.send(text_of("1,0"))
                client.recv(timeout=20)
                yield Served(client, taken[-1])
        finally:
            server.should_exit = True
            thread.join(20)
            listening.close()

    return served


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_message_is_answered_on_the_socket(serve, loop):
    with serve(loop=loop) as served:
        served.write(framed(text_of("2,1", seq=5)))
        assert served.answers(1) == [5]
        assert served.has_the_socket


def test_the_server_of_the_app_lets_it_stand_there(start_server, tmp_path):
    """Between it and the lane are the app's middlewares, Streamlit's, and Starlette's routes."""
    program = tmp_path / "spying.py"
    program.write_text(
        "import runpy, sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from ui.shortcut import Shortcut\n"
        "take = Shortcut.take\n"
        "def told(*given):\n"
        f"    open({str(tmp_path / 'taken')!r}, 'a').write(type(take(*given)).__name__)\n"
        "Shortcut.take = told\n"
        "runpy.run_module('streamlit', run_name='__main__')\n"
    )
    with start_server(program=(str(program),)) as address:
        url = address.replace("http", "ws", 1) + "/live"
        with connect(url, origin=address) as client:
            client.send(text_of("1,0"))
            assert "figures" in json.loads(client.recv(timeout=20))
    assert (tmp_path / "taken").read_text() == "Shortcut"


ONE, TWO = framed(text_of("1,0", seq=1)), framed(text_of("2,0", seq=2))
LARGE = framed(text_of(",".join(["0.1"] * 300), seq=1))
HALF = len(text_of("1,0")) // 2
UNUSUAL = {
    "a message in two packets": [ONE[:20], ONE[20:], TWO],
    "the header of a message in two packets": [ONE[:1], ONE[1:], TWO],
    "two messages in one packet": [ONE + TWO],
    "a message and half of the next in one packet": [ONE + TWO[:9], TWO[9:]],
    "a message in two frames": [
        framed(text_of("1,0")[:HALF], fin=False),
        framed(text_of("1,0")[HALF:], Opcode.CONT),
        TWO,
    ],
    "a ping": [framed("well?", Opcode.PING), ONE, TWO],
    "a message that takes long": [LARGE, TWO],
}


@pytest.mark.parametrize("packets", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_is_answered_by_the_server_from_then_on(serve, packets):
    with serve() as served:
        served.write(*packets)
        assert served.answers(2) == [1, 2]
        assert not served.has_the_socket


@pytest.mark.parametrize(
    ("packet", "code"),
    [
        (framed("\x00", Opcode.BINARY), 1003),
        (Frame(Opcode.TEXT, b'{"seq": \xff}').serialize(mask=True), 1007),
        (framed(text_of("1,0"), mask=False), 1002),
        (Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True), 1000),
    ],
    ids=["binary", "not UTF-8", "without a mask", "the end"],
)
def test_the_server_ends_the_connection_and_says_why(serve, packet, code):
    with serve() as served:
        served.write(packet)
        with pytest.raises(ConnectionClosed) as closed:
            served.answers(1)
        assert closed.value.rcvd.code == code


def test_the_server_still_hears_the_answer_to_its_pings(serve):
    """If it did not, it would close the connection."""
    with serve(ws_ping_interval=0.1, ws_ping_timeout=2) as served:
        while not served.shortcut.server.last_ping_rtt:
            with pytest.raises(TimeoutError):
                served.client.recv(timeout=0.05)
        assert served.has_the_socket


def test_a_browser_that_does_not_read_makes_the_server_wait_and_misses_nothing(serve):
    with serve() as served:
        count = 2000  # answers of 9 kB: more than the buffers of a connection hold
        for seq in range(count):
            served.write(framed(text_of("1,0", seq=seq)))
        assert served.answers(count) == list(range(count))
        assert not served.has_the_socket


def test_the_end_of_the_server_reaches_the_browser(serve):
    with pytest.raises(ConnectionClosed) as closed, serve() as served:
        served.shortcut.server.shutdown()
        served.answers(1)
    assert closed.value.rcvd.code == 1012


class Caller:
    """Somebody else who calls the application."""

    def __init__(self, transport):
        self.transport = transport

    async def receive(self):
        raise AssertionError("nobody asks")


@pytest.mark.parametrize(
    "transport",
    [None, "a socket", Mock(**{"get_protocol.return_value": "another"})],
    ids=["none", "of another kind", "that talks to another"],
)
def test_where_the_application_is_called_otherwise_nothing_is_done(transport):
    assert Shortcut.take(Caller(transport).receive, lane.answer_at_once) is None
    if isinstance(transport, Mock):
        transport.set_protocol.assert_not_called()


def test_where_a_function_calls_the_application_nothing_is_done():
    async def receive():
        raise AssertionError("nobody asks")

    assert Shortcut.take(receive, lane.answer_at_once) is None


@pytest.mark.parametrize(
    ("event", "given", "back"),
    [("pause_writing", (), True), ("eof_received", (), False), ("connection_lost", (None,), False)],
)
def test_what_happens_to_the_connection_is_told_to_the_server(event, given, back):
    server, transport = Mock(), Mock()
    getattr(Shortcut(server, transport, lane.answer_at_once), event)(*given)
    getattr(server, event).assert_called_once_with(*given)
    assert transport.set_protocol.call_args_list == ([call(server)] if back else [])


SIZES = [0, 1, 2, 3, 4, 5, 124, 125, 126, 127, 128, 1000, 65_534, 65_535]


@pytest.mark.parametrize("size", SIZES)
def test_a_message_is_read_as_websockets_wrote_it(size):
    text = ("−z" + "1,0.5," * size)[: size // 3] + "x" * (size % 3)
    assert message_in(framed(text)) == text


NO_MESSAGE = {
    "nothing": b"",
    "one byte": b"\x81",
    "all but the last byte": ONE[:-1],
    "one byte more": ONE + b"\x81",
    "two messages": ONE + TWO,
    "above 64 KiB": framed("x" * 65_536),
    "as many bytes of it as a message of 127 has": b"\x81\xff" + (1 << 16).to_bytes(8) + b"x" * 123,
    "the begin of 300 bytes": framed("x" * 300)[: 6 + 126],
    "the first of two frames": framed("x", fin=False),
    "the second of two frames": framed("x", Opcode.CONT),
    "binary": framed("x", Opcode.BINARY),
    "without a mask": framed("x", mask=False),
    "compressed": b"\xc1" + ONE[1:],
    "not UTF-8": Frame(Opcode.TEXT, b"\xc3").serialize(mask=True),
}


@pytest.mark.parametrize("packet", NO_MESSAGE.values(), ids=NO_MESSAGE)
def test_what_is_no_whole_message_is_not_read(packet):
    assert message_in(packet) is None


@pytest.mark.parametrize("size", [*SIZES, 65_536, 200_000])
def test_an_answer_is_written_as_websockets_would(size):
    answer = b"\x00" * size
    assert header(size) + answer == Frame(Opcode.BINARY, answer).serialize(mask=False)
