"""What nginx.conf does, by a real nginx before the server of the tests."""

import http.client
import subprocess
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from benchmarks.balancer import CONFIGURATION, balancer, configured
from visualizer.scenario import MAX_LINK
from visualizer.server import assets

TEXT = CONFIGURATION.read_text("utf-8")
TWO = ["http://127.0.0.1:8501", "http://127.0.0.1:8502"]


@pytest.fixture(scope="module")
def address(nginx, server):
    with balancer([server]) as address:
        yield address


@pytest.fixture
def ask(address):
    """Ask nginx for a path, as it stands."""

    def asked(path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        response.content = response.read()
        connection.close()
        return response

    return asked


def checked(nginx, folder, text):
    """What `nginx -t` says of a configuration: nothing but that it is good, where it is."""
    (folder / "nginx.conf").write_text(configured(text, 8500, TWO, folder), "utf-8")
    command = [nginx, "-t", "-q", "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"]
    command += ["-g", f"pid {folder / 'pid'};"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    return done.returncode, done.stderr


def test_nginx_takes_its_configuration(nginx, tmp_path):
    assert checked(nginx, tmp_path, TEXT) == (0, "")


def test_a_word_that_nginx_does_not_know_is_noticed(nginx, tmp_path):
    code, said = checked(nginx, tmp_path, TEXT.replace("limit_conn visitor", "limit_con visitor"))
    assert code != 0
    assert "limit_con" in said


def test_a_configuration_that_has_not_what_is_replaced_is_refused():
    with pytest.raises(ValueError, match=r"expected 'listen 80;' once in nginx\.conf, got 0"):
        configured(TEXT.replace("listen 80;", "listen 8080;"), 8500, TWO, Path("/tmp"))
    with pytest.raises(ValueError, match="expected processes with the same options"):
        configured(TEXT.replace("8502 max_fails=1", "8502 max_fails=2"), 8500, TWO, Path("/tmp"))


def test_a_visitor_is_given_a_seat_once(ask):
    first = ask("/softmax")
    assert first.status == 200
    offered = first.headers.get_all("Set-Cookie")
    seat, *rules = offered[0].split("; ")
    assert len(offered) == 1 and seat.startswith("gradients=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} == set(rules)
    assert ask("/softmax", Cookie=seat).headers.get_all("Set-Cookie") is None
    other = ask("/softmax").headers["Set-Cookie"]
    assert other.partition(";")[0] != seat


@pytest.mark.parametrize("path", ["/live", "/_stcore/stream"])
def test_a_websocket_of_the_page_is_let_through_and_one_of_another_page_is_not(address, path):
    url = address.replace("http", "ws") + path
    with connect(url, origin=address):
        pass
    with pytest.raises(InvalidStatus, match="403"), connect(url, origin="http://127.0.0.1:1"):
        pass


def test_a_script_is_kept_and_served_without_the_app(nginx, start_server):
    path, kept = assets.address("live.js"), {"Accept-Encoding": "gzip"}

    def body(address):
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        connection.request("GET", path, headers=kept)
        response = connection.getresponse()
        assert (response.status, response.headers["Content-Encoding"]) == (200, "gzip")
        assert "immutable" in response.headers["Cache-Control"]
        assert "Set-Cookie" not in response.headers  # else every visitor would have one seat
        return response.read()

    with ExitStack() as later:
        with start_server() as server:
            address = later.enter_context(balancer([server]))
            first = body(address)
        assert body(address) == first  # the app is gone


def test_the_longest_link_comes_through(ask):
    z = "z=" + ",".join(["0.25"] * 2000)
    assert ask("/softmax?" + z[:MAX_LINK]).status == 200
    assert ask("/softmax?" + z[:MAX_LINK].replace(",", "%2C")).status == 200


def test_an_upload_that_is_too_large_is_refused_before_the_app_sees_it(ask):
    reply = ask("/_stcore/upload_file/a/b", "PUT", b"x" * 4_000_000)
    assert reply.status == 413


def test_the_numbers_of_a_process_are_not_for_all(ask, server):
    with urllib.request.urlopen(f"{server}/_stcore/metrics", timeout=20) as reply:
        assert b"active_sessions" in reply.read()
    assert ask("/_stcore/metrics").status == 404


def test_health_is_for_all(ask):
    assert ask("/_stcore/health").status == 200


def test_one_visitor_cannot_take_all_connections(address):
    """Who asks for more is told to come back later; others, with another cookie, are let in."""
    url = address.replace("http", "ws") + "/live"
    greedy = {"additional_headers": {"Cookie": "gradients=greedy"}, "origin": address}
    with ExitStack() as opened:
        with pytest.raises(InvalidStatus, match="429"):
            for _ in range(80):
                opened.enter_context(connect(url, **greedy))
        opened.enter_context(connect(url, origin=address))
