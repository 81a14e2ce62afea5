"""The fast lane on a running server, with a plain WebSocket client: nothing is trusted."""

import json
import threading
import time

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from nnfs import Softmax
from visualizer.scenario.codecs import format_rows
from visualizer.server import lane
from visualizer.server.lane import BURST, MAX_MESSAGE, NARROW, RATE


def message(seq=1, **query):
    return {"seq": seq, "page": "softmax", "query": query}


def dx_of(reply):
    return reply["figures"]["dx"]["data"][0]["y"]


def nnfs_dx(z, g):
    layer = Softmax()
    layer.forward(np.array([z], dtype=float))
    return layer.backward(np.array([g], dtype=float))[0].tolist()


@pytest.fixture
def client(open_lane):
    with open_lane() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _the_server_still_answers_afterwards(open_lane):
    yield
    with open_lane() as another:
        assert dx_of(another.ask(message(z="1,2", g="0,1"))) == nnfs_dx([1, 2], [0, 1])


def test_a_scenario_comes_back_as_the_numbers_of_nnfs(client):
    reply = client.ask(message(seq=5, z="2,1,0.1", g="1,0,0"))
    assert reply["seq"] == 5
    assert dx_of(reply) == nnfs_dx([2, 1, 0.1], [1, 0, 0])


