"""What stands above the figures: controls, the steps of a lecture, or the bar of a presentation."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from visualizer.lessons.steps import Steps, verdict
from visualizer.lessons.tour import stop_of
from visualizer.ui.controls import messages
from visualizer.ui.keys import keys_button
from visualizer.ui.share import share_button
from visualizer.ui.state import PageState
from visualizer.ui.tour import tour_button, walk_tour


def top(state: PageState, toolbar: Callable[[PageState], None]) -> bool:
    """Show the row above the figures that fits the state; return whether to show what is below.

    Args:
        state: the page's state.
        toolbar: shows the controls of the page.
    """
    scenario = state.scenario
    steps = state.lesson.steps
    step = scenario.step if steps else 0
    stop = stop_of(state.lesson, scenario)
    if scenario.present or step or stop:
        with large(state, "bar", horizontal=True, vertical_alignment="center", gap="xsmall"):
            if stop:
                walk_tour(state, stop)
            elif steps:
                _walk(state, steps, step)
            if scenario.present:
                _leave(state)
            if steps and step and not stop:
                found = verdict(steps.check(scenario)) if step == steps.last else ""
                st.markdown(f"{steps.said(step)} {found}", width="stretch")
    elif "controls" not in scenario.hide:
        toolbar(state)
    messages(state)
    return not scenario.present and "below" not in scenario.hide


def large(state: PageState, name: str, **layout: Any) -> AbstractContextManager[Any]:
    """Return a container whose text is that of a projector while the page is presented.

    No native element has a size of its own; the style sheet of the live figures knows this key.
    """
    size = "large" if state.scenario.present else "usual"
    return st.container(key=f"{name}_{size}", **layout)


def lecture_buttons(state: PageState) -> None:
    """Offer what a lecture needs: the steps, and the projector."""
    if state.lesson.steps:
        st.button(
            "Steps",
            key=f"{state.page}_steps",
            on_click=lambda: state.change(step=1),
            help="Walk through the backward pass, one step at a time",
        )
    tour_button(state)
    st.button(
        "Present",
        key=f"{state.page}_present",
        on_click=lambda: state.change(present=True),
        help="For the projector: large type, figures only",
    )
    share_button(state)
    keys_button()


def _walk(state: PageState, steps: Steps, step: int) -> None:
    """Buttons and arrow keys from step to step."""
    for name, shortcut, to in (("Previous", "Left", step - 1), ("Next", "Right", step + 1)):
        st.button(
            name,
            key=f"{state.page}_{name.lower()}",
            shortcut=shortcut,
            on_click=lambda to=to: state.change(step=to),
            disabled=not 1 <= to <= steps.last,
        )
    if step:
        st.button(
            "End",
            key=f"{state.page}_end",
            on_click=lambda: state.change(step=0),
            help="Show everything again",
        )


def _leave(state: PageState) -> None:
    """Begin again, or go back to the controls."""
    st.button("Reset", key=f"{state.page}_reset", on_click=state.reset, shortcut="Home")
    st.button(
        "Leave",
        key=f"{state.page}_leave",
        on_click=lambda: state.change(present=False),
        shortcut="Esc",
    )
    keys_button()
