"""The server: `streamlit run app.py` starts it."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.watcher.polling_path_watcher import PollingPathWatcher

from ui import assets, lane
from ui.headers import PageHeaders


@asynccontextmanager
async def start(app: st.App) -> AsyncIterator[None]:
    """Do once what would otherwise be done for the first visitors, or for all."""
    for source in assets.SOURCES.values():
        assets.compressed(source)
    if st.get_option("server.fileWatcherType") == "none":  # which is about scripts alone
        stop_looking_at_files()
    gc.collect()
    gc.set_threshold(50_000, 20, 50)
    gc.freeze()  # the imported modules need no second look at every collection
    yield


def stop_looking_at_files() -> None:
    """Keep Streamlit from looking at its configuration files, as it does five times a second.

    That is more than half of what an idle server costs; a new configuration needs a new start.
    """
    for watcher in gc.get_objects():
        if isinstance(watcher, PollingPathWatcher):
            watcher.close()


app = st.App(
    Path(__file__).parent / "ui" / "main.py",
    lifespan=start,
    routes=[*assets.routes(), *lane.routes()],
    middleware=[Middleware(PageHeaders), Middleware(assets.CompressedOnce)],
)
