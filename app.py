"""The server: `streamlit run app.py` starts it."""

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from visualizer.server import assets, document, lane, memory
from visualizer.server.headers import ANCESTORS, SecurityHeaders, frame_ancestors
from visualizer.server.origin import SameOrigin
from visualizer.student import opened


@asynccontextmanager
async def start(app: st.App) -> AsyncIterator[None]:
    """Do once what would otherwise be done for the first visitors, or for all."""
    for name in assets.LOADED:
        assets.compressed_content(name)
    gc.collect()
    gc.set_threshold(50_000, 20, 50)
    gc.freeze()  # the imported modules need no second look at every collection
    collecting = asyncio.create_task(memory.collect())
    if file is not None:
        opened.open_file(file)
    yield
    opened.close()
    collecting.cancel()
    lane.workshop.shutdown(wait=False, cancel_futures=True)


try:
    file = opened.named_file(sys.argv[1:])
    ancestors = frame_ancestors(os.environ.get(ANCESTORS, ""))
except ValueError as error:
    sys.exit(str(error))

app = st.App(
    Path(__file__).parent / "visualizer" / "ui" / "main.py",
    lifespan=start,
    routes=[*assets.routes(), *lane.routes(), *document.routes()],
    middleware=[
        Middleware(memory.Closings),
        Middleware(SameOrigin),
        Middleware(SecurityHeaders, ancestors=ancestors),
        Middleware(assets.CompressedOnce),
    ],
)
