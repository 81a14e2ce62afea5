"""Controls that change the scenario through its codec, as a link would."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import streamlit as st

from ui.state import PageState

T = TypeVar("T")


def menu(
    state: PageState,
    key: str,
    label: str,
    options: Iterable[T],
    change: Callable[[T], Mapping[str, str]],
    help: str | None = None,
) -> None:
    """Offer a short list of one-shot changes behind one button.

    Args:
        state: the page's state.
        key: of the widget.
        label: on the button.
        options: what can be chosen.
        change: from an option to the fields that it sets, as text.
        help: shown on hover.
    """

    def choose() -> None:
        state.change(**change(st.session_state[key]))

    st.menu_button(label, list(options), key=key, on_click=choose, help=help)
