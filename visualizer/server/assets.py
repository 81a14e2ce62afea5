"""Files for the browser: each compressed once, under an address that changes with its content."""

import asyncio
import gzip
import hashlib
import mimetypes
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from visualizer.server.modules import joined

IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
LIVE = Path(__file__).parents[1] / "live"
BROWSER = LIVE / "browser"

# What the live figures are made of: our own modules and styles, and plotly.js. We serve Plotly's
# build for plane figures, a third of the bytes of the full one that the Python package has.
PLOTLY = "plotly-cartesian.min.js"
MODULES = tuple(sorted(path.name for path in BROWSER.glob("*.js")))
SOURCES: dict[str, Path] = {
    PLOTLY: LIVE / "plotly" / PLOTLY,
    "live.css": BROWSER / "live.css",
    **{name: BROWSER / name for name in MODULES},
}
# All modules as one, which is what a page loads.
FIGURES = "figures.js"
LOADED = (FIGURES, "live.css", PLOTLY)
STREAMLIT_STATIC = Path(str(files("streamlit"))) / "static"


@cache
def version() -> str:
    """Return a short hash of all that is served: the part of its address that changes with it."""
    digest = hashlib.sha256()
    for name in (*SOURCES, FIGURES):
        digest.update(_made(name))
    return digest.hexdigest()[:12]


def under_base(path: str) -> str:
    """Return the path below `server.baseUrlPath`, where a proxy may have put the app."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}/{path}" if base else f"/{path}"


def address(name: str) -> str:
    """Return the path under which the asset is served: its own place for every version."""
    return under_base(f"assets/{version()}/{name}")


def accepts_gzip(accepted: str) -> bool:
    """Tell whether a value of Accept-Encoding takes gzip: not with a weight of 0.

    Source:
        RFC 9110, section 12.5.3.
    """
    weights = {}
    for coding in accepted.lower().split(","):
        name, _, weight = coding.partition(";")
        weights[name.strip()] = weight.strip()
    ours = weights.get("gzip", weights.get("*"))
    return ours is not None and re.fullmatch(r"q=0(\.0*)?", ours) is None


@cache
def content(name: str) -> bytes:
    """Return what is served under a name of ours; the work is done once."""
    return _made(name)


def _made(name: str) -> bytes:
    if name != FIGURES:
        return SOURCES[name].read_bytes()
    return joined({module: SOURCES[module].read_text("utf-8") for module in MODULES}).encode()


@cache
def compressed_content(name: str) -> bytes:
    """Return the same, compressed; the work is done once."""
    return gzip.compress(content(name), 6, mtime=0)


_compressed: dict[Path, bytes] = {}


def compressed(source: Path) -> bytes:
    """Return the file, compressed; the work is done once."""
    if source not in _compressed:
        _compressed[source] = gzip.compress(source.read_bytes(), 6, mtime=0)
    return _compressed[source]


async def asset(request: Request) -> Response:
    """Serve a source of the current version; any other address is unknown."""
    name = request.path_params["name"]
    if name not in (*SOURCES, FIGURES) or request.path_params["version"] != version():
        return Response("Not found", status_code=404, media_type="text/plain")
    gzipped = accepts_gzip(request.headers.get("accept-encoding", ""))
    body = compressed_content(name) if gzipped else content(name)
    return _response(body, name, gzipped)


def routes() -> list[Route]:
    """Return the route of the assets."""
    return [Route(under_base("assets/{version}/{name}"), asset)]


class CompressedOnce:
    """Middleware that serves Streamlit's own scripts and styles compressed, each compressed once.

    Streamlit serves them as they are, and Starlette's GZipMiddleware would compress them for
    every visitor: a room of three hundred would wait for three hundred times the same work.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self.app = app
        # A thread of its own, as others have long work to do; one, so that who comes second finds
        # the work done.
        self.press = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gzip")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for Streamlit's own files; pass everything else on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        gzipped = accepts_gzip(Headers(scope=scope).get("accept-encoding", ""))
        source = _streamlit_file(scope)
        if source is not None and gzipped:
            if source not in _compressed:
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self.press, compressed, source)
            response = _response(compressed(source), source.name, True)
            await response(scope, receive, send)
            return
        if not gzipped:  # Starlette looks for the word alone, whatever its weight
            kept = [(name, v) for name, v in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)


def _streamlit_file(scope: Scope) -> Path | None:
    """Return the hashed script or style that a GET asks for, if it is one."""
    place, suffix = under_base("static/"), (".js", ".css")
    if scope["method"] != "GET" or not scope["path"].startswith(place):
        return None
    if not scope["path"].endswith(suffix):
        return None
    return _known_files().get(scope["path"].removeprefix(place))


@cache
def _known_files() -> dict[str, Path]:
    """List what Streamlit ships, so that no path from outside ever reaches the file system."""
    root = STREAMLIT_STATIC / "static"
    return {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}


def _response(body: bytes, name: str, gzipped: bool) -> Response:
    headers = IMMUTABLE | ({"Content-Encoding": "gzip"} if gzipped else {})
    return Response(body, headers=headers, media_type=mimetypes.guess_type(name)[0])
