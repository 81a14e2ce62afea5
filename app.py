"""The server: `streamlit run app.py` starts it."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from ui import assets, lane
from ui.headers import PageHeaders


@asynccontextmanager
async def start(app: st.App) -> AsyncIterator[None]:
    """Do once what would otherwise be done for the first visitors, or for all."""
    for source in assets.SOURCES.values():
        assets.compressed(source)
    gc.collect()
    gc.set_threshold(50_000, 20, 50)
    gc.freeze()  # the imported modules need no second look at every collection
    yield


app = st.App(
    Path(__file__).parent / "ui" / "main.py",
    lifespan=start,
    routes=[*assets.routes(), *lane.routes()],
    middleware=[Middleware(PageHeaders), Middleware(assets.CompressedOnce)],
)
