"""Live figures on a Streamlit page: what a user drags comes back as an edit of the scenario."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from ui import assets
from ui.state import PageState

# Sent again with every update, so it only fetches the module, which the browser keeps.
LOADER = """
export default function (component) {
  const module = import(new URL(component.data.script, location.origin));
  module.then((live) => live.mount(component));
  return () => module.then((live) => live.unmount(component.parentElement));
}
"""

_component = st.components.v2.component(
    "gradient_visualizer.live",
    css=(Path(__file__).parent / "live.css").read_text(encoding="utf-8"),
    js=LOADER,
    isolate_styles=False,  # a figure is found by `.st-key-softmax_z .js-plotly-plot`
)


def live_figure(state: PageState, figures: Mapping[str, dict[str, Any]], name: str) -> None:
    """Put a figure of a view on the page; its key is `<page>_<name>`.

    Args:
        state: the page's state; edits arrive there in the next run.
        figures: what the page's view returned.
        name: of the figure.
    """
    _component(
        key=f"{state.page}_{name}",
        data={
            "page": state.page,
            "name": name,
            "rank": list(figures).index(name),
            "figure": figures[name],
            "query": state.scenario.to_query(),
            "ack": state.ack,
            "session": state.session,
            "lane": assets.under_base("live"),
            "script": assets.address("live.js"),
            "plotly": assets.address("plotly.min.js"),
        },
        on_edit_change=_taken_up_by_state,
    )


def _taken_up_by_state() -> None:
    """Nothing to do: `PageState` reads the edit at the start of the run."""
