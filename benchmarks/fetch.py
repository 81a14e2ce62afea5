"""What a browser loads before the first picture: the document, and all that it names."""

import asyncio
import re
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

AT_ONCE = 6  # connections of a browser to one host

# What a browser asks for at once: in the head of the document, or in its Link header.
NAMED = re.compile(r'<(?:script|link)\b[^>]*?\b(?:src|href)="([^"]+\.(?:js|css))"')
LINKED = re.compile(r"<([^>]+)>")


class Reply(NamedTuple):
    """An answer to a GET.

    Attributes:
        headers: by name in small letters; of several with one name the last.
        body: as it came; large ones compressed.
    """

    headers: dict[str, str]
    body: bytes


class Connection:
    """One connection that stays open from one GET to the next."""

    def __init__(self, address: str, cookies: str = "") -> None:
        """Begin without it; the first GET opens it."""
        self.host = urlsplit(address).netloc
        self.cookies = cookies
        self.stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, coding: str = "gzip") -> Reply:
        """Ask for a path.

        Raises:
            RuntimeError: the answer has another status than 200.
        """
        if self.stream is None:
            name, _, port = self.host.partition(":")
            self.stream = await asyncio.open_connection(name, int(port or 80))
        reader, writer = self.stream
        lines = [f"GET {path} HTTP/1.1", f"Host: {self.host}", f"Accept-Encoding: {coding}"]
        lines += [f"Cookie: {self.cookies}"] if self.cookies else []
        writer.write("\r\n".join([*lines, "", ""]).encode())
        status, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            n.lower(): v.strip() for n, _, v in (line.partition(":") for line in rest if line)
        }
        body = await self._body(reader, headers)
        if not status.startswith("HTTP/1.1 200 "):
            raise RuntimeError(f"{path}: expected status 200, got {status}")
        return Reply(headers, body)

    @staticmethod
    async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
        """Read a body whose length is said, or that comes in pieces (RFC 9112, section 7.1)."""
        if headers.get("transfer-encoding") != "chunked":
            return await reader.readexactly(int(headers.get("content-length", 0)))
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
        return body

    def close(self) -> None:
        """Close the connection."""
        if self.stream is not None:
            self.stream[1].close()


async def load(address: str, path: str) -> str:
    """Load a page as a browser with an empty cache: the document, then what it names.

    Returns:
        The cookies that came with the document.

    Raises:
        RuntimeError: something came with another status than 200.
    """
    first = Connection(address)
    try:
        document = await first.get(path, coding="identity")
        cookies = document.headers.get("set-cookie", "").partition(";")[0]
        named = LINKED.findall(document.headers.get("link", ""))
        named += NAMED.findall(document.body.decode())
        paths = [urlsplit(urljoin(f"{address}{path}", name)).path for name in dict.fromkeys(named)]
        shares = [paths[i::AT_ONCE] for i in range(AT_ONCE)]
        await asyncio.gather(*(_all(address, cookies, share) for share in shares))
    finally:
        first.close()
    return cookies


async def _all(address: str, cookies: str, paths: list[str]) -> None:
    """Load some files one after another over one connection."""
    connection = Connection(address, cookies)
    try:
        for path in paths:
            await connection.get(path)
    finally:
        connection.close()
