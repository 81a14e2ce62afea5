"""Softmax: what does `backward` do to the gradient that arrives from above?"""

import numpy as np
import streamlit as st

from visualizer.figures import number
from visualizer.figures.dust import settled_sum
from visualizer.ui.live import live_figure
from visualizer.ui.page import show
from visualizer.ui.state import PageState

# Up to so many classes, rank and eigenvalues are computed with every run.
RANKED = 100


def centring(state: PageState) -> None:
    """Why dz sums to 0, in words and with its numbers."""
    st.markdown(
        "`backward` takes the mean of g, weighted by the probabilities s, from every gⱼ, and "
        "weights what is left by sⱼ: the picture of g around its mean, above. What stands above "
        "the line gets a positive dz, what hangs below it a negative one; the areas add up to 0. "
        "The numbers are the heights, gⱼ − Σ s·g. All s add up to 1, so that what is taken off is "
        "what was there:"
    )
    live_figure(state, "sum")


def null_space(state: PageState) -> None:
    """What softmax does not see on the way forward, it cannot change on the way back."""
    st.markdown(
        "Add the same c to every logit and s stays: drag **all** beside z. Add the same c to "
        "every gᵢ and dz stays: drag **all** beside g. Both say J·**1** = 0: softmax sees "
        "differences only, so the components of dz add up to 0, and J has lost one rank."
    )
    TJ, dx = state.values["TJ"], state.values["dx"]
    classes = len(dx)
    if classes > RANKED:
        st.caption(f"Rank and eigenvalues are shown for up to {RANKED} classes.")
        return
    # Entries of T·J are differences of numbers up to 1: below their rounding there is no rank.
    rank = int(np.linalg.matrix_rank(TJ, tol=classes * np.finfo(float).eps))
    for place, name, value in zip(
        st.columns(3),
        ("Σⱼ dzⱼ", f"Numerical rank of J, of {classes}", "Largest eigenvalue of T·J, at most ½"),
        (number(settled_sum(dx)), str(rank), number(np.linalg.eigvalsh(TJ)[-1])),
        strict=True,
    ):
        place.metric(name, value, border=True)
    if rank < classes - 1:
        st.caption("Saturated: to float64 some probabilities are 0, and their part of J with them.")


show("softmax", still={"why"}, why=centring, unseen=null_space)
