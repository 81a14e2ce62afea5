"""Softmax: what does `backward` do to the gradient that arrives from above?"""

import streamlit as st

from ui.live import live_figure
from ui.state import PageState
from views.softmax import view


@st.fragment
def page() -> None:
    state = PageState.of("softmax")
    figures = view(state.scenario)
    left, middle, right = st.columns(3)
    with left:
        live_figure(state, figures, "z")
        live_figure(state, figures, "g")
    with middle:
        live_figure(state, figures, "s")
        live_figure(state, figures, "terms")
    with right:
        live_figure(state, figures, "jacobian")
        live_figure(state, figures, "dx")
    live_figure(state, figures, "centring")
    state.write_link()


page()
