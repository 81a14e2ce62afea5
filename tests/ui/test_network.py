"""Where a room reaches the server: what is offered, and what is said where nothing can be."""

import socket

import pytest

from visualizer.ui import network
from visualizer.ui.network import Room, is_this_computer, machine_address, room

V4, V6 = "192.168.1.7", "2001:db8:1::7"


@pytest.fixture
def own(monkeypatch):
    """Put the machine on a network where it has this address; None for no network."""
    return lambda address: monkeypatch.setattr(network, "machine_address", lambda: address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "app.localhost",
        "127.0.0.1",
        "127.8.0.1",
        "::1",
        "0.0.0.0",
        "::",
        "::ffff:127.0.0.1",
    ],
)
def test_these_hosts_are_this_computer(host):
    assert is_this_computer(host)


@pytest.mark.parametrize(
    "host",
    [
        "room.example",
        "localhost.example",
        "192.168.1.7",
        "10.0.0.1",
        "128.0.0.1",
        "fe80::1%en0",
        "2001:db8::1",
        "::ffff:10.0.0.1",
        "127.0.0.1.example",
    ],
)
def test_these_hosts_are_not(host):
    assert not is_this_computer(host)


@pytest.mark.parametrize("url", ["http://room.example/softmax", f"http://{V4}:8501/", "http://["])
def test_an_address_that_others_can_open_needs_no_other(own, url):
    own(V4)
    assert room(url, None, 8501) is None


@pytest.mark.parametrize("listens", [None, "0.0.0.0", "::"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_server_that_listens_everywhere_is_offered_at_its_address(own, host, listens):
    own(V4)
    found = room(f"http://{host}:8501/base/softmax", listens, 8501)
    assert found == Room(address=f"http://{V4}:8501/base/softmax")


@pytest.mark.parametrize("listens", [None, "::"])
def test_an_address_of_ipv6_stands_in_brackets(own, listens):
    own(V6)
    assert room("http://localhost:8501/", listens, 8501).address == f"http://[{V6}]:8501/"


def test_a_server_that_listens_on_one_address_is_offered_there(own):
    own(V4)
    assert room("http://localhost:8501/", "10.1.2.3", 8501).address == "http://10.1.2.3:8501/"


@pytest.mark.parametrize(
    ("address", "listens", "start"),
    [
        (V4, "localhost", "0.0.0.0"),
        (V4, "127.0.0.1", "0.0.0.0"),
        (V4, "::1", "0.0.0.0"),
        (V6, "::1", "::"),
        (V6, "0.0.0.0", "::"),
    ],
)
def test_a_server_that_does_not_listen_to_the_network_says_how_to_start_it(
    own, address, listens, start
):
    own(address)
    found = room("http://localhost:8501/", listens, 8501)
    assert found.address == ""
    assert f"`--server.address={start}`" in found.problem


def test_no_network_is_said(own):
    own(None)
    found = room("http://localhost:8501/", None, 8501)
    assert (found.address, found.problem) == ("", network.OFFLINE)


@pytest.mark.parametrize(
    ("url", "listens"),
    [
        ("http://localhost:9000/", None),
        ("https://localhost/", None),
        ("http://localhost:8501/", "unix:///run/app.sock"),
    ],
)
def test_behind_a_tunnel_no_address_is_guessed(own, url, listens):
    own(V4)
    assert room(url, listens, 8501) == Room(problem=network.TUNNEL)


class Probe:
    """A socket on a machine that has these ways out, by the family of addresses."""

    def __init__(self, ways, asked):
        self.ways, self.asked = ways, asked

    def __call__(self, family, kind):
        if self.ways.get(family) is OSError:
            raise OSError("no such family of addresses")
        self.asked.append((family, kind))
        self.own = self.ways.get(family)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.asked.append("closed")

    def connect(self, address):
        self.asked.append(address)
        if self.own is None:
            raise OSError("network is unreachable")

    def getsockname(self):
        return (self.own, 40000)


IPV4, IPV6, DATAGRAM = socket.AF_INET, socket.AF_INET6, socket.SOCK_DGRAM


@pytest.mark.parametrize(
    ("ways", "address"),
    [
        ({IPV4: V4, IPV6: V6}, V4),
        ({IPV6: V6}, V6),
        ({IPV4: V4, IPV6: OSError}, V4),
        ({IPV4: OSError, IPV6: V6}, V6),
        ({IPV4: "169.254.3.4", IPV6: V6}, V6),
        ({IPV4: "0.0.0.0", IPV6: "fe80::1%eth0"}, None),
        ({IPV4: "127.0.0.1"}, None),
        ({}, None),
    ],
)
def test_the_address_of_the_machine_is_that_of_its_way_out(monkeypatch, ways, address):
    asked = []
    monkeypatch.setattr(network.socket, "socket", Probe(ways, asked))
    assert machine_address() == address
    opened = [step for step in asked if step in ((IPV4, DATAGRAM), (IPV6, DATAGRAM))]
    to = [step for step in asked if step in (("192.0.2.1", 9), ("2001:db8::1", 9))]
    assert len(opened) == len(to) == asked.count("closed")
    assert len(asked) == 3 * len(opened)  # and nothing else was asked for


def test_nothing_is_looked_up_and_nothing_is_sent(monkeypatch):
    def never(*args, **options):
        raise AssertionError("a look-up or a packet")

    class Silent(socket.socket):
        send = sendto = sendall = sendmsg = never

    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostname", "getfqdn"):
        monkeypatch.setattr(socket, name, never)
    monkeypatch.setattr(network.socket, "socket", Silent)
    address = machine_address()
    assert address is None or not is_this_computer(address)
