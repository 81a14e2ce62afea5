"""The security headers that go out with every response."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANCESTORS = "GRADIENT_FRAME_ANCESTORS"

# 'self', 'none', any, a scheme, or a host, perhaps with a scheme, a port or a star in it. Without
# their quotes, self and none would be hosts.
_SOURCE = re.compile(
    r"'self'|'none'|\*|https?:|(?!(self|none)$)(https?://)?(\*\.)?[a-zA-Z0-9.-]+(:(\d+|\*))?"
)


def frame_ancestors(text: str) -> str:
    """Return who may embed the app, as `frame-ancestors` has it.

    Args:
        text: such as "'self' https://slides.example.org"; empty for pages of this host alone.

    Raises:
        ValueError: it is no list of such sources. A `;` would add directives of its own.
    """
    if not text.strip():
        return "'self'"
    for source in text.split():
        if not _SOURCE.fullmatch(source):
            raise ValueError(
                f"{ANCESTORS}: expected sources between spaces, such as "
                f"\"'self' https://slides.example.org\", got {source!r}"
            )
    return " ".join(text.split())


def policy(ancestors: str) -> str:
    """Return the content security policy.

    Streamlit mounts components from blob: URLs and styles elements in place; it ships its fonts.
    """
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'self'",
            f"frame-ancestors {ancestors}",
        ]
    )


class SecurityHeaders:
    """Middleware that adds the headers; bodies leave as they were made."""

    def __init__(self, app: ASGIApp, ancestors: str) -> None:
        """Wrap the app; `ancestors` may embed it, as `frame_ancestors` returns them."""
        self.app = app
        self.policy = policy(ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with the headers added to what comes back."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self.policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, send_with_headers)
