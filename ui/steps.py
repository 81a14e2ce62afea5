"""The bar of a lecture: which step, what happens in it, and the way on."""

from collections.abc import Sequence

import streamlit as st

from nnfs import GradientReport
from ui.state import PageState
from views.steps import CHECK, TITLES


def step_button(state: PageState) -> None:
    """Begin the lecture, or end it."""
    running = state.scenario.step > 0
    st.button(
        "End steps" if running else "Steps",
        key=f"{state.page}_steps",
        on_click=lambda: state.change(step="0" if running else "1"),
        icon=":material/close:" if running else ":material/school:",
        help="Walk through the backward pass, one step at a time",
    )


def step_bar(state: PageState, words: Sequence[str], report: GradientReport | None) -> None:
    """Show the step of the moment, with buttons and arrow keys to go on.

    Args:
        state: the page's state, at a step.
        words: a sentence for each step.
        report: of the gradient check, at the last step.
    """
    step = state.scenario.step
    with st.container(horizontal=True, vertical_alignment="center", key=f"{state.page}_step_bar"):
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
        st.markdown(
            f"**{step} of {CHECK} · {TITLES[step - 1]}.** {words[step - 1]}", width="stretch"
        )
    if report is not None:
        largest = abs(report.analytic - report.numeric).max()
        (st.success if report.ok else st.error)(
            f"Central difference, step {report.step:g}: {report.passed.sum()} of "
            f"{report.passed.size} components agree. Largest difference {largest:.1e}."
        )
