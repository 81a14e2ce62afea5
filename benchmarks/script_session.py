"""A browser's side of Streamlit's protocol, without the browser: protobuf over a WebSocket.

It keeps what a browser keeps, the elements told of, the values of widgets and the link, and says
with every message what a browser says. It draws nothing.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

WHOLE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
AGE = 2  # runs after which a browser forgets a large message that was not used again
OPENING = 60.0  # seconds that a connection may take under load


async def connected(address: str, path: str, cookies: str, **more: Any) -> ClientConnection:
    """Open a WebSocket as a page of that address would."""
    headers = {"Cookie": cookies} if cookies else {}
    return await connect(
        f"ws://{urlsplit(address).netloc}{path}",
        origin=address,
        additional_headers=headers,
        compression=None,  # Streamlit's server offers none
        max_size=None,
        open_timeout=OPENING,
        ping_interval=None,  # a browser sends none
        **more,
    )


class ScriptSession:
    """One session on one page.

    Attributes:
        link: the query in the address bar.
        opened: what it was when this session was opened, or opened anew.
        elements: what the script has told of, by the key that its author gave it, or its label.
        widgets: the values of widgets, by id.
        session: names it to Streamlit, which takes it up again after a cut.
    """

    def __init__(self, page: str, link: str, heard: Callable[[], None]) -> None:
        """Begin with an address, not connected.

        Args:
            page: its name in the address; "" for the first.
            link: the query in the address.
            heard: called whenever a script run has come to its end.
        """
        self.page, self.link, self.opened, self.heard = page, link, link, heard
        self.elements: dict[str, tuple[Any, str]] = {}
        self.widgets: dict[str, WidgetState] = {}
        self.kept: dict[str, tuple[ForwardMsg, int]] = {}  # with the run that used it last
        self.runs = 0
        self.session = self.hash = ""
        self.socket: ClientConnection | None = None
        self.reading: asyncio.Task[None] | None = None

    async def open(self, address: str, cookies: str) -> Self:
        """Connect, anew after a cut, and have the script run for what the address bar says."""
        again = ["xsrf", self.session] if self.session else []
        self.socket = await connected(
            address, "/_stcore/stream", cookies, subprotocols=["streamlit", *again]
        )
        self.reading = asyncio.create_task(self._read())
        self.opened = self.link
        await self.say()
        return self

    async def close(self) -> None:
        """Leave, as a tab that is closed."""
        if self.socket is not None:
            await self.socket.close()
        if self.reading is not None:
            await asyncio.wait([self.reading])

    def data(self, key: str) -> dict[str, Any]:
        """Return what a component of this key was told."""
        return json.loads(self.elements[key][0].json)

    async def set(self, key: str, **value: Any) -> None:
        """Give a widget another value, and have the script run: its fragment, if it is in one.

        Args:
            key: of the widget.
            **value: by its name in a WidgetState, such as `json_value='{"edit": ...}'`.
        """
        element, fragment = self.elements[key]
        self.widgets[element.id] = WidgetState(id=element.id, **value)
        await self.say(fragment)

    async def say(self, fragment: str = "") -> None:
        """Send what a browser sends: where it is, all values, and what it has kept."""
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_name, run.page_script_hash = self.link, self.page, self.hash
        run.fragment_id = fragment
        run.widget_states.widgets.extend(self.widgets.values())
        run.cached_message_hashes.extend(self.kept)
        assert self.socket is not None
        with suppress(ConnectionClosed):  # whoever reads notices, too
            await self.socket.send(message.SerializeToString())

    async def _read(self) -> None:
        assert self.socket is not None
        with suppress(ConnectionClosed):
            async for received in self.socket:
                self._take(ForwardMsg.FromString(received))

    def _take(self, message: ForwardMsg) -> None:
        """Keep what a message tells."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            message, _ = self.kept[message.ref_hash]
            kind = "delta"
        if message.metadata.cacheable:
            self.kept[message.hash] = message, self.runs
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._keep(message.delta)
        elif kind == "new_session":
            self.session = message.new_session.initialize.session_id
            self.hash = self.hash or message.new_session.page_script_hash
        elif kind == "navigation":
            self.hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.link = message.page_info_changed.query_string
        elif kind == "script_finished" and message.script_finished in WHOLE:
            self.runs += 1
            self.kept = {key: kept for key, kept in self.kept.items() if self.runs - kept[1] <= AGE}
            self.heard()

    def _keep(self, delta: Any) -> None:
        element = getattr(delta.new_element, delta.new_element.WhichOneof("type"))
        key = getattr(element, "id", "").rpartition("-")[2]
        named = getattr(element, "label", "") if key in ("", "None") else key
        if named:
            self.elements[named] = (element, delta.fragment_id)
