"""Live figures on a Streamlit page: what a user drags comes back as an edit of the scenario."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from ui import assets
from ui.state import PageState
from views import VIEWS

# A scenario of more characters is edited as a table: it is not sent along with every move.
LARGEST = 32 * 1024

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
    if (data.kind !== "figure") return;
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


def live_figure(state: PageState, figures: Mapping[str, dict[str, Any]], name: str) -> None:
    """Put a figure of a view on the page; its key is `<page>_<name>`.

    Args:
        state: the page's state; edits arrive there in the next run.
        figures: what the page's view returned.
        name: of the figure.
    """
    height = figures[name]["layout"]["height"]
    _mount(state, name, figures[name], height, kind="figure", rank=list(figures).index(name))


def waker() -> None:
    """Put on the page what lets the browser run the whole app; nothing to be seen.

    It needs that where the server has been restarted: Streamlit then knows nothing of the fragments
    in which everything else runs, and does not run the app by itself before one of them has run.
    """
    _component(
        key="waker",
        data={
            "kind": "waker",
            "height": 0,
            "script": assets.address("live.js"),
            "plotly": assets.address("plotly.min.js"),
        },
        on_edit_change=_taken_up_by_state,
    )


# What stands in a column of a row: a figure by its name, or several from top to bottom.
Cell = str | tuple[str, ...]


def live_figures(state: PageState, rows: Sequence[Sequence[Cell]]) -> None:
    """Put the figures of a page in rows, each side by side; on a phone all stand in that order.

    A drag without the fast lane runs the figures alone, not the page around them; the end of a
    drag goes through `saver`, which belongs to the page, so that all of it follows.

    Args:
        state: the page's state.
        rows: names of figures of the page's view.
    """
    with st.container(gap=None):
        _mount(state, "saver", {}, 0, kind="saver")
        _figures(state.page, rows)


@st.fragment
def _figures(page: str, rows: Sequence[Sequence[Cell]]) -> None:
    state = PageState.of(page)
    figures = VIEWS[page].view(state.scenario)
    for row in rows:
        for place, cell in zip(st.columns(len(row), gap="xsmall"), row, strict=True):
            with place:
                for name in (cell,) if isinstance(cell, str) else cell:
                    live_figure(state, figures, name)


def live_range(
    state: PageState, field: str, label: str, low: float, high: float, help: str, width: int
) -> None:
    """Put a range on the page that edits a number while it is dragged; its key is `<page>_<field>`.

    Args:
        state: the page's state.
        field: of the scenario.
        label: what the range is called; its value is printed behind it.
        low: its least value, above 0: the scale is logarithmic.
        high: its greatest value.
        help: what it does, shown on hover.
        width: in pixels.
    """
    spec = {"field": field, "label": label, "min": low, "max": high, "help": help}
    _mount(state, field, spec, 40, kind="range", width=width)


def _mount(
    state: PageState,
    name: str,
    content: Mapping[str, Any],
    height: int,
    width: int | Literal["stretch"] = "stretch",
    **more: Any,
) -> None:
    """Mount the component with what every live element needs."""
    query = state.scenario.to_query()
    live = sum(map(len, query.values())) <= LARGEST
    if not live:  # too much for the fast lane, and to be sent with every figure
        query = {field: text for field, text in query.items() if len(text) < 100}
        content = {part: value for part, value in content.items() if part != "handles"}
    key = f"{state.page}_{name}"
    state.live_keys.add(key)
    data = {
        "page": state.page,
        "name": name,
        "content": content,
        "height": height,
        "query": query,
        "live": live,
        "ack": state.ack,
        "session": state.session,
        "lane": assets.under_base("live"),
        "script": assets.address("live.js"),
        "plotly": assets.address("plotly.min.js"),
        **more,
    }
    _component(key=key, data=data, width=width, on_edit_change=_taken_up_by_state)


def _taken_up_by_state() -> None:
    """Nothing to do: `PageState` reads the edit at the start of the run."""
