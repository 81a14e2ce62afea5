"""The tabs below the figures: which of them is open belongs to the state, and to its link."""

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from ui.state import PageState


def linked_tabs(state: PageState) -> Sequence[TabContainer]:
    """Put the page's tabs on it, in their order; only what stands in the one that is `open` runs.

    Their widget forgets which one was open while a presentation hides them, and knows nothing of
    links, the back button or Reset; so the scenario tells it. The browser listens only if it was
    told of another tab before, which a run that was cut short had no time to do; so where it shows
    another tab than the scenario, the widget is replaced by a new one.
    """
    labels = state.scenario.TABS
    names = {label: name for name, label in labels.items()}
    label, made = labels[state.scenario.tab], f"{state.page}_tabs_made"
    count = st.session_state.setdefault(made, 0)
    if st.session_state.get(f"{state.page}_tabs_{count}", label) != label:
        st.session_state[made] = count = count + 1
    key = f"{state.page}_tabs_{count}"
    st.session_state.setdefault(key, label)

    def changed() -> None:
        chosen = st.session_state[key]
        state.change(tab=names.get(chosen, chosen))

    return st.tabs(list(names), key=key, on_change=changed)
