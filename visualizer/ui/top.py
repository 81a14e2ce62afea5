"""What stands above the figures: the controls of a page, its tour, or the bar of a lecture."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from visualizer.lessons import LESSONS
from visualizer.lessons.steps import Steps, verdict
from visualizer.lessons.tour import stop_of
from visualizer.ui.controls import (
    menus,
    messages,
    moment_menu,
    ranges,
    reset_button,
    sample_menu,
)
from visualizer.ui.keys import keys_button
from visualizer.ui.share import share_button
from visualizer.ui.state import PageState
from visualizer.ui.tour import tour_button, walk_tour
from visualizer.ui.wrong import wrong_menu


def top(state: PageState, toolbar: Callable[[PageState], None]) -> bool:
    """Show the row above the figures that fits the state; return whether to show what is below.

    The style sheet and the modules of the live figures know the key of all that stands above: what
    height it leaves belongs to the figures of a presentation.

    Args:
        state: the page's state.
        toolbar: shows the controls of the page.
    """
    scenario = state.scenario
    stop = stop_of(state.lesson, scenario)
    step = scenario.step if state.lesson.steps else 0
    with st.container(key="top", gap="xxsmall"):
        if stop:
            with large(state, "tour", horizontal=True, vertical_alignment="center", gap="xsmall"):
                walk_tour(state, stop)
        if scenario.present or (step and not stop):
            bar(state)
        elif not stop and "controls" not in scenario.hide:
            toolbar(state)
        if state.lesson.steps and step and not stop:
            sentence(state, state.lesson.steps, step)
        elif state.lesson.remark and not stop:
            remark(state, *state.lesson.remark(scenario))
        messages(state)
    return not scenario.present and "below" not in scenario.hide


def large(state: PageState, name: str, **layout: Any) -> AbstractContextManager[Any]:
    """Return a container whose text is that of a projector while the page is presented.

    No native element has a size of its own; the style sheet of the live figures knows this key.
    """
    size = "large" if state.scenario.present else "usual"
    return st.container(key=f"{name}_{size}", **layout)


def bar(state: PageState) -> None:
    """One thin row with what a lecturer needs between two sentences."""
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="xxsmall"):
        if state.lesson.steps:
            _walk(state, state.lesson.steps, state.scenario.step)
        moment_menu(state)
        menus(state)
        sample_menu(state)
        ranges(state)
        wrong_menu(state)
        share_button(state)
        reset_button(state, shortcut="Home")
        if state.scenario.present:
            _pages(state)
            st.button("Leave", key=f"{state.page}_leave", on_click=state.leave, shortcut="Esc")
        else:
            _present(state)
        keys_button()


def sentence(state: PageState, steps: Steps, step: int) -> None:
    """Show what a step is about, and at the last one what the check has found."""
    found = verdict(steps.check(state.scenario)) if step == steps.last else ""
    with large(state, "sentence"):
        st.markdown(f"{steps.said(step)} {found}")


def remark(state: PageState, said: str, why: str) -> None:
    """Show what holds of what is chosen; a presentation has no room for the reason."""
    with large(state, "sentence"):
        st.markdown(said if state.scenario.present else f"{said} {why}")


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
    _present(state)
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


def _present(state: PageState) -> None:
    """Offer the projector; the browser, which knows this key, asks for the full screen with it."""
    st.button(
        "Present",
        key=f"{state.page}_present",
        on_click=lambda: state.change(present=True),
        help="For the projector: large type, figures only",
    )


def _pages(state: PageState) -> None:
    """Offer the other pages, which go on with the presentation and with the inputs of this one."""
    others = {lesson.title: lesson.name for lesson in LESSONS if lesson.address}
    titles = [title for title, name in others.items() if name != state.page]
    if chosen := st.menu_button("Pages", titles, key=f"{state.page}_pages_menu"):
        state.hand_over(others[chosen])
        st.switch_page(f"../../pages/{others[chosen]}.py")
