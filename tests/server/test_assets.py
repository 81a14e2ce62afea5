"""What the browser loads: an address for each content, kept for ever, compressed once."""

import gzip
import re
from contextlib import ExitStack
from pathlib import Path

import pytest

from visualizer.server import assets

BUNDLE = next(iter(sorted((assets.STREAMLIT_STATIC / "static" / "js").glob("index.*.js"))))

ROOT = Path(__file__).parents[2]
PLOTLY_HERE = assets.SOURCES[assets.PLOTLY].parent

SCRIPT = {"text/javascript", "application/javascript"}


def plain(response):
    """The body as it was before it was compressed."""
    if response.headers.get("Content-Encoding") == "gzip":
        return gzip.decompress(response.content)
    return response.content


def address(name):
    return assets.address(name)


every_asset = pytest.mark.parametrize("name", [*assets.SOURCES, assets.FIGURES])


@every_asset
def test_an_asset_comes_compressed_and_decodes_to_its_file(get, name):
    response = get(address(name), Accept_Encoding="gzip, deflate, br")
    assert response.status == 200
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == assets.content(name)
    assert int(response.headers["Content-Length"]) == len(response.content)


@every_asset
def test_a_client_without_gzip_gets_the_file_as_it_is(get, name):
    response = get(address(name))
    assert "Content-Encoding" not in response.headers
    assert response.content == assets.content(name)


@every_asset
def test_an_asset_is_kept_for_ever_and_its_type_is_said(get, name):
    response = get(address(name), Accept_Encoding="gzip")
    assert "immutable" in response.headers["Cache-Control"]
    assert "max-age=31536000" in response.headers["Cache-Control"]
    assert "Accept-Encoding" in response.headers["Vary"]
    # A browser takes a module or styles only if the type is one of these.
    expected = {"text/css"} if name.endswith(".css") else SCRIPT
    assert response.headers["Content-Type"].split(";")[0] in expected


def test_plotly_is_of_the_version_of_the_installed_package():
    """Python checks and exports figures of one version; the browser must draw the same."""
    from plotly.offline import get_plotlyjs_version

    first, second, *_ = assets.content(assets.PLOTLY).decode().splitlines()
    assert first == "/**"
    assert second == f"* plotly.js (cartesian - minified) v{get_plotlyjs_version()}"


def test_plotly_is_what_its_makers_publish():
    published = ROOT / "node_modules" / "plotly.js-cartesian-dist-min"
    if not published.exists():
        pytest.skip("npm ci has not run")
    for name in (assets.PLOTLY, "LICENSE"):
        assert (published / name).read_bytes() == (PLOTLY_HERE / name).read_bytes()


def test_the_address_names_the_version():
    assert re.fullmatch(r"/assets/[0-9a-f]{12}/live\.js", address("live.js"))


def test_another_content_has_another_address(monkeypatch, tmp_path):
    before = assets.version()
    changed = tmp_path / "live.js"
    changed.write_bytes(assets.SOURCES["live.js"].read_bytes() + b"\n")
    monkeypatch.setitem(assets.SOURCES, "live.js", changed)
    assert assets.version.__wrapped__() != before


@pytest.mark.parametrize(
    "path",
    [
        "/assets/000000000000/live.js",
        "/assets/live.js",
        "/assets/{v}/app.py",
        "/assets/{v}/../../app.py",
        "/assets/{v}/..%2f..%2fapp.py",
        "/assets/{v}/%2e%2e/%2e%2e/app.py",
        "/assets/{v}/live.js/../../../app.py",
        "/assets/{v}//etc/passwd",
        "/assets/{v}/%2fetc%2fpasswd",
        "/assets/{v}/live.js%00",
        "/assets/../visualizer/live/browser/live.js",
    ],
)
def test_an_address_of_anything_else_gives_no_asset(get, path):
    response = get(path.format(v=assets.version()), Accept_Encoding="gzip")
    # Streamlit answers some addresses that it does not know with its page.
    assert response.status in (307, 400, 404) or b"<head>" in plain(response)
    for secret in (b"import gc", b"RangeControl", b"root:"):  # app.py, live.js, /etc/passwd
        assert secret not in plain(response)


@pytest.mark.parametrize("path", ["/assets/000000000000/live.js", "/assets/{v}/nothing.js"])
def test_an_unknown_version_or_name_is_not_found(get, path):
    assert get(path.format(v=assets.version())).status == 404


def test_streamlits_own_script_comes_compressed_with_the_right_content(get):
    path = f"/static/js/{BUNDLE.name}"
    response = get(path, Accept_Encoding="gzip")
    assert response.status == 200
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == BUNDLE.read_bytes()
    assert "javascript" in response.headers["Content-Type"]
    assert get(path).content == BUNDLE.read_bytes()


def test_a_path_out_of_streamlits_files_leads_nowhere(get):
    secret = assets.BROWSER / "live.js"
    for trick in (f"..%2f..%2f{secret}", f"/{secret}", "../../../../app.js", "%2e%2e/app.css"):
        response = get(f"/static/{trick}", Accept_Encoding="gzip")
        assert secret.read_bytes() not in plain(response)


def test_a_file_is_compressed_once_however_often_it_is_asked_for(monkeypatch, tmp_path):
    source = tmp_path / "big.js"
    source.write_bytes(b"let a = 1;\n" * 1000)
    first = assets.compressed(source)
    monkeypatch.setattr(assets.gzip, "compress", lambda *_, **__: pytest.fail("compressed again"))
    assert assets.compressed(source) is first


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5, br", True),
        ("*", True),
        ("gzip;q=0.001", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("gzip;q=0, *", False),
        ("br, xgzip", False),
        ("", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(get, accepted, expected):
    assert assets.accepts_gzip(accepted) is expected
    for path in (address("live.js"), f"/static/js/{BUNDLE.name}", "/softmax"):
        response = get(path, Accept_Encoding=accepted)
        assert (response.headers.get("Content-Encoding") == "gzip") is expected


def test_a_script_that_is_ready_waits_for_nobody_elses_work(open_lane, get):
    get(f"/static/js/{BUNDLE.name}", Accept_Encoding="gzip")
    wide = {"z": ",".join("1" * 1000)}
    with ExitStack() as stack:
        for _ in range(40):
            client = stack.enter_context(open_lane())
            client.send({"seq": 1, "page": "softmax", "query": wide})
        assert get(f"/static/js/{BUNDLE.name}", Accept_Encoding="gzip").status == 200
        with pytest.raises(TimeoutError):  # the last of forty still waits for its answer
            client.socket.recv(timeout=0)


def test_a_proxy_path_comes_before_every_address(monkeypatch):
    monkeypatch.setattr(assets.st, "get_option", lambda name: "/teaching/")
    assert address("live.js").startswith("/teaching/assets/")
    assert assets.routes()[0].path.startswith("/teaching/assets/")
