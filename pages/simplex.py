"""Simplex: where does gradient descent take three probabilities?"""

import streamlit as st

from visualizer.figures import number
from visualizer.lessons.simplex import LEAST, LINEAR, PATH
from visualizer.ui.page import show
from visualizer.ui.state import PageState
from visualizer.ui.tables import vector_table


def bend(state: PageState) -> None:
    """Why s does not go along −dz, and how far its tangent holds."""
    words, numbers = st.columns(2, vertical_alignment="center")
    if state.scenario.loss == LINEAR:
        pushes = "g is the same everywhere, and −dz = −Jᵀ·g is not: it fades where J does."
        steps = (
            "L = g·s never rises, whatever the step size. But too large a step ends in a corner "
            "that is not the best one, and there J is 0: no gradient leads out again."
        )
    else:
        pushes = "Here g = −t/s and dz = s − t, so every push −dz points straight at the target."
        steps = (
            "To a corner L never rises, whatever the step size. To the middle J is ⅓ at the "
            "target, and steps above 2 / ⅓ = 6 swing to and fro without coming to rest."
        )
    words.markdown(
        f"{pushes} s itself moves by J·Δz, once more through the softmax: classes that have much "
        f"of the probability move first. So the way bends.\n\n{steps}\n\nBy hand, the start keeps "
        f"every s at {LEAST:g} or above: at the edge itself a logit would be −∞. The bars of z go "
        "further."
    )
    if 0 < state.scenario.step < PATH:
        numbers.caption("The numbers appear with the path.")
        return
    with numbers:
        values = state.values
        st.markdown("The next step of s, as the tangent predicts it, and as it comes:")
        vector_table(
            {"lr·J·(−dz)": state.scenario.lr * values["way"], "true Δs": values["moved"]},
            "The predicted and the true change of s",
        )


def unseen(state: PageState) -> None:
    """The direction that the triangle cannot show, and descent never takes."""
    st.markdown(
        "Drag **all** beside z: every logit rises by the same, along (1, 1, 1), and **nothing in "
        "the triangle moves**. Three logits have three directions, the triangle has two: softmax "
        "sees differences only. So the components of dz add up to 0, and descent never moves z "
        "that way either: its mean stays. A point that is dragged has no say in it, and keeps it."
    )
    values = state.values
    for place, name, value in zip(
        st.columns(3),
        ("Mean of z at the start", "Mean of z now", "Σⱼ dzⱼ"),
        (*values["means"], values["total"]),
        strict=True,
    ):
        place.metric(name, number(float(value)), border=True)


show("simplex", why=bend, unseen=unseen)
