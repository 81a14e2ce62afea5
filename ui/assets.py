"""Files for the browser: each compressed once, under an address that changes with its content."""

import asyncio
import gzip
import hashlib
import mimetypes
from functools import cache
from importlib.resources import files
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
HERE = Path(__file__).parent

# What the live figures load: our own modules and styles, plotly.js out of the installed package.
MODULES = tuple(sorted(path.name for path in HERE.glob("*.js")))
SOURCES: dict[str, Path] = {
    "plotly.min.js": Path(str(files("plotly"))) / "package_data" / "plotly.min.js",
    "live.css": HERE / "live.css",
    **{name: HERE / name for name in MODULES},
}
STREAMLIT_STATIC = Path(str(files("streamlit"))) / "static"


@cache
def version() -> str:
    """Return a short hash of all sources: the part of their address that changes with them."""
    digest = hashlib.sha256()
    for source in SOURCES.values():
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def under_base(path: str) -> str:
    """Return the path below `server.baseUrlPath`, where a proxy may have put the app."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}/{path}" if base else f"/{path}"


def address(name: str) -> str:
    """Return the path under which the asset is served: its own place for every version."""
    return under_base(f"assets/{version()}/{name}")


@cache
def compressed(source: Path) -> bytes:
    """Return the file, compressed; the work is done once."""
    return gzip.compress(source.read_bytes(), 6, mtime=0)


async def asset(request: Request) -> Response:
    """Serve a source of the current version; any other address is unknown."""
    source = SOURCES.get(request.path_params["name"])
    if source is None or request.path_params["version"] != version():
        return Response("Not found", status_code=404, media_type="text/plain")
    return _response(source, "gzip" in request.headers.get("accept-encoding", ""))


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
        self.working = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for Streamlit's own files; pass everything else on."""
        source = _streamlit_file(scope)
        if source is None:
            await self.app(scope, receive, send)
            return
        async with self.working:  # the first asks for the work, the others wait for its result
            await asyncio.to_thread(compressed, source)
        await _response(source, True)(scope, receive, send)


def _streamlit_file(scope: Scope) -> Path | None:
    """Return the hashed script or style that a GET with gzip asks for, if it is one."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    place, suffix = under_base("static/"), (".js", ".css")
    if not scope["path"].startswith(place) or not scope["path"].endswith(suffix):
        return None
    encodings = (v for k, v in scope["headers"] if k == b"accept-encoding")
    if not any(b"gzip" in value for value in encodings):
        return None
    return _known_files().get(scope["path"].removeprefix(place))


@cache
def _known_files() -> dict[str, Path]:
    """List what Streamlit ships, so that no path from outside ever reaches the file system."""
    root = STREAMLIT_STATIC / "static"
    return {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}


def _response(source: Path, accepts_gzip: bool) -> Response:
    media_type = mimetypes.guess_type(source.name)[0]
    if not accepts_gzip:
        return Response(source.read_bytes(), headers=IMMUTABLE, media_type=media_type)
    headers = IMMUTABLE | {"Content-Encoding": "gzip"}
    return Response(compressed(source), headers=headers, media_type=media_type)
