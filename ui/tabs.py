"""The tabs below the figures: which of them is open belongs to the state, and to its link."""

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from ui.state import PageState


def linked_tabs(state: PageState) -> Sequence[TabContainer]:
    """Put the page's tabs on it, in their order; only what stands in the one that is `open` runs.

    Their widget forgets which one was open while a presentation hides them, and knows nothing of
    links, the back button or Reset; so the scenario tells it, whenever it says otherwise.
    """
    labels = state.scenario.TABS
    names = {label: name for name, label in labels.items()}
    key, label = f"{state.page}_tabs", labels[state.scenario.tab]
    if st.session_state.get(key) != label:
        st.session_state[key] = label

    def changed() -> None:
        chosen = st.session_state[key]
        state.change(tab=names.get(chosen, chosen))

    return st.tabs(list(names), key=key, on_change=changed)
