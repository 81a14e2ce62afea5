"""What goes out with every response, and what is put into the page."""

import gzip
import http.client
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.responses import Response

from tests.server.conftest import finished
from visualizer.lessons import LESSONS
from visualizer.server import assets, document
from visualizer.server.headers import SecurityHeaders, frame_ancestors

ADDRESSES = [f"/{lesson.address}" for lesson in LESSONS]
HTML = {"Accept": "text/html,application/xhtml+xml", "Accept_Encoding": "gzip, br"}


def policy_of(response):
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


@pytest.mark.parametrize(
    "path", [*ADDRESSES, "/_stcore/health", assets.address("live.js"), "/assets/0/nothing.js"]
)
def test_every_response_has_the_security_headers(get, path):
    response = get(path, **HTML)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    policy = policy_of(response)
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'self'"]
    assert policy["base-uri"] == ["'self'"]


def test_the_policy_lets_no_other_host_in(get):
    for values in policy_of(get("/", **HTML)).values():
        assert "*" not in values
        assert not [value for value in values if "://" in value or value.startswith("http")]
    assert "'unsafe-eval'" not in policy_of(get("/", **HTML))["script-src"]


def test_the_sites_that_may_embed_the_app_are_configurable(start_server, monkeypatch):
    monkeypatch.setenv("GRADIENT_FRAME_ANCESTORS", "'self' https://slides.example.org")
    with start_server() as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        connection.request("GET", "/")
        policy = policy_of(connection.getresponse())
        connection.close()
    assert policy["frame-ancestors"] == ["'self'", "https://slides.example.org"]


@pytest.mark.parametrize(
    "text",
    [
        "'self'; script-src *",
        "https://a.example, https://b.example",
        "https://a.example\r\nX: y",
        "self",
        "https://",
        "https://a.example/path;",
        "überall",
        "javascript:alert(1)",
    ],
)
def test_text_that_names_no_sites_is_refused_at_the_start(text):
    with pytest.raises(ValueError, match="GRADIENT_FRAME_ANCESTORS: expected sources") as refused:
        frame_ancestors(text)
    assert any(repr(source) in str(refused.value) for source in text.split())


@pytest.mark.parametrize(
    "text",
    [
        "'none'",
        "*",
        "https:",
        "'self' https://slides.example.org http://localhost:8000",
        "*.example.org https://*.example.org:*",
    ],
)
def test_text_that_names_sites_is_taken_as_it_is(text):
    assert frame_ancestors(text) == text
    assert frame_ancestors(f"  {text} ") == text


def test_a_server_with_a_wrong_list_of_sites_does_not_start(start_server, monkeypatch):
    monkeypatch.setenv("GRADIENT_FRAME_ANCESTORS", "'self'; script-src *")
    with pytest.raises(pytest.fail.Exception, match="expected sources"), start_server():
        pass


@pytest.mark.parametrize("status", [200, 206, 404])
def test_a_body_leaves_as_it_was_made(status):
    """A figure saved as HTML, a part of a file: headers are added, and nothing else."""
    body = b"<!doctype html><html><head></head><body></body></html>"
    made = Response(body, status, {"Content-Disposition": "attachment"}, "text/html")
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/media/figure.html", "headers": []}
    finished(SecurityHeaders(made, "'self'")(scope, None, send))
    headers = dict(sent[0]["headers"])
    assert b"".join(message.get("body", b"") for message in sent[1:]) == body
    assert headers[b"content-length"] == str(len(body)).encode()
    assert b"frame-ancestors" in headers[b"content-security-policy"]


def test_a_page_that_a_browser_has_is_not_sent_again(get):
    tag = get("/softmax", **HTML).headers["ETag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}"):
        response = get("/softmax", **HTML, If_None_Match=known)
        assert (response.status, response.content) == (304, b"")
        assert response.headers["ETag"] == tag


def test_a_page_of_another_version_is_sent_again(get, monkeypatch, tmp_path):
    """Streamlit's own tag would stay the same when only our modules change."""
    response = get("/softmax", **HTML, If_None_Match=get("/nowhere", **HTML).headers["ETag"])
    assert response.status == 200
    since = {"If_Modified_Since": "Thu, 31 Dec 2099 00:00:00 GMT"}
    assert get("/softmax", **HTML, **since).status == 200
    changed = tmp_path / "live.js"
    changed.write_bytes(b"// another version")
    before = document.headers.__wrapped__()["ETag"]
    monkeypatch.setitem(assets.SOURCES, "live.js", changed)
    monkeypatch.setattr(assets, "version", assets.version.__wrapped__)
    monkeypatch.setattr(document, "document", document.document.__wrapped__)
    assert document.headers.__wrapped__()["ETag"] != before


def test_a_part_of_a_page_is_never_sent(get):
    response = get("/softmax", **HTML, Range="bytes=0-99")
    assert response.status == 200
    assert len(response.content) == int(response.headers["Content-Length"])


def test_a_page_that_comes_compressed_is_whole(get):
    """As `curl --compressed` asks: any type, gzip."""
    response = get("/softmax", Accept="*/*", Accept_Encoding="gzip")  # raises if it is cut short
    assert gzip.decompress(response.content).rstrip().endswith(b"</html>")


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_page_says_where_the_server_is_and_its_length_is_right(get, path):
    response = get(path, Accept="text/html")
    assert response.status == 200
    text = response.content.decode()
    script = '<head><script>window.__streamlit={BACKEND_BASE_URL:new URL("/",location.origin).href}'
    assert text.count(script) == 1
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert text.rstrip().endswith("</html>")


def test_every_page_preloads_what_it_will_ask_for(get):
    """Beside what its own head names: the modules, and what Streamlit's document does."""
    response = get("/softmax", **HTML)
    named = re.findall(r"<([^>]+)>", response.headers["Link"])
    ours = {assets.address(name) for name in ("live.css", assets.PLOTLY)}
    assert ours < set(named)
    head = gzip.decompress(response.content).decode()
    assert [path for path in named if path.removeprefix("/") in head] == []
    for path in named:
        assert get(path, Accept_Encoding="gzip").status == 200


def test_the_scripts_of_what_a_page_shows_are_preloaded_with_all_that_they_import():
    chunks = [path.rpartition("/")[2] for path in document.first_chunks()]
    for name in ("BidiComponent", "Button", "MenuButton"):
        assert sum(chunk.startswith(f"{name}.") for chunk in chunks) == 1
    folder = assets.STREAMLIT_STATIC / "static" / "js"
    there = {*chunks, *re.findall(r"/js/([^\"]+)", document.DOCUMENT.read_text("utf-8"))}
    for chunk in chunks:
        text = (folder / chunk).read_text("utf-8")
        assert set(re.findall(r'(?:from|import)"\./([^"]+)"', text)) <= there


def test_what_is_no_page_gets_no_script_and_no_preloads(get):
    response = get("/_stcore/health", **HTML)
    assert b"<script" not in response.content
    assert "Link" not in response.headers


def test_a_traceback_is_never_shown_for_a_strange_address(get):
    for path in ("/softmax?z=%00", "/%ff", "/softmax/../../etc/passwd", "/" + "a" * 5000):
        response = get(path, **HTML)
        assert response.status < 500
        assert b"Traceback" not in response.content


def test_the_app_sends_no_usage_statistics(get):
    settings = Path(__file__).parents[2] / ".streamlit" / "config.toml"
    assert "gatherUsageStats = false" in settings.read_text("utf-8")
    config = json.loads(get("/_stcore/host-config").content)
    assert not config.get("metricsUrl")
