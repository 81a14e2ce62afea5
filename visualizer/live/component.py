"""The component itself: what Streamlit mounts, and what the browser is told."""

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from visualizer.server import assets

# Sent again with every update, so it only fetches the module, which the browser keeps, and which
# fetches the rest. It is asked to clean up too where one update follows another at once: then the
# element is still in the page. Another version of the app needs a new page: once the run is over,
# which puts what it was told in the address.
LOADER = """
const reload = () => {
  const { testScriptState } = document.querySelector("[data-testid=stApp]").dataset;
  if (testScriptState === "notRunning") location.reload();
  else setTimeout(reload, 100);
};
export default function ({ parentElement: place, data, ...component }) {
  place.style.minHeight = `${data.height}px`;
  place.script ??= data.script;
  if (place.script !== data.script) reload();
  const module = import(new URL(data.script, location.origin));
  module.then((live) => live.mount({ parentElement: place, data, ...component })).catch((error) => {
    if (!["figure", "formula", "words", "stepper"].includes(data.kind)) return;
    const words = place.querySelector(".live-missing") ?? document.createElement("p");
    words.className = "live-missing";
    words.style = "font: 400 1rem var(--st-font); color: var(--st-red-color)";
    words.textContent = `The figure is missing: ${error.message}. Reload the page to try again.`;
    place.append(words);
  });
  return () => module.then((live) => place.isConnected || live.unmount(place));
}
"""

_component = st.components.v2.component(
    "gradient_visualizer.live",
    js=LOADER,
    isolate_styles=False,  # a figure is found by `.st-key-softmax_z .js-plotly-plot`
)


def mount(
    key: str,
    data: Mapping[str, Any],
    height: int,
    width: int | Literal["stretch", "content"] = "stretch",
) -> None:
    """Put a live element on the page.

    Args:
        key: of the element; its edits arrive in the session state under it.
        data: what its module in the browser is told, with its `kind`.
        height: that it has until it is drawn, in pixels.
        width: in pixels, or that of its column.
    """
    where = {
        "height": height,
        "lane": assets.under_base("live"),
        "script": assets.address(assets.FIGURES),
        "plotly": assets.address(assets.PLOTLY),
    }
    _component(key=key, data={**data, **where}, width=width, on_edit_change=_read_later)


def waker() -> None:
    """Put on the page what lets the browser run the whole app; nothing to be seen.

    It needs that where the server has been restarted: Streamlit then knows nothing of the fragments
    in which everything else runs, and does not run the app by itself before one of them has run.
    """
    mount("waker", {"kind": "waker"}, 0)


def _read_later() -> None:
    """Nothing to do: `PageState` reads the edit at the start of the run."""
