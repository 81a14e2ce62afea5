"""The tabs below the figures: which of them is open belongs to the state, and to its link."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import streamlit as st

from visualizer.ui.state import PageState


class Tab(AbstractContextManager[Any], Protocol):
    """What `st.tabs` returns for each tab; Streamlit documents it, but not where its type stands.

    Attributes:
        open: whether the tab is the one that is open.
    """

    open: bool | None


def linked_tabs(state: PageState) -> Sequence[Tab]:
    """Put the page's tabs on it, in their order; only what stands in the one that is `open` runs.

    Their widget forgets which one was open while a presentation hides them, and knows nothing of
    links, the back button or Reset; so the scenario tells it. The browser listens only if it was
    told of another tab before, which a run that was cut short had no time to do; so where it shows
    another tab than the scenario, the widget is replaced by a new one.
    """
    labels = state.scenario.tabs()
    names = {label: name for name, label in labels.items()}
    label, made = labels[state.scenario.tab], f"{state.page}_tabs_made"
    count = st.session_state.setdefault(made, 0)
    if st.session_state.get(f"{state.page}_tabs_{count}", label) != label:
        st.session_state[made] = count = count + 1
    key = f"{state.page}_tabs_{count}"
    st.session_state.setdefault(key, label)

    def changed() -> None:
        chosen = st.session_state[key]
        state.edit({"tab": names.get(chosen, chosen)})  # as text: a browser may say anything

    return st.tabs(list(names), key=key, on_change=changed)
