"""Sigmoid: how much of the gradient gets through, and where does it vanish?"""

import streamlit as st

from nnfs import Sigmoid
from ui.code import show_source
from ui.controls import fit_and_reset, input_menu, preset_menu, size_menu
from ui.live import live_figures, live_range
from ui.state import PageState
from ui.tables import matrix_tables, vector_table
from ui.tabs import linked_tabs
from ui.top import lecture_buttons, top
from ui.wrong import wrong_passes
from views.presets import G_PRESETS, X_PRESETS
from views.sigmoid import Scenario, check, formulas, numbers
from views.steps import CHECK, verdict
from views.wrong import names

WORDS = (
    "The layer maps each x to y = σ(x), and keeps y for the way back.",
    "The layer above hands down g = ∂L/∂y: how the loss changes with each output.",
    "Each output depends on its own input alone: J is diagonal, its entries the slopes y (1 − y).",
    "Jᵀ·g: with a diagonal J every gᵢ is multiplied by its own slope, and by nothing else.",
    "What `backward` returns: g, made smaller. At most a quarter of it gets through.",
    "Hatched: the slope of L, measured by moving each input by ±1e-6.",
)


@st.fragment
def page() -> None:
    """Everything that a drag can change; the frame around it does not run again."""
    state: PageState[Scenario] = PageState.of("sigmoid")
    scenario = state.scenario
    below = top(state, toolbar, WORDS, lambda: verdict(check(scenario)))
    live_figures(state, (("curve", "slope", "jacobian"), ("g", "nudge", "dx")))
    if below:
        details(state)
    state.write_link()


def details(state: PageState[Scenario]) -> None:
    """What is below the figures; only the tab that is open runs."""
    scenario = state.scenario

    values = numbers(scenario)
    nudge, wrong, table, code = linked_tabs(state)
    with nudge:
        if nudge.open:
            st.markdown(
                "Change one input by ε and let L = Σ gᵢ yᵢ tell how far it moved. The gradient "
                "predicted dx·ε. What it missed is the bend of the curve, which falls as ε²: "
                "a hundredth of the error for a tenth of the nudge."
            )
            if 0 < scenario.step < CHECK:
                st.caption("The numbers appear with the check.")
            else:
                st.latex(formulas(values, scenario))
    with wrong:
        if wrong.open:
            wrong_passes(state, names(Sigmoid), values.ghosts)
    with table:
        if table.open:
            rows = {"x": values.x, "g": values.g, "y": values.y, "σ′": values.slopes}
            vector_table(rows | {"dx": values.dx}, "Vectors")
            matrix_tables({"Jacobian J": values.J})
    with code:
        if code.open:
            show_source(Sigmoid.backward, Sigmoid.forward)


def toolbar(state: PageState[Scenario]) -> None:
    """One row of controls above the figures."""
    count = len(state.scenario.x[0])

    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("#### Sigmoid", width="content")
        preset_menu(state, "x", X_PRESETS)
        preset_menu(state, "g", G_PRESETS)
        size_menu(state, ("x", "g"), "inputs", least=1)
        input_menu(state, count, "Which input is nudged. Or point at J, or at a bar of dx.")
        live_range(state, "eps", "ε", 1e-4, 2, help="Nudge: how far input j is moved", width=190)
        fit_and_reset(state)
        lecture_buttons(state)


page()
