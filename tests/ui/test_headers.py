"""What goes out with every response, and what is put into the page."""

import gzip
import http.client
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ui import assets

PAGES = sorted(path.stem for path in Path(__file__).parents[2].glob("pages/*.py"))
ADDRESSES = ["/", *(f"/{page}" for page in PAGES if page != "home")]
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


def test_a_page_that_comes_compressed_is_whole(get):
    """As `curl --compressed` asks: any type, gzip. A browser names text/html."""
    response = get("/softmax", Accept="*/*", Accept_Encoding="gzip")  # raises if it is cut short
    assert gzip.decompress(response.content).rstrip().endswith(b"</html>")


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_page_says_where_the_server_is_and_its_length_is_right(get, path):
    response = get(path, **HTML)
    assert response.status == 200
    text = response.content.decode()
    script = '<head><script>window.__streamlit={BACKEND_BASE_URL:new URL("/",location.origin).href}'
    assert text.count(script) == 1
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert text.rstrip().endswith("</html>")


def test_every_page_preloads_what_the_live_figures_ask_for(get):
    link = get("/softmax", **HTML).headers["Link"]
    named = re.findall(r"<([^>]+)>", link)
    assert set(named) == {assets.address(name) for name in assets.SOURCES}
    for path in named:
        assert get(path, Accept_Encoding="gzip").status == 200


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
