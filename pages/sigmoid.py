"""Sigmoid: how much of the gradient gets through, and where does it vanish?"""

import streamlit as st

from visualizer.lessons.sigmoid import formulas
from visualizer.lessons.steps import CHECK
from visualizer.ui.live import live_figure
from visualizer.ui.page import show
from visualizer.ui.state import PageState


def nudge(state: PageState) -> None:
    """What the gradient predicts for a small step, and what happens."""
    picture, words = st.columns(2, vertical_alignment="center")
    with picture:
        live_figure(state, "nudge")
    missed = {
        2: "What it missed is the bend of the curve, which falls as ε²: a hundredth of the error "
        "for a tenth of the nudge.",
        3: "At x = 0 the curve has no bend, and what it missed falls as ε³: a thousandth of the "
        "error for a tenth of the nudge.",
    }
    words.markdown(
        "Change one input by ε and let L = Σ gᵢ yᵢ tell how far it moved. The gradient predicted "
        f"dx·ε. {missed[state.values['power']]}"
    )
    with words:
        if 0 < state.scenario.step < CHECK:
            st.caption("The numbers appear with the check.")
        else:
            st.latex(formulas(state.values, state.scenario))


show("sigmoid", nudge=nudge)
