"""Side by side: the same z and g through both layers. Where do the results differ, and why?"""

import streamlit as st

from figures import number
from nnfs import Sigmoid, Softmax
from ui.code import show_source
from ui.controls import fit_and_reset, input_menu, preset_menu, size_menu
from ui.live import live_figures
from ui.state import PageState
from ui.tables import vector_table
from ui.tabs import linked_tabs
from ui.top import lecture_buttons, top
from views.presets import G_PRESETS, Z_PRESETS
from views.side_by_side import Numbers, Scenario, numbers

FIGURES = (
    ("z", "sigmoid_y", "sigmoid_jacobian", "sigmoid_dx"),
    ("g", "softmax_y", "softmax_jacobian", "softmax_dx"),
)


@st.fragment
def page() -> None:
    """Everything that a drag can change; the frame around it does not run again."""
    state: PageState[Scenario] = PageState.of("side_by_side")
    below = top(state, toolbar)
    live_figures(state, FIGURES)
    if below:
        details(state)
    state.write_link()


def details(state: PageState[Scenario]) -> None:
    """What is below the figures; only the tab that is open runs."""
    layers = numbers(state.scenario)
    why, table, code = linked_tabs(state)
    with why:
        if why.open:
            difference(layers, state.scenario)
    with table:
        if table.open:
            rows = {
                f"{name}: {what}": values
                for name, layer in layers.items()
                for what, values in (("y", layer.y), ("dx", layer.dx))
            }
            vector_table(rows, "Outputs and results of both layers")
    with code:
        if code.open:
            show_source(Sigmoid.backward, Softmax.backward)


def toolbar(state: PageState[Scenario]) -> None:
    """One row of controls above the figures."""
    count = len(state.scenario.z[0])

    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("#### Side by side", width="content")
        preset_menu(state, "z", Z_PRESETS)
        preset_menu(state, "g", G_PRESETS)
        size_menu(state, ("z", "g"), "inputs")
        input_menu(state, count, "Which input stands out. Or point at J, or at a bar of dx.")
        fit_and_reset(state)
        lecture_buttons(state, steps=False)


def difference(layers: dict[str, Numbers], scenario: Scenario) -> None:
    """Say where the two results differ, with the numbers of input j."""
    j, g = scenario.j, scenario.g[0]
    own = {name: g[j] * layer.J[j, j] for name, layer in layers.items()}
    others = layers["Softmax"].dx[j] - own["Softmax"]
    sigmoid, softmax = st.columns(2)
    sigmoid.markdown(
        f"**Sigmoid** asks input {j} about its own output only: dx = gⱼ·Jⱼⱼ = "
        f"{number(own['Sigmoid'])}. The components of dx add up to "
        f"{number(layers['Sigmoid'].dx.sum())}. All inputs may rise together."
    )
    softmax.markdown(
        f"**Softmax** adds what input {j} does to the other outputs: gⱼ·Jⱼⱼ + Σ gᵢ·Jᵢⱼ (i ≠ j) = "
        f"{number(own['Softmax'])} + ({number(others)}) = {number(layers['Softmax'].dx[j])}. "
        "The components of dx add up to 0: what one input gains, the others lose."
    )


page()
