"""Losses: where does grad_next come from, and what does the layer make of it?"""

import streamlit as st

from visualizer.figures import number
from visualizer.figures.curves import subscript
from visualizer.lessons.losses_runs import FUSED, LAYERS, LOSSES, PAIRS, PARTNERS, name_of, search
from visualizer.ui.page import show, sources
from visualizer.ui.state import PageState


def ways(state: PageState) -> None:
    """Both ways to the gradient of input j, and where the first one ends in float64."""
    scenario, values, j = state.scenario, state.values, state.scenario.j
    has_way = PARTNERS[scenario.layer] == scenario.loss
    names = (f"Input {j}: Jᵀ·g, through the layer", "y − t, at once", "Their difference")
    for place, name, of in zip(st.columns(3), names, ("through", "fused", "missed"), strict=True):
        place.metric(name, number(values[of][j]), border=True)
    if not has_way:
        st.markdown(
            f"For {name_of(scenario.layer)} and {name_of(scenario.loss)} there is one way only, "
            "through the Jacobian. That y − t is something else shows how much of it gets lost."
        )
        return
    st.markdown(
        "Both are the same gradient. The first divides by y and multiplies by it again; the second "
        "never divides, which is why libraries fuse the loss with the layer before it."
    )
    lost, z = search(scenario), f"z{subscript(j)}"
    if lost is None:
        st.markdown(f"However far {z} goes, y stays far enough from 0 and 1: nothing is lost.")
        return
    st.markdown(
        f"Drive {z} on, the others as they are. In float64 the first way has lost **half of its "
        f"digits at {z} = {number(lost.digits, 2)}** and **everything at {z} = "
        f"{number(lost.all, 2)}**: an output has been rounded to where its slope is 0 and g should "
        "be infinite, and 0 · ∞ tells nothing any more. (`nnfs` stops the quotient at 4.5e307, so "
        "that 0 comes out, and not NaN.) The second way still gives y − t. Both numbers were found "
        "by trying, for these inputs."
    )


def pairs(state: PageState) -> None:
    """Every layer with every loss, and what becomes of them."""
    chosen = (state.scenario.layer, state.scenario.loss)
    lines = [
        f"| {'▶' if pair == chosen else ''} | {name_of(pair[0])} | {name_of(pair[1])} | "
        f"**{PAIRS[pair].verdict}** | {PAIRS[pair].why} |"
        for pair in PAIRS
    ]
    st.markdown("\n".join(["| | Layer | Loss | Together they | |", "|-|-|-|-|-|", *lines]))


def code(state: PageState) -> None:
    """The loss and the layer at work, and both at once."""
    layer, loss = state.scenario.layer, state.scenario.loss
    sources(LOSSES[loss], LAYERS[layer].backward, FUSED[layer])


show("losses", ways=ways, pairs=pairs, code=code)
