"""Softmax: what does `backward` do to the gradient that arrives from above?"""

import numpy as np
import streamlit as st

from figures import number
from nnfs import Softmax
from ui.code import show_source
from ui.controls import fit_and_reset, input_menu, menu, preset_menu, size_menu
from ui.live import live_figure, live_figures, live_range
from ui.matrix import batch_editor
from ui.state import PageState
from ui.tables import matrix_tables, vector_table
from ui.tabs import linked_tabs
from ui.top import lecture_buttons, top
from ui.wrong import wrong_passes
from views.presets import SOFTMAX_G_PRESETS, Z_PRESETS
from views.softmax import Numbers, Scenario, check, formulas, numbers, view
from views.steps import CHECK, verdict
from views.wrong import names

WORDS = (
    "The layer turns logits z into probabilities s, and keeps s for the way back.",
    "The layer above hands down g = ∂L/∂s: how the loss changes with each probability.",
    "How each probability changes with each logit: row i is sᵢ, column j is zⱼ.",
    "Column j of J, each entry times its gᵢ: the terms of (Jᵀ·g)ⱼ, laid end to end.",
    "Their sums, one for each logit, are what `backward` returns. It never forms J.",
    "Hatched: the slope of L, measured by moving each logit by ±1e-6.",
)


@st.fragment
def page() -> None:
    """Everything that a drag can change; the frame around it does not run again."""
    state: PageState[Scenario] = PageState.of("softmax")
    scenario = state.scenario
    below = top(state, toolbar, WORDS, lambda: verdict(check(scenario)))
    live_figures(state, (("z", "s", "jacobian"), ("g", "terms", "dx")))
    if below:
        details(state)
    state.write_link()


def details(state: PageState[Scenario]) -> None:
    """What is below the figures; only the tab that is open runs."""
    scenario = state.scenario

    values = numbers(scenario)
    why, wrong, unseen, batch, table, code = linked_tabs(state)
    with why:
        if why.open:
            centring(state, values)
    with wrong:
        if wrong.open:
            wrong_passes(state, names(Softmax), values.ghosts)
    with unseen:
        if unseen.open:
            null_space(values, scenario.T)
    with batch:
        if batch.open:
            count, classes = len(scenario.z), len(scenario.z[0])
            st.markdown(
                f"Each sample has its own {classes} × {classes} Jacobian, {count} in all: samples "
                f"do not see each other. Shown above: sample {scenario.n}."
            )
            batch_editor(state, {"z": "Logits z", "g": "Upstream gradient g"})
    with table:
        if table.open:
            centred = values.g - values.mean
            rows = {"z": values.z, "g": values.g, "s": values.s, "g − Σ s·g": centred}
            vector_table(rows | {"dx": values.dx}, "Vectors")
            matrix_tables(
                {"Jacobian J": values.J, "Terms gᵢ·Jᵢⱼ; columns add up to dx": values.terms}
            )
    with code:
        if code.open:
            show_source(Softmax.backward, Softmax.forward)


def toolbar(state: PageState[Scenario]) -> None:
    """One row of controls above the figures."""
    z, n, classes = state.scenario.z, state.scenario.n, len(state.scenario.z[0])

    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("#### Softmax", width="content")
        preset_menu(state, "z", Z_PRESETS, n)
        preset_menu(state, "g", SOFTMAX_G_PRESETS, n)
        size_menu(state, ("z", "g"), "classes")
        input_menu(state, classes, "Whose terms are shown. Or point at J, or at a bar of dx.")
        if len(z) > 1:
            samples = range(len(z))
            menu(state, "sample", f"Sample {n}", samples, lambda i: {"n": str(i), "axes": ""})
        live_range(state, "T", "T", 0.05, 20, help="Temperature: the layer sees z / T", width=150)
        fit_and_reset(state)
        lecture_buttons(state)


def centring(state: PageState[Scenario], values: Numbers) -> None:
    """The closed form of the backward pass, as a picture and with its numbers."""
    picture, words = st.columns(2, vertical_alignment="center")
    with picture:
        live_figure(state, view(state.scenario), "centring")
    with words:
        st.markdown(
            "`backward` takes the mean of g, weighed by the probabilities s, from every gⱼ, and "
            "weighs what is left by sⱼ. What stands above the line gets a positive dx, what hangs "
            "below it a negative one; the areas add up to 0. The numbers are the heights, "
            "gⱼ − Σ s·g."
        )
        if 0 < state.scenario.step < CHECK - 1:
            st.caption("The formula appears with the result.")
        else:
            st.latex(formulas(values, state.scenario))


def null_space(values: Numbers, T: float) -> None:
    """What softmax does not see on the way forward, it cannot change on the way back."""
    st.markdown(
        "Add the same c to every logit and s stays: drag **all** beside z. Add the same c to "
        "every gᵢ and dx stays: drag **all** beside g. Both say J·**1** = 0: softmax sees "
        "differences only, so the components of dx add up to 0, and J has lost one rank."
    )
    if len(values.s) > 100:
        st.caption("Rank and eigenvalues are shown for up to 100 classes.")
        return
    classes = len(values.s)
    # Entries of T·J are differences of numbers up to 1: below their rounding there is no rank.
    rank = int(np.linalg.matrix_rank(values.J * T, tol=classes * np.finfo(float).eps))
    eigenvalue = float(np.linalg.eigvalsh(values.J * T)[-1])
    for place, name, value in zip(
        st.columns(3),
        ("Σⱼ dxⱼ", f"Numerical rank of J, of {classes}", "Largest eigenvalue of T·J, at most ½"),
        (number(values.dx.sum()), rank, number(eigenvalue)),
        strict=True,
    ):
        place.metric(name, value, border=True)
    if rank < classes - 1:
        st.caption("Saturated: to float64 some probabilities are 0, and their part of J with them.")


page()
