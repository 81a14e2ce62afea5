"""What goes out with every response, and with the first page: headers, preloads, the way back."""

import os

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import assets

# Who may embed the app, as in `frame-ancestors`: "https://slides.example.org" lets that site.
FRAME_ANCESTORS = os.environ.get("GRADIENT_FRAME_ANCESTORS", "'self'")

# Streamlit mounts components from blob: URLs and styles elements in place; it ships its fonts.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        f"frame-ancestors {FRAME_ANCESTORS}",
    ]
)


class PageHeaders:
    """Middleware that sets the security headers, and lets a page load what it needs at once."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with the headers added to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        is_page = False
        if b"text/html" in dict(scope["headers"]).get(b"accept", b""):
            # The page itself comes as it is, so that `_root` can be put into it: 8 kB.
            headers = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
            scope = scope | {"headers": headers}

        async def send_with_headers(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                is_html = headers.get("content-type", "").startswith("text/html")
                is_page = is_html and "content-encoding" not in headers  # it came as it is
                if is_html:
                    headers["Link"] = _preloads()
                    if is_page and "content-length" in headers:
                        length = int(headers["content-length"]) + len(_root())
                        headers["content-length"] = str(length)
            elif is_page and b"<head>" in message.get("body", b""):
                message["body"] = message["body"].replace(b"<head>", b"<head>" + _root(), 1)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _root() -> bytes:
    """Tell Streamlit's page where the server is, and look after its address from the first on.

    Opened at a deep link it would ask at `/softmax/_stcore/…` first, and find nothing there: an
    error in the console, and a round trip before the first picture.
    """
    root = assets.under_base("")
    script = f'window.__streamlit={{BACKEND_BASE_URL:new URL("{root}",location.origin).href}}'
    address = f'<script type="module" src="{assets.address("address.js")}"></script>'
    return f"<script>{script}</script>{address}".encode()


def _preloads() -> str:
    """Name the scripts that the live figures will ask for, so that they load beside Streamlit's."""
    return ", ".join(
        [f"<{assets.address('plotly.min.js')}>; rel=preload; as=script"]
        + [f"<{assets.address('live.css')}>; rel=preload; as=style"]
        + [f"<{assets.address(name)}>; rel=modulepreload" for name in assets.MODULES]
    )
