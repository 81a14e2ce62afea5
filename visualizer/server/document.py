"""The page itself: Streamlit's document, with what lets it load everything else at once."""

import gzip
import hashlib
from functools import cache

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

    Opened at a deep link it would ask at `/softmax/_stcore/…` first, and find nothing there: an
    error in the console, and a round trip before the first picture.
    """
    root = assets.under_base("")
    script = f'window.__streamlit={{BACKEND_BASE_URL:new URL("{root}",location.origin).href}}'
    address = f'<script type="module" src="{assets.address("address.js")}"></script>'
    return f"<script>{script}</script>{address}".encode()


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
    """Name the scripts that the live figures will ask for, so that they load beside Streamlit's."""
    return ", ".join(
        [f"<{assets.address('plotly.min.js')}>; rel=preload; as=script"]
        + [f"<{assets.address('live.css')}>; rel=preload; as=style"]
        + [f"<{assets.address(name)}>; rel=modulepreload" for name in assets.MODULES]
    )


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
