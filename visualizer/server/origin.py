"""Who may open a WebSocket: pages of this app, by one rule for Streamlit's and for the fast lane.

Streamlit asks the network for its own external address when a foreign page connects, and waits for
the answer in the event loop, where everybody else waits too. So it never sees such a page.
"""

from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


def is_same_origin(headers: Headers) -> bool:
    """Tell whether the page that opens a connection came from the host that it talks to.

    Browsers always send Origin, so a page of somebody else cannot hide. Streamlit's options
    `server.corsAllowedOrigins` and `server.enableCORS` let others in.
    """
    origin = headers.get("origin", "")
    if origin in st.get_option("server.corsAllowedOrigins"):
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:  # such as http://[
        return False
    return host != "" and host == headers.get("host")


class SameOrigin:
    """Middleware that refuses WebSockets of foreign pages."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self.app = app
        self.open_to_all = not st.get_option("server.enableCORS")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no WebSocket, or one of ours; refuse others, before they are opened."""
        foreign = scope["type"] == "websocket" and not is_same_origin(Headers(scope=scope))
        if foreign and not self.open_to_all:
            await send({"type": "websocket.close", "code": 1008, "reason": "foreign origin"})
            return
        await self.app(scope, receive, send)
