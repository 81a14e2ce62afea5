"""Side by side: the same z and g through both layers. Where do the results differ, and why?"""

import streamlit as st

from visualizer.figures import number
from visualizer.figures.dust import settled_sum
from visualizer.ui.page import show
from visualizer.ui.state import PageState


def difference(state: PageState) -> None:
    """Say where the two results differ, with the numbers of input j."""
    values, j = state.values, state.scenario.j
    g = values["g"][j]
    own, of_softmax = g * values["sigmoid_J"][j, j], g * values["softmax_J"][j, j]
    total = values["softmax_dx"][j]
    others = number(total - of_softmax)
    sigmoid, softmax = st.columns(2)
    sigmoid.markdown(
        f"**Sigmoid** asks input {j} about its own output only: dz = gⱼ·Jⱼⱼ = {number(own)}. The "
        f"components of dz add up to {number(settled_sum(values['sigmoid_dx']))}. All inputs may "
        "rise together."
    )
    softmax.markdown(
        f"**Softmax** adds what input {j} does to the other outputs: gⱼ·Jⱼⱼ + Σ gᵢ·Jᵢⱼ (i ≠ j) = "
        f"{number(of_softmax)} + {f'({others})' if others.startswith('−') else others} = "
        f"{number(total)}. The components of dz add up to 0: what one input gains, the others "
        "lose."
    )


show("side_by_side", why=difference)
