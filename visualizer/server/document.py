"""The page itself: Streamlit's document, with what lets it load everything else at once."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from visualizer.lessons import LESSONS
from visualizer.server import assets

DOCUMENT = assets.STREAMLIT_STATIC / "index.html"


@cache
def document() -> bytes:
    """Return Streamlit's document with the place of the server in its head."""
    text = DOCUMENT.read_bytes()
    return text.replace(b"<head>", b"<head>" + _head(), 1)


def _head() -> bytes:
    """Tell Streamlit's page where the server is, and look after its address from the first on.

    That is done by our modules, which are there before Streamlit's.

    Opened at a deep link it would ask at `/softmax/_stcore/…` first, and find nothing there: an
    error in the console, and a round trip before the first picture.
    """
    root = assets.under_base("")
    script = f'window.__streamlit={{BACKEND_BASE_URL:new URL("{root}",location.origin).href}}'
    modules = f'<script type="module" src="{assets.address(assets.FIGURES)}"></script>'
    return f"<script>{script}</script>{modules}".encode()


@cache
def headers() -> dict[str, str]:
    """Return the headers of a page: to be asked about every time, and what to load beside it.

    The tag is of our content too: with Streamlit's own, a browser would keep the document of the
    version before, and load old and new modules together.
    """
    return {
        "Cache-Control": "no-cache",
        "ETag": f'"{hashlib.sha256(document()).hexdigest()[:16]}"',
        "Link": _preloads(),
        "Vary": "Accept-Encoding",
    }


def _preloads() -> str:
    """Name what the page will ask for later, so that it loads at once.

    plotly.js is the largest of all. It comes after what shows the page, its frames and its titles.
    """
    later = "; fetchpriority=low"
    return ", ".join(
        [f"<{assets.address('live.css')}>; rel=preload; as=style"]
        + [f"<{path}>; rel=modulepreload" for path in first_chunks()]
        + [f"<{assets.address(assets.PLOTLY)}>; rel=preload; as=script{later}"]
    )


# What every page shows, in Streamlit's own sources.
SHOWN = ("/BidiComponent.tsx", "/Button.tsx", "/MenuButton.tsx")


@cache
def first_chunks() -> list[str]:
    """Return the scripts of Streamlit that a page asks for only when it shows such an element.

    Streamlit ships the list of its scripts, by their sources, with what each of them imports.
    """
    listed = json.loads((assets.STREAMLIT_STATIC / "manifest.json").read_bytes())
    shown = [name for name in listed if name.endswith(SHOWN)]
    files = {listed[name]["file"] for name in _imported(shown, listed)}
    at_once = {listed[name]["file"] for name in _imported(["index.html"], listed)}
    return [assets.under_base(file) for file in sorted(files - at_once)]


def _imported(names: Iterable[str], listed: Mapping[str, Any]) -> set[str]:
    """Return these scripts of the list, and all that they import."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += listed[name].get("imports", ())
    return found


@cache
def compressed() -> bytes:
    """Return the document, compressed; the work is done once."""
    return gzip.compress(document(), 9, mtime=0)


async def page(request: Request) -> Response:
    """Serve the document; nothing but the word that it has not changed, where it has not."""
    if headers()["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers())
    if not assets.accepts_gzip(request.headers.get("accept-encoding", "")):
        return Response(document(), headers=headers(), media_type="text/html")
    coded = headers() | {"Content-Encoding": "gzip"}
    return Response(compressed(), headers=coded, media_type="text/html")


def routes() -> list[Route]:
    """Return the route of each page; other addresses are Streamlit's."""
    return [Route(assets.under_base(lesson.address), page) for lesson in LESSONS]
