"""The bar of a lecture: which step, what happens in it, and the way on."""

from collections.abc import Sequence

import streamlit as st

from ui.state import PageState
from views.steps import CHECK, TITLES


def step_button(state: PageState) -> None:
    """Offer to walk through the backward pass."""
    st.button(
        "Steps",
        key=f"{state.page}_steps",
        on_click=lambda: state.change(step="1"),
        icon=":material/school:",
        help="Walk through the backward pass, one step at a time",
    )


def step_bar(state: PageState, words: Sequence[str], check: str) -> None:
    """Show the step of the moment in one row, with buttons and arrow keys to go on.

    Args:
        state: the page's state, at a step.
        words: a sentence for each step.
        check: what the gradient check found, at the last step.
    """
    step = state.scenario.step
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for name, icon, shortcut, to in (
            ("Previous", ":material/arrow_back:", "Left", step - 1),
            ("Next", ":material/arrow_forward:", "Right", step + 1),
        ):
            st.button(
                name,
                key=f"{state.page}_{name.lower()}",
                icon=icon,
                shortcut=shortcut,
                on_click=lambda to=to: state.change(step=str(to)),
                disabled=not 1 <= to <= CHECK,
            )
        st.button(
            "End",
            key=f"{state.page}_end",
            on_click=lambda: state.change(step="0"),
            icon=":material/close:",
            help="Show everything again",
        )
        st.markdown(
            f"**{step} of {CHECK} · {TITLES[step - 1]}.** {words[step - 1]} {check}",
            width="stretch",
        )
