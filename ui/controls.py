"""Controls that change the scenario through its codec, as a link would."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import streamlit as st

from ui.state import PageState
from views.codecs import format_rows
from views.scenario import resized, with_row

T = TypeVar("T")

# As many messages stand above the figures that those still begin on the first screen.
SEEN = 3


def menu(
    state: PageState,
    name: str,
    label: str,
    options: Iterable[T],
    change: Callable[[T], Mapping[str, str]],
    help: str | None = None,
) -> None:
    """Offer a short list of one-shot changes behind one button; its key is `<page>_<name>_menu`.

    Args:
        state: the page's state.
        name: of the menu.
        label: on the button.
        options: what can be chosen.
        change: from an option to the fields that it sets, as text.
        help: shown on hover.
    """
    key = f"{state.page}_{name}_menu"

    def choose() -> None:
        state.change(**change(st.session_state[key]))

    st.menu_button(label, list(options), key=key, on_click=choose, help=help)


def preset_menu(
    state: PageState, field: str, presets: Mapping[str, Callable], row: int = 0
) -> None:
    """Offer well-known values for one row of a matrix of the scenario."""

    def preset(name: str) -> dict[str, str]:
        rows, values = getattr(state.scenario, field), presets[name](state.scenario)
        return {field: format_rows(with_row(rows, row, values)), "axes": ""}

    menu(state, field, f"Set {field}", presets, preset)


def size_menu(state: PageState, fields: tuple[str, ...], noun: str, least: int = 2) -> None:
    """Offer up to ten numbers in a row; the matrices named are cut, or filled up with 0."""

    def resize(count: int) -> dict[str, str]:
        rows = {field: getattr(state.scenario, field) for field in fields}
        return {f: format_rows(resized(r, count)) for f, r in rows.items()} | {"axes": ""}

    count = len(getattr(state.scenario, fields[0])[0])
    menu(state, "size", f"{count} {noun}", range(least, 11), resize)


def input_menu(state: PageState, count: int, help: str) -> None:
    """Offer the inputs, for those who do not point."""
    shown = range(min(count, 100))
    label = f"Input j = {state.scenario.j}"
    menu(state, "input", label, shown, lambda j: {"j": str(j)}, help=help)


def fit_and_reset(state: PageState) -> None:
    """Offer to fit the axes, and to begin again."""
    st.button(
        "Fit",
        key=f"{state.page}_fit",
        on_click=lambda: state.change(axes=""),
        help="Fit every axis to what it shows now",
    )
    st.button("Reset", key=f"{state.page}_reset", on_click=state.reset)


def messages(state: PageState) -> None:
    """Show what was refused on the way to this state; what stands below keeps its place.

    Without a container of its own, the figures below would be made anew when a message comes or
    goes: Streamlit counts what stands beside them.
    """
    with st.container():
        if shown := state.link_messages + state.messages:
            first, others = shown[:SEEN], shown[SEEN:]
            fields = ", ".join(message.partition(":")[0] for message in others)
            more = [f"And {len(others)} more, about {fields}."] if others else []
            st.warning("  \n".join(first + more))
