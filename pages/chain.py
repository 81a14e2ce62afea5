"""Chain: what is left of a gradient on its way back through many layers?"""

import streamlit as st

from visualizer.figures import number
from visualizer.lessons.chain import formulas
from visualizer.lessons.chain_runs import CALLED, STEEPEST, left_at, marks
from visualizer.ui.page import show
from visualizer.ui.state import PageState


def left(state: PageState) -> None:
    """What the chain says, in words and as a formula."""
    values, scenario = state.values, state.scenario
    words, formula = st.columns(2, vertical_alignment="center")
    if 0 < scenario.step < 5:
        words.caption("The numbers appear with the running product.")
        return
    name = CALLED[scenario.activation]
    ceiling = values["ceiling"].max()
    first, last = values["learns"][0], values["learns"][-1]
    known = [
        f"{scale}'s scale, {number(at)}, would leave {number(left_at(scenario, at))}"
        for scale, at in marks(scenario).items()
    ]
    words.markdown(
        f"**Each layer multiplies the gradient by {number(values['factor'])}, and after "
        f"{scenario.layers} of them {number(values['total'])} of it is left.** The weights of the "
        f"last layer get a gradient of length {number(last)}, those of the first {number(first)}: "
        "that is all that they learn from."
    )
    words.markdown(
        f"No {name} is steeper than {STEEPEST[scenario.activation]:g}, so no layer gains more than "
        f"that times the norm of its weights, here {number(ceiling)} at most. Below a scale of "
        f"{number(scenario.scale / ceiling)} that is less than 1, and every layer shortens the "
        "gradient, whatever arrives."
    )
    words.markdown(
        f"{'; '.join(known)}. Glorot's keeps lengths where slopes are about 1, as those of a tanh "
        "at 0; He's where half of them are 0, as those of a ReLU. None helps a sigmoid."
    )
    with formula:
        st.latex(formulas(values, scenario))
    words.caption(
        "Click on a layer to open it: what arrives there, its Jacobian, and the terms of Jᵀ·g for "
        "one sample. All pictures follow the scale while it is dragged, up to thirty layers of "
        "width 64."
    )


show("chain", left=left)