@pytest.mark.parametrize(
    "hostile",
    [
        "not json",
        "",
        "\0",
        '{"seq": NaN}',
        message(z="nan,1"),
        message(z="__import__('os'),1"),
        {"seq": 1, "page": "../../app", "query": {}},
        {"seq": 1, "page": "nowhere", "query": {}},
        {"seq": 1, "page": "softmax", "query": {"z": 3}},
        [],
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_hostile_message_is_answered_as_data_and_the_connection_lives_on(client, hostile):
    reply = client.ask(hostile)
    assert "figures" not in reply
    assert "Traceback" not in reply["error"]
    assert dx_of(client.ask(message(z="1,0", g="0,1"))) == nnfs_dx([1, 0], [0, 1])


def test_a_message_that_is_too_long_is_refused_and_says_how_long_it_may_be(client):
    reply = client.ask(message(z="1," * MAX_MESSAGE + "1"))
    assert reply == {"seq": None, "error": f"expected at most {MAX_MESSAGE} characters"}
    assert dx_of(client.ask(message(z="1,0", g="0,1"))) == nnfs_dx([1, 0], [0, 1])


def test_a_message_of_many_megabytes_is_refused_before_it_has_come(client):
    """The connection is closed at its first bytes: what it says of its length is enough."""
    with pytest.raises(ConnectionClosed) as closed:
        client.send(json.dumps(message(z="1,0", g="0,1")) + " " * 30_000_000)
        client.receive()
    # A client that is still sending may not come to read why.
    assert closed.value.rcvd is None or closed.value.rcvd.code == 1009


def test_a_binary_frame_ends_the_connection_and_says_why(client):
    client.send(b"\x00\xff")
    with pytest.raises(ConnectionClosed) as closed:
        client.receive()
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1003, "expected text")


def test_the_largest_scenario_is_answered(client):
    z = np.linspace(-1, 1, 1000).round(3).tolist()
    reply = client.ask(message(z=format_rows((z,)), g=format_rows((z,))))
    assert reply["figures"]["jacobian"]["data"][0]["type"] == "image"


@pytest.mark.parametrize(
    "expensive",
    [
        message(z=format_rows([[0.1] * 1000])),
        message(z=",".join("1" * 430), step="6", wrong="elementwise"),  # g is left out
        {"seq": 1, "page": "practice", "query": {"seed": "5", "level": "3", "kind": "shift"}},
    ],
    ids=["large", "short, with a check and a wrong pass", "question"],
)
def test_others_are_answered_while_something_expensive_is_computed(open_lane, expensive):
    count = 10

    def others_come_first():
        """Whether some of it is still to come when three others have been answered."""
        with open_lane() as heavy, open_lane() as light:
            for _ in range(count):
                heavy.send(expensive)
            for _ in range(3):
                light.ask(message(z="1,0", g="0,1"))
            return len(waiting(heavy)) < count

    # If others had to wait for all of it, they never would; else this process was held up once.
    assert any(others_come_first() for _ in range(20))


def waiting(client):
    """The answers that have come and nobody has read."""
    answers = []
    with pytest.raises(TimeoutError):
        while True:
            answers.append(client.socket.recv(timeout=0))
    return answers


def test_what_is_expensive_is_judged_by_the_scenario():
    narrow, wide = ([0.1] * count for count in (NARROW, NARROW + 1))
    assert lane.answer_at_once(json.dumps(message(z=format_rows([narrow])))) is not None
    assert lane.answer_at_once(json.dumps(message(z=format_rows([wide])))) is None
    tall = format_rows([[0.1, 0.2]] * (NARROW + 1))
    assert lane.answer_at_once(json.dumps(message(z=tall))) is None
    question = {"seq": 1, "page": "practice", "query": {"level": "2"}}
    assert lane.answer_at_once(json.dumps(question)) is None


def test_a_client_that_does_not_wait_for_answers_is_slowed_down_and_others_are_not(open_lane):
    """All of a flood would be answered in a tenth of the time that its rate allows."""
    count = BURST + RATE
    with open_lane() as flood, open_lane() as light:
        begun = time.monotonic()
        for seq in range(count):
            flood.send(message(seq=seq, z="1,0", g="0,1"))
        light.ask(message(z="1,0", g="0,1"))
        come = len(waiting(flood))
        assert come < count
        assert [flood.receive()["seq"] for _ in range(count - come)][-1] == count - 1
        assert time.monotonic() - begun > 0.9 * (count - BURST) / RATE


@pytest.mark.parametrize("frames", [60, 120])
def test_a_page_never_waits_for_its_rate(monkeypatch, frames):
    now = 100.0
    monkeypatch.setattr(lane.time, "monotonic", lambda: now)
    pace = lane.Pace()
    for _ in range(1000):
        now += 1 / frames
        assert pace.wait() == 0


def test_sequence_numbers_come_back_as_they_came_in_whatever_their_order(client):
    order = [9, 2, 2, 1_000_000, 0, -1]
    for seq in order:
        client.send(message(seq=seq, z=f"{seq % 7},0", g="0,1"))
    for seq in order:
        reply = client.receive()
        assert reply["seq"] == seq
        assert dx_of(reply) == nnfs_dx([seq % 7, 0], [0, 1])


def test_two_clients_share_nothing(open_lane):
    with open_lane() as one, open_lane() as other:
        one.send(message(seq=1, z="3,0,0", g="1,2,3"))
        other.send(message(seq=1, z="0,0,3"))
        assert dx_of(one.receive()) == nnfs_dx([3, 0, 0], [1, 2, 3])
        assert dx_of(other.receive()) == nnfs_dx([0, 0, 3], [1, -1, 2])  # its own default g


def test_a_message_without_a_field_is_answered_with_its_default_not_with_the_last_one(client):
    client.ask(message(z="5,0,0", g="1,2,3", T="3"))
    assert dx_of(client.ask(message(z="5,0,0"))) == nnfs_dx([5, 0, 0], [1, -1, 2])


def test_many_clients_at_once_each_get_their_own_numbers(open_lane):
    wrong = []

    def play(number):
        with open_lane() as client:
            for step in range(25):
                z = [number, step / 10, 0]
                reply = client.ask(message(seq=step, z=format_rows((z,)), g="1,0,0"))
                if dx_of(reply) != nnfs_dx(z, [1, 0, 0]) or reply["seq"] != step:
                    wrong.append((number, step))

    players = [threading.Thread(target=play, args=(number,)) for number in range(8)]
    for player in players:
        player.start()
    for player in players:
        player.join()
    assert wrong == []


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1:1",
        "https://127.0.0.1",
        "null",
        "http://",
        "http://[",
        "",
        None,
    ],
)
@pytest.mark.parametrize("path", ["/live", "/_stcore/stream"])
def test_a_connection_of_a_foreign_or_unnamed_origin_is_refused(server, path, origin):
    """On every path by one rule, before Streamlit asks the network who we are."""
    url = server.replace("http", "ws", 1) + path
    with pytest.raises(InvalidStatus) as refused, connect(url, origin=origin):
        pass
    assert refused.value.response.status_code == 403
    with connect(url, origin=server):
        pass


def test_a_foreign_origin_that_contains_ours_is_refused(open_lane, server):
    for origin in (f"{server}.evil.example", f"http://evil.example/?{server}", f"{server}@evil.io"):
        with pytest.raises((InvalidStatus, ConnectionClosed)), open_lane(origin) as client:
            client.ask(message(z="1,0"))


def test_a_client_that_leaves_without_waiting_does_no_harm(open_lane):
    for _ in range(10):
        with open_lane() as client:
            client.send(json.dumps(message(z="1,0")))
